"""A start with much to do, and clocks that are wrong by a year."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import pytest

from tests.bot.crash.audit import account
from tests.bot.crash.client import visiting
from tests.bot.crash.launcher import YEAR
from tests.bot.crash.pictures import shots
from tests.bot.crash.service import Service
from tests.bot.crash.undisturbed import Undisturbed
from tests.bot.crash.waiting import late_start, swept

WAITING = 60


async def test_uploads_are_taken_before_the_models_are_loaded_however_many_wait(
    service: Service, made: dict[str, bytes], undisturbed: Undisturbed, tmp_path: Path
) -> None:
    expected = await undisturbed.answers()

    _, tally = await late_start(service, made, expected, tmp_path / "gate", WAITING)

    tally.check(WAITING + 1)


@pytest.mark.parametrize("wrong", [YEAR, -YEAR])
async def test_a_clock_that_is_wrong_by_a_year_after_a_crash_erases_nothing(
    wrong: float, service: Service, made: dict[str, bytes], undisturbed: Undisturbed, tmp_path: Path
) -> None:
    posted, sweeps, expected = shots(made, 4), tmp_path / "sweeps", await undisturbed.answers()
    async with visiting(service) as client:
        service.start("--clock", "0", "--sweeps", str(sweeps))
        await asyncio.gather(*map(client.post, posted[:2]))
        await client.settled(2)
        await swept(sweeps)
        await service.kill()
        for life in (2, 3):  # the second time the wrong clock is what the service has seen last
            sweeps.unlink(missing_ok=True)
            service.start("--clock", str(wrong), "--sweeps", str(sweeps))
            await client.post(posted[life])
            await swept(sweeps)
            assert len(await client.history()) == life + 1
            await client.settled(life + 1)
            await service.kill()
        service.start("--clock", "0", "--sweeps", str(sweeps))  # somebody has mended it
        sweeps.unlink(missing_ok=True)
        await swept(sweeps)
        tally = await account(service, client, posted, expected, name="clock", hit="restart")

    tally.check(len(posted))
    assert "nothing expires for 24 hours" in service.log.read_text("utf-8")


async def test_a_clock_that_jumps_while_photos_are_answered_erases_nothing(
    service: Service, made: dict[str, bytes], undisturbed: Undisturbed, tmp_path: Path
) -> None:
    posted, sweeps, expected = shots(made, 8), tmp_path / "sweeps", await undisturbed.answers()
    async with visiting(service) as client:
        service.start("--clock", "0", "--sweeps", str(sweeps))
        first = [asyncio.create_task(client.post(shot)) for shot in posted[:4]]
        await asyncio.wait(first, return_when=asyncio.FIRST_COMPLETED)
        service.signal(signal.SIGUSR1)
        await swept(sweeps)
        second = [asyncio.create_task(client.post(shot)) for shot in posted[4:]]
        await asyncio.wait(second, return_when=asyncio.FIRST_COMPLETED)
        service.signal(signal.SIGUSR2)
        await swept(sweeps)
        service.signal(signal.SIGUSR2)
        await swept(sweeps)
        await asyncio.gather(*first, *second)
        await client.settled(len(posted))
        tally = await account(service, client, posted, expected, name="clock", hit="running")

    tally.check(len(posted))
    assert "nothing expires for 24 hours" in service.log.read_text("utf-8")
