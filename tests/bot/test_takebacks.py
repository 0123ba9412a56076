"""Answers are taken back however often that fails, and none of them keeps the others from it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot import takebacks
from bot.platform import Barred, Later
from bot.takebacks import Takebacks
from models.errors import DiskFull
from storage.store import Store
from tests.bot.chatting import GROUP, Clock, Platform, photo
from tests.bot.stands_in import open_store


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    found = open_store(tmp_path / "data")
    yield found
    await asyncio.to_thread(found.close)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(takebacks, "time", found)
    return found


async def deleted(store: Store, *replies: str, platform: str = "chat") -> None:
    """Answer photos and delete them."""
    for reply in replies:
        arrived = photo(f"m{reply}", place=replace(GROUP, platform=platform))
        [accepted] = await store.receive([arrived], "ko")
        await store.answered([accepted.photo], reply)
        await store.erase([accepted.photo])


async def left(store: Store, *platforms: str) -> list[str]:
    return [one.reply for one in await store.chats.unsaid(platforms or ("chat",))]


async def test_answers_are_taken_back_oldest_first_and_once(store: Store) -> None:
    platform = Platform()
    chore = Takebacks(store.chats, {"chat": platform})
    await deleted(store, "1", "2", "3")
    for _ in range(3):
        await chore.run_once()

    assert [one.reply for one in platform.unsaid] == ["1", "2", "3"]
    assert platform.unsaid[0].message == "m1"
    assert await left(store) == []


async def test_more_answers_than_are_read_at_once_are_all_taken_back(store: Store) -> None:
    platform = Platform()
    chore = Takebacks(store.chats, {"chat": platform})
    await deleted(store, *(f"{n}" for n in range(70)))
    for _ in range(2):
        await chore.run_once()
    assert len(platform.unsaid) == 70


async def test_what_is_of_a_platform_that_is_not_there_waits_for_it(store: Store) -> None:
    platform = Platform()
    await deleted(store, "1", platform="away")
    await Takebacks(store.chats, {"chat": platform}).run_once()
    assert (platform.unsaid, await left(store, "away")) == ([], ["1"])
    await Takebacks(store.chats, {"away": platform}).run_once()
    assert await left(store, "away") == []


async def test_a_platform_that_asks_for_patience_gets_it_and_others_go_on(store: Store, clock: Clock) -> None:
    slow, other = Platform(), Platform()
    slow.refusals["1"] = Later(30)
    chore = Takebacks(store.chats, {"chat": slow, "other": other})
    await deleted(store, "1", "2")
    await deleted(store, "3", platform="other")
    await chore.run_once()
    assert (slow.unsaid, len(other.unsaid)) == ([], 1)

    slow.refusals.clear()
    clock.now += 29
    await chore.run_once()
    assert slow.unsaid == []
    clock.now += 2
    await chore.run_once()
    assert [one.reply for one in slow.unsaid] == ["1", "2"]


async def test_no_platform_may_ask_for_patience_for_ever(store: Store, clock: Clock) -> None:
    platform = Platform()
    platform.refusals["1"] = Later(1e9)
    chore = Takebacks(store.chats, {"chat": platform})
    await deleted(store, "1")
    await chore.run_once()
    platform.refusals.clear()
    clock.now += 3_600
    await chore.run_once()
    assert await left(store) == []


async def test_where_we_may_not_delete_the_answer_stays_and_is_forgotten(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    platform = Platform()
    platform.refusals["1"] = Barred("kicked")
    await deleted(store, "1", "2")
    with caplog.at_level(logging.WARNING):
        await Takebacks(store.chats, {"chat": platform}).run_once()

    assert [one.reply for one in platform.unsaid] == ["2"]
    assert await left(store) == []
    assert "answer stays" in caplog.text


async def test_a_bug_with_one_answer_does_not_keep_the_others_from_being_taken_back(
    store: Store, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    platform = Platform()
    platform.refusals["1"] = ValueError("bug")
    chore = Takebacks(store.chats, {"chat": platform})
    await deleted(store, "1", "2")
    await chore.run_once()
    assert [one.reply for one in platform.unsaid] == ["2"]

    platform.refusals.clear()  # it was no bug, only bad luck
    clock.now += 3_600
    await chore.run_once()
    assert await left(store) == []


async def test_many_bugs_do_not_keep_the_others_from_being_taken_back(
    store: Store, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    platform = Platform()
    replies = [f"{n}" for n in range(60)]
    platform.refusals = {reply: ValueError("bug") for reply in replies}
    chore = Takebacks(store.chats, {"chat": platform})
    await deleted(store, *replies, "good")
    for _ in range(20):
        clock.now += 600
        await chore.run_once()
    assert [one.reply for one in platform.unsaid] == ["good"]


async def test_what_could_not_be_noted_is_taken_back_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform = Platform()
    chore = Takebacks(store.chats, {"chat": platform})
    await deleted(store, "1")

    async def failing(number: int) -> None:
        raise DiskFull("no room", folder="x")

    with monkeypatch.context() as patch:
        patch.setattr(store.chats, "taken_back", failing)
        with pytest.raises(DiskFull):
            await chore.run_once()
    await chore.run_once()
    assert [one.reply for one in platform.unsaid] == ["1", "1"]
    assert await left(store) == []
