"""A Telegram with a bot at home in it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.bot.telegram.home import Home, at_home
from tests.platforms.telegram import StandInTelegram


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Speak faster than people could read, and try again at once; tests of the budget slow down again."""
    monkeypatch.setattr("bot.adapters.telegram.budget.CHAT_SECONDS", 0.001)
    for module in ("files", "refusals"):
        monkeypatch.setattr(f"bot.adapters.telegram.{module}.RETRY_SECONDS", 0.02)


@pytest.fixture
async def telegram() -> AsyncIterator[StandInTelegram]:
    """Privacy mode is off, floods are allowed, and whatever was asked was right."""
    async with StandInTelegram(privacy=False) as found:
        found.flood = None
        yield found
        assert found.violations == []


@pytest.fixture
async def home(telegram: StandInTelegram, tmp_path: Path) -> AsyncIterator[Home]:
    async with at_home(telegram, tmp_path / "data") as found:
        yield found


@pytest.fixture
def jpeg(make_photo: Callable[..., bytes]) -> bytes:
    return make_photo((1600, 1200))
