"""Answers of ours whose photos were deleted: taken back on their platform, however often that fails."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping

from bot.platform import Adapter, Barred, Later
from storage.chats import ChatStore

log = logging.getLogger(__name__)


class Takebacks:
    """Works through what is to be taken back; a platform that asks for patience gets it.

    `is_telling` says whether an answer to a message is on its way: who looks for it now finds nothing.
    """

    def __init__(
        self,
        chats: ChatStore,
        adapters: Mapping[str, Adapter],
        is_telling: Callable[[str, str], bool] = lambda _platform, _message: False,
    ) -> None:
        self._chats, self._adapters, self._is_telling = chats, adapters, is_telling
        self._held: dict[str, float] = {}  # platform → when it may be asked again

    async def run_once(self) -> None:
        """Take back what can be taken back now."""
        free = [name for name in self._adapters if self._held.get(name, 0.0) <= time.monotonic()]
        for unsaid in await self._chats.unsaid(free):
            platform = unsaid.place.platform
            if self._held.get(platform, 0.0) > time.monotonic():
                continue
            if not unsaid.reply and self._is_telling(platform, unsaid.message):
                continue
            try:
                await self._adapters[platform].unsay(unsaid)
            except Later as later:
                self._held[platform] = time.monotonic() + later.seconds
                continue
            except Barred as barred:
                log.warning("answer stays platform=%s reason=%s", platform, barred)
            await self._chats.taken_back(unsaid.id)
