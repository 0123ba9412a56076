"""How often we speak."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.telegram import budget
from bot.adapters.telegram.budget import Budget
from tests.bot.telegram.home import at_home, someone
from tests.platforms.telegram import StandInTelegram
from tests.platforms.telegram.flood import Flood

PERSON, GROUP = "500", "-100"


class Clock:
    """A clock that stands still until it is told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def usual(hurry: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Speak as slowly as Telegram wants."""
    monkeypatch.setattr(budget, "CHAT_SECONDS", 1.0)


def spoken(limits: Budget, clock: Clock, chat: str, seconds: float, count: int = 1) -> list[float]:
    """Say as much as is allowed for a while, and return when."""
    end, times = clock.now + seconds, []
    while clock.now < end:
        wait = limits.spend(chat, count)
        if not wait:
            times.append(clock.now)
        clock.now += wait
    return times


def test_a_chat_hears_three_messages_at_once_and_one_a_second_in_the_long_run() -> None:
    clock = Clock()

    times = spoken(Budget(20, clock), clock, PERSON, 100)

    assert times[2] == 1000.0 < times[3]
    assert max(sum(start <= at < start + 4 for at in times) for start in times) == 4
    assert 95 <= len(times) <= 103


def test_a_group_never_hears_more_than_twenty_messages_in_any_minute() -> None:
    clock = Clock()

    times = spoken(Budget(20, clock), clock, GROUP, 600)

    windows = [sum(start <= at < start + 60 for at in times) for start in times]
    assert max(windows) == 20
    assert 180 <= len(times) <= 200


def test_all_chats_together_hear_no_more_than_thirty_messages_a_second() -> None:
    clock = Clock()
    limits = Budget(20, clock)

    said = sum(not limits.spend(str(chat)) for chat in range(1, 100))

    assert said == 30
    assert 0 < limits.spend("99") <= 1.1


def test_an_album_counts_its_pictures() -> None:
    clock = Clock()
    limits = Budget(20, clock)

    assert limits.spend(GROUP, 10) == 0
    assert limits.spend(GROUP) == 8.0
    clock.now += 10
    assert limits.spend(GROUP, 10) == 0
    clock.now += 30
    assert limits.spend(GROUP) == pytest.approx(60 * budget.SLACK - 40)


def test_a_small_allowance_still_lets_an_album_through() -> None:
    clock = Clock()

    assert len(spoken(Budget(5, clock), clock, GROUP, 200, count=10)) == 4


def test_a_chat_that_asked_for_silence_gets_it_and_others_do_not() -> None:
    clock = Clock()
    limits = Budget(20, clock)

    limits.silence(GROUP, 7)

    assert limits.spend(GROUP) == 7.0
    assert limits.spend("-200") == 0
    clock.now += 7
    assert limits.spend(GROUP) == 0


def test_chats_at_rest_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "MANY", 100)
    clock = Clock()
    limits = Budget(20, clock)
    for chat in range(1, 1000):
        clock.now += 3
        limits.spend(str(chat))

    assert len(limits._chats) <= 100


@given(st.lists(st.tuples(st.integers(1, 10), st.floats(0, 30)), max_size=60))
def test_no_wait_is_longer_than_needed(said: list[tuple[int, float]]) -> None:
    clock = Clock()
    limits = Budget(20, clock)
    for count, pause in said:
        clock.now += pause
        wait = limits.spend(GROUP, count)
        if wait:
            clock.now += wait + 1e-6
            assert limits.spend(GROUP, count) == 0


async def test_telegram_never_has_to_refuse_us(
    telegram: StandInTelegram, tmp_path: Path, jpeg: bytes
) -> None:
    telegram.flood = Flood(speed=1.0)
    async with at_home(telegram, tmp_path / "data", TELEGRAM_GROUP_PER_MINUTE="20") as home:
        chat = telegram.private(someone(telegram))
        for _ in range(6):
            await telegram.post(chat, chat.person, photo=jpeg)
        await home.answered(chat, 6)

    assert telegram.flood.refused == 0


async def test_a_flood_in_one_chat_leaves_the_others_alone(
    telegram: StandInTelegram, tmp_path: Path, jpeg: bytes
) -> None:
    async with at_home(telegram, tmp_path / "data") as home:
        loud, quiet = telegram.private(someone(telegram)), telegram.private(someone(telegram, "민수"))
        telegram.faults.plan("429", "sendPhoto", seconds=2)
        await telegram.post(loud, loud.person, photo=jpeg)
        await home.until(lambda: home.asked("sendPhoto") == 1)
        await telegram.post(quiet, quiet.person, photo=jpeg)
        await home.answered(quiet)
        assert telegram.answers(loud) == []
        await home.answered(loud)

    refused, _, again = [one for one in telegram.asked if one.path == "sendPhoto"]
    assert again.at - refused.at >= 2
