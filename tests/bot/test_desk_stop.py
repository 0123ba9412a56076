"""Stopping the desk: in time, and nothing is left in flight."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot import desk, flight
from models.errors import BadPhoto, DiskFull, Stopped
from storage.records import Photo
from storage.store import Store
from tests.bot.stands_in import Bench, at_work, open_store, put, states, until


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    found = open_store(tmp_path / "data")
    yield found
    found.close()


async def flights(store: Store, codes: list[str]) -> list[tuple[str, int]]:
    found = [await store.photo(code) for code in codes]
    return [(photo.flight, photo.tries) for photo in found if photo]


async def test_a_stop_ends_in_time_and_puts_back_what_is_not_done(store: Store) -> None:
    bench = Bench(store, in_flight=2)
    bench.app.is_open.clear()
    codes = await put(store, "a", 4)
    async with asyncio.timeout(30), at_work(bench.desk):
        await until(lambda: bench.app.inside == 2)

    assert bench.desk.flying == 0
    assert await flights(store, codes) == [("", 0)] * 4
    assert await states(store, codes) == {"ready"}


async def test_what_is_taken_up_while_a_stop_begins_is_put_back_before_it_ends(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench, usual, asked, may_go = Bench(store), store.take, asyncio.Event(), asyncio.Event()
    bench.app.is_open.clear()

    async def slow(room: int, served: dict[int, int], **options: Any) -> list[Photo]:
        asked.set()
        await may_go.wait()
        return await usual(room, served, **options)

    monkeypatch.setattr(store, "take", slow)
    codes = await put(store, "a", 3)
    running = asyncio.create_task(bench.desk.run())
    await asked.wait()
    stopping = asyncio.create_task(bench.desk.stop(0.1))
    await asyncio.sleep(0.02)
    may_go.set()
    await asyncio.wait_for(stopping, 60)

    assert bench.desk.flying == 0
    assert await flights(store, codes) == [("", 0)] * 3
    await asyncio.wait_for(running, 60)
    assert bench.desk.flying == 0


async def test_a_stop_waits_for_what_is_nearly_done(store: Store) -> None:
    bench = Bench(store, in_flight=2)
    bench.app.is_open.clear()
    codes = await put(store, "a", 4)
    running = asyncio.create_task(bench.desk.run())
    await until(lambda: bench.app.inside == 2)
    stopping = asyncio.create_task(bench.desk.stop(30))
    await asyncio.sleep(0.02)
    bench.app.is_open.set()
    await asyncio.wait_for(asyncio.gather(stopping, running), 60)

    assert bench.desk.answered == 2
    assert await states(store, codes[:2]) == {"answered"}
    assert await states(store, codes[2:]) == {"ready"}


async def test_a_stop_between_two_tries_puts_the_photo_back_too(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (desk, flight):
        monkeypatch.setattr(module, "RETRY_SECONDS", 600.0)
    for error in (RuntimeError("bug"), DiskFull("no room", folder="x"), BadPhoto("torn")):
        bench = Bench(store)

        async def eyes(chat: str, error: Exception = error) -> None:
            raise error

        bench.app.eyes = eyes
        codes = await put(store, type(error).__name__)
        async with at_work(bench.desk):
            await until(lambda bench=bench: bool(bench.app.looks) and not bench.app.inside)  # type: ignore[misc]  # bound early

        assert await flights(store, codes) in ([("", 0)], [("", 1)]), error
        await store.erase(codes)


async def test_an_engine_that_closes_puts_its_photo_back_without_blame(store: Store) -> None:
    bench = Bench(store)

    async def eyes(chat: str) -> None:
        bench.desk.is_stopping = True
        raise Stopped("closing")

    bench.app.eyes = eyes
    codes = await put(store, "a")
    async with at_work(bench.desk):
        await until(lambda: bool(bench.app.looks))

    assert await flights(store, codes) == [("", 0)]
