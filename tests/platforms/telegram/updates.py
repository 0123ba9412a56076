"""The queue of updates: kept until confirmed, so that a bot that dies gets them again."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Callable
from contextlib import suppress

from tests.platforms.telegram.records import Json
from tests.platforms.telegram.refusals import OTHER_POLLER, Refused, conflict

ON_REQUEST = ("chat_member", "message_reaction", "message_reaction_count")  # only where asked for by name


class Updates:
    """What has happened and the bot has not confirmed.

    Args:
        check: is shown every update before it goes out.
        stir: is called when some are confirmed.
    """

    def __init__(self, check: Callable[[Json], None], stir: Callable[[], None]) -> None:
        self._check, self._stir = check, stir
        self._next = 700_000_001
        self._poll: asyncio.Future[None] | None = None
        self._repeats = 0
        self._again: list[Json] = []
        self._to_hold = 0
        self._held: list[Json] = []
        self.waiting: list[Json] = []
        self.allowed: list[str] = []
        self.is_heard = asyncio.Event()  # a poll is under way
        self.is_there = asyncio.Event()  # there are updates

    def wanted(self, kind: str) -> bool:
        """Return whether the bot has asked for this kind of updates."""
        return kind in self.allowed if self.allowed else kind not in ON_REQUEST

    def add(self, kind: str, what: Json) -> None:
        """Let something have happened."""
        if not self.wanted(kind):
            return
        if self._to_hold:
            self._to_hold -= 1
            self._held.insert(0, {kind: copy.deepcopy(what)})
            if not self._to_hold:
                self._release()
            return
        self._append({kind: copy.deepcopy(what)})

    def repeat(self, times: int) -> None:
        """Deliver the next updates once more after they are confirmed, under the same `update_id`."""
        self._repeats += times

    def reorder(self, count: int) -> None:
        """Hold the next updates back until all are there, then deliver the last one first."""
        self._to_hold = count

    async def take(self, offset: int, limit: int, seconds: float) -> list[Json]:
        """Return the next updates, waiting for the first.

        Raises:
            Refused: somebody else polls now.
        """
        self.confirm(offset)
        self.end_poll(conflict(OTHER_POLLER))
        if not (self.waiting or self._again):
            await self._wait(seconds)
        found = [*self._again, *self.waiting][:limit]
        self._again = []
        return found

    def confirm(self, offset: int) -> None:
        """Forget what lies before an offset; a negative one counts from the end."""
        first = self.waiting[offset:][0]["update_id"] if offset < 0 and self.waiting else offset
        done = [one for one in self.waiting if one["update_id"] < first]
        self.waiting = [one for one in self.waiting if one["update_id"] >= first]
        again = done[: self._repeats]
        self._repeats -= len(again)
        self._again += again
        if not (self.waiting or self._again):
            self.is_there.clear()
        self._stir()

    def head(self) -> Json:
        """Return the update that is next for a webhook."""
        return [*self._again, *self.waiting][0]

    def done(self, update: Json) -> None:
        """Forget what a webhook has taken."""
        if update in self._again:
            self._again.remove(update)
        self.confirm(update["update_id"] + 1)

    def drop(self) -> None:
        """Forget everything that waits."""
        self.waiting, self._again = [], []
        self.is_there.clear()

    def end_poll(self, refusal: Refused) -> None:
        """Refuse the poll that is under way."""
        if self._poll and not self._poll.done():
            self._poll.set_exception(refusal)

    async def _wait(self, seconds: float) -> None:
        poll = self._poll = asyncio.get_running_loop().create_future()
        self.is_heard.set()
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await poll
        finally:
            if self._poll is poll:
                self._poll = None
                self.is_heard.clear()

    def _release(self) -> None:
        held, self._held = self._held, []
        for update in held:
            self._append(update)

    def _append(self, what: Json) -> None:
        update = {"update_id": self._next} | what
        self._next += 1
        self._check(update)
        self.waiting.append(update)
        self.is_there.set()
        if self._poll and not self._poll.done():
            self._poll.set_result(None)
