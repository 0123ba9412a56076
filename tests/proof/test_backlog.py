"""Five hundred photos on each platform that came while nobody was there."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.bot.platforms.backlog import Backlog
from tests.bot.platforms.town import PLATFORMS, town_at, with_eyes
from tests.bot.web.pages import flat
from tests.proof.conftest import Record

ROOMS, YOUNG, OLD = 10, 40, 10


@pytest.mark.proof
async def test_a_restart_into_a_backlog_of_five_hundred_on_each_platform(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, record: Record
) -> None:
    with_eyes(monkeypatch)
    async with town_at(tmp_path) as town:  # with the limits that Discord has
        backlog = Backlog(town, rooms=ROOMS, young=YOUNG, old=OLD)
        await backlog.pile_up(flat())
        started = time.monotonic()
        async with town.running():
            await backlog.answered()
            seconds = time.monotonic() - started
            await backlog.check()

    told = f"{ROOMS * YOUNG} answered once in their order, {ROOMS * OLD} kept silently; {seconds:.0f} s"
    for platform in PLATFORMS:
        record(
            f"start into a backlog of {ROOMS * (YOUNG + OLD)} on {platform}", told, "none lost, none twice"
        )
