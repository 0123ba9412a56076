"""A bot that is killed between Telegram and the disk loses nothing."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.bot.telegram.home import SECONDS, settings_for, someone
from tests.bot.telegram.mortal import POINTS, SEND_WINDOW
from tests.platforms.telegram import StandInTelegram

ROOT = Path(__file__).resolve().parents[3]
PHOTOS = 4
HIT = 2  # the first photo comes through, the second one meets its end


class Lives:
    """One bot after the other on the same data."""

    def __init__(self, telegram: StandInTelegram, data: Path) -> None:
        self._data = data
        settings = settings_for(telegram)
        made = {str(field.alias) for field in type(settings).model_fields.values()}
        kept = {name: value for name, value in os.environ.items() if name not in made}
        names = ("telegram_token", "telegram_api", "telegram_files", "telegram_group_per_minute")
        given = {name.upper(): str(getattr(settings, name)) for name in names}
        quotas = {"PHOTOS_PER_MINUTE": "1000", "DISK_RESERVE_MB": "64"}
        self._environment = kept | given | quotas | {"PYTHONPATH": str(ROOT)}

    async def begin(self, point: str = "none", hit: int = 0) -> asyncio.subprocess.Process:
        module = ("-m", "tests.bot.telegram.mortal")
        return await asyncio.create_subprocess_exec(
            sys.executable, *module, str(self._data), point, str(hit), cwd=ROOT, env=self._environment
        )


async def died(process: asyncio.subprocess.Process) -> None:
    assert await asyncio.wait_for(process.wait(), SECONDS) == -signal.SIGKILL


@pytest.mark.parametrize("point", POINTS)
async def test_a_bot_that_is_killed_anywhere_answers_every_photo_after_all(
    telegram: StandInTelegram, tmp_path: Path, jpeg: bytes, point: str
) -> None:
    lives, chat = Lives(telegram, tmp_path / "data"), telegram.private(someone(telegram))
    mortal = await lives.begin(point, HIT)
    await telegram.online()
    posted = [await telegram.post(chat, chat.person, f"{n}", photo=jpeg) for n in range(PHOTOS)]
    await died(mortal)

    heir = await lives.begin()
    try:
        await telegram.until(lambda: {answer.reply_to for answer in telegram.answers(chat)} == set(posted))
        await telegram.until(lambda: not telegram.updates.waiting)
    finally:
        heir.kill()
        await heir.wait()

    answers = Counter(answer.reply_to for answer in telegram.answers(chat))
    assert set(answers) == set(posted)
    assert sum(answers.values()) - PHOTOS <= (1 if point in SEND_WINDOW else 0)
