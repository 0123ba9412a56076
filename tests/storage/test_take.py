"""Who is taken up next: every chat in its turn, a suspect alone, and nobody blamed without proof."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.records import Place
from storage import photos, work
from storage.index import Words
from storage.records import Photo
from storage.sqlite import Connection, transaction
from storage.work import MAX_TRIES, WAITING
from tests.storage.makers import analysis, put_in

SETTINGS = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def clear(database: Connection) -> None:
    """Begin an example with nothing in the file."""
    database.executescript("DELETE FROM photo; DELETE FROM picture; DELETE FROM person; DELETE FROM scope;")


def fill(database: Connection, backlog: list[int]) -> dict[int, int]:
    """Let each chat have so many photos waiting, chat after chat; return scope → number."""
    with transaction(database):
        for chat, waiting in enumerate(backlog):
            for number in range(waiting):
                put_in(database, f"{number}", Place("web", "local", f"chat {chat}"))
    rows = database.execute("SELECT scope, count(*) AS n FROM photo GROUP BY scope")
    return {row["scope"]: row["n"] for row in rows}


def take(database: Connection, room: int, served: dict[int, int], *, is_idle: bool = True) -> list[Photo]:
    with transaction(database):
        return work.take(database, room, served, is_idle=is_idle)


def states(database: Connection) -> Counter[tuple[str, str, int]]:
    """Return how many photos are in each state, flight and number of tries."""
    rows = database.execute("SELECT state, flight, tries FROM photo")
    return Counter((row["state"], row["flight"], row["tries"]) for row in rows)


@SETTINGS
@given(backlog=st.lists(st.integers(1, 12), min_size=1, max_size=7), room=st.integers(1, 8))
def test_no_chat_is_ever_more_than_one_turn_behind_another_that_waits(
    database: Connection, backlog: list[int], room: int
) -> None:
    clear(database)
    waiting, served = fill(database, backlog), dict[int, int]()
    turns, turn = Counter(dict.fromkeys(waiting, 0)), itertools.count(1)
    while any(waiting.values()):
        taken = take(database, room, served)
        assert len(taken) == min(room, sum(waiting.values()))
        for photo in taken:
            turns[photo.scope] += 1
            waiting[photo.scope] -= 1
            served[photo.scope] = next(turn)
            behind = [turns[photo.scope] - turns[other] for other, left in waiting.items() if left > 0]
            assert max(behind, default=0) <= 1, (turns, waiting)
    assert take(database, room, served) == []


@SETTINGS
@given(backlog=st.lists(st.integers(1, 9), min_size=1, max_size=5), room=st.integers(1, 30))
def test_a_chat_is_served_in_the_order_in_which_its_photos_came(
    database: Connection, backlog: list[int], room: int
) -> None:
    clear(database)
    fill(database, backlog)
    taken = [photo for _ in range(50) for photo in take(database, room, {})]
    assert len({photo.id for photo in taken}) == len(taken) == sum(backlog)
    for scope in {photo.scope for photo in taken}:
        seqs = [photo.seq for photo in taken if photo.scope == scope]
        assert seqs == sorted(seqs)


def test_a_chat_with_one_photo_does_not_wait_behind_a_chat_with_five_hundred(database: Connection) -> None:
    fill(database, [500, 1])
    assert {photo.place.chat for photo in take(database, 2, {})} == {"chat 0", "chat 1"}


def test_who_had_the_last_turn_waits_for_the_others(database: Connection) -> None:
    scopes = sorted(fill(database, [3, 3, 3]))
    served = {scopes[0]: 7, scopes[1]: 3, scopes[2]: 5}
    assert [photo.scope for photo in take(database, 2, served)] == [scopes[1], scopes[2]]


def test_looking_for_work_reads_the_index_of_what_waits_only(database: Connection) -> None:
    plans = [
        " ".join(row["detail"] for row in database.execute(f"EXPLAIN QUERY PLAN {sql}"))
        for sql in (
            WAITING.replace("?", "8"),
            f"SELECT id FROM photo WHERE {work.WORK} AND is_suspect = 1 AND flight = ''",
            f"SELECT count(*) FROM photo WHERE {work.WORK}",
        )
    ]
    for plan in plans:
        assert re.search("photo USING (COVERING )?INDEX photo_work", plan), plan


def test_what_is_in_flight_is_not_taken_up_twice_until_it_is_put_back(database: Connection) -> None:
    fill(database, [2])
    first, second = take(database, 5, {})
    assert take(database, 5, {}) == []
    with transaction(database):
        work.put_back(database, [first.id])
    assert [photo.id for photo in take(database, 5, {})] == [first.id]
    assert second.flight == "shared"


def test_what_was_in_flight_when_the_process_died_flies_alone_and_only_in_clear_air(
    database: Connection,
) -> None:
    fill(database, [3, 3])
    take(database, 2, {})
    with transaction(database):
        assert work.recover(database) == 2
    assert take(database, 8, {}, is_idle=False) == []
    for _ in range(2):
        [alone] = take(database, 8, {})
        assert alone.flight == "alone"
        assert take(database, 8, {}, is_idle=False) == []
        with transaction(database):
            photos.answered(database, [alone.id], "", 1)
    assert [photo.flight for photo in take(database, 8, {}, is_idle=False)] == ["shared"] * 4


def test_only_who_was_alone_is_blamed_and_after_three_deaths_put_aside(database: Connection) -> None:
    fill(database, [2])
    take(database, 2, {})
    for death in range(1, 5):  # each photo is alone in turn, least blamed first
        with transaction(database):
            work.recover(database)
        tries = sorted(row["tries"] for row in database.execute("SELECT tries FROM photo"))
        assert tries == [(death - 1) // 2, death // 2]
        assert len(take(database, 8, {})) == 1
    for _ in range(3):
        with transaction(database):
            work.recover(database)
        take(database, 8, {})
    assert states(database) == {("quarantined", "shared", MAX_TRIES): 2}  # to be told of


def test_a_photo_that_died_twice_and_is_then_looked_at_is_clean_again(database: Connection) -> None:
    fill(database, [1])
    take(database, 1, {})
    for _ in range(MAX_TRIES):
        with transaction(database):
            work.recover(database)
        assert len(take(database, 1, {})) == 1
    code = database.execute("SELECT code FROM photo").fetchone()["code"]
    with transaction(database):
        assert photos.save(database, code, analysis(), Words(), hidden_until=0)
    assert states(database) == {("analysed", "alone", 0): 1}


@SETTINGS
@given(
    steps=st.lists(
        st.sampled_from(["take", "die", "put back", "fail", "save", "answer", "accept"]), max_size=40
    )
)
def test_change_numbers_are_never_shared_and_whatever_happens_gets_a_new_one(
    database: Connection, steps: list[str]
) -> None:
    clear(database)
    fill(database, [2, 2])
    number = itertools.count()
    for step in steps:
        before = snapshot(database)
        flying = [code for code, row in before.items() if row["flight"]]
        with transaction(database):
            if step == "fail":  # as the desk does: at the last failure it puts the photo aside
                flying = [code for code in flying if before[code]["tries"] + 1 < MAX_TRIES]
            act(database, step, flying, next(number))
        after = snapshot(database)
        changes = [row["change"] for row in after.values()]
        assert len(changes) == len(set(changes))
        for code, row in after.items():
            if row != before.get(code):
                assert row["change"] > max(int(one["change"]) for one in before.values()), (step, row)


def snapshot(database: Connection) -> dict[str, dict[str, Any]]:
    """Return every photo as a reader sees it."""
    rows = database.execute("SELECT code, state, flight, tries, error, reply, change FROM photo")
    return {row["code"]: dict(row) for row in rows}


def act(database: Connection, step: str, flying: list[str], number: int) -> None:
    """Let one thing happen."""
    match step:
        case "take":
            work.take(database, 2, {}, is_idle=not flying)
        case "die":
            work.recover(database)
        case "put back" | "fail":
            work.put_back(database, flying, is_failed=step == "fail")
        case "accept":
            put_in(database, f"more {number}")
        case "answer" | "save" if flying:
            photos.answered(database, [flying[0]], "", 1)


@pytest.mark.parametrize("room", [0, 1])
def test_nothing_is_taken_up_beyond_the_room(database: Connection, room: int) -> None:
    fill(database, [3])
    assert len(take(database, room, {})) == room
