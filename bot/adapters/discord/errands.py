"""Small things done on the side: nobody waits for them, and none of them outlives the adapter."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import ParamSpec

import aiohttp
import discord

from bot.platform import Barred, Gone, Later
from models.errors import ServiceError

log = logging.getLogger(__name__)

Parameters = ParamSpec("Parameters")

ERASING = "erase"  # the errand that a stop waits for a little: what people delete is to be gone
END_SECONDS = 1.0
AGAIN_SECONDS = 0.1
FAILURES = (discord.DiscordException, aiohttp.ClientError, OSError, Later, Gone, Barred, ServiceError)


class Errands:
    """Runs coroutines on the side; what fails of them is a line in the log."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_stopped = False

    def run(
        self,
        name: str,
        errand: Callable[Parameters, Awaitable[object]],
        *args: Parameters.args,
        **options: Parameters.kwargs,
    ) -> asyncio.Task[None] | None:
        """Begin an errand; None where everything has stopped."""
        if self._is_stopped:
            return None
        task = asyncio.create_task(self._run(name, partial(errand, *args, **options)), name=f"discord-{name}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def stop(self) -> None:
        """Leave no errand behind."""
        self._is_stopped = True
        if ending := [task for task in self._tasks if task.get_name() == f"discord-{ERASING}"]:
            await asyncio.wait(ending, timeout=END_SECONDS)
        await ended(self._tasks)

    async def _run(self, name: str, errand: Callable[[], Awaitable[object]]) -> None:
        try:
            await errand()
        except FAILURES as error:
            log.info("errand failed errand=%s error=%r", name, error)
        except Exception:  # a bug in passing must not be heard of only when the task is collected
            log.exception("bug in an errand errand=%s", name)


async def ended(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Cancel tasks until they have ended.

    Once is not enough: before Python 3.12 `asyncio.wait_for`, which discord.py connects with, swallows a
    cancellation that comes as it ends.
    """
    left = set(tasks)
    while left := {task for task in left if not task.done()}:
        for task in left:
            task.cancel()
        await asyncio.wait(left, timeout=AGAIN_SECONDS)
