"""Away for ten minutes, and back into everything that was posted meanwhile."""

from __future__ import annotations

import pytest

from tests.bot.platforms.backlog import Backlog
from tests.bot.platforms.eyes import Eyes
from tests.bot.platforms.rooms import answers
from tests.bot.platforms.town import PLATFORMS, Town
from tests.bot.web.pages import flat, until


async def test_a_restart_into_a_backlog_answers_what_is_young_and_keeps_what_is_old(quick: Town) -> None:
    backlog = Backlog(quick, rooms=3, young=18, old=2)
    await backlog.pile_up(flat())

    async with quick.running():
        await backlog.answered()
        await backlog.check()


async def test_deletions_while_we_were_stopped_are_honoured(quick: Town) -> None:
    with quick.ago(hours=3):
        rooms = [quick.room(platform) for platform in PLATFORMS]
    async with quick.running():
        early = [await room.post(flat((1, 1, 1)), text="먼저") for room in rooms]
        before = [await answers(room) for room in rooms]
    late = [await room.post(flat((2, 2, 2)), text="나중") for room in rooms]
    stays = [await room.post(flat((3, 3, 3)), text="그대로") for room in rooms]
    for room, *posts in zip(rooms, early, late, strict=True):
        for post in posts:
            await room.delete(post)

    async with quick.running():
        for room, post in zip(rooms, stays, strict=True):
            await until(lambda room=room, post=post: room.said() and room.said()[-1].reply_to is post)  # type: ignore[misc]  # bound early
        await quick.settled()
        await until(lambda: before[0][0].is_gone)  # Telegram tells no bot of what it answered already

        assert [photo.text for photo in await quick.photos(rooms[0])] == ["그대로"]
        assert [photo.text for photo in await quick.photos(rooms[1])] == ["먼저", "그대로"]
        for room in rooms:
            assert await quick.found(room, "나중") == []


async def test_platforms_that_go_away_while_we_run_are_made_up_for(quick: Town, eyes: Eyes) -> None:
    rooms = [quick.room(platform) for platform in PLATFORMS]
    async with quick.running() as service:
        early = [await room.post(flat()) for room in rooms]
        for room in rooms:
            await answers(room)
        quick.discord.outage(True)
        quick.telegram.outage(True)
        quick.discord.invalidate()  # after ten minutes no session can be gone on with
        await until(lambda: {service.adapters[name].status for name in PLATFORMS} == {"offline"})
        late = [[await room.post(flat()) for _ in range(3)] for room in rooms]
        quick.discord.outage(False)
        quick.telegram.outage(False)
        told = [await answers(room, 4) for room in rooms]
        await quick.settled()

        assert {service.adapters[name].status for name in PLATFORMS} == {"online"}
    assert [[one.reply_to for one in said] for said in told] == [
        [first, *others] for first, others in zip(early, late, strict=True)
    ]
    assert [len(room.said()) for room in rooms] == [4, 4]


async def test_a_photo_whose_platform_goes_away_before_its_answer_is_answered_when_it_is_back(
    quick: Town, eyes: Eyes
) -> None:
    rooms = [quick.room(platform) for platform in PLATFORMS]
    async with quick.running() as service:
        eyes.is_open.clear()
        posts = [await room.post(flat()) for room in rooms]
        await until(lambda: eyes.inside == 2)
        quick.discord.outage(True)
        quick.telegram.outage(True)
        eyes.is_open.set()
        assert service.desk
        desk = service.desk
        await until(lambda: not desk.flying)
        quick.discord.outage(False)
        quick.telegram.outage(False)
        told = [await answers(room) for room in rooms]

    assert [answer.reply_to for [answer] in told] == posts


@pytest.mark.parametrize(("away", "here"), [PLATFORMS, PLATFORMS[::-1]])
async def test_one_platform_away_is_nothing_to_the_other(quick: Town, away: str, here: str) -> None:
    rooms = {name: quick.room(name) for name in PLATFORMS}
    stand_in = quick.discord if away == "discord" else quick.telegram
    async with quick.running() as service:
        stand_in.outage(True)
        await until(lambda: service.adapters[away].status == "offline")
        late = await rooms[away].post(flat())
        await rooms[here].post(flat())
        await answers(rooms[here])
        assert service.adapters[here].status == "online"
        stand_in.outage(False)
        [answer] = await answers(rooms[away])

    assert answer.reply_to is late
