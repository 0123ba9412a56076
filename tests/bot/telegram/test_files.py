"""Photos down from Telegram, also when that is not easy."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.adapters.telegram import files
from bot.platform import Barred, Later
from models.errors import TooManyBytes
from storage.records import Photo
from tests.bot.telegram.home import Home, at_home, someone
from tests.platforms.telegram import StandInTelegram
from tests.platforms.telegram.refusals import Refused

LARGE = 20 * 1024 * 1024 + 1


async def taken(home: Home, jpeg: bytes) -> Photo:
    """Return a photo that was answered."""
    chat = home.telegram.private(someone(home.telegram))
    posted = await home.telegram.post(chat, chat.person, photo=jpeg)
    await home.answered(chat)
    await home.settled()
    (photo,) = await home.photos(posted)
    return photo


def with_source(photo: Photo, source: str, sent_at: datetime | None = None) -> Photo:
    return replace(photo, source=source, sent_at=sent_at or photo.sent_at)


async def test_a_file_larger_than_bots_may_download_is_refused_before_anybody_asks(
    telegram: StandInTelegram, home: Home
) -> None:
    chat = telegram.private(someone(telegram))

    posted = await telegram.post(
        chat, chat.person, document=("huge.png", "image/png", b"\x89PNG" + bytes(LARGE))
    )
    (answer,) = await home.answered(chat)

    assert answer.reply_to is posted
    assert answer.text == "파일이 20.1MB나 돼요. 20MB까지 볼 수 있으니 조금 줄여서 다시 보내 주세요."
    assert home.asked("getFile") == 0


async def test_a_file_whose_size_nobody_told_is_refused_when_telegram_says_so(
    telegram: StandInTelegram, home: Home, jpeg: bytes
) -> None:
    photo = await taken(home, jpeg)
    stored = telegram.files.document("huge.png", "image/png", bytes(LARGE))

    with pytest.raises(TooManyBytes):
        await home.chat.fetch(with_source(photo, stored.file_id))


async def test_a_file_that_turns_out_larger_than_announced_is_not_read_to_its_end(
    telegram: StandInTelegram, home: Home, jpeg: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = await taken(home, jpeg)
    monkeypatch.setattr(files, "MOST_BYTES", 1000)
    monkeypatch.setattr(telegram.files, "ready", _without_size(telegram))

    with pytest.raises(TooManyBytes):
        await home.chat.fetch(photo)


def _without_size(telegram: StandInTelegram) -> object:
    ready = telegram.files.ready
    return lambda file_id: {name: value for name, value in ready(file_id).items() if name != "file_size"}


async def test_a_link_that_is_too_old_is_asked_for_anew(
    telegram: StandInTelegram, home: Home, jpeg: bytes
) -> None:
    photo = await taken(home, jpeg)

    telegram.files.expire()

    assert await home.chat.fetch(photo) == home.eyes.received[0]


async def test_a_file_that_is_not_there_is_asked_for_again_and_then_given_up(home: Home, jpeg: bytes) -> None:
    photo = await taken(home, jpeg)

    with pytest.raises(Later):
        await home.chat.fetch(with_source(photo, "AgADnothing"))
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    with pytest.raises(Barred):
        await home.chat.fetch(with_source(photo, "AgADnothing", long_ago))


@pytest.mark.parametrize("kind", ["500", "502", "reset", "lost", "429"])
@pytest.mark.parametrize("where", ["getFile", "file/"])
async def test_a_photo_is_fetched_again_after_anything_that_may_pass(
    telegram: StandInTelegram, home: Home, jpeg: bytes, kind: str, where: str
) -> None:
    telegram.faults.plan(kind, where, seconds=1)  # type: ignore[arg-type]
    chat = telegram.private(someone(telegram))

    await telegram.post(chat, chat.person, photo=jpeg)
    (answer,) = await home.answered(chat)

    assert answer.photo


async def test_files_come_from_the_official_place_only(
    telegram: StandInTelegram, home: Home, jpeg: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server in local mode names files of its own disk; ours are not to be read like that."""
    photo = await taken(home, jpeg)
    secret = tmp_path / "secret"
    secret.write_bytes(b"secret")
    ready = telegram.files.ready
    monkeypatch.setattr(telegram.files, "ready", lambda file_id: ready(file_id) | {"file_path": str(secret)})

    with pytest.raises(Barred):
        await home.chat.fetch(photo)


async def test_a_file_that_never_ends_is_broken_off(
    telegram: StandInTelegram, home: Home, jpeg: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = await taken(home, jpeg)
    monkeypatch.setattr(files, "DOWNLOAD_SECONDS", 0.1)
    telegram.faults.plan("delay", "file/", seconds=5)

    async with asyncio.timeout(2):
        with pytest.raises(Later):
            await home.chat.fetch(photo)


async def test_no_line_of_the_log_has_the_token(
    telegram: StandInTelegram, tmp_path: Path, jpeg: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for kind in ("reset", "500", "429"):
        telegram.faults.plan(kind, "getFile|file/|sendPhoto", times=2, seconds=1)

    async with at_home(telegram, tmp_path / "data") as home:
        await taken(home, jpeg)
        telegram.token = "123456:AnotherToken"
        home.telegram.updates.end_poll(Refused(401, "Unauthorized"))
        await home.until(lambda: home.chat.status == "bad-token")

    assert "AAStandInTelegramToken" not in caplog.text
    assert not [line for line in caplog.records if line.name.startswith("httpx")]
