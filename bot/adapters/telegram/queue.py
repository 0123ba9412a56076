"""The queue between Telegram and us, which commits an update before Telegram may forget it.

The library asks for the next updates, and thereby confirms the last ones, only after `put` has
returned for each of them.  So `put` waits until everything that must not be lost is on the disk.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from telegram import Update

from models.errors import StorageError

log = logging.getLogger(__name__)

RETRY_SECONDS = 2.0  # after a full disk


class Courtesy:
    """What politeness asks for after an update was committed, and may be lost.

    Args:
        task: does it.
    """

    def __init__(self, task: Callable[[], Awaitable[None]]) -> None:
        self.do = task


class DurableQueue(asyncio.Queue[object]):
    """Takes updates in, gives courtesies out.

    Args:
        commit: makes an update durable, and returns what may be done after it.
    """

    def __init__(self, commit: Callable[[Update], Awaitable[Courtesy | None]]) -> None:
        super().__init__()
        self._commit = commit

    async def put(self, item: object) -> None:
        """Return as soon as an update can no longer be lost; what is no update just passes."""
        passing = await self._committed(item) if isinstance(item, Update) else item
        if passing is not None:
            await super().put(passing)

    async def _committed(self, update: Update) -> Courtesy | None:
        while True:
            try:
                return await self._commit(update)
            except StorageError as error:  # the next update has to wait as well, or this one is lost
                log.error("update waits for the disk update=%d error=%s", update.update_id, error)
                await asyncio.sleep(RETRY_SECONDS)
            except Exception:  # a bug: no update after this one would ever be read if it were kept
                log.exception("bug while reading an update update=%d", update.update_id)
                return None
