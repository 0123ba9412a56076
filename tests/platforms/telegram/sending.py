"""The methods by which the bot says something."""

from __future__ import annotations

import itertools
from typing import Any

from tests.platforms.telegram.arguments import Arguments
from tests.platforms.telegram.composing import Medium, markup, medium, place, words
from tests.platforms.telegram.records import Chat, Json, Message
from tests.platforms.telegram.refusals import bad
from tests.platforms.telegram.registry import answers
from tests.platforms.telegram.state import Telegram

MOST_ALBUM = 10
ALBUMS = itertools.count(13_500_000_000_001)
ACTIONS = (
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
)


@answers("sendMessage")
async def send_message(telegram: Telegram, arguments: Arguments) -> Json:
    """Say something."""
    chat = telegram.open_chat(arguments, "text")
    content, buttons, where = words(arguments), markup(arguments), place(telegram, chat, arguments)
    _admit(telegram, chat)
    return telegram.rendered(_said(telegram, chat, content, markup=buttons, **where))


@answers("sendPhoto")
async def send_photo(telegram: Telegram, arguments: Arguments) -> Json:
    """Show a photo."""
    return await _send(telegram, arguments, "photo")


@answers("sendDocument")
async def send_document(telegram: Telegram, arguments: Arguments) -> Json:
    """Hand over a file."""
    return await _send(telegram, arguments, "document")


async def _send(telegram: Telegram, arguments: Arguments, kind: str) -> Json:
    chat = telegram.open_chat(arguments, kind)
    buttons, where = markup(arguments), place(telegram, chat, arguments)
    _admit(telegram, chat)
    file = arguments.upload(kind)
    found = await medium(telegram, kind, arguments.fields, file, arguments.text(kind))
    return telegram.rendered(_shown(telegram, chat, found, markup=buttons, **where))


@answers("sendMediaGroup")
async def send_media_group(telegram: Telegram, arguments: Arguments) -> list[Json]:
    """Show an album."""
    items = arguments.array("media") or []
    _check_album(telegram, items)
    chat = telegram.open_chat(arguments, items[0]["type"])
    where = place(telegram, chat, arguments)
    _admit(telegram, chat, len(items))
    found = [await item(telegram, arguments, one) for one in items]
    group = str(next(ALBUMS))
    messages = [_shown(telegram, chat, one, media_group=group, **where) for one in found]
    return [telegram.rendered(message) for message in messages]


async def item(telegram: Telegram, arguments: Arguments, one: Json) -> Medium:
    """Return one InputMedia.

    Raises:
        Refused: it is of a type that the stand-in does not know, or Telegram does not take it.
    """
    if one.get("type") not in ("photo", "document"):
        raise bad("can't parse InputMedia: media type is invalid")
    name = str(one.get("media", ""))
    return await medium(telegram, one["type"], one, arguments.upload("media", name), name)


def _check_album(telegram: Telegram, items: list[Any]) -> None:
    if not items:
        raise bad("there are no messages to send")
    if len(items) > MOST_ALBUM:
        raise bad("too many messages to send as an album")
    if len(items) == 1:  # the real server lets it pass, its documentation does not
        telegram.violations.append("sendMediaGroup: must include 2-10 items")
    if len({one.get("type") == "document" for one in items}) > 1:
        raise bad("document can't be mixed with other media types")


@answers("sendChatAction")
async def send_chat_action(telegram: Telegram, arguments: Arguments) -> bool:
    """Show for five seconds that the bot is busy."""
    chat = telegram.open_chat(arguments)
    action = arguments.text("action")
    if action not in ACTIONS:
        raise bad("wrong parameter action in request")
    telegram.actions.append((chat, action))
    return True


def _admit(telegram: Telegram, chat: Chat, count: int = 1) -> None:
    if telegram.flood:
        telegram.flood.admit(chat, count)


def _said(telegram: Telegram, chat: Chat, content: Json, **more: Any) -> Message:
    """Put a message of the bot into a chat; in a channel it is the channel that speaks."""
    if chat.kind == "channel":
        origin = {"sender_chat": chat.brief()}
        return telegram.add(chat, None, content, is_by_bot=True, origin=origin, **more)
    return telegram.add(chat, telegram.bot, content, is_by_bot=True, **more)


def _shown(telegram: Telegram, chat: Chat, found: Medium, **more: Any) -> Message:
    return _said(telegram, chat, found.content, upload=found.upload, seen=found.seen, **more)
