"""A family on a stand-in Telegram: everybody alone with the bot, and all together in a group."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from models.records import Place
from storage.folder import Folder
from storage.store import Store
from tests.bot.crash.side import LANGUAGE, Answered, Post, Said, digest
from tests.platforms.faults import Fault, Faults
from tests.platforms.telegram import Message, StandInTelegram
from tests.platforms.telegram.entities import cut

PEOPLE = 5  # the bot speaks to each of them, and to the group, once a second
SENDS = "POST send"
QUOTE = "expandable_blockquote"


class Lossy(Faults):
    """Faults that count the answers of the bot whose confirmation was lost on the way back."""

    def __init__(self) -> None:
        super().__init__()
        self.sends = 0

    def next(self, asked: str) -> Fault | None:
        fault = super().next(asked)
        self.sends += fault is not None and fault.kind == "lost" and asked.startswith(SENDS)
        return fault


class OnTelegram:
    """See `Side`."""

    name = "telegram"
    tells_of_deletions = looks_back = False

    def __init__(self, telegram: StandInTelegram) -> None:
        self.telegram = telegram
        telegram.flood = None
        self.faults = Lossy()
        telegram.faults = self.faults
        people = [telegram.person(f"식구 {number}", language=LANGUAGE) for number in range(PEOPLE)]
        self._group = telegram.group("우리집", *people)
        self._rooms = [self._group, *map(telegram.private, people)]
        self._speaker = people[0]

    @property
    def lost_sends(self) -> int:
        return self.faults.sends

    @property
    def chats(self) -> int:
        return len(self._rooms)

    async def move_in(self, data: Path) -> None:
        """Let every photo of the group be answered, as its administrator does with a tap."""
        store = await asyncio.to_thread(lambda: Store(Folder(data)))
        try:
            await store.chats.set_rule(Place(self.name, "", str(self._group.id)), "mode", "auto")
        finally:
            await asyncio.to_thread(store.close)

    def settings(self) -> dict[str, str]:
        return {
            "TELEGRAM_TOKEN": self.telegram.token,
            "TELEGRAM_API": self.telegram.url,
            "TELEGRAM_FILES": self.telegram.file_url,
            "TELEGRAM_GROUP_PER_MINUTE": "10000",
            "PHOTOS_PER_MINUTE": "1000",
            "CHAT_PHOTOS_PER_MINUTE": "10000",
            "DEFAULT_LANGUAGE": LANGUAGE,
        }

    def starts(self) -> int:
        return 0  # one that has died polls no more

    async def come_online(self, starts: int) -> None:
        await self.telegram.online()

    async def post(self, chat: int, pictures: Sequence[bytes], text: str) -> list[Any]:
        room = self._rooms[chat]
        person = room.person or self._speaker
        if len(pictures) == 1:
            return [await self.telegram.post(room, person, text, photo=pictures[0])]
        return [*await self.telegram.album(room, person, pictures, text)]

    async def retext(self, post: Post, text: str) -> None:
        post.text = text
        await self.telegram.edit(post.messages[0], text)

    async def delete(self, post: Post) -> None:
        """Delete a post, of which no bot is told."""
        post.is_deleted = True
        for message in post.messages:
            self.telegram.delete(message)

    async def withdraw(self, post: Post, other: str, picture: bytes) -> None:
        """Replace the photo of a message."""
        post.pictures = (other,)
        await self.telegram.edit(post.messages[0], photo=picture)

    def answers(self) -> list[Answered]:
        found: list[Answered] = []
        for room in self._rooms:
            there = [one for one in self.telegram.answers(room) if one.reply_to]
            for _, group in groupby(there, key=lambda one: one.media_group or one.id):
                found.append(_answered(list(group)))
        return found

    def is_read(self) -> bool:
        return not self.telegram.updates.waiting

    def faulty(self) -> list[str]:
        return self.telegram.violations


def _answered(messages: list[Message]) -> Answered:
    first = messages[0]
    to = str(first.reply_to.id) if first.reply_to else ""
    pictures = tuple((_alt(one), digest(one.upload)) for one in messages if one.photo)
    text = first.text or first.caption.removesuffix(_alt(first)).rstrip()
    return Answered(to, tuple(str(one.id) for one in messages), Said(text, pictures), float(first.date))


def _alt(message: Message) -> str:
    """Return the description that is folded up under a picture."""
    quotes = [one for one in message.content.get("caption_entities", []) if one["type"] == QUOTE]
    return cut(message.caption, quotes[-1]) if quotes else ""


@contextlib.asynccontextmanager
async def on_telegram() -> AsyncIterator[OnTelegram]:
    """Let there be a Telegram for as long as the context lasts."""
    async with StandInTelegram(privacy=False) as telegram:
        yield OnTelegram(telegram)
