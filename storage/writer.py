"""The one thread that writes: it drains its queue into one transaction, then releases the acks.

A commit costs one flush of the disk however many jobs share it, so twenty photos that arrive
together are as durable as one and nearly as fast.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from models.errors import DiskFull, Stopped
from storage.folder import Folder
from storage.scrub import scrub
from storage.sqlite import BUSY_MS, Connection, explained, open_writer, savepoint, transaction

log = logging.getLogger(__name__)

Value = TypeVar("Value")
Job = Callable[[Connection], Value]

GROUP = 64  # jobs in one transaction
TIDY_SECONDS = 2.0  # after an erasure, until the log of old pages is cut
RETRY_SECONDS = 1.0  # when a reader keeps the log from being cut
FREED_PAGES = 2_048  # given back to the file system in one step after an erasure
STEP_SECONDS = 0.1  # between two such steps


@dataclass(slots=True, eq=False)
class _Ticket(Generic[Value]):
    job: Job[Value]
    is_erasing: bool
    future: Future[Value] = field(default_factory=Future)
    value: Any = None
    error: Exception | None = None

    def release(self) -> None:
        if not self.future.set_running_or_notify_cancel():
            return  # its caller has given up; what it wrote stays written
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.value)


class Writer:
    """Runs jobs on the one writing connection, in order, in groups.

    A job is a function of the connection; what it returns is released after the commit.  A job that
    raises takes back its own changes and nobody else's.
    """

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        has_log = _has_log(folder)
        self._connection = open_writer(folder.database)
        # Open for as long as the connection: closing it any earlier would drop SQLite's locks.
        self._descriptor: int | None = os.open(folder.database, os.O_RDWR | os.O_CLOEXEC)
        self._wake = threading.Condition()
        self._queue: deque[_Ticket[Any]] = deque()
        self._is_stopped = False
        # A process that died may have left deleted pages in its log: the first thing is to cut it.
        self._tidy_at: float | None = time.monotonic() if has_log else None
        self.groups = self.jobs = 0  # for the figures
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)

    @property
    def connection(self) -> Connection:
        """Return the connection, for the time before `start`."""
        return self._connection

    def start(self) -> None:
        """Begin to run jobs."""
        self._thread.start()

    def put(self, job: Job[Value], *, is_erasing: bool = False) -> Future[Value]:
        """Accept a job; its future is done when it has been committed.

        `is_erasing` jobs may use the room that is kept for them on a full disk, and what they
        deleted is also cut from the log soon after.

        Raises:
            Stopped: the writer is stopped.
        """
        ticket = _Ticket(job, is_erasing)
        with self._wake:
            if self._is_stopped:
                raise Stopped("the store is closed")
            self._queue.append(ticket)
            self._wake.notify()
        return ticket.future

    def stop(self) -> None:
        """Finish what waits, leave nothing of what was deleted and close the file.  Once is enough."""
        with self._wake:
            self._is_stopped = True
            self._wake.notify()
        if self._thread.ident is not None:
            self._thread.join()
        self._connection.close()
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _run(self) -> None:
        while (tickets := self._take()) is not None:
            if tickets:
                self._write(tickets)
            for ticket in tickets:
                ticket.release()
            if any(ticket.is_erasing for ticket in tickets) and self._tidy_at is None:
                self._tidy_at = time.monotonic() + TIDY_SECONDS
            self._tidy_if_due()
        self._cut_log() if self._tidy_at is None else self._leave_nothing()

    def _take(self) -> list[_Ticket[Any]] | None:
        """Return the next group, an empty one when it is time to tidy, None when the writer is to end."""
        with self._wake:
            if not self._queue and not self._is_stopped:
                self._wake.wait(None if self._tidy_at is None else max(0.0, self._tidy_at - time.monotonic()))
            if self._is_stopped and not self._queue:
                return None
            return [self._queue.popleft() for _ in range(min(GROUP, len(self._queue)))]

    def _write(self, tickets: list[_Ticket[Any]]) -> None:
        """Run a group in one transaction; on a full disk try erasures once more with the spare room."""
        if not self._commit(tickets):
            return
        if erasing := [ticket for ticket in tickets if ticket.is_erasing]:
            self._folder.free_spare()
            for ticket in erasing:
                ticket.error = None
            self._commit(erasing)

    def _commit(self, tickets: list[_Ticket[Any]]) -> bool:
        """Return whether the disk was full."""
        self.groups, self.jobs = self.groups + 1, self.jobs + len(tickets)
        try:
            with explained(self._folder.database), transaction(self._connection):
                for ticket in tickets:
                    self._do(ticket)
        except Exception as error:  # noqa: BLE001 - every caller hears of it, and the writer goes on
            log.error("commit failed jobs=%d error=%r", len(tickets), error)
            for ticket in tickets:
                ticket.error = error
        return any(isinstance(ticket.error, DiskFull) for ticket in tickets)

    def _do(self, ticket: _Ticket[Any]) -> None:
        try:
            with explained(self._folder.database), savepoint(self._connection):
                ticket.value = ticket.job(self._connection)
        except DiskFull:
            raise  # SQLite has rolled the whole group back
        except Exception as error:  # noqa: BLE001 - one job must not fail its group
            ticket.error = error

    def _tidy_if_due(self) -> None:
        """Cut the log after an erasure: its old pages still hold what was deleted."""
        if self._tidy_at is None or time.monotonic() < self._tidy_at:
            return
        if not self._leave_nothing():
            self._tidy_at = time.monotonic() + RETRY_SECONDS
        elif self._connection.execute("PRAGMA freelist_count").fetchone()[0]:
            self._tidy_at = time.monotonic() + STEP_SECONDS
        else:
            self._tidy_at = None

    def _leave_nothing(self) -> bool:
        """Return whether no trace of what was deleted is left, neither in the log nor between rows."""
        if not self._cut_log():
            return False
        assert self._descriptor is not None
        scrub(self._descriptor)
        self._connection.execute("PRAGMA shrink_memory")  # the cache still has the old bytes
        return True

    def _cut_log(self) -> bool:
        """Return whether the log is empty now; a reader in the middle of something prevents it."""
        try:
            with explained(self._folder.database):
                self._connection.execute(f"PRAGMA incremental_vacuum({FREED_PAGES})").fetchall()
                self._connection.execute("PRAGMA busy_timeout = 200")
                is_busy = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        except Exception as error:  # noqa: BLE001 - tried again; a full disk must not end the writer
            log.warning("log not cut error=%r", error)
            return False
        finally:
            self._connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        return not is_busy


def _has_log(folder: Folder) -> bool:
    """Return whether whoever wrote last has left a log, as only a death does."""
    log = folder.database.with_name(folder.database.name + "-wal")
    return log.exists() and log.stat().st_size > 0
