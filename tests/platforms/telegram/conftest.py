"""A Telegram for every test, and bots that talk to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest
from telegram import Bot

from tests.platforms.telegram import StandInTelegram


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clients would ask a proxy for loopback, too, and warn of seconds that will be time spans."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.fixture
async def telegram() -> AsyncIterator[StandInTelegram]:
    """Privacy mode is off, and whatever was asked was right."""
    async with StandInTelegram(privacy=False) as found:
        yield found
        assert found.violations == []


@pytest.fixture
def jpeg(make_photo: Callable[..., bytes]) -> bytes:
    return make_photo((1600, 1200))


@pytest.fixture
async def bot(telegram: StandInTelegram) -> AsyncIterator[Bot]:
    """One that speaks and does not listen."""
    async with Bot(telegram.token, base_url=telegram.url, base_file_url=telegram.file_url) as found:
        yield found
