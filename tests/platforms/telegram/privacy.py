"""Which messages of a group reach a bot."""

from __future__ import annotations

from tests.platforms.telegram.entities import cut
from tests.platforms.telegram.records import INSIDE, Json, Message, Person


def is_told(bot: Person, message: Message) -> bool:
    """Return whether a bot hears of a message.

    Bots never hear each other.  In groups privacy mode leaves commands, mentions of the bot and replies to
    it.
    """
    chat = message.chat
    if chat.bot not in INSIDE or (chat.person and chat.person.has_blocked_bot):
        return False
    if message.sender and message.sender.is_bot and "sender_chat" not in message.origin:
        return False
    if not chat.is_group or chat.bot_reads_all or chat.bot == "administrator":
        return True
    return _is_reply(bot, message) or any(_is_meant(bot, message, one) for one in _entities(message))


def _is_reply(bot: Person, message: Message) -> bool:
    return bool(message.reply_to and message.reply_to.is_by_bot and message.reply_to.sender is bot)


def _entities(message: Message) -> list[Json]:
    return [*message.content.get("entities", []), *message.content.get("caption_entities", [])]


def _is_meant(bot: Person, message: Message, entity: Json) -> bool:
    said = cut(message.text or message.caption, entity)
    if entity["type"] == "bot_command":
        return "@" not in said or said.lower().endswith(f"@{bot.username}".lower())
    return entity["type"] == "mention" and said.lower() == f"@{bot.username}".lower()
