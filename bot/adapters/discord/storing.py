"""Getting things onto the disk, however long it takes: nobody is to lose a photo to a full one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from models.errors import StorageError

log = logging.getLogger(__name__)

Value = TypeVar("Value")

RETRY_SECONDS = 2.0


async def until_stored(ask: Callable[[], Awaitable[Value]]) -> Value:
    """Return what the store says, asking again and again while it cannot."""
    while True:
        try:
            return await ask()
        except StorageError as error:
            log.error("not stored, trying again error=%s", error)
            await asyncio.sleep(RETRY_SECONDS)
