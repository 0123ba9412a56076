"""The methods by which the bot changes or takes back what it said, and reacts to what others said."""

from __future__ import annotations

import time

from tests.platforms.telegram.arguments import Arguments
from tests.platforms.telegram.composing import caption, markup, words
from tests.platforms.telegram.emoji import REACTIONS
from tests.platforms.telegram.records import Chat, Json, Message
from tests.platforms.telegram.refusals import NOT_MODIFIED, bad
from tests.platforms.telegram.registry import answers
from tests.platforms.telegram.sending import item
from tests.platforms.telegram.state import Telegram

MOST_SECONDS = 48 * 3600
WORDS = ("caption", "caption_entities", "show_caption_above_media")
KEPT = ("photo", "document", "has_media_spoiler", *WORDS)  # what may stand in an album


@answers("editMessageText")
async def edit_message_text(telegram: Telegram, arguments: Arguments) -> Json:
    """Say it differently."""
    message = _own(telegram, arguments)
    content = words(arguments)
    if "text" not in message.content:
        raise bad("there is no text in the message to edit")
    return _change(telegram, arguments, message, content)


@answers("editMessageCaption")
async def edit_message_caption(telegram: Telegram, arguments: Arguments) -> Json:
    """Say something else beside a medium."""
    message = _own(telegram, arguments)
    if "text" in message.content:
        raise bad("there is no caption in the message to edit")
    rest = {name: value for name, value in message.content.items() if name not in WORDS}
    return _change(telegram, arguments, message, rest | caption(arguments.fields))


@answers("editMessageMedia")
async def edit_message_media(telegram: Telegram, arguments: Arguments) -> Json:
    """Show something else; a text may become a photo."""
    message = _own(telegram, arguments)
    wanted = arguments.table("media", "input media")
    if not wanted:
        raise bad("can't parse InputMedia: media is empty")
    if message.media_group and wanted.get("type") not in message.content:
        raise bad("can't use the media of the specified type in the album")
    found = await item(telegram, arguments, wanted)
    answer = _change(telegram, arguments, message, found.content)
    message.upload, message.seen = found.upload, found.seen
    return answer


@answers("editMessageReplyMarkup")
async def edit_message_reply_markup(telegram: Telegram, arguments: Arguments) -> Json:
    """Put other buttons under a message, or none."""
    message = _own(telegram, arguments)
    return _change(telegram, arguments, message, message.content)


def _own(telegram: Telegram, arguments: Arguments) -> Message:
    chat = telegram.open_chat(arguments)
    if not arguments.number("message_id"):
        raise bad("message identifier is not specified")
    message = telegram.message(chat, arguments.number("message_id"), "edit")
    if not message.is_by_bot:
        raise bad("message can't be edited")
    return message


def _change(telegram: Telegram, arguments: Arguments, message: Message, content: Json) -> Json:
    buttons = markup(arguments)
    if content == message.content and buttons == message.markup:
        raise bad(NOT_MODIFIED)
    if telegram.flood:
        telegram.flood.admit(message.chat)
    message.content, message.markup, message.edited = content, buttons, int(time.time())
    return telegram.rendered(message)


@answers("deleteMessage")
async def delete_message(telegram: Telegram, arguments: Arguments) -> bool:
    """Take a message back, or one of somebody else where the bot may."""
    chat = telegram.open_chat(arguments)
    message = telegram.message(chat, arguments.number("message_id"), "delete")
    if not _may_delete(chat, message):
        raise bad(
            "message can't be deleted for everyone" if message.is_by_bot else "message can't be deleted"
        )
    _delete(telegram, message)
    return True


@answers("deleteMessages")
async def delete_messages(telegram: Telegram, arguments: Arguments) -> bool:
    """Take many back; those that are gone do not matter."""
    chat = telegram.open_chat(arguments)
    numbers = arguments.array("message_ids") or []
    if not 1 <= len(numbers) <= 100:
        raise bad("too many messages to delete" if numbers else "message identifiers are not specified")
    found = [chat.messages[int(number)] for number in numbers if int(number) in chat.messages]
    there = [message for message in found if not message.is_deleted]
    if not all(_may_delete(chat, message) for message in there):
        raise bad("message can't be deleted for everyone")
    for message in there:
        _delete(telegram, message)
    return True


def _may_delete(chat: Chat, message: Message) -> bool:
    is_moderator = chat.kind != "private" and "can_delete_messages" in chat.bot_rights
    if chat.kind in ("supergroup", "channel") and is_moderator:
        return True
    is_young = time.time() - message.date < MOST_SECONDS
    return is_young and (message.is_by_bot or chat.kind == "private" or is_moderator)


def _delete(telegram: Telegram, message: Message) -> None:
    message.is_deleted = True
    telegram.deleted.append(message)


@answers("setMessageReaction")
async def set_message_reaction(telegram: Telegram, arguments: Arguments) -> bool:
    """React with one emoji or none; to an album means to its first message."""
    chat = telegram.open_chat(arguments)
    message = first_of_album(telegram.message(chat, arguments.number("message_id"), "react"))
    wanted = arguments.array("reaction", "reaction types") or []
    emoji = tuple(str(one.get("emoji", "")) for one in wanted)
    allowed = REACTIONS if chat.reactions_allowed is None else chat.reactions_allowed
    if len(emoji) > 1:
        raise bad("REACTIONS_TOO_MANY")
    if not set(emoji) <= allowed:
        raise bad("REACTION_INVALID")
    message.reactions[telegram.bot.id] = emoji
    return True


def first_of_album(message: Message) -> Message:
    """Return the first message of an album that is still there, or the message itself."""
    if not message.media_group:
        return message
    album = [one for one in message.chat.messages.values() if one.media_group == message.media_group]
    return min((one for one in album if not one.is_deleted), key=lambda one: one.id)
