"""A stand-in Telegram Bot API over real sockets, at least as strict as the real one.

server, calls   the wire: the socket, requests, faults, outages, downloads
tapping, people, groups, chats             what people do, one class on top of the other
state, records, files, updates, flood      what Telegram knows
sending, editing, polling, webhook, asking, queries, profile    the methods of the Bot API
spec            the published API as a judge of both sides
refusals        what Telegram says when it refuses
"""

from tests.platforms.telegram.flood import Flood
from tests.platforms.telegram.people import Sticker
from tests.platforms.telegram.queries import Toast
from tests.platforms.telegram.records import Button, Chat, Message, Person
from tests.platforms.telegram.server import StandInTelegram

__all__ = ["Button", "Chat", "Flood", "Message", "Person", "StandInTelegram", "Sticker", "Toast"]
