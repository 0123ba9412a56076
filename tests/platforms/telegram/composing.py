"""What goes into a message of the bot: its words, its medium, its buttons, and where it belongs."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from tests.platforms.telegram import pictures
from tests.platforms.telegram.arguments import Arguments, Upload
from tests.platforms.telegram.entities import read, units
from tests.platforms.telegram.files import MOST_UPLOAD, Stored
from tests.platforms.telegram.records import Chat, Json, Message
from tests.platforms.telegram.refusals import NO_REPLIED, NO_THREAD, Refused, bad
from tests.platforms.telegram.state import Telegram

MOST_TEXT, MOST_CAPTION, MOST_DATA = 4096, 1024, 64
MARKUPS = ("inline_keyboard", "keyboard", "remove_keyboard", "force_reply")


@dataclass(frozen=True, slots=True)
class Medium:
    """What a message shows beside words."""

    content: Json
    upload: bytes
    seen: bytes


def words(arguments: Arguments) -> Json:
    """Return text and entities of a message.

    Raises:
        Refused: there is nothing in it, or too much.
    """
    given = arguments.array("entities")
    text, entities = read(arguments.text("text"), arguments.text("parse_mode"), given)
    if not text:
        raise bad("message text is empty")
    if units(text) > MOST_TEXT:
        raise bad("message is too long")
    return {"text": text} | ({"entities": entities} if entities else {})


def caption(fields: Json) -> Json:
    """Return caption and entities of a medium.

    Raises:
        Refused: it is too long.
    """
    given = fields.get("caption_entities")
    text, entities = read(str(fields.get("caption", "")), str(fields.get("parse_mode", "")), given)
    if units(text) > MOST_CAPTION:
        raise bad("message caption is too long")
    found: Json = {"caption": text} if text else {}
    found |= {"caption_entities": entities} if entities else {}
    above = bool(fields.get("show_caption_above_media")) and text
    return found | ({"show_caption_above_media": True} if above else {})


async def medium(telegram: Telegram, kind: str, fields: Json, file: Upload | None, name: str) -> Medium:
    """Return a photo or document, uploaded or known by its `file_id`, with its caption.

    Raises:
        Refused: it is of a kind, size or shape that Telegram does not take.
    """
    said = caption(fields)
    if file is None and "://" in name:
        raise bad(
            "failed to get HTTP URL content"
            if name.startswith("http")
            else "wrong file identifier/HTTP URL specified"
        )
    if file is None and not name:
        raise bad(f"there is no {kind} in the request")
    if kind == "photo":
        stored = await _photo(telegram, file, name)
        is_hidden = fields.get("has_spoiler") in (True, "true", "True")
        hidden = {"has_media_spoiler": True} if is_hidden else {}
        content = {"photo": [one.described() for one in stored]} | hidden | said
        return Medium(content, stored[-1].upload, stored[-1].data)
    document = await _document(telegram, file, name)
    return Medium({"document": document.described()} | said, document.data, document.data)


async def _photo(telegram: Telegram, file: Upload | None, name: str) -> list[Stored]:
    if file is None:
        return telegram.files.sizes(name)
    _check_file(file)
    await asyncio.to_thread(pictures.check, file.data)
    return telegram.files.photo(file.data, await asyncio.to_thread(pictures.sizes, file.data))


async def _document(telegram: Telegram, file: Upload | None, name: str) -> Stored:
    if file is None:
        return telegram.files.known(name, "document")
    _check_file(file)
    return telegram.files.document(file.name, file.mime, file.data)


def _check_file(file: Upload) -> None:
    if not file.data:
        raise bad("file must be non-empty")
    if len(file.data) > MOST_UPLOAD:
        raise Refused(413, "Request Entity Too Large")


def markup(arguments: Arguments) -> Json | None:
    """Return the inline keyboard, None where there is none.

    Raises:
        Refused: a button does nothing, or carries too much.
    """
    given = arguments.table("reply_markup", "reply keyboard markup")
    if given is None:
        return None
    if not any(name in given for name in MARKUPS):
        raise bad("object expected as reply markup")
    for button in (one for row in given.get("inline_keyboard", []) for one in row):
        _check_button(button)
    return {"inline_keyboard": given["inline_keyboard"]} if given.get("inline_keyboard") else None


def _check_button(button: Json) -> None:
    if not button.get("text"):
        raise bad("inline keyboard button text must be non-empty")
    if len([name for name in button if name not in ("text", "style", "icon_custom_emoji_id")]) != 1:
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if "callback_data" in button and not 1 <= len(str(button["callback_data"]).encode()) <= MOST_DATA:
        raise bad("BUTTON_DATA_INVALID")


def place(telegram: Telegram, chat: Chat, arguments: Arguments) -> dict[str, Any]:
    """Return which message it replies to and in which thread it is.

    Raises:
        Refused: either is not there.
    """
    thread = _thread(chat, arguments)
    wanted = arguments.table("reply_parameters")
    replied = _replied(telegram, chat, wanted, thread) if wanted else None
    if replied and not thread:
        thread = replied.thread or (replied.id if chat.kind == "supergroup" and not chat.is_forum else None)
    return {"reply_to": replied, "thread": thread}


def _thread(chat: Chat, arguments: Arguments) -> int | None:
    thread = arguments.number("message_thread_id")
    if not thread:
        return None
    if not chat.is_forum or thread not in chat.topics:
        raise bad(NO_THREAD)
    if thread in chat.closed_topics and chat.bot not in ("creator", "administrator"):
        raise bad("TOPIC_CLOSED")
    return thread


def _replied(telegram: Telegram, chat: Chat, wanted: Json, thread: int | None) -> Message | None:
    elsewhere = "chat_id" in wanted and wanted["chat_id"] not in (chat.id, f"@{chat.username}")
    there = telegram.named(wanted["chat_id"]) if elsewhere else chat
    message = there.messages.get(int(wanted.get("message_id", 0))) if there else None
    if message is None or message.is_deleted:
        if wanted.get("allow_sending_without_reply") in (True, "true") and not elsewhere:
            return None
        raise bad(NO_REPLIED)
    if chat.is_forum and thread and message.topic != thread and not elsewhere:
        raise bad(NO_REPLIED)
    return message
