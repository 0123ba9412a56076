"""Stopping in the middle of everything: in time, without a trace, and without losing anything."""

from __future__ import annotations

import asyncio
import time

from tests.bot.platforms.eyes import Eyes
from tests.bot.platforms.rooms import Post, Room, answers
from tests.bot.platforms.town import PLATFORMS, Town, ours
from tests.bot.web.pages import flat, until

STOP_SECONDS = 10.0  # as promised
LONG_SECONDS = 30.0
PHOTOS = 12
FREE = {"PHOTOS_PER_MINUTE": "1000"}


async def told_once(town: Town, rooms: list[Room], posts: list[list[Post]]) -> None:
    """Wait until every photo has its answer, given in the order of the photos; none has two."""
    for room, posted in zip(rooms, posts, strict=True):
        said = await answers(room, len(posted))
        await town.settled_in(room)
        assert sorted(answer.reply_to.id for answer in said) == [post.id for post in posted]
        kept = await town.photos(room)
        assert kept == sorted(kept, key=lambda photo: (photo.answered_at, photo.seq))


async def test_a_stop_under_load_is_quick_and_what_was_in_flight_is_answered_after_the_next_start(
    quick: Town, eyes: Eyes
) -> None:
    rooms = [quick.room(platform) for platform in PLATFORMS]
    eyes.seconds = 0.1
    before = ours(asyncio.all_tasks())
    async with quick.running(**FREE):
        posts = [[await room.post(flat()) for _ in range(PHOTOS)] for room in rooms]
        for room in rooms:
            await answers(room, 2)
        started = time.monotonic()
    seconds = time.monotonic() - started

    assert seconds < STOP_SECONDS
    assert ours(asyncio.all_tasks()) == before
    assert any(len(room.said()) < PHOTOS for room in rooms)
    eyes.seconds = 0.0
    async with quick.running(**FREE):
        await told_once(quick, rooms, posts)
        await quick.settled()
        await told_once(quick, rooms, posts)


async def test_a_stop_waits_neither_for_a_model_nor_for_a_platform_that_never_answers(
    quick: Town, eyes: Eyes
) -> None:
    rooms = [quick.room(platform) for platform in PLATFORMS for _ in range(2)]
    before = ours(asyncio.all_tasks())
    async with quick.running(**FREE) as service:
        quick.discord.faults.plan("delay", "POST /channels/.*/messages$", times=99, seconds=LONG_SECONDS)
        quick.telegram.faults.plan("delay", "file/", times=99, seconds=LONG_SECONDS)
        posts = [[await room.post(flat())] for room in rooms[::2]]
        assert service.desk
        desk = service.desk
        await until(lambda: desk.flying == 2 and len(eyes.looks) == 1)  # one is fetched, one is told of
        eyes.is_open.clear()
        posts += [[await room.post(flat())] for room in rooms[1::2]]
        await until(lambda: desk.flying == 4 and eyes.inside == 1)
        started = time.monotonic()
    seconds = time.monotonic() - started

    assert seconds < STOP_SECONDS
    assert ours(asyncio.all_tasks()) == before
    eyes.is_open.set()
    quick.discord.faults.clear()
    quick.telegram.faults.clear()
    async with quick.running(**FREE):
        await told_once(quick, [*rooms[::2], *rooms[1::2]], posts)


async def test_what_is_posted_while_we_stop_is_answered_after_the_next_start(quick: Town, eyes: Eyes) -> None:
    rooms = [quick.room(platform) for platform in PLATFORMS]
    async with quick.running(**FREE) as service:
        posts = [[await room.post(flat())] for room in rooms]
        await told_once(quick, rooms, posts)
        eyes.seconds = 0.5
        for room, posted in zip(rooms, posts, strict=True):
            posted.append(await room.post(flat()))
        assert service.desk
        desk = service.desk
        await until(lambda: desk.flying)
        stopping = asyncio.create_task(service._end())
        await until(lambda: desk.is_stopping)
        for room, posted in zip(rooms, posts, strict=True):
            posted += [await room.post(flat()) for _ in range(3)]
        await stopping
    eyes.seconds = 0.0
    async with quick.running(**FREE):
        await told_once(quick, rooms, posts)
