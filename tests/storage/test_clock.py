"""The clock is believed only as long as it runs like the other one."""

from __future__ import annotations

import logging

import pytest

from storage.clock import AWAY_SECONDS, DOUBT_SECONDS, JUMP_SECONDS, Clock
from storage.folder import Folder
from storage.records import Swept
from storage.sqlite import Connection
from storage.store import Store
from tests.storage.conftest import OpenStore
from tests.storage.makers import accept, all_of

NOW = 1_800_000_000.0
DAY = 86_400.0
YEAR = 365 * DAY


class Time:
    """Two clocks that go together until somebody moves the one on the wall."""

    def __init__(self) -> None:
        self.wall, self.monotonic = NOW, 5_000.0

    def passes(self, seconds: float) -> None:
        self.wall += seconds
        self.monotonic += seconds

    def clock(self, seen_at: float = 0.0, doubt_seconds: float = 0.0) -> Clock:
        return Clock(seen_at, doubt_seconds, wall=lambda: self.wall, monotonic=lambda: self.monotonic)


@pytest.fixture
def time() -> Time:
    return Time()


def test_now_is_the_wall_clock_in_milliseconds(time: Time) -> None:
    clock = time.clock()
    assert clock.now() == NOW * 1000
    time.wall += 0.0016
    assert clock.now() == NOW * 1000 + 2


@pytest.mark.parametrize("seen_at", [0.0, NOW, NOW - 60, NOW - AWAY_SECONDS + 1, NOW + JUMP_SECONDS - 1])
def test_a_start_without_surprise_may_expire(time: Time, seen_at: float) -> None:
    assert time.clock(seen_at).may_expire()


@pytest.mark.parametrize(
    "seen_at", [NOW - AWAY_SECONDS, NOW - YEAR, NOW + JUMP_SECONDS, NOW + YEAR, 1.0, NOW - 30 * DAY]
)
def test_a_start_at_an_unlikely_time_expires_nothing_for_a_day(
    time: Time, seen_at: float, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        clock = time.clock(seen_at)
    assert "the clock moved" in caplog.text
    assert f"days={(NOW - seen_at) / DAY:.1f}" in caplog.text
    assert not clock.may_expire()
    time.passes(DOUBT_SECONDS - 1)
    assert not clock.may_expire()
    time.passes(1)
    assert clock.may_expire()


def test_years_that_pass_evenly_are_believed(time: Time) -> None:
    clock = time.clock(NOW)
    for _ in range(10):
        time.passes(YEAR)
        assert clock.may_expire()


@pytest.mark.parametrize("jump", [YEAR, -YEAR, JUMP_SECONDS + 1, -JUMP_SECONDS - 1])
def test_after_a_jump_nothing_expires_for_a_day(time: Time, jump: float) -> None:
    clock = time.clock(NOW)
    assert clock.may_expire()
    time.wall += jump
    for _ in range(24):
        assert not clock.may_expire()
        time.passes(DOUBT_SECONDS / 24)
    assert clock.may_expire()


@pytest.mark.parametrize("jump", [JUMP_SECONDS, -JUMP_SECONDS, 60, -60])
def test_a_small_correction_is_believed(time: Time, jump: float) -> None:
    clock = time.clock(NOW)
    time.wall += jump
    assert clock.may_expire()


def test_a_clock_that_is_mended_during_the_doubt_begins_it_anew(time: Time) -> None:
    clock = time.clock(NOW)
    time.wall += YEAR
    assert not clock.may_expire()
    time.passes(DOUBT_SECONDS / 2)
    time.wall -= YEAR
    assert not clock.may_expire()
    time.passes(DOUBT_SECONDS / 2 + 1)
    assert not clock.may_expire()
    time.passes(DOUBT_SECONDS / 2)
    assert clock.may_expire()


# What the store does with it


async def full(store: Store, time: Time) -> None:
    """Have three photos and a backup, and swept once."""
    store.clock = time.clock(time.wall)
    await all_of(*(accept(store, f"m{number}") for number in range(3)))
    await store.backup()
    assert await store.sweep(90) == Swept()


async def test_photos_expire_after_the_retention_and_backups_after_thirty_days(
    store: Store, time: Time
) -> None:
    time.wall = time_of_files(store.folder)
    store.clock = time.clock(time.wall)
    await accept(store, "m1")
    backup = await store.backup()
    time.passes(29 * DAY)
    assert await store.sweep(90) == Swept()
    time.passes(2 * DAY)
    assert await store.sweep(90) == Swept(backups=1)
    assert not backup.exists()
    time.passes(58 * DAY)
    assert await store.sweep(90) == Swept()
    time.passes(2 * DAY)
    assert await store.sweep(90) == Swept(photos=1)


def time_of_files(folder: Folder) -> float:
    """Return the time of the machine, which is on every file."""
    return (folder.path / "owner").stat().st_mtime


@pytest.mark.parametrize("years", [1, -1, 30])
async def test_nothing_expires_when_the_clock_jumps(store: Store, time: Time, years: int) -> None:
    time.wall = time_of_files(store.folder)
    await full(store, time)
    time.wall += years * YEAR
    for _ in range(3):
        time.passes(3_600)
        assert await store.sweep(90) == Swept()
    time.wall -= years * YEAR
    assert await store.sweep(90) == Swept()
    time.passes(2 * DAY)
    assert await store.sweep(90) == Swept()
    assert (await store.stats()).states == {"ready": 3}


@pytest.mark.parametrize("years", [1, -1])
async def test_starting_again_with_the_wrong_time_does_not_end_the_doubt(
    open_store: OpenStore, time: Time, years: int
) -> None:
    store = open_store()
    time.wall = time_of_files(store.folder)
    await full(store, time)
    time.wall += years * YEAR
    for _ in range(3):  # an impatient operator
        assert await store.sweep(90) == Swept()
        store.clock = time.clock(*store.writer.put(noted).result(60))  # as `Store` begins
        time.passes(60)
        assert await store.sweep(90) == Swept()
    assert (await store.stats()).states == {"ready": 3}


def noted(connection: Connection) -> tuple[float, float]:
    """Return when the file says that a service was last alive, and how long the clock is in doubt."""
    notes = dict(connection.execute("SELECT name, value FROM note").fetchall())
    return notes["seen_at"] / 1000, notes["doubt"] / 1000


@pytest.mark.parametrize("years", [-1, -50, 1])
async def test_what_was_accepted_by_a_wrong_clock_is_as_old_as_it_is(
    store: Store, time: Time, years: int
) -> None:
    """A small computer may start in 1970 and learn the time a little later."""
    time.wall = NOW + years * YEAR
    store.clock = time.clock()
    await all_of(*(accept(store, f"m{number}") for number in range(3)))
    time.passes(60)
    await store.sweep(90)
    time.passes(30)
    await accept(store, "just before")
    time.wall = NOW
    await accept(store, "just after")
    for _ in range(60):
        time.passes(DAY)
        assert await store.sweep(90) == Swept()
    for _ in range(31):
        time.passes(DAY)
        await store.sweep(90)
    assert (await store.stats()).states == {}
