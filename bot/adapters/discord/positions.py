"""How far each channel has been read, in memory and on the disk."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping

from models.errors import ServiceError
from storage.chats import ChatStore

log = logging.getLogger(__name__)

PLATFORM = "discord"
WRITE_SECONDS = 30.0


class Positions:
    """The id of the last message that was dealt with, by channel; it only ever grows."""

    def __init__(self, chats: ChatStore) -> None:
        self._chats = chats
        self._seen: dict[int, int] = {}
        self._unwritten: set[int] = set()

    async def load(self) -> None:
        """Read what an earlier process wrote."""
        written = await self._chats.positions(PLATFORM)
        for channel, message in written.items():
            self.note(int(channel), int(message))
        self._unwritten.clear()

    def __contains__(self, channel: object) -> bool:
        return channel in self._seen

    def of(self, channel: int) -> int:
        """Return the last message of a channel that was dealt with, 0 where there is none."""
        return self._seen.get(channel, 0)

    def channels(self) -> list[int]:
        """Return the channels that are read, those that were busy last first."""
        return sorted(self._seen, key=lambda channel: self._seen[channel], reverse=True)

    def note(self, channel: int, message: int) -> None:
        """Note that a channel has been read up to a message; it is written a little later."""
        if message > self._seen.get(channel, -1):
            self._seen[channel] = message
            self._unwritten.add(channel)

    async def begin(self, first: Mapping[int, int]) -> None:
        """Begin to read channels, each after a message, and have it on the disk."""
        for channel, message in first.items():
            self.note(channel, message)
        await self.write()

    async def forget(self, channels: Iterable[int]) -> None:
        """Forget channels that are gone."""
        for channel in channels:
            if self._seen.pop(channel, None) is not None:
                self._unwritten.discard(channel)
                await self._chats.forget_position(PLATFORM, str(channel))

    async def write(self) -> None:
        """Write what was noted since the last time."""
        channels, self._unwritten = self._unwritten, set()
        if not channels:
            return
        try:
            seen = {str(channel): str(self._seen[channel]) for channel in channels if channel in self._seen}
            await self._chats.set_positions(PLATFORM, seen)
        except BaseException:
            self._unwritten |= channels
            raise

    async def keep_writing(self) -> None:
        """Write every now and then, until cancelled."""
        while True:
            await asyncio.sleep(WRITE_SECONDS)
            try:
                await self.write()
            except ServiceError as error:
                log.warning("positions not written error=%s", error)
