"""What happens in a channel happens in order; channels do not wait for each other."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterable

from bot.adapters.discord.errands import ended

log = logging.getLogger(__name__)

Job = Callable[[], Awaitable[None]]
MOST = 1000  # jobs that wait in one lane, while the disk is full for example


class Lanes:
    """Runs jobs one after the other in each lane.  A lane can be held until somebody releases it.

    `when_full` makes the job that finds out again what a lane had no room for.
    """

    when_full: Callable[[int], Job]

    def __init__(self) -> None:
        self._jobs: dict[int, deque[Job]] = {}
        self._runners: dict[int, asyncio.Task[None]] = {}
        self._held: set[int] = set()
        self.is_open = False

    def put(self, lane: int, job: Job) -> None:
        """Let a job wait for its turn."""
        jobs = self._jobs.setdefault(lane, deque())
        if len(jobs) < MOST:
            jobs.append(job)
        elif len(jobs) == MOST:
            log.warning("too much waits in a channel, it is read again later channel=%d", lane)
            jobs.append(self.when_full(lane))
        self._go(lane)

    def close(self) -> None:
        """Let nothing begin any more, in any lane."""
        self.is_open = False

    def open(self, *, held: Iterable[int] = ()) -> None:
        """Let everything go on, except in lanes that are held from now on."""
        self._held = set(held)
        self.is_open = True
        for lane in list(self._jobs):
            self._go(lane)

    def hold(self, lanes: Iterable[int]) -> None:
        """Let nothing begin any more in some lanes."""
        self._held |= set(lanes)

    def release(self, lane: int) -> None:
        """Let a lane go on."""
        self._held.discard(lane)
        self._go(lane)

    async def stop(self) -> None:
        """Drop what waits, and leave no task behind."""
        self.close()
        self._jobs.clear()
        await ended(self._runners.values())

    def _may_go(self, lane: int) -> bool:
        return self.is_open and lane not in self._held and bool(self._jobs.get(lane))

    def _go(self, lane: int) -> None:
        if self._may_go(lane) and lane not in self._runners:
            self._runners[lane] = asyncio.create_task(self._run(lane), name=f"discord-lane-{lane}")

    async def _run(self, lane: int) -> None:
        try:
            while self._may_go(lane):
                await self._do(self._jobs[lane].popleft())
        finally:
            del self._runners[lane]
            if not self._jobs.get(lane):
                self._jobs.pop(lane, None)

    async def _do(self, job: Job) -> None:
        try:
            await job()
        except Exception:  # a bug must not stop a channel for good
            log.exception("bug while listening")
