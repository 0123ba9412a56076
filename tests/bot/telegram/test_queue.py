"""Nothing is confirmed before it is on the disk."""

from __future__ import annotations

import asyncio

import pytest
from telegram import Update

from bot.adapters.telegram import queue
from bot.adapters.telegram.queue import Courtesy, DurableQueue
from models.errors import DiskFull
from tests.bot.telegram.home import Home, someone
from tests.platforms.telegram import StandInTelegram


async def nothing() -> None:
    """Be polite."""


async def test_an_update_is_put_when_it_is_committed_and_its_courtesy_comes_out() -> None:
    is_written, courtesy = asyncio.Event(), Courtesy(nothing)

    async def commit(update: Update) -> Courtesy | None:
        await is_written.wait()
        return courtesy

    found = DurableQueue(commit)
    putting = asyncio.create_task(found.put(Update(1)))
    await asyncio.sleep(0.01)
    assert not putting.done()
    is_written.set()
    await putting

    assert found.get_nowait() is courtesy


async def test_what_is_no_update_passes() -> None:
    async def commit(update: Update) -> Courtesy | None:
        raise AssertionError

    found, signal = DurableQueue(commit), object()
    await found.put(signal)

    assert found.get_nowait() is signal


async def test_a_full_disk_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "RETRY_SECONDS", 0.01)
    tries = []

    async def commit(update: Update) -> Courtesy | None:
        tries.append(update)
        if len(tries) < 3:
            raise DiskFull("full")
        return None

    found = DurableQueue(commit)
    await found.put(Update(1))

    assert len(tries) == 3
    assert found.empty()


async def test_a_bug_with_one_update_is_logged_and_the_next_one_is_read(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def commit(update: Update) -> Courtesy | None:
        raise ZeroDivisionError

    await DurableQueue(commit).put(Update(7))

    assert "bug while reading an update update=7" in caplog.text


async def test_telegram_hears_that_a_photo_was_read_only_after_it_is_kept(
    telegram: StandInTelegram, home: Home, jpeg: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real library between the real store and the wire."""
    chat, may_write = telegram.private(someone(telegram)), asyncio.Event()
    receive = home.store.receive

    async def slowly(*arguments: object, **options: object) -> object:
        await may_write.wait()
        return await receive(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(home.store, "receive", slowly)
    polls = home.asked("getUpdates")
    await telegram.post(chat, chat.person, photo=jpeg)
    await home.until(lambda: home.asked("getUpdates") == polls + 1)
    await asyncio.sleep(0.1)
    assert len(telegram.updates.waiting) == 1  # handed out, not confirmed
    may_write.set()
    await home.answered(chat)
    await home.until(lambda: not telegram.updates.waiting)
