"""Work costs what waits, never what was answered before: each step finds its photos by an index."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from models.records import Place
from storage import photos, work
from storage.sqlite import Connection, transaction
from tests.storage.arrivals import GROUP, NOW, SETTLE, posted, taken

MANY, WAITING = 20_000, 500
INDEXES = ("photo_work", "photo_album", "INTEGER PRIMARY KEY", "sqlite_autoindex_photo")
STEPS = 1_000  # of SQLite's virtual machine, between two counts
MOST_STEPS = 150 * STEPS  # reading all photos of the large chat costs more


@pytest.fixture
def crowd(database: Connection) -> Connection:
    """Many photos, three quarters of them in one chat, half of them in albums; few of them wait."""
    with transaction(database):
        large = photos.scope_of(database, GROUP)
        small = [photos.scope_of(database, Place("discord", "7", f"{chat}")) for chat in range(75)]
        database.execute("INSERT INTO person (platform, key, name) VALUES ('telegram', 'a', 'a')")
        for number in range(MANY):
            put(database, number, large if number % 4 else small[number // 4 % 75])
    return database


def put(database: Connection, number: int, scope: int) -> None:
    """Write a photo as it is after a while."""
    columns = {
        "code": f"{number:016x}",
        "scope": scope,
        "author": 1,
        "message": f"{number // 3}",
        "attachment": f"{number}",
        "album": f"a{number // 3}" if number % 2 else "",
        "text": "",
        "language": "ko",
        "is_spoiler": 0,
        "sent_at": NOW,
        "accepted_at": NOW,
        "state": "analysed" if number % 3 else "received",
        "flight": "shared" if number == MANY - 1 else "",
        "reply": None if number >= MANY - WAITING else "r",
        "change": number,
    }
    names, places = ", ".join(columns), ", ".join("?" * len(columns))
    database.execute(f"INSERT INTO photo ({names}) VALUES ({places})", tuple(columns.values()))


class Spied:
    """A connection that notes how each question about photos is answered."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.plans: list[str] = []

    def execute(self, sql: str, values: Iterable[Any] = ()) -> Any:
        given = tuple(values)
        if not sql.lstrip().startswith("INSERT"):
            steps = [row["detail"] for row in self._connection.execute(f"EXPLAIN QUERY PLAN {sql}", given)]
            tables = [
                step for step in steps if step.startswith(("SEARCH photo", "SCAN photo", "SEARCH other"))
            ]
            self.plans += [f"{step}: {' '.join(sql.split())}" for step in tables]
        return self._connection.execute(sql, given)

    def executemany(self, sql: str, rows: list[Any]) -> None:
        for row in rows:
            self.execute(sql, row)


def jobs() -> dict[str, Callable[[Connection], object]]:
    """Return what happens to photos all the time."""
    late = posted("late", album=f"a{MANY // 3 - 1}")
    known = ["telegram", "discord"]
    return {
        "take": lambda c: work.take(c, 8, {}, is_idle=False, now=NOW, held=[3], platforms=known),
        "recover": work.recover,
        "accept": lambda c: photos.accept(c, late, None, "ko", NOW, settle_ms=SETTLE),
        "put back": lambda c: work.put_back(c, [f"{MANY - 1:016x}"]),
        "answered": lambda c: photos.answered(c, [f"{MANY - 1:016x}"], "r", NOW),
    }


@pytest.mark.parametrize("name", jobs())
def test_no_step_reads_through_the_photos_of_a_chat(crowd: Connection, name: str) -> None:
    spied = Spied(crowd)
    with transaction(crowd):
        jobs()[name](spied)  # type: ignore[arg-type]  # as far as it is used

    assert spied.plans
    assert [plan for plan in spied.plans if not any(index in plan for index in INDEXES)] == []


@pytest.mark.parametrize("name", jobs())
def test_a_step_costs_little_among_many_photos(crowd: Connection, name: str) -> None:
    steps = 0

    def count() -> None:
        nonlocal steps
        steps += STEPS

    with transaction(crowd):
        crowd.set_progress_handler(count, STEPS)
        jobs()[name](crowd)
        crowd.set_progress_handler(None, 0)

    assert steps < MOST_STEPS


def test_some_of_the_few_that_wait_are_found_among_many(crowd: Connection) -> None:
    found = taken(crowd, 8, is_idle=False, platforms=("telegram", "discord"))
    assert len({photo.id for photo in found}) >= 8
    assert all(photo.seq > MANY - WAITING for photo in found)
