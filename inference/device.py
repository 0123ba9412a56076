"""One device, one thread: it owns the models and runs the batch that has waited longest.

Models are not safe to share between threads, so nothing else ever calls them.  When a model
hangs, its thread is left to it and a fresh one goes on with the other models; the hung model
takes no work until its call returns.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from inference.batcher import Batcher, Model, Ticket
from models.errors import ModelFailed, Stopped

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 10.0  # a batch takes well under one; loading a model a few


@dataclass(frozen=True, slots=True)
class Running:
    """The batch that is being run, and since when on the monotonic clock."""

    batcher: Batcher[Any, Any]
    batch: list[Ticket[Any, Any]]
    since: float


class Device:
    """Runs the models of one device, one batch at a time.

    Args:
        name: for thread names and logs, for example "cpu".
        patience: seconds after which a running batch counts as hung.
    """

    def __init__(self, name: str = "cpu", *, patience: float = PATIENCE_SECONDS) -> None:
        self._name = name
        self._patience = patience
        self._wake = threading.Condition()
        self._batchers: list[Batcher[Any, Any]] = []
        self._stuck: set[str] = set()
        self._running: Running | None = None
        self._is_stopped = False
        self._thread: threading.Thread | None = None

    def add(self, name: str, load: Callable[[], Model], *, limit: int, room: int) -> Batcher[Any, Any]:
        """Give the device one more model; it is loaded when it is first needed."""
        batcher: Batcher[Any, Any] = Batcher(name, load, limit=limit, room=room)
        with self._wake:
            self._batchers.append(batcher)
        return batcher

    def put(
        self,
        batcher: Batcher[Any, Any],
        item: object,
        *,
        chat: str,
        seconds: float,
        is_backfill: bool = False,
    ) -> Future[Any]:
        """Accept an item for one of the models and return the promise of its answer.

        `seconds` is how long the answer is of use.

        Raises:
            Busy: too many items wait.
            ModelFailed: this model hangs in an earlier call.
            Stopped: the device is shutting down.
        """
        ticket: Ticket[Any, Any] = Ticket(item, chat, time.monotonic() + seconds, is_backfill)
        with self._wake:
            if self._is_stopped:
                raise Stopped(f"device {self._name} takes no more work")
            if batcher.name in self._stuck:
                raise ModelFailed(f"{batcher.name} still hangs in an earlier call")
            batcher.put(ticket)
            self._start_thread()
            self._wake.notify()
        return ticket.future

    def give_up(self, future: Future[Any]) -> None:
        """Withdraw an item whose time is over, and look whether a model hangs."""
        with self._wake:
            future.cancel()  # a batch passes over what is done already
            if self._running is None or time.monotonic() - self._running.since < self._patience:
                return
            batcher, batch = self._running.batcher, self._running.batch
            log.error("model hangs, its thread is given up model=%s size=%d", batcher.name, len(batch))
            self._stuck.add(batcher.name)
            for ticket in batch:
                ticket.fail(ModelFailed(f"{batcher.name} hung"))
            self._running, self._thread = None, None
            self._start_thread()

    def stop(self, seconds: float = 2.0) -> None:
        """Answer what waits with `Stopped`, let the running batch finish for at most `seconds`."""
        with self._wake:
            self._is_stopped = True
            for batcher in self._batchers:
                batcher.stop()
            self._wake.notify_all()
            thread = self._thread
        if thread is not None:
            thread.join(seconds)

    def _start_thread(self) -> None:
        if self._thread is None and not self._is_stopped:
            self._thread = threading.Thread(target=self._work, name=f"device-{self._name}", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        me = threading.current_thread()
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._is_stopped or self._thread is not me or self._next())
                if self._thread is not me or not (batcher := self._next()):
                    return
                batch = batcher.take()
                self._running = Running(batcher, batch, time.monotonic())
            batcher.run(batch)
            with self._wake:
                if self._thread is not me:  # given up while it hung; the model is free again
                    self._stuck.discard(batcher.name)
                    return
                self._running = None

    def _next(self) -> Batcher[Any, Any] | None:
        """Return the batcher whose turn it is: interactive before backfill, then by arrival."""
        waiting = [one for one in self._batchers if len(one) and one.name not in self._stuck]
        return min(waiting, key=lambda one: one.oldest(), default=None)
