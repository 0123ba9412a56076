"""Slow and failing models: nothing else stands still for them, and nobody is left without a word."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import flight
from bot.texts import say
from storage.work import MAX_TRIES
from tests.bot.platforms.eyes import COMMENT, Eyes
from tests.bot.platforms.rooms import answers
from tests.bot.platforms.town import PLATFORMS, Town, town_at
from tests.bot.web.pages import flat, until

MANY = 10


async def test_while_ten_photos_are_being_looked_at_the_next_gets_its_sign_of_life(
    quick: Town, eyes: Eyes, platform: str
) -> None:
    """Signs, new photos and deletions do not wait for models, however long those take."""
    eyes.is_open.clear()
    party, corner = quick.room(platform, "잔치"), quick.room(platform, "구석")
    async with quick.running(PHOTOS_PER_MINUTE="1000") as service:
        posts = [await party.post(flat()) for _ in range(MANY)]
        await until(lambda: eyes.inside > 1)
        late = await corner.post(flat())
        await until(lambda: corner.signs(late) == 1)

        assert not party.said()
        assert service.health()["status"] == "ok"
        eyes.is_open.set()
        said = await answers(party, MANY)
        await answers(corner)
    assert [answer.reply_to for answer in said] == posts


async def test_a_model_that_keeps_failing_yields_an_apology_and_the_next_photo_its_answer(
    quick: Town, eyes: Eyes, platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flight, "RETRY_SECONDS", 0.01)
    eyes.failing = MAX_TRIES
    room = quick.room(platform)
    async with quick.running() as service:
        broken = await room.post(flat())
        await answers(room)
        fine = await room.post(flat())
        said = await answers(room, 2)
        assert service.desk
        desk = service.desk
        await until(lambda: desk.flying == 0)

    assert [answer.reply_to for answer in said] == [broken, fine]
    assert [answer.text for answer in said] == [say("ko", "error-quarantined"), COMMENT]


async def test_a_model_that_fails_once_is_asked_again(
    quick: Town, eyes: Eyes, platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flight, "RETRY_SECONDS", 0.01)
    eyes.failing = 1
    room = quick.room(platform)
    async with quick.running():
        await room.post(flat())
        [answer] = await answers(room)

    assert answer.text == COMMENT


async def test_models_that_take_too_long_are_left_out_and_the_answer_says_so(
    tmp_path: Path, cat: bytes
) -> None:
    async with town_at(tmp_path) as town:
        rooms = [town.room(platform) for platform in PLATFORMS]
        async with town.running(PART_SECONDS="0.001"):
            for room in rooms:
                for number in (1, 2):
                    await room.post(cat)
                    said = await answers(room, number)
                assert say("ko", "note-objects") in said[0].text
                assert say("ko", "note-objects") not in said[1].text  # once an hour is enough
                assert not said[0].pictures  # nobody could tell whether it may be shown
