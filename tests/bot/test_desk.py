"""The desk: how much at once, whose turn, and what becomes of a photo when something goes wrong."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot import desk, flight
from bot.desk import IN_FLIGHT
from models.errors import DiskFull, Undecodable
from storage.store import Store
from storage.work import MAX_TRIES
from tests.bot.stands_in import Bench, at_work, open_store, put, states, until


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    found = open_store(tmp_path / "data")
    yield found
    found.close()


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try again at once."""
    for module in (desk, flight):
        monkeypatch.setattr(module, "RETRY_SECONDS", 0.01)


async def test_everything_that_waits_is_answered_once(store: Store) -> None:
    bench = Bench(store)
    codes = await put(store, "a", 30)
    async with at_work(bench.desk):
        await until(lambda: bench.are(codes, "answered"))

    assert sorted(photo.id for photo in bench.sent.photos) == sorted(codes)
    assert bench.desk.answered == 30
    replies = [(found := await store.photo(code)) and found.reply for code in codes]
    assert replies == [f"reply-{code}" for code in codes]


@pytest.mark.parametrize("places", [1, 3, IN_FLIGHT])
async def test_no_more_photos_are_in_flight_than_may_be(store: Store, places: int) -> None:
    bench = Bench(store, in_flight=places)
    bench.app.is_open.clear()
    codes = await put(store, "a", 3 * IN_FLIGHT)
    async with at_work(bench.desk):
        await until(lambda: bench.app.inside == places)
        bench.desk.wake()
        await asyncio.sleep(0.05)
        assert (bench.desk.flying, bench.app.inside) == (places, places)
        bench.app.is_open.set()
        await until(lambda: bench.are(codes, "answered"))

    assert bench.app.most == places


async def test_a_short_chat_does_not_wait_for_a_long_one(store: Store) -> None:
    bench = Bench(store, in_flight=2)
    await put(store, "long", 40)
    few = await put(store, "short", 5)
    async with at_work(bench.desk):
        await until(lambda: bench.are(few, "answered"))

    last = max(index for index, photo in enumerate(bench.sent.photos) if photo.place.chat == "short")
    assert last <= 2 * len(few) + 2


async def test_a_chat_that_was_just_served_comes_after_one_that_was_not(store: Store) -> None:
    bench = Bench(store, in_flight=1)
    codes = [code for chat in "abc" for code in await put(store, chat, 6)]
    async with at_work(bench.desk):
        await until(lambda: bench.are(codes, "answered"))

    turns = [photo.place.chat for photo in bench.sent.photos]
    assert [set(turns[start : start + 3]) for start in range(0, 18, 3)] == [{"a", "b", "c"}] * 6


async def test_photos_that_come_before_the_models_are_loaded_are_answered_after(store: Store) -> None:
    bench = Bench(store)
    bench.app.is_loaded.clear()
    async with at_work(bench.desk):
        codes = await put(store, "a", 3)
        bench.desk.wake()
        await asyncio.sleep(0.05)
        assert (bench.desk.is_warm, bench.app.looks) == (False, [])
        bench.app.is_loaded.set()
        await until(lambda: bench.are(codes, "answered"))

    assert bench.desk.is_warm


async def test_a_photo_that_comes_while_the_desk_rests_wakes_it(store: Store) -> None:
    bench = Bench(store)
    async with at_work(bench.desk):
        for _ in range(5):
            codes = await put(store, f"chat{_}")
            bench.desk.wake()
            await until(lambda codes=codes: bench.are(codes, "answered"))  # type: ignore[misc]  # bound early


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize(
    ("error", "reason"), [(RuntimeError("bug"), "quarantined"), (Undecodable("torn"), "undecodable")]
)
async def test_a_photo_that_always_fails_is_put_aside_after_three_tries_and_the_others_are_answered(
    store: Store, error: Exception, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    bench = Bench(store, in_flight=2)
    (poison,) = await put(store, "poison")
    found = await store.photo(poison)
    assert found
    scope = str(found.scope)

    async def eyes(chat: str) -> None:
        if chat == scope:
            raise error

    bench.app.eyes = eyes
    codes = await put(store, "good", 6)
    async with at_work(bench.desk):
        await until(lambda: bench.are([poison], "quarantined"))
        await until(lambda: bench.are(codes, "answered"))
        await until(lambda: bench.desk.flying == 0)

    assert bench.app.looks.count(scope) == MAX_TRIES
    put_aside = await store.photo(poison)
    assert put_aside
    assert (put_aside.error, put_aside.flight) == (reason, "")
    assert bench.desk.quarantined == 1
    told = {(photo.place.chat, photo.state) for photo in bench.sent.photos}
    assert told == {("good", "analysed"), ("poison", "quarantined")}  # its poster hears of it too


@pytest.mark.usefixtures("soon")
async def test_a_photo_that_fails_twice_is_answered_the_third_time(store: Store) -> None:
    bench = Bench(store)

    async def eyes(chat: str) -> None:
        if len(bench.app.looks) < MAX_TRIES:
            raise RuntimeError("bug")

    bench.app.eyes = eyes
    codes = await put(store, "a")
    async with at_work(bench.desk):
        await until(lambda: bench.are(codes, "answered"))

    assert len(bench.app.looks) == MAX_TRIES


@pytest.mark.usefixtures("soon")
async def test_a_platform_that_fails_is_not_the_photos_fault_for_ever(store: Store) -> None:
    bench = Bench(store)
    bench.sent.error = RuntimeError("the platform is down")
    codes = await put(store, "a")
    async with at_work(bench.desk):
        await until(lambda: bench.are(codes, "analysed"))
        bench.sent.error = None
        await until(lambda: bench.are(codes, "answered"))

    assert len(bench.app.looks) == 1  # what was seen is kept


class FullAtFirst(Store):
    """A store whose disk is full for the first writes of an analysis."""

    full = 3

    async def save(self, *arguments: object, **options: object) -> bool:
        if self.full:
            self.full -= 1
            raise DiskFull("no room", folder="x")
        return await super().save(*arguments, **options)  # type: ignore[arg-type]  # passed on


@pytest.mark.usefixtures("soon")
async def test_on_a_full_disk_a_photo_waits_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    usual = open_store(tmp_path / "data")
    usual.close()
    store = FullAtFirst(usual.folder)
    store.tokenizer = usual.tokenizer
    bench = Bench(store)
    codes = await put(store, "a", 2)
    async with at_work(bench.desk):
        await until(lambda: bench.are(codes, "answered"))
        await until(lambda: bench.desk.flying == 0)
    store.close()

    assert store.full == 0
    assert bench.desk.quarantined == 0
    assert len(bench.sent.photos) == 2


async def test_a_photo_that_is_deleted_in_flight_gets_no_answer(store: Store) -> None:
    bench = Bench(store)
    bench.app.is_open.clear()
    codes = await put(store, "a", 2)
    async with at_work(bench.desk):
        await until(lambda: bench.app.inside == 2)
        await store.erase(codes[:1])
        bench.app.is_open.set()
        await until(lambda: bench.are(codes[1:], "answered"))
        await until(lambda: bench.desk.flying == 0)

    assert [photo.id for photo in bench.sent.photos] == codes[1:]
    assert await states(store, codes) == {"gone", "answered"}


async def test_an_unsafe_photo_is_hidden_when_it_is_sent(store: Store) -> None:
    bench = Bench(store)
    bench.app.unsafe = 0.8
    codes = await put(store, "a")
    async with at_work(bench.desk):
        await until(lambda: bench.are(codes, "answered"))

    assert [photo.is_hidden for photo in bench.sent.photos] == [True]


@pytest.mark.usefixtures("soon")
async def test_a_bug_in_taking_up_work_does_not_end_the_desk(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bench = Bench(store)
    usual, failures = store.take, [ValueError("bug"), DiskFull("no room", folder="x")]

    async def failing(room: int, served: dict[int, int], **options: Any) -> list[object]:
        if failures:
            raise failures.pop()
        return list(await usual(room, served, **options))

    monkeypatch.setattr(store, "take", failing)
    codes = await put(store, "a")
    with caplog.at_level(logging.ERROR):
        async with at_work(bench.desk):
            await until(lambda: bench.are(codes, "answered"))

    assert len([record for record in caplog.records if record.name == "bot.desk"]) == 2


async def test_the_time_for_photos_is_never_none(store: Store) -> None:
    bench = Bench(store)

    assert [bench.desk.seconds_for(count) for count in (0, 1, 1000)] == [1.0, 1.0, 100.0]
