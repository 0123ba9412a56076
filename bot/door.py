"""The door that photos from chats come through: who is answered, how many at a time, what is gone again.

The same for every platform.  A photo that is let in is on the disk when `take` returns.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Literal

from bot.desk import Desk
from bot.settings import Settings
from bot.texts import say, say_error
from models.errors import DiskFull
from models.records import ChatRules, Incoming, Language, Person, Place
from storage.records import Accepted
from storage.store import Store

log = logging.getLogger(__name__)

MINUTE = 60.0
REMEMBERED = 10_000  # people and chats whose last minute is remembered
Mode = Literal["auto", "mention", "off"]


@dataclass(frozen=True, slots=True)
class Arrived:
    """The photos of one message, all of one place and one author.

    Args:
        language: the chat's, where its platform tells.
        is_addressed: we are spoken to: a mention, a reply to us, a direct message.
        position: up to which message its chat has been read, where the platform counts that.
        settle: seconds of quiet that the album they belong to waits for.
        is_late: found after an outage; no quota counts and nobody is told of one.
        is_silent: to be kept and found, without an answer.
    """

    photos: tuple[Incoming, ...]
    language: Language | None = None
    is_addressed: bool = False
    position: str = ""
    settle: float = 0.0
    is_late: bool = False
    is_silent: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of what arrived: none accepted where the chat does not want that.

    `notice` is a text to reply with, or "".  `wait` is in how many seconds the answer may come.
    """

    accepted: tuple[Accepted, ...] = ()
    notice: str = ""
    wait: float = 0.0

    @property
    def is_new(self) -> bool:
        """Return whether anything is to be answered that was not known before."""
        return any(one.is_new for one in self.accepted)


class Windows:
    """How many of something there were in the last minute, by key."""

    def __init__(self) -> None:
        self._times: dict[object, deque[float]] = {}

    def count(self, key: object) -> int:
        """Return how many there were."""
        times = self._times.get(key)
        if times is None:
            return 0
        while times and times[0] < time.monotonic() - MINUTE:
            times.popleft()
        return len(times)

    def add(self, key: object, count: int = 1) -> None:
        """Note that there are so many more now."""
        if len(self._times) >= REMEMBERED:
            self._times = {known: times for known, times in self._times.items() if self.count(known)}
        self._times.setdefault(key, deque()).extend([time.monotonic()] * count)


class Door:
    """Lets photos in.

    Args:
        store: where they are kept.
        desk: answers them.
        settings: limits, and what chats start with.
    """

    def __init__(self, store: Store, desk: Desk, settings: Settings) -> None:
        self._store, self._desk, self._settings = store, desk, settings
        self._rules: dict[tuple[str, str, str], dict[str, object]] = {}
        self._photos, self._notices = Windows(), Windows()
        self._counting = asyncio.Lock()
        self.accepted = self.refused = 0  # for the figures

    async def open(self) -> None:
        """Read what chats have decided."""
        self._rules = dict(await self._store.chats.rules())

    def rules(self, place: Place, language: Language | None = None) -> ChatRules:
        """Return the rules of a chat: its own, else the defaults."""
        usual = self._settings.rules(language)
        if not place.is_private and (not place.server or place.server != self._settings.dev_guild_id):
            usual = replace(usual, mode="mention")
        own = self._rules.get((place.platform, place.server, place.chat), {})
        return replace(usual, **own)  # type: ignore[arg-type]  # written by `set_rule` only

    async def set_mode(self, place: Place, mode: Mode) -> None:
        """Let a chat be answered always, when asked, or never."""
        await self._store.chats.set_rule(place, "mode", mode)
        await self.open()

    async def moved(self, platform: str, old: str, new: str) -> None:
        """Give everything of a chat to the id that it has now."""
        await self._store.chats.move(platform, old, new)
        await self.open()

    # Photos

    async def take(self, arrived: Arrived) -> Taken:
        """Let the photos of a message in, all or none of them.

        Raises:
            StorageError: they could not be kept.  A full disk is told to who posts; only what is late is
                to be tried again.
        """
        if not arrived.photos:
            return Taken()
        place = arrived.photos[0].place
        rules = self.rules(place, arrived.language)
        if rules.mode == "off" or (rules.mode == "mention" and not arrived.is_addressed):
            return Taken()
        if arrived.is_late:
            return await self._take(arrived, rules.language)
        async with self._counting:  # or many that come at once would each be the first
            refusal = await self._refusal(arrived, rules.language)
            return refusal or await self._take(arrived, rules.language)

    async def _take(self, arrived: Arrived, language: Language) -> Taken:
        try:
            accepted = await self._store.receive(
                arrived.photos,
                language,
                settle_ms=round(arrived.settle * 1000),
                is_silent=arrived.is_silent,
                position=arrived.position,
            )
        except DiskFull as error:
            if arrived.is_late:
                raise  # nobody is there to be told
            return self._refused(arrived, say_error(language, error))
        return await self._let_in(arrived, accepted)

    async def _let_in(self, arrived: Arrived, accepted: list[Accepted]) -> Taken:
        new = sum(one.is_new for one in accepted)
        first = arrived.photos[0]
        if not arrived.is_late:
            self._photos.add(_person(first.author), new)
            self._photos.add(_chat(first.place), new)
        self.accepted += new
        log.info("photos accepted platform=%s new=%d of=%d", first.place.platform, new, len(accepted))
        self._desk.wake()
        if arrived.settle:
            self._desk.wake_in(arrived.settle + 0.01)
        return Taken(tuple(accepted), wait=self._desk.seconds_for(await self._desk.waiting()))

    async def _refusal(self, arrived: Arrived, language: Language) -> Taken | None:
        """Return why the photos of a message cannot be let in now, None where they can."""
        count, first = len(arrived.photos), arrived.photos[0]
        if await self._is_known(arrived):
            return None  # delivered again
        settings = self._settings
        if self._photos.count(_person(first.author)) + count > max(count, settings.photos_per_minute):
            return self._refused(
                arrived, say(language, "notice-person-quota", most=settings.photos_per_minute)
            )
        if self._photos.count(_chat(first.place)) + count > max(count, settings.chat_photos_per_minute):
            most = settings.chat_photos_per_minute
            return self._refused(arrived, say(language, "notice-chat-quota", most=most))
        waiting = await self._desk.waiting()
        if waiting + count > max(count, settings.waiting_photos):
            minutes = max(1, round(self._desk.seconds_for(waiting) / 60))
            return self._refused(arrived, say(language, "notice-waiting", place=waiting, minutes=minutes))
        return None

    async def _is_known(self, arrived: Arrived) -> bool:
        first = arrived.photos[0]
        known = await self._store.chats.known(first.place.platform, first.place.chat, first.message)
        return {photo.attachment for photo in known} >= {one.attachment for one in arrived.photos}

    def _refused(self, arrived: Arrived, notice: str) -> Taken:
        """Return a refusal; a person is told once a minute."""
        self.refused += len(arrived.photos)
        key = (_chat(arrived.photos[0].place), arrived.photos[0].author.id)
        if arrived.is_late or self._notices.count(key):
            return Taken()
        self._notices.add(key)
        return Taken(notice=notice)

    async def deleted(self, platform: str, chat: str, messages: Iterable[str]) -> None:
        """Erase what the platform says is gone."""
        for message in messages:
            photos = await self._store.chats.known(platform, chat, message)
            if photos:
                await self._store.erase(photo.id for photo in photos)
                log.info("message deleted platform=%s photos=%d", platform, len(photos))

    async def edited(
        self,
        platform: str,
        chat: str,
        message: str,
        *,
        text: str,
        attachments: Collection[str],
        new: Arrived | None = None,
    ) -> Taken:
        """Follow a message that was changed: its text, what it no longer has, and what is new on it.

        What is new is taken in first: whoever hears of the change once more, after a crash in between,
        must still find the message known.
        """
        taken = await self.take(new) if new else Taken()
        for photo in await self._store.chats.known(platform, chat, message):
            if photo.attachment not in attachments:
                await self._store.erase([photo.id])
            elif photo.text != text:
                await self._store.retext(photo, text)
        return taken


def _person(person: Person) -> tuple[str, str]:
    return person.platform, person.id  # whatever name they give themselves


def _chat(place: Place) -> tuple[str, str, str]:
    return place.platform, place.server, place.chat
