"""The batcher answers every accepted item exactly once, whatever the model does."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.batcher import GROW_AFTER, Batcher, Model, Ticket
from models.errors import Busy, Late, ModelFailed, Stopped
from tests.inference.fakes import Recorder


def ticket(
    item: object, chat: str = "a", *, seconds: float = 60.0, is_backfill: bool = False
) -> Ticket[Any, Any]:
    return Ticket(item, chat, time.monotonic() + seconds, is_backfill)


def batcher_of(model: Model, *, limit: int = 4, room: int = 100) -> Batcher[Any, Any]:
    return Batcher("test", lambda: model, limit=limit, room=room)


def run_all(batcher: Batcher[Any, Any]) -> None:
    while len(batcher):
        batcher.run(batcher.take())


def outcomes(tickets: Sequence[Ticket[Any, Any]]) -> list[object]:
    return [
        repr(one.future.exception()) if one.future.exception() else one.future.result() for one in tickets
    ]


def test_items_come_back_in_their_own_order() -> None:
    batcher = batcher_of(Recorder(lambda item: item * 10))
    tickets = [ticket(number) for number in range(10)]

    for one in tickets:
        batcher.put(one)
    run_all(batcher)

    assert outcomes(tickets) == [number * 10 for number in range(10)]


def test_a_batch_is_never_larger_than_the_limit() -> None:
    model = Recorder()
    batcher = batcher_of(model, limit=3)

    for number in range(8):
        batcher.put(ticket(number))
    run_all(batcher)

    assert [len(batch) for batch in model.batches] == [3, 3, 2]


def test_a_chat_with_one_photo_does_not_wait_for_a_chat_with_fifty() -> None:
    model = Recorder()
    batcher = batcher_of(model, limit=4)

    for number in range(50):
        batcher.put(ticket(number, "loud"))
    batcher.put(ticket("mine", "quiet"))
    batcher.run(batcher.take())

    assert "mine" in model.batches[0]


def test_people_who_wait_go_before_backfill() -> None:
    model = Recorder()
    batcher = batcher_of(model)

    batcher.put(ticket("old", is_backfill=True))
    batcher.put(ticket("new"))
    run_all(batcher)

    assert model.batches == [["new"], ["old"]]


def test_a_full_queue_refuses_with_the_place() -> None:
    batcher = batcher_of(Recorder(), room=2)
    batcher.put(ticket(1))
    batcher.put(ticket(2))

    with pytest.raises(Busy) as refusal:
        batcher.put(ticket(3))

    assert refusal.value.data["place"] == 2


def test_one_bad_item_fails_alone() -> None:
    def work(item: int) -> int:
        if item == 5:
            raise ValueError("no")
        return item

    batcher = batcher_of(Recorder(work), limit=8)
    tickets = [ticket(number) for number in range(8)]
    for one in tickets:
        batcher.put(one)

    run_all(batcher)

    failures = [one.item for one in tickets if isinstance(one.future.exception(), ModelFailed)]
    assert failures == [5]
    assert [one.future.result() for one in tickets if one.item != 5] == [0, 1, 2, 3, 4, 6, 7]


def test_a_model_that_returns_too_few_results_is_found_out() -> None:
    batcher = batcher_of(lambda items: items[:-1])
    tickets = [ticket(number) for number in range(4)]
    for one in tickets:
        batcher.put(one)

    run_all(batcher)

    assert all(isinstance(one.future.exception(), ModelFailed) for one in tickets)


def test_memory_running_out_halves_the_batch_and_fails_nobody() -> None:
    sizes: list[int] = []

    def model(items: list[int]) -> list[int]:
        sizes.append(len(items))
        if len(items) > 2:
            raise MemoryError
        return items

    batcher = batcher_of(model, limit=8)
    tickets = [ticket(number) for number in range(16)]
    for one in tickets:
        batcher.put(one)

    run_all(batcher)

    assert outcomes(tickets) == list(range(16))
    assert sizes == [8, 4, 2, 2, 4, 2, 2, 2, 2, 2, 2]
    assert batcher.limit == 2


def test_the_batch_grows_back_slowly_after_memory_ran_out() -> None:
    has_room = False

    def model(items: list[int]) -> list[int]:
        if len(items) > 1 and not has_room:
            raise MemoryError
        return items

    batcher = batcher_of(model, limit=2)
    for number in range(2):
        batcher.put(ticket(number))
    run_all(batcher)
    assert batcher.limit == 1
    has_room = True

    for number in range(GROW_AFTER):
        batcher.put(ticket(number))
    run_all(batcher)

    assert batcher.limit == 2


def test_an_item_past_its_deadline_is_told_so_and_not_run() -> None:
    model = Recorder()
    batcher = batcher_of(model)
    late, punctual = ticket("late", seconds=-1), ticket("punctual")
    batcher.put(late)
    batcher.put(punctual)

    run_all(batcher)

    assert isinstance(late.future.exception(), Late)
    assert model.batches == [["punctual"]]


def test_stopping_answers_everything_that_waits() -> None:
    batcher = batcher_of(Recorder())
    tickets = [ticket(1), ticket(2, is_backfill=True)]
    for one in tickets:
        batcher.put(one)

    batcher.stop()

    assert all(isinstance(one.future.exception(), Stopped) for one in tickets)
    with pytest.raises(Stopped):
        batcher.put(ticket(3))


def test_a_model_that_cannot_be_loaded_fails_its_items_and_is_tried_again() -> None:
    tries: list[int] = []

    def load() -> Model:
        tries.append(1)
        if len(tries) == 1:
            raise OSError("disk")
        return Recorder()

    batcher: Batcher[Any, Any] = Batcher("test", load)
    first, second = ticket(1), ticket(2)

    batcher.put(first)
    run_all(batcher)
    batcher.put(second)
    run_all(batcher)

    assert isinstance(first.future.exception(), ModelFailed)
    assert second.future.result() == 2


@settings(deadline=None, max_examples=200)
@given(
    chats=st.lists(st.sampled_from("abcd"), min_size=1, max_size=40),
    limit=st.integers(1, 9),
    bad=st.sets(st.integers(0, 39)),
    most=st.integers(1, 9),
)
def test_every_item_is_answered_once_with_its_own_result(
    chats: list[str], limit: int, bad: set[int], most: int
) -> None:
    runs: Counter[int] = Counter()

    def model(items: list[int]) -> list[int]:
        if len(items) > most:
            raise MemoryError
        if bad & set(items):
            raise RuntimeError
        runs.update(items)
        return [-item for item in items]

    batcher = batcher_of(model, limit=limit)
    tickets = [ticket(number, chat) for number, chat in enumerate(chats)]
    for one in tickets:
        batcher.put(one)
    run_all(batcher)

    for one in tickets:
        if one.item in bad:
            assert isinstance(one.future.exception(), ModelFailed)
        else:
            assert one.future.result() == -one.item
            assert runs[one.item] == 1
