"""Everything that people posted while nobody was there, and what has to come of it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from bot.texts import say
from tests.bot.platforms.rooms import Post, Room
from tests.bot.platforms.town import PLATFORMS, Town

SECONDS = 400.0  # Discord lets a channel have an answer a second
PEOPLE = 3  # who post more in a minute than one may, while somebody listens


@dataclass
class Heap:
    """What lies in one room."""

    room: Room
    old: list[Post] = field(default_factory=list)
    young: list[Post] = field(default_factory=list)

    @property
    def is_on_discord(self) -> bool:
        """Whether a line tells of what was kept silently."""
        return self.room.place.platform == "discord"


class Backlog:
    """Photos on both platforms, spread over rooms.

    Args:
        town: where they are posted.
        rooms: on each platform.
        young: photos of ten minutes ago in each room, to be answered, and one more that is deleted again.
        old: photos of two hours ago in each room, to be found without an answer.
    """

    def __init__(self, town: Town, *, rooms: int, young: int, old: int) -> None:
        self._town, self._young, self._old = town, young, old
        with town.ago(hours=3):
            named = [(platform, f"방 {number}") for number in range(rooms) for platform in PLATFORMS]
            self.heaps = [Heap(town.room(*one)) for one in named]

    async def pile_up(self, photo: bytes) -> None:
        """Let a service see that the rooms are there, and miss everything else."""
        with self._town.ago(hours=2.5):
            async with self._town.running():
                pass
        for heap in self.heaps:
            await self._pile(heap, photo)

    async def _pile(self, heap: Heap, photo: bytes) -> None:
        for number in range(self._old):
            with self._town.ago(hours=2, seconds=-number):
                heap.old.append(await heap.room.post(photo, text="오래전", by=f"{number % PEOPLE}"))
        for number in range(self._young):
            with self._town.ago(minutes=10, seconds=-number):
                heap.young.append(await heap.room.post(photo, text="조금 전", by=f"{number % PEOPLE}"))
        with self._town.ago(minutes=5):
            await heap.room.delete(await heap.room.post(photo, text="지운 사진"))

    async def answered(self) -> None:
        """Wait until everything is read and done."""
        async with asyncio.timeout(SECONDS):
            while any(len(heap.room.said()) < self._expected(heap) for heap in self.heaps):  # noqa: ASYNC110 - it is told by nobody
                await asyncio.sleep(0.1)
        await self._town.settled()

    def _expected(self, heap: Heap) -> int:
        return len(heap.young) + heap.is_on_discord

    async def check(self) -> None:
        """Young photos have one answer each, in their order; old ones are found, deleted ones are not."""
        for heap in self.heaps:
            said = heap.room.said()
            told = [heap.young.index(answer.reply_to) for answer in said if answer.reply_to is not None]
            assert told == [*range(self._young)], heap.room.place
            lines = [answer.text for answer in said if answer.reply_to is None]
            assert lines == ([say("ko", "notice-caught-up", count=self._old)] if heap.is_on_discord else [])
            kept = await self._town.photos(heap.room)
            assert [photo.text for photo in kept] == ["오래전"] * self._old + ["조금 전"] * self._young
            assert len(await self._town.found(heap.room, "오래전")) == min(self._old, 10)
            assert await self._town.found(heap.room, "지운") == []
