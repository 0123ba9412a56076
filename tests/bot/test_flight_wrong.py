"""What becomes of a photo on its way when its platform, the disk, we or the clock do wrong."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bot import desk, flight
from bot.platform import Barred, Gone
from models.errors import DiskFull
from storage.records import Photo
from storage.store import Store
from storage.work import MAX_TRIES
from tests.bot.chatting import GROUP, Chat, at_rest, photo
from tests.bot.stands_in import at_work, open_store, until


@pytest.fixture
async def chat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Chat]:
    for module in (desk, flight):
        monkeypatch.setattr(module, "RETRY_SECONDS", 0.01)
    store = open_store(tmp_path / "data")
    yield Chat(store)
    await asyncio.to_thread(store.close)


# Gone, barred


@pytest.mark.parametrize("where", ["fetching", "sending"])
async def test_what_its_platform_has_no_more_is_erased(chat: Chat, where: str) -> None:
    async def gone(_: object) -> bytes:
        raise Gone("no such message")

    setattr(chat.platform, where, gone)
    codes = await chat.post("1")
    async with at_work(chat.desk):
        await until(lambda: chat.is_gone(codes[0]))
        await at_rest(chat.desk)

    assert chat.platform.sent == []
    assert (await chat.store.receive([photo("1")], "ko"))[0].is_deleted


async def test_a_photo_outlives_the_question_about_it(chat: Chat) -> None:
    async def gone(_: object) -> str:
        raise Gone("no such message")

    chat.platform.sending = gone
    [accepted] = await chat.store.receive([replace(photo("1"), reply_to="2")], "ko")
    async with at_work(chat.desk):
        await until(lambda: chat.store_state(accepted.photo, "answered"))

    assert (await chat.found(accepted.photo)).reply == ""


@pytest.mark.parametrize("where", ["fetching", "sending"])
async def test_where_we_may_not_speak_nothing_is_erased_and_nothing_is_tried_again(
    chat: Chat, where: str
) -> None:
    calls = list[object]()

    async def barred(what: object) -> bytes:
        calls.append(what)
        raise Barred("kicked")

    setattr(chat.platform, where, barred)
    [code] = await chat.post("1")
    async with at_work(chat.desk):
        await until(lambda: bool(calls))
        await at_rest(chat.desk)
        chat.desk.wake()
        await asyncio.sleep(0.05)

    assert len(calls) == 1
    assert (await chat.found(code)).reply == ""
    assert await chat.store.waiting() == 0


# Bugs


async def test_a_bug_in_fetching_is_tried_three_times_and_then_said(
    chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    async def fetching(photo: Photo) -> bytes:
        raise KeyError("bug")

    chat.platform.fetching = fetching
    codes = await chat.post("1")
    with caplog.at_level(logging.ERROR):
        async with at_work(chat.desk):
            await until(lambda: chat.are_told(codes))

    assert len(chat.platform.fetched) == MAX_TRIES
    assert [one.state for one in chat.platform.photos] == ["quarantined"]
    assert chat.desk.quarantined == 1


async def test_a_bug_in_sending_leaves_doubt_and_is_not_tried_for_ever(
    chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    calls = list[bool]()

    async def sending(photos: Sequence[Photo]) -> str:
        calls.append(photos[0].is_doubtful)
        raise KeyError("bug")

    chat.platform.sending = sending
    [code] = await chat.post("1")
    async with at_work(chat.desk):
        await until(lambda: len(calls) == MAX_TRIES)
        await at_rest(chat.desk)

    assert calls == [False, True, True]
    assert (await chat.found(code)).state == "answered"
    assert len(chat.eyes.looks) == 1
    assert await chat.store.waiting() == 0


async def test_who_was_hard_to_look_at_is_not_put_aside_for_a_bug_in_sending(chat: Chat) -> None:
    """Its tries are of the looks before; it has been seen well since."""

    async def eyes(_: str) -> None:
        if len(chat.eyes.looks) < MAX_TRIES:
            raise KeyError("bug")

    async def sending(photos: Sequence[Photo]) -> str:
        chat.platform.sending = None
        raise KeyError("bug")

    chat.eyes.eyes, chat.platform.sending = eyes, sending
    codes = await chat.post("1")
    async with at_work(chat.desk):
        await until(lambda: chat.are_told(codes))

    assert [one.state for one in chat.platform.photos] == ["analysed"]


async def test_on_a_full_disk_nothing_is_fetched_in_vain(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fetch every two seconds for each photo that waits would go on for as long as the disk is full."""
    codes = await chat.post("1", "2")
    usual, looks = chat.store.folder.check_room, list[None]()

    def full() -> None:
        looks.append(None)
        raise DiskFull("no room", folder="x")

    monkeypatch.setattr(chat.store.folder, "check_room", full)
    async with at_work(chat.desk):
        await until(lambda: len(looks) > 6)
        fetched = len(chat.platform.fetched)
        monkeypatch.setattr(chat.store.folder, "check_room", usual)
        await until(lambda: chat.are_told(codes))

    assert fetched == 0
    assert len(chat.platform.fetched) == 2


# Deleted, stopped


async def test_an_answer_that_went_out_for_a_deleted_photo_is_taken_back(chat: Chat) -> None:
    async def sending(photos: Sequence[Photo]) -> str:
        await chat.store.erase([photos[0].id])
        for unsaid in await chat.store.chats.unsaid(["chat"]):  # looked for while it was not there yet
            await chat.store.chats.taken_back(unsaid.id)
        return ""

    chat.platform.sending = sending
    await chat.post("1")
    async with at_work(chat.desk):
        await until(lambda: bool(chat.platform.sent))
        await at_rest(chat.desk)

    assert [(one.reply, one.message) for one in await chat.store.chats.unsaid(["chat"])] == [("r1", "1")]


async def test_of_an_album_only_what_is_left_is_told(chat: Chat) -> None:
    chat.eyes.is_open.clear()
    codes = await chat.post(*"123", album="a")
    async with at_work(chat.desk):
        await until(lambda: chat.eyes.inside == 3)
        await chat.store.erase(codes[1:2])
        chat.eyes.is_open.set()
        await until(lambda: chat.are_told([codes[0], codes[2]]))

    assert chat.platform.sent == [("1", "3")]


async def test_a_stop_in_the_middle_of_sending_leaves_doubt(chat: Chat) -> None:
    is_sending = asyncio.Event()

    async def sending(photos: Sequence[Photo]) -> str:
        is_sending.set()
        await asyncio.Event().wait()
        return ""

    chat.platform.sending = sending
    codes = await chat.post(*"12", album="a")
    waiting = await chat.post("3")
    async with at_work(chat.desk):
        await is_sending.wait()

    doubts = [(await chat.found(code)).is_doubtful for code in codes + waiting]
    assert doubts in ([True, True, False], [False, False, True])  # who was being told, and nobody else
    assert {(await chat.found(code)).flight for code in codes + waiting} == {""}


async def test_a_stop_just_after_an_answer_was_written_leaves_no_doubt(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual, is_written = chat.store.answered, asyncio.Event()

    async def answered(codes: list[str], reply: str) -> list[str]:
        gone = await usual(codes, reply)
        is_written.set()
        await asyncio.Event().wait()
        return gone

    monkeypatch.setattr(chat.store, "answered", answered)
    [code] = await chat.post("1")
    async with at_work(chat.desk):
        await is_written.wait()

    found = await chat.found(code)
    assert (found.reply, found.is_doubtful, found.flight) == ("r1", False, "")


async def test_after_a_death_in_the_middle_of_sending_the_platform_hears_of_the_doubt(
    chat: Chat, tmp_path: Path
) -> None:
    [code] = await chat.post("1")
    [taken] = await chat.store.take(1, {}, is_idle=True)
    await chat.store.put_aside(taken.id, "refused", "undecodable")  # looked at, and being told of
    await asyncio.to_thread(chat.store.close)
    store = open_store(tmp_path / "data")
    again = Chat(store)
    async with at_work(again.desk):
        await until(lambda: again.are_told([code]))
    await asyncio.to_thread(store.close)

    assert [one.is_doubtful for one in again.platform.photos] == [True]


async def test_an_album_that_settles_is_told_of_though_the_clock_was_set_back(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The only call to look again comes too early then; nothing else may ever wake the desk."""
    usual = chat.store.clock.now
    monkeypatch.setattr(desk, "LOOK_SECONDS", 0.2, raising=False)
    codes = await chat.post("1", album="a", settle=0.3)
    monkeypatch.setattr(chat.store.clock, "now", lambda: usual() - 1_000)
    chat.desk.wake_in(0.31)
    async with asyncio.timeout(20), at_work(chat.desk):
        await until(lambda: chat.are_told(codes))


async def test_an_adapter_that_is_not_there_leaves_its_photos_waiting(tmp_path: Path) -> None:
    store: Store = open_store(tmp_path / "data")
    chat = Chat(store)
    absent = photo("1", place=replace(GROUP, platform="absent"))
    [accepted] = await store.receive([absent], "ko")
    codes = await chat.post("2")
    async with at_work(chat.desk):
        await until(lambda: chat.are_told(codes))

    assert (await chat.found(accepted.photo)).state == "received"
    await asyncio.to_thread(store.close)
