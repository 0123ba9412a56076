"""Answers come in the order of the photos, whatever happens to one of them."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

import pytest

from bot import flight
from bot.platform import Later
from storage.records import Photo
from tests.bot.platforms.eyes import Eyes
from tests.bot.platforms.rooms import Post, Room, answers
from tests.bot.platforms.town import Town
from tests.bot.web.pages import flat

PHOTOS = 5
DISK_SECONDS = 0.2  # longer than the shortest time for which a chat is left alone


async def posted_and_answered(town: Town, room: Room) -> tuple[list[Post], list[Post]]:
    """Post some photos; return them, and what the answers reply to in the order in which they came."""
    posts = [await room.post(flat()) for _ in range(PHOTOS)]
    said = await answers(room, PHOTOS)
    await town.settled()
    return posts, [answer.reply_to for answer in said]


async def test_an_answer_that_is_put_off_is_not_overtaken_however_slow_the_disk_is(
    quick: Town, platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = quick.room(platform)
    async with quick.running() as service:
        adapter, store = service.adapters[platform], service.store
        usual, put_back, once = adapter.send, store.put_back, iter([Later(0.1)])

        async def send(photos: Collection[Photo]) -> str:
            for later in once:
                raise later
            return await usual(list(photos))

        async def slow(codes: Collection[str], **options: bool) -> None:
            await asyncio.sleep(DISK_SECONDS)
            await put_back(codes, **options)

        monkeypatch.setattr(adapter, "send", send)
        monkeypatch.setattr(store, "put_back", slow)
        posts, told = await posted_and_answered(quick, room)

    assert [posts.index(post) for post in told] == [*range(PHOTOS)]


async def test_a_photo_at_which_we_stumble_once_is_not_overtaken(
    quick: Town, eyes: Eyes, platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flight, "RETRY_SECONDS", 0.1)
    eyes.failing = 1
    room = quick.room(platform)
    async with quick.running():
        posts, told = await posted_and_answered(quick, room)

    assert [posts.index(post) for post in told] == [*range(PHOTOS)]
