"""Answers of ours whose photos were deleted: taken back on their platform, however often that fails."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping

from bot.platform import Adapter, Barred, Later
from storage.chats import ChatStore

log = logging.getLogger(__name__)

MOST_SECONDS = 900.0  # that a platform may ask for
RETRY_SECONDS = 60.0  # after a bug
MAX_TRIES = 3  # with a bug each


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
        self._failed: dict[int, tuple[int, float]] = {}  # answer → bugs with it, when it is tried again

    async def run_once(self) -> None:
        """Take back what can be taken back now."""
        free = [name for name in self._adapters if self._held.get(name, 0.0) <= time.monotonic()]
        for unsaid in await self._chats.unsaid(free):
            platform = unsaid.place.platform
            if self._held.get(platform, 0.0) > time.monotonic():
                continue
            if self._failed.get(unsaid.id, (0, 0.0))[1] > time.monotonic():
                continue
            if not unsaid.reply and self._is_telling(platform, unsaid.message):
                continue
            try:
                await self._adapters[platform].unsay(unsaid)
            except Later as later:
                self._held[platform] = time.monotonic() + min(later.seconds, MOST_SECONDS)
                continue
            except Barred as barred:
                log.warning("answer stays platform=%s reason=%s", platform, barred)
            except Exception:  # a bug with one answer must not keep all others in their chats
                log.exception("answer not taken back platform=%s", platform)
                if not self._is_hopeless(unsaid.id):
                    continue
            await self._chats.taken_back(unsaid.id)
            self._failed.pop(unsaid.id, None)

    def _is_hopeless(self, number: int) -> bool:
        """Note a bug with an answer, and return whether it has had enough of them."""
        tries = self._failed.get(number, (0, 0.0))[0] + 1
        self._failed[number] = tries, time.monotonic() + RETRY_SECONDS
        return tries >= MAX_TRIES
