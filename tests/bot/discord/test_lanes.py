from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import pytest

from bot.adapters.discord import lanes
from bot.adapters.discord.lanes import Job, Lanes


class Log:
    """Jobs that note when they are done, and can be held up."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.may_go_on = asyncio.Event()

    def job(self, name: str) -> Job:
        return partial(self._do, name)

    def slow(self, name: str) -> Job:
        return partial(self._do, name, self.may_go_on.wait)

    async def _do(self, name: str, first: Callable[[], Awaitable[object]] | None = None) -> None:
        if first:
            await first()
        self.done.append(name)


@pytest.fixture
def log() -> Log:
    return Log()


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


@pytest.fixture
def open_lanes() -> Lanes:
    found = Lanes()
    found.open()
    return found


async def test_a_lane_keeps_its_order_and_waits_for_no_other(open_lanes: Lanes, log: Log) -> None:
    for lane, job in ((1, log.slow("1a")), (1, log.job("1b")), (2, log.job("2a"))):
        open_lanes.put(lane, job)
    await settle()
    assert log.done == ["2a"]
    log.may_go_on.set()
    await settle()

    assert log.done == ["2a", "1a", "1b"]


async def test_a_job_that_fails_does_not_stop_its_lane(open_lanes: Lanes, log: Log) -> None:
    async def failing() -> None:
        raise ValueError("bug")

    open_lanes.put(1, failing)
    open_lanes.put(1, log.job("next"))
    await settle()

    assert log.done == ["next"]


async def test_nothing_begins_while_all_is_closed(log: Log) -> None:
    closed = Lanes()
    closed.put(1, log.job("1"))
    closed.put(2, log.job("2"))
    await settle()
    assert log.done == []
    closed.open(held=[2])
    await settle()
    assert log.done == ["1"]
    closed.release(2)
    await settle()

    assert log.done == ["1", "2"]


async def test_a_lane_that_is_held_goes_on_when_it_is_released(open_lanes: Lanes, log: Log) -> None:
    open_lanes.put(1, log.slow("first"))
    open_lanes.put(1, log.job("second"))
    await settle()
    open_lanes.hold([1])
    log.may_go_on.set()
    await settle()
    assert log.done == ["first"]
    open_lanes.release(1)
    await settle()

    assert log.done == ["first", "second"]


async def test_what_a_lane_has_no_room_for_is_found_out_again(
    open_lanes: Lanes, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes, "MOST", 2)
    open_lanes.when_full = lambda lane: log.job(f"again {lane}")
    open_lanes.put(7, log.slow("running"))
    await settle()
    for name in ("a", "b", "c", "d"):
        open_lanes.put(7, log.job(name))
    log.may_go_on.set()
    await settle()
    open_lanes.put(7, log.job("later"))
    await settle()

    assert log.done == ["running", "a", "b", "again 7", "later"]


async def test_a_stop_drops_what_waits_and_leaves_nothing_behind(open_lanes: Lanes, log: Log) -> None:
    open_lanes.put(1, log.slow("running"))
    open_lanes.put(1, log.job("waiting"))
    await settle()
    await open_lanes.stop()
    log.may_go_on.set()
    await settle()

    assert log.done == []
    assert not [task for task in asyncio.all_tasks() if task.get_name().startswith("discord-lane")]
