"""One answer as Telegram takes it: a message, a photo, a file, an album, or in the place of a line."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PIL import Image
from telegram import (
    Bot,
    InputMediaDocument,
    InputMediaPhoto,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
)
from telegram.error import BadRequest

from bot.adapters.telegram.captions import TEXT_UNITS, caption, units
from bot.adapters.telegram.refusals import Refusal, refusal_of
from bot.answers import Picture, Reply, cut
from storage.records import Photo

PHOTO_BYTES = 10_000_000
ALL_BYTES = 45_000_000  # of one request
MOST_SIDES = 10_000  # pixels, width and height together
MOST_RATIO = 20
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


@dataclass(frozen=True, slots=True)
class Post:
    """Where an answer goes and how; what Telegram refuses is changed bit by bit.

    Args:
        photos: that are answered.
        chat: whose chat.
        message: that is replied to, 0 for none.
        topic: of a forum, 0 for the General one.
        placeholder: the line that becomes the answer, 0 for none.
        has_pictures: whether the chat takes any.
        is_as_files: whether they go as files rather than as photos.
    """

    photos: tuple[Photo, ...]
    chat: int
    message: int
    topic: int = 0
    placeholder: int = 0
    has_pictures: bool = True
    is_as_files: bool = False

    @property
    def where(self) -> dict[str, Any]:
        """Return the arguments that say where a new message goes."""
        where: dict[str, Any] = {"chat_id": self.chat}
        if self.topic:
            where["message_thread_id"] = self.topic
        if self.message:
            where["reply_parameters"] = ReplyParameters(self.message)
        return where


async def put(bot: Bot, post: Post, reply: Reply) -> list[int]:
    """Give an answer and return the ids of its messages.

    Raises:
        TelegramError: it was refused, or nobody knows.
    """
    pictures = reply.pictures if post.has_pictures else ()
    is_as_files = post.is_as_files or any(_is_odd(picture) for picture in pictures)
    if is_as_files:  # a file has no cover to hide behind
        pictures = tuple(picture for picture in pictures if not picture.is_spoiler)
    if post.placeholder:
        return [await _replace(bot, post, reply.text, pictures[:1], is_as_files=is_as_files)]
    if not pictures:
        return [await _say(bot, post, reply.text)]
    if len(pictures) == 1:
        return [await _show(bot, post, reply.text, pictures[0], is_as_file=is_as_files)]
    media = _album(reply.text, pictures, is_as_files=is_as_files)
    return [sent.message_id for sent in await bot.send_media_group(media=media, **post.where)]


async def _say(bot: Bot, post: Post, text: str) -> int:
    text = cut(text, TEXT_UNITS, units)
    return (await bot.send_message(text=text, link_preview_options=NO_PREVIEW, **post.where)).message_id


async def _show(bot: Bot, post: Post, text: str, picture: Picture, *, is_as_file: bool) -> int:
    words = _words(text, picture)
    sent: Message
    if is_as_file:
        sent = await bot.send_document(document=picture.jpeg, **words, **post.where)
    else:
        sent = await bot.send_photo(photo=picture.jpeg, has_spoiler=picture.is_spoiler, **words, **post.where)
    return sent.message_id


async def _replace(bot: Bot, post: Post, text: str, pictures: Sequence[Picture], *, is_as_files: bool) -> int:
    """Let a line become the answer."""
    chat, line = post.chat, post.placeholder
    try:
        if pictures:
            (media,) = _album(text, pictures, is_as_files=is_as_files)
            await bot.edit_message_media(media, chat, line)
        else:
            text = cut(text, TEXT_UNITS, units)
            await bot.edit_message_text(text, chat, line, link_preview_options=NO_PREVIEW)
    except BadRequest as error:
        if refusal_of(error) is not Refusal.NOT_MODIFIED:  # else it is the answer already
            raise
    return line


def _album(
    text: str, pictures: Sequence[Picture], *, is_as_files: bool
) -> list[InputMediaPhoto | InputMediaDocument]:
    """Return the pictures with their descriptions; the text stands under the first one."""
    media: list[InputMediaPhoto | InputMediaDocument] = []
    for number, picture in enumerate(pictures):
        words = _words("" if number else text, picture)
        if is_as_files:
            media.append(InputMediaDocument(picture.jpeg, **words))
        else:
            media.append(InputMediaPhoto(picture.jpeg, has_spoiler=picture.is_spoiler, **words))
    return media


def _words(text: str, picture: Picture) -> dict[str, Any]:
    """Return the arguments for what stands under a picture, and for its name."""
    said = caption(text, picture.alt)
    return {"caption": said.text, "caption_entities": said.entities, "filename": picture.name}


def _is_odd(picture: Picture) -> bool:
    """Return whether Telegram would not take a picture as a photo."""
    width, height = Image.open(io.BytesIO(picture.jpeg)).size  # reads the header only
    is_thin = max(width, height) > MOST_RATIO * min(width, height)
    return is_thin or width + height > MOST_SIDES or len(picture.jpeg) > PHOTO_BYTES
