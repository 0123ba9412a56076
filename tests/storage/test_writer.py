"""The writer: in order, in groups, each job for itself, and nobody is told before it is on the disk."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import closing

import pytest

from models.errors import Stopped
from storage.folder import Folder
from storage.schema import migrate
from storage.sqlite import Connection, open_reader
from storage.store import Store
from storage.writer import GROUP, Job, Writer
from tests.storage.makers import DEADLINE, accept, until

NOTE = "INSERT INTO note VALUES (?, 1)"


@pytest.fixture
def writer(folder: Folder) -> Iterator[Writer]:
    made = Writer(folder)
    migrate(made.connection)
    made.start()
    yield made
    made.stop()


def noting(name: str) -> Job[str]:
    """Return a job that writes a row of this name."""

    def job(connection: Connection) -> str:
        connection.execute(NOTE, (name,))
        return name

    return job


def failing(name: str) -> Job[str]:
    """Return a job that writes a row of this name and then fails."""

    def job(connection: Connection) -> str:
        connection.execute(NOTE, (name,))
        raise ValueError(name)

    return job


def noted(folder: Folder) -> set[str]:
    """Return the rows that others can see by now."""
    with closing(open_reader(folder.database)) as connection:
        return {row["name"] for row in connection.execute("SELECT name FROM note")}


class Gate:
    """A job that holds the writer until it is opened."""

    def __init__(self, writer: Writer) -> None:
        self._is_open, self._is_reached = threading.Event(), threading.Event()
        self.done = writer.put(self._hold)
        assert self._is_reached.wait(DEADLINE)

    def _hold(self, connection: Connection) -> None:
        self._is_reached.set()
        assert self._is_open.wait(DEADLINE)

    def open(self) -> None:
        self._is_open.set()


def test_what_waits_together_is_committed_together(writer: Writer) -> None:
    gate, before = Gate(writer), writer.groups
    futures = [writer.put(noting(f"job {number}")) for number in range(3 * GROUP)]
    gate.open()

    assert [future.result(DEADLINE) for future in futures] == [f"job {number}" for number in range(3 * GROUP)]
    assert writer.groups - before == 3
    assert writer.jobs == 3 * GROUP + 1


def test_nobody_is_told_before_it_is_committed(writer: Writer, folder: Folder) -> None:
    seen: list[bool] = []

    def told(future: Future[str]) -> None:  # runs the moment the future is done
        seen.append(future.result() in noted(folder))

    gate = Gate(writer)
    for number in range(30):
        writer.put(noting(f"job {number}")).add_done_callback(told)
    assert not noted(folder) & {f"job {number}" for number in range(30)}
    gate.open()
    writer.put(noting("last")).result(DEADLINE)

    assert seen == [True] * 30


def test_a_job_that_fails_takes_back_its_own_changes_only(writer: Writer, folder: Folder) -> None:
    gate = Gate(writer)
    good = [writer.put(noting(f"good {number}")) for number in range(5)]
    bad = writer.put(failing("bad"))
    after = writer.put(noting("after"))
    gate.open()

    with pytest.raises(ValueError, match="bad"):
        bad.result(DEADLINE)
    assert [future.result(DEADLINE) for future in [*good, after]]
    assert noted(folder) - {"change", "seen_at"} == {*(f"good {number}" for number in range(5)), "after"}


def test_a_job_that_breaks_a_rule_of_the_tables_does_not_end_the_writer(writer: Writer) -> None:
    writer.put(noting("once")).result(DEADLINE)
    with pytest.raises(Exception, match="UNIQUE"):
        writer.put(noting("once")).result(DEADLINE)
    assert writer.put(noting("twice")).result(DEADLINE) == "twice"


def test_jobs_run_in_the_order_in_which_they_came(writer: Writer) -> None:
    order: list[int] = []
    gate = Gate(writer)
    futures = [writer.put(lambda c, n=number: order.append(n)) for number in range(200)]  # type: ignore[misc]
    gate.open()
    for future in futures:
        future.result(DEADLINE)
    assert order == list(range(200))


def test_twenty_threads_lose_no_job(writer: Writer, folder: Folder) -> None:
    def put_many(thread: int) -> None:
        for number in range(25):
            assert writer.put(noting(f"{thread} {number}")).result(DEADLINE)

    threads = [threading.Thread(target=put_many, args=(thread,)) for thread in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(DEADLINE)

    assert len(noted(folder)) == 2 + 20 * 25
    assert writer.groups < writer.jobs


def test_stopping_finishes_what_waits_and_takes_nothing_more(folder: Folder) -> None:
    writer = Writer(folder)
    migrate(writer.connection)
    writer.start()
    gate = Gate(writer)
    futures = [writer.put(noting(f"job {number}")) for number in range(2 * GROUP + 1)]
    stopping = threading.Thread(target=writer.stop)
    stopping.start()
    gate.open()
    stopping.join(DEADLINE)

    assert not stopping.is_alive()
    assert all(future.done() and future.exception() is None for future in futures)
    assert len(noted(folder)) == 2 + 2 * GROUP + 1
    with pytest.raises(Stopped):
        writer.put(noting("late"))


async def test_a_caller_that_gives_up_does_not_end_the_writer(store: Store) -> None:
    gate = Gate(store.writer)
    waiting = asyncio.create_task(accept(store, "given up"))
    other = asyncio.create_task(accept(store, "kept"))
    await asyncio.sleep(0)
    await until(lambda: len(store.writer._queue) == 2)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    gate.open()

    assert (await asyncio.wait_for(other, DEADLINE)).is_new
    assert (await asyncio.wait_for(accept(store, "next"), DEADLINE)).is_new


async def test_nobody_waits_for_the_log_to_be_cut(store: Store) -> None:
    """The event loop puts jobs; it must not stand still while the disk is tidied."""
    was_put: list[bool] = []

    def traced(statement: str) -> None:  # runs on the writer's thread in the middle of its statement
        if "wal_checkpoint" in statement and not was_put:
            putting = threading.Thread(target=store.writer.put, args=(noting("meanwhile"),), daemon=True)
            putting.start()
            putting.join(10)
            was_put.append(not putting.is_alive())

    photo = (await accept(store, "m1")).photo
    store.writer.connection.set_trace_callback(traced)
    await store.erase([photo])
    await until(lambda: bool(was_put))
    store.writer.connection.set_trace_callback(None)
    assert was_put == [True]


async def test_news_comes_after_every_change_and_only_then(store: Store) -> None:
    news = store.news()
    assert not news.is_set()
    await accept(store, "m1")
    assert news.is_set()
    assert not store.news().is_set()
