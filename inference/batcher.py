"""The queue in front of one model: bounded, fair between chats, and honest about every item.

A batcher never runs by itself: the device thread asks it for a batch and runs it.  Whatever
happens (a model that raises, runs out of memory, returns too little, a stop), every accepted
item is answered exactly once.
"""

from __future__ import annotations

import logging
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from models.errors import Busy, Late, ModelFailed, ServiceError, Stopped

log = logging.getLogger(__name__)

In = TypeVar("In")
Out = TypeVar("Out")
Model = Callable[[list[Any]], list[Any]]

GROW_AFTER = 32  # good batches until one more item is tried after memory ran out


@dataclass(slots=True, eq=False)
class Ticket(Generic[In, Out]):
    """One accepted item and the promise of its answer.  `deadline` is on the monotonic clock."""

    item: In
    chat: str
    deadline: float
    is_backfill: bool = False
    arrived: float = field(default_factory=time.monotonic)
    future: Future[Out] = field(default_factory=Future)

    def answer(self, result: Out) -> None:
        """Give the result, unless somebody answered or gave up before."""
        try:
            self.future.set_result(result)
        except InvalidStateError:
            log.debug("answer came after the end")

    def fail(self, error: Exception) -> None:
        """Give the failure, unless somebody answered or gave up before."""
        try:
            self.future.set_exception(error)
        except InvalidStateError:
            log.debug("failure came after the end")


class FairQueue(Generic[In, Out]):
    """First in, first out within a chat; round robin between chats."""

    def __init__(self) -> None:
        self._chats: OrderedDict[str, deque[Ticket[In, Out]]] = OrderedDict()
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def put(self, ticket: Ticket[In, Out]) -> None:
        """Add a ticket behind the others of its chat."""
        self._chats.setdefault(ticket.chat, deque()).append(ticket)
        self._size += 1

    def take(self) -> Ticket[In, Out]:
        """Remove the next ticket; its chat goes to the end of the line."""
        chat, tickets = self._chats.popitem(last=False)
        ticket = tickets.popleft()
        if tickets:
            self._chats[chat] = tickets
        self._size -= 1
        return ticket

    def oldest(self) -> float:
        """Return when the longest waiting ticket arrived; infinity when none waits."""
        return min((tickets[0].arrived for tickets in self._chats.values()), default=float("inf"))


class Batcher(Generic[In, Out]):
    """Collects items for one model.  Not thread-safe: the device guards it with its lock.

    Args:
        name: what the model does, for errors and logs.
        load: makes the model, called once, on the device thread, when it is first needed.
        limit: the largest batch.
        room: how many items may wait.
    """

    def __init__(self, name: str, load: Callable[[], Model], *, limit: int = 4, room: int = 256) -> None:
        self.name = name
        self.limit = limit
        self._most = limit
        self._room = room
        self._load = load
        self._model: Model | None = None
        self._good_batches = 0
        self._is_stopped = False
        self._interactive: FairQueue[In, Out] = FairQueue()
        self._backfill: FairQueue[In, Out] = FairQueue()

    def __len__(self) -> int:
        return len(self._interactive) + len(self._backfill)

    def put(self, ticket: Ticket[In, Out]) -> None:
        """Accept an item.

        Raises:
            Busy: as many wait as there is room for.
            Stopped: the service is shutting down.
        """
        if self._is_stopped:
            raise Stopped(f"{self.name} takes no more work")
        if len(self) >= self._room:
            raise Busy(f"{len(self)} items wait for {self.name}, the limit is {self._room}", place=len(self))
        (self._backfill if ticket.is_backfill else self._interactive).put(ticket)

    def oldest(self) -> tuple[bool, float]:
        """Return the rank of the next batch: interactive before backfill, then by arrival."""
        if len(self._interactive):
            return False, self._interactive.oldest()
        return True, self._backfill.oldest()

    def take(self) -> list[Ticket[In, Out]]:
        """Remove the next batch: interactive items first, never both kinds together."""
        queue = self._interactive if len(self._interactive) else self._backfill
        return [queue.take() for _ in range(min(self.limit, len(queue)))]

    def stop(self) -> None:
        """Answer everything that waits with `Stopped` and take no more."""
        self._is_stopped = True
        for queue in (self._interactive, self._backfill):
            while len(queue):
                queue.take().fail(Stopped(f"{self.name} stopped before this item's turn"))

    def run(self, tickets: list[Ticket[In, Out]]) -> None:
        """Answer each ticket: with its result, or with why there is none."""
        now = time.monotonic()
        for ticket in tickets:
            if ticket.deadline < now:
                ticket.fail(Late(f"{self.name} came to it {now - ticket.deadline:.1f} s too late"))
        self._answer_each([ticket for ticket in tickets if not ticket.future.done()])

    def _answer_each(self, tickets: list[Ticket[In, Out]]) -> None:
        """Run a batch; split a failed one until the bad item fails alone."""
        if not tickets:
            return
        try:
            results = self._call([ticket.item for ticket in tickets])
        except Exception as error:  # noqa: BLE001 - one item must not fail its batch
            self._after_failure(tickets, error)
            return
        self._after_success(len(tickets))
        for ticket, result in zip(tickets, results, strict=True):
            ticket.answer(result)

    def _call(self, items: list[In]) -> list[Out]:
        if self._model is None:
            self._model = self._load()
        results = self._model(items)
        if len(results) != len(items):
            raise ModelFailed(f"{self.name} gave {len(results)} results for {len(items)} items")
        return results

    def _after_failure(self, tickets: list[Ticket[In, Out]], error: Exception) -> None:
        if len(tickets) == 1:
            tickets[0].fail(self._as_service_error(error))
            return
        half = len(tickets) // 2
        if isinstance(error, MemoryError):
            self.limit, self._good_batches = max(1, min(self.limit, half)), 0
        log.warning("batch failed, splitting model=%s size=%d error=%r", self.name, len(tickets), error)
        self._answer_each(tickets[:half])
        self._answer_each(tickets[half:])

    def _as_service_error(self, error: Exception) -> ServiceError:
        if isinstance(error, ServiceError):
            return error
        failure = ModelFailed(f"{self.name} failed: {error!r}")
        failure.__cause__ = error
        return failure

    def _after_success(self, size: int) -> None:
        """Grow back slowly after memory ran out: one item more after many full batches."""
        if self.limit == self._most or size < self.limit:
            return
        self._good_batches += 1
        if self._good_batches >= GROW_AFTER:
            self.limit, self._good_batches = self.limit + 1, 0
