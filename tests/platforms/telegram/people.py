"""What people do: they write, post photos and albums, change and delete them, and tap buttons."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.platforms.telegram import pictures
from tests.platforms.telegram.entities import read
from tests.platforms.telegram.groups import Groups
from tests.platforms.telegram.privacy import is_told
from tests.platforms.telegram.records import Chat, Json, Message, Person

ALBUMS = itertools.count(13_400_000_000_001)


@dataclass(frozen=True, slots=True)
class Sticker:
    """A sticker: webp, or tgs or webm with a preview."""

    data: bytes
    preview: bytes = b""
    is_animated: bool = False
    is_video: bool = False
    emoji: str = "😀"


@dataclass(frozen=True, slots=True)
class Posted:
    """What somebody posts beside words."""

    content: Json
    upload: bytes = b""
    seen: bytes = b""


class People(Groups):
    """Telegram with people in it."""

    async def post(
        self,
        chat: Chat,
        person: Person | None = None,
        text: str = "",
        *,
        photo: bytes = b"",
        document: tuple[str, str, bytes] | None = None,
        sticker: Sticker | bytes | None = None,
        animation: bytes = b"",
        other: Json | None = None,
        spoiler: bool = False,
        live: bool = False,
        reply_to: Message | None = None,
        topic: int | None = None,
        forwarded: Message | Person | str | None = None,
        anonymous: bool = False,
    ) -> Message:
        """Let somebody post something: words, or one medium with a caption.

        Args:
            chat: where to.
            person: who; nobody in a channel.
            text: words, or the caption.
            photo: a picture file, encoded anew as clients do.
            document: name, MIME type and bytes of a file that is kept as it is.
            sticker: webp bytes, or a `Sticker`.
            animation: a picture file that arrives as mp4 with a preview.
            other: any other content, in the fields of a Message: `{"dice": {...}}`.
            spoiler: hide the photo until it is tapped.
            live: the photo moves; it comes as a live photo, too.
            reply_to: what is answered.
            topic: of a forum; the General one where there is none.
            forwarded: what is passed on, or who wrote it; a str is somebody who hides.  A channel's post that
                nobody forwards to a group is in the group of that channel.
            anonymous: an administrator speaks as the group.
        """
        posted = await self._posted(photo, document, sticker, animation, spoiler)
        posted.content.update((other or {}) | (self._live(posted) if live else {}))
        message = self._put(chat, person, posted, text, reply_to=reply_to, topic=topic)
        message.origin |= _forwarded(forwarded) | self._speaker(message, anonymous)
        if person is None and chat.is_group and isinstance(forwarded, Message):
            self._pass_on(message, forwarded)
        self._tell(message)
        return message

    async def album(
        self,
        chat: Chat,
        person: Person | None,
        photos: Sequence[bytes | tuple[str, str, bytes]],
        text: str = "",
        *,
        spoiler: bool = False,
        reply_to: Message | None = None,
        topic: int | None = None,
    ) -> list[Message]:
        """Let somebody post photos (or documents) together; each arrives on its own."""
        group, messages = str(next(ALBUMS)), []
        for number, one in enumerate(photos):
            photo, document = (one, None) if isinstance(one, bytes) else (b"", one)
            posted = await self._posted(photo, document, None, b"", spoiler)
            caption = text if number == 0 else ""
            message = self._put(chat, person, posted, caption, reply_to=reply_to, topic=topic)
            message.media_group = group
            message.origin |= self._speaker(message, anonymous=False)
            messages.append(message)
        for message in messages:
            self._tell(message)
        return messages

    async def edit(self, message: Message, text: str | None = None, *, photo: bytes = b"") -> None:
        """Let the author change words, caption or photo."""
        if photo:
            posted = await self._posted(photo, None, None, b"", message.spoiler)
            kept = {n: v for n, v in message.content.items() if n in ("caption", "caption_entities")}
            message.content = posted.content | kept
            message.upload, message.seen = posted.upload, posted.seen
        if text is not None:
            rest = {n: v for n, v in message.content.items() if n not in (*_names(True), *_names(False))}
            message.content = rest | _worded(text, is_caption=bool(rest))
        message.edited = int(time.time())
        self._tell(message, "edited_")

    def delete(self, message: Message) -> None:
        """Let somebody take a message back; bots hear nothing of it."""
        message.is_deleted = True

    def react(self, message: Message, person: Person, *emoji: str) -> None:
        """Let somebody react; only a bot that is an administrator and asked for it hears of it."""
        old = message.reactions.get(person.id, ())
        message.reactions[person.id] = emoji
        if message.chat.bot != "administrator" and message.chat.kind != "private":
            return
        change = {"old_reaction": _reactions(old), "new_reaction": _reactions(emoji)}
        where = {"chat": message.chat.brief(), "message_id": message.id, "user": person.user()}
        self.updates.add("message_reaction", where | change | {"date": int(time.time())})

    def answers(self, chat: Chat) -> list[Message]:
        """Return the bot's messages that are there now, the oldest first."""
        return [one for one in chat.messages.values() if one.is_by_bot and not one.is_deleted]

    def reactions(self, message: Message) -> tuple[str, ...]:
        """Return what the bot reacts with."""
        return message.reactions.get(self.bot.id, ())

    def age(self, message: Message, hours: float) -> None:
        """Let a message be that much older."""
        message.date -= int(hours * 3600)

    async def _posted(
        self,
        photo: bytes,
        document: tuple[str, str, bytes] | None,
        sticker: Sticker | bytes | None,
        animation: bytes,
        spoiler: bool,
    ) -> Posted:
        if photo:
            return await self._photo(photo, spoiler)
        if document:
            content = {"document": self.files.document(*document).described()}
            return Posted(content, document[2], document[2])
        if sticker:
            return self._sticker(Sticker(sticker) if isinstance(sticker, bytes) else sticker)
        return self._animation(animation) if animation else Posted({})

    async def _photo(self, photo: bytes, spoiler: bool) -> Posted:
        stored = self.files.photo(photo, await asyncio.to_thread(pictures.sizes, photo))
        content: Json = {"photo": [one.described() for one in stored]}
        return Posted(content | ({"has_media_spoiler": True} if spoiler else {}), photo, stored[-1].data)

    def _live(self, posted: Posted) -> Json:
        """A live photo is a photo with a film of a second or two beside it."""
        size = {name: posted.content["photo"][-1][name] for name in ("width", "height")}
        film = self.files.add("video", b"\0\0\0\x18ftypmp42", "mp4", size | {"duration": 2})
        return {"live_photo": {"photo": posted.content["photo"]} | film.described()}

    def _sticker(self, sticker: Sticker) -> Posted:
        suffix = "tgs" if sticker.is_animated else "webm" if sticker.is_video else "webp"
        about: Json = {"type": "regular", "width": 512, "height": 512, "emoji": sticker.emoji}
        about |= {"is_animated": sticker.is_animated, "is_video": sticker.is_video, "set_name": "chalkak"}
        about |= self.files.thumbnail(sticker.preview or sticker.data)
        stored = self.files.add("sticker", sticker.data, suffix, about)
        return Posted({"sticker": stored.described()}, sticker.data, sticker.data)

    def _animation(self, data: bytes) -> Posted:
        """What is posted as a GIF arrives as a film; it is a document at the same time."""
        film = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + data
        preview = self.files.thumbnail(data)
        size = {name: preview.get("thumbnail", {}).get(name, 320) for name in ("width", "height")}
        about: Json = {"file_name": "animation.gif.mp4", "mime_type": "video/mp4"} | preview
        stored = self.files.add("animation", film, "mp4", about)
        document = stored.described()
        return Posted({"animation": document | size | {"duration": 2}, "document": document}, film, film)

    def _put(
        self,
        chat: Chat,
        person: Person | None,
        posted: Posted,
        text: str,
        *,
        reply_to: Message | None,
        topic: int | None,
    ) -> Message:
        content = posted.content | _worded(text, is_caption=bool(posted.content))
        assert content, "nobody posts nothing"
        thread = topic or (reply_to.thread if reply_to else None)
        if reply_to and not thread and chat.kind == "supergroup" and not chat.is_forum:
            thread = reply_to.id
        if person and chat.members.get(person.id) not in ("creator", "administrator"):
            chat.members[person.id] = "member"
        more: dict[str, Any] = {"upload": posted.upload, "seen": posted.seen}
        return self.add(chat, person, content, reply_to=reply_to, thread=thread, **more)

    def _pass_on(self, message: Message, post: Message) -> None:
        """What a channel posts turns up in the group where people talk about it."""
        message.sender = self.service_account
        message.origin |= {"sender_chat": post.chat.brief(), "is_automatic_forward": True}

    def _speaker(self, message: Message, anonymous: bool) -> Json:
        if anonymous:
            message.sender = self.group_anonymous_bot
        return {"sender_chat": message.chat.brief()} if anonymous or message.chat.kind == "channel" else {}

    def _tell(self, message: Message, when: str = "") -> None:
        """Let the bot hear of a message where privacy mode lets it."""
        if is_told(self.bot, message):
            kind = "channel_post" if message.chat.kind == "channel" else "message"
            self.updates.add(when + kind, self.rendered(message))


def _names(is_caption: bool) -> tuple[str, str]:
    return ("caption", "caption_entities") if is_caption else ("text", "entities")


def _worded(text: str, *, is_caption: bool) -> Json:
    plain, entities = read(text, "")
    words, marks = _names(is_caption)
    return ({words: plain} if plain else {}) | ({marks: entities} if entities else {})


def _reactions(emoji: tuple[str, ...]) -> list[Json]:
    return [{"type": "emoji", "emoji": one} for one in emoji]


def _forwarded(source: Message | Person | str | None) -> Json:
    if source is None:
        return {}
    date = source.date if isinstance(source, Message) else int(time.time())
    if isinstance(source, Message) and source.chat.kind == "channel":
        origin: Json = {"type": "channel", "chat": source.chat.brief(), "message_id": source.id}
    elif isinstance(source, str):
        origin = {"type": "hidden_user", "sender_user_name": source}
    else:
        sender = source.sender if isinstance(source, Message) else source
        origin = {"type": "user", "sender_user": sender.user() if sender else {}}
    return {"forward_origin": origin | {"date": date}}
