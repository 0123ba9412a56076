"""What Telegram's messages mean: which photos they bring, where, by whom, and whether we are meant.

Pure functions of a message; nothing is asked, nothing is remembered.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

from telegram import Animation, Document, Message, MessageEntity, PhotoSize, Sticker, User

from bot.door import Arrived
from models.records import Incoming, Language, Person, Place

PLATFORM = "telegram"
MOST_BYTES = 20 * 1024 * 1024  # that a bot may download
ALBUM_SECONDS = 0.8  # of quiet, after which an album is taken to be complete
PICTURES = frozenset(
    {".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif", ".heic", ".heif", ".bmp"}
)  # for clients that send a picture as mere bytes


@dataclass(frozen=True, slots=True)
class Us:
    """Who we are on Telegram."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Media:
    """A file that can be looked at: `attachment` names it for good, `source` is how to fetch it."""

    attachment: str
    source: str
    is_first_frame: bool = False


def read(message: Message, us: Us) -> Arrived | None:
    """Return the photos that a message brings, None where it brings none or its writer is a bot.

    A message that calls us and replies to a photo ("@찰칵 이거 봐") brings that photo.
    """
    if _is_by_bot(message) or message.is_automatic_forward:
        return None  # what a channel hands on to its group was answered there, or is our own answer
    is_called = _is_called(message, us)
    shown = message.reply_to_message
    photos = incoming_of(message)
    if not photos and is_called and shown and not _is_by(shown, us):
        photos = _asked_about(shown, message)
    is_addressed = _is_private(message) or is_called or bool(shown and _is_by(shown, us))
    if not photos or (message.sticker and not is_addressed):  # in a lively group they are every other line
        return None
    return Arrived(
        photos=photos,
        language=language_of(message.from_user) if _is_private(message) else None,
        is_addressed=is_addressed,
        settle=ALBUM_SECONDS if photos[0].album else 0.0,
    )


def incoming_of(message: Message) -> tuple[Incoming, ...]:
    """Return the photo of a message, nothing where it has none."""
    media = media_of(message)
    if media is None:
        return ()
    incoming = Incoming(
        place=place_of(message),
        message=str(message.message_id),
        attachment=media.attachment,
        author=author_of(message),
        sent_at=message.date,
        text=message.caption or "",
        spoiler=bool(message.has_media_spoiler),
        album=message.media_group_id or "",
        source=media.source,
        is_first_frame=media.is_first_frame,
    )
    return (incoming,)


def _asked_about(shown: Message, asking: Message) -> tuple[Incoming, ...]:
    """Return the photo of another message, answered where somebody asked about it; its album is not."""
    return tuple(
        Incoming(
            place=place_of(asking),
            message=one.message,
            attachment=one.attachment,
            author=one.author,
            sent_at=one.sent_at,
            text=one.text,
            spoiler=one.spoiler,
            source=one.source,
            reply_to=str(asking.message_id),
            is_first_frame=one.is_first_frame,
        )
        for one in incoming_of(shown)
    )


def media_of(message: Message) -> Media | None:
    """Return what there is to look at in a message."""
    if message.photo:  # in several sizes, the last one the largest; a live photo has them too
        return _whole(max(message.photo, key=lambda size: size.width * size.height))
    if message.sticker:
        moves = message.sticker.is_animated or message.sticker.is_video
        return _first_frame(message.sticker) if moves else _whole(message.sticker)
    if message.animation:  # before its twin of older clients, a document
        is_gif = message.animation.mime_type == "image/gif"  # others are films, which we do not open
        return _whole(message.animation, is_first_frame=True) if is_gif else _first_frame(message.animation)
    if message.document and _is_picture(message.document):
        is_gif = message.document.mime_type == "image/gif"
        return _whole(message.document, is_first_frame=is_gif)
    return None


def _whole(file: PhotoSize | Sticker | Animation | Document, *, is_first_frame: bool = False) -> Media:
    """Return a file; one that is too large is known by its size, so that nobody asks for it in vain."""
    is_large = (file.file_size or 0) > MOST_BYTES
    source = f"{file.file_id} {file.file_size}" if is_large else file.file_id
    return Media(file.file_unique_id, source, is_first_frame)


def _first_frame(moving: Sticker | Animation) -> Media | None:
    """Return the preview of a film under the name of the film."""
    if moving.thumbnail is None:
        return None
    return Media(moving.file_unique_id, moving.thumbnail.file_id, is_first_frame=True)


def _is_picture(document: Document) -> bool:
    if (document.mime_type or "").startswith("image/"):
        return True
    is_unnamed = document.mime_type in (None, "", "application/octet-stream")
    return is_unnamed and PurePath(document.file_name or "").suffix.lower() in PICTURES


# Where, who, and whether we are meant


def place_of(message: Message) -> Place:
    """Return where a message was said.  The topic General has an id that must never be used."""
    topic = str(message.message_thread_id) if message.is_topic_message and message.message_thread_id else ""
    return Place(PLATFORM, "", str(message.chat.id), topic, is_private=_is_private(message))


def author_of(message: Message) -> Person:
    """Return who said it: a person, or the chat in whose name it was said."""
    if message.sender_chat:
        return Person(PLATFORM, str(message.sender_chat.id), message.sender_chat.effective_name or "")
    if message.from_user:
        return Person(PLATFORM, str(message.from_user.id), message.from_user.full_name)
    return Person(PLATFORM, str(message.chat.id), message.chat.effective_name or "")


def language_of(person: User | None) -> Language | None:
    """Return the language of somebody's app where we speak it."""
    code = (person.language_code or "" if person else "").partition("-")[0]
    return "ko" if code == "ko" else "en" if code == "en" else None


def _is_private(message: Message) -> bool:
    return message.chat.type == message.chat.PRIVATE


def _is_by_bot(message: Message) -> bool:
    """Return whether a bot wrote it; one that lent its name to a channel or an anonymous admin did not."""
    return bool(message.from_user and message.from_user.is_bot and not message.sender_chat)


def _is_by(message: Message, us: Us) -> bool:
    return bool(message.from_user and message.from_user.id == us.id)


def _is_called(message: Message, us: Us) -> bool:
    """Return whether a message names us."""
    kinds: list[str | None] = [MessageEntity.MENTION, MessageEntity.TEXT_MENTION]
    named = message.parse_caption_entities(kinds) if message.caption else message.parse_entities(kinds)
    return any(
        entity.user.id == us.id if entity.user else text.lower() == f"@{us.name}".lower()
        for entity, text in named.items()
    )
