"""A photo on its way from its platform to its answer: in order, with patience, once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from bot import desk, flight
from bot.platform import Gone, Later
from models.errors import TooManyBytes, Undecodable
from storage.records import Photo
from tests.bot.chatting import OTHER, Chat, at_rest, photo
from tests.bot.stands_in import at_work, open_store, until


@pytest.fixture
async def chat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Chat]:
    for module in (desk, flight):
        monkeypatch.setattr(module, "RETRY_SECONDS", 0.01)
    store = open_store(tmp_path / "data")
    yield Chat(store)
    await asyncio.to_thread(store.close)


# As it should be


async def test_photos_are_fetched_looked_at_and_answered_in_their_order(chat: Chat) -> None:
    codes = await chat.post(*"12345")
    async with at_work(chat.desk):
        await until(lambda: chat.are_told(codes))

    assert sorted(chat.platform.fetched) == list("12345")
    assert chat.platform.sent == [(one,) for one in "12345"]
    first = await chat.found(codes[0])
    assert (first.state, first.reply, first.is_doubtful, first.flight) == ("answered", "r1", False, "")


async def test_an_album_is_answered_once_in_the_order_of_its_photos(chat: Chat) -> None:
    codes = await chat.post(*"123", album="a", settle=0.2)
    chat.desk.wake_in(0.21)
    async with at_work(chat.desk):
        await until(lambda: chat.are_told(codes))
        await at_rest(chat.desk)

    assert chat.platform.sent == [("1", "2", "3")]
    assert {(await chat.found(code)).reply for code in codes} == {"r1 r2 r3"}


async def test_a_silent_photo_is_kept_and_not_answered(chat: Chat) -> None:
    [accepted] = await chat.store.receive([photo()], "ko", is_silent=True)
    async with at_work(chat.desk):
        await until(lambda: chat.store_state(accepted.photo, "answered"))
        await at_rest(chat.desk)

    assert chat.platform.sent == []


# Refused


@pytest.mark.parametrize("where", ["fetching", "opening"])
async def test_who_posted_what_cannot_be_read_is_told_so(chat: Chat, where: str) -> None:
    error = TooManyBytes("too large", found=60, megabytes=50) if where == "fetching" else Undecodable("torn")

    async def fetching(photo: Photo) -> bytes:
        if where == "fetching":
            raise error
        return b"x"

    chat.platform.fetching, chat.eyes.refusal = fetching, error
    codes = await chat.post("1")
    async with at_work(chat.desk):
        await until(lambda: chat.are_told(codes))

    [told] = chat.platform.photos
    assert (told.state, told.error, told.error_data) == ("refused", error.code, error.data)
    assert chat.platform.fetched == ["1"]


async def test_one_photo_that_cannot_be_read_does_not_keep_its_album_back(chat: Chat) -> None:
    async def fetching(photo: Photo) -> bytes:
        if photo.message == "2":
            raise Undecodable("torn")
        return photo.id.encode()

    chat.platform.fetching = fetching
    codes = await chat.post(*"123", album="a")
    async with at_work(chat.desk):
        await until(lambda: chat.are_told(codes))

    assert chat.platform.sent == [("1", "2", "3")]
    assert [one.state for one in chat.platform.photos] == ["analysed", "refused", "analysed"]


# Later


async def test_a_chat_that_asks_for_patience_gets_it_and_the_others_go_on(chat: Chat) -> None:
    asked = list[str]()

    async def sending(photos: Sequence[Photo]) -> str:
        asked.append(photos[0].message)
        if asked.count("1") == 1 and photos[0].message == "1":
            raise Later(0.3)
        return ""

    chat.platform.sending = sending
    codes = await chat.post("1", "2")
    others = await chat.post("8", "9", place=OTHER)
    async with at_work(chat.desk):
        await until(lambda: chat.are_told(others))
        assert "2" not in asked
        await until(lambda: chat.are_told(codes))

    assert asked.count("2") == 1  # who comes after did not even ask
    assert [one for one in chat.platform.sent if one[0] in "12"] == [("1",), ("2",)]
    assert chat.eyes.looks.count(str((await chat.found(codes[0])).scope)) == 2  # what was seen is kept


async def test_a_platform_that_has_no_time_to_hand_a_photo_out_is_asked_again(chat: Chat) -> None:
    async def fetching(photo: Photo) -> bytes:
        if len(chat.platform.fetched) < 3:
            raise Later(0.05)
        return b"x"

    chat.platform.fetching = fetching
    codes = await chat.post("1")
    async with at_work(chat.desk):
        await until(lambda: chat.are_told(codes))

    assert chat.platform.fetched == ["1"] * 3
    assert (await chat.found(codes[0])).tries == 0


async def test_the_longer_wait_counts_when_a_chat_is_told_twice_to_wait(chat: Chat) -> None:
    chat.desk.hold(1, 60.0)
    chat.desk.hold(1, 0.1)
    assert chat.desk.held()[1] > 50


async def test_no_platform_may_hold_a_chat_for_ever(chat: Chat) -> None:
    async def fetching(photo: Photo) -> bytes:
        raise Later(1e9)

    chat.platform.fetching = fetching
    [code] = await chat.post("1")
    async with at_work(chat.desk):
        await until(lambda: bool(chat.desk.held()))

    assert max(chat.desk.held().values()) <= flight.MOST_SECONDS
    assert (await chat.found(code)).flight == ""


# Order


async def test_who_comes_later_does_not_overtake_though_one_between_ends_early(chat: Chat) -> None:
    """What is between has no answer of its own: gone, silent, or part of an album."""
    may_go = asyncio.Event()

    async def fetching(photo: Photo) -> bytes:
        if photo.message == "1":
            await may_go.wait()
        if photo.message == "2":
            raise Gone(photo.id)
        return photo.id.encode()

    chat.platform.fetching = fetching
    first, gone, last = await chat.post(*"123")
    async with at_work(chat.desk):
        await until(lambda: chat.is_gone(gone))
        await until(lambda: chat.store_state(last, "analysed", "answered"))
        await asyncio.sleep(0.05)
        assert chat.platform.sent == []
        may_go.set()
        await until(lambda: chat.are_told([first, last]))

    assert chat.platform.sent == [("1",), ("3",)]
