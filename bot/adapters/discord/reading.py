"""What a message shows and says: its pictures, its text, whether it speaks to us.  No calls, no state."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import PurePosixPath
from typing import Protocol

import discord

from bot.adapters.discord.positions import PLATFORM
from bot.door import Arrived
from models.records import Incoming, Language, Person, Place

TYPES = frozenset(
    f"image/{kind}"
    for kind in (
        "jpeg",
        "jpg",
        "pjpeg",
        "png",
        "apng",
        "webp",
        "gif",
        "avif",
        "heic",
        "heif",
        "bmp",
        "x-ms-bmp",
    )
)
SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".jfif", ".png", ".apng", ".webp", ".gif", ".avif", ".heic", ".heif", ".bmp"}
)
MOVING = frozenset({"image/gif", "image/apng"})
IS_ANIMATED = 1 << 5  # of an attachment's flags, not yet known to discord.py
PREVIEWS = frozenset({"image", "gifv"})  # of embeds: the author linked a picture itself, not a page
MOST = 10  # pictures of one message, as many as one answer may carry
SPOKEN = frozenset({discord.MessageType.default, discord.MessageType.reply})

HIDDEN = re.compile(r"\|\|.+?\|\|", re.DOTALL)
EMOJI = re.compile(r"<a?(:\w+:)\d+>")


class Showing(Protocol):
    """What can show pictures: a message, or the copy of one that was forwarded."""

    content: str
    attachments: list[discord.Attachment]
    embeds: list[discord.Embed]
    stickers: list[discord.StickerItem]


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture of a message.

    `key` names it within its message for good; `url` is where it lies at this moment and is never
    stored; `size` is in bytes, 0 where nobody says.
    """

    key: str
    url: str
    size: int = 0
    is_spoiler: bool = False
    is_moving: bool = False


def is_human(message: discord.Message) -> bool:
    """Return whether a person wrote a message: no bot, no webhook, not Discord itself."""
    return not message.author.bot and message.webhook_id is None and message.type in SPOKEN


def pictures_of(message: discord.Message) -> list[Shown]:
    """Return the pictures of a message and of what it forwards, each once."""
    found = {shown.key: shown for part in _parts(message) for shown in _shown_by(part)}
    return list(found.values())[:MOST]


def has_unseen(message: discord.Message) -> bool:
    """Return whether a message brings something that could be taken for a photo and is none to us."""
    return any(part.attachments or part.stickers for part in _parts(message))


def _parts(message: discord.Message) -> list[Showing]:
    return [message, *message.message_snapshots]


def _shown_by(part: Showing) -> Iterator[Shown]:
    for attachment in part.attachments:
        if _is_picture(attachment):
            yield Shown(
                str(attachment.id),
                attachment.url,
                attachment.size,
                attachment.is_spoiler(),
                _is_moving(attachment),
            )
    hidden = HIDDEN.findall(part.content)
    for embed in part.embeds:
        if shown := _preview(embed, hidden):
            yield shown
    for sticker in part.stickers:
        if sticker.format is not discord.StickerFormatType.lottie:
            is_moving = sticker.format is not discord.StickerFormatType.png
            yield Shown(f"sticker:{sticker.id}", sticker.url, is_moving=is_moving)


def _type(attachment: discord.Attachment) -> str:
    return (attachment.content_type or "").partition(";")[0].strip().lower()


def _is_picture(attachment: discord.Attachment) -> bool:
    suffix = PurePosixPath(attachment.filename).suffix.lower()
    return _type(attachment) in TYPES or suffix in SUFFIXES


def _is_moving(attachment: discord.Attachment) -> bool:
    return _type(attachment) in MOVING or bool(attachment.flags.value & IS_ANIMATED)


def _preview(embed: discord.Embed, hidden: list[str]) -> Shown | None:
    """Return the picture that the author linked, at Discord's own proxy; never at its site."""
    url = embed.thumbnail.proxy_url or embed.image.proxy_url
    if embed.type not in PREVIEWS or not url:
        return None
    link = embed.url or url
    key = hashlib.blake2b(link.encode(), digest_size=8).hexdigest()
    is_spoiler = any(link in one for one in hidden)
    return Shown(f"embed:{key}", url, is_spoiler=is_spoiler, is_moving=embed.type == "gifv")


def text_of(message: discord.Message, me: int) -> str:
    """Return what a message says, for people to search: names for mentions, and none of ours."""
    said = "\n".join(part.content for part in _parts(message) if part.content)
    said = re.sub(rf"<@!?{me}>", "", said)
    for person in message.mentions:
        said = re.sub(rf"<@!?{person.id}>", lambda _, name=person.display_name: f"@{name}", said)  # type: ignore[misc]  # mypy cannot tell the type of a lambda with a default
    return EMOJI.sub(r"\1", said).strip()


def is_called(message: discord.Message, me: int) -> bool:
    """Return whether a message mentions us, by our name or by the role that came with us."""
    if any(person.id == me for person in message.mentions):
        return True
    return any(role.tags is not None and role.tags.bot_id == me for role in message.role_mentions)


def is_addressed(message: discord.Message, me: int) -> bool:
    """Return whether a message speaks to us: a direct message, a mention, a reply to us."""
    if isinstance(message.channel, discord.DMChannel) or is_called(message, me):
        return True
    answered = replied_to(message)
    return answered is not None and answered.author.id == me


def replied_to(message: discord.Message) -> discord.Message | None:
    """Return what a message replies to, None where that is nothing or gone."""
    reference = message.reference
    is_reply = reference is not None and reference.type is discord.MessageReferenceType.reply
    found = reference.resolved if reference and is_reply else None
    return found if isinstance(found, discord.Message) else None


def place_of(channel: object) -> Place | None:
    """Return where a channel is, None where too little is known of it."""
    if isinstance(channel, discord.DMChannel):
        return Place(PLATFORM, "", str(channel.id), is_private=True)
    if isinstance(channel, discord.Thread):
        server, chat = str(channel.guild.id), str(channel.parent_id)
        return Place(PLATFORM, server, chat, topic=str(channel.id), is_nsfw=channel.is_nsfw())
    if isinstance(channel, discord.abc.GuildChannel):
        is_nsfw = bool(getattr(channel, "nsfw", False))
        return Place(PLATFORM, str(channel.guild.id), str(channel.id), is_nsfw=is_nsfw)
    return None


def language_of(guild: discord.Guild | None) -> Language | None:
    """Return the language of a server, None where nobody chose it.

    Only community servers choose: all others are American English without anybody wanting that.
    """
    if guild is None:
        return None
    if guild.preferred_locale is discord.Locale.korean:
        return "ko"
    is_english = str(guild.preferred_locale).startswith("en")
    return "en" if is_english and "COMMUNITY" in guild.features else None


def is_fresh(message: discord.Message, seconds: float) -> bool:
    """Return whether a message was written or rewritten within the last seconds."""
    written = message.edited_at or message.created_at
    return datetime.now(UTC) - written < timedelta(seconds=seconds)


def arrived_from(message: discord.Message, place: Place, me: int) -> Arrived | None:
    """Return the photos that a message brings or, "@찰칵 이거 봐", points at; None where there are none."""
    if not is_human(message):
        return None
    shown, source = pictures_of(message), message
    if not shown and is_called(message, me):
        asked = replied_to(message)
        if asked is None or not is_human(asked):
            return None
        shown, source = pictures_of(asked), asked
    if not shown:
        return None
    return Arrived(
        photos_of(source, shown, place, me, reply_to="" if source is message else str(message.id)),
        language=language_of(message.guild),
        is_addressed=is_addressed(message, me),
        position=str(message.id),
    )


def photos_of(
    message: discord.Message, shown: list[Shown], place: Place, me: int, *, reply_to: str = ""
) -> tuple[Incoming, ...]:
    """Return pictures of a message as photos that arrive; several are an album."""
    author, text = message.author, text_of(message, me)
    return tuple(
        Incoming(
            place=place,
            message=str(message.id),
            attachment=one.key,
            author=Person(PLATFORM, str(author.id), author.display_name),
            sent_at=message.created_at,
            text=text,
            spoiler=one.is_spoiler,
            album=str(message.id) if len(shown) > 1 else "",
            source=one.key,
            reply_to=reply_to,
            is_first_frame=one.is_moving,
        )
        for one in shown
    )
