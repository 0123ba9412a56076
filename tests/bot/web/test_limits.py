"""Too much at once, and closing: refusals are honest, and what was acknowledged is answered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from bot.texts import say
from models.records import Incoming, Language, Person, Place
from models.weights import Weights
from storage.records import Picture
from tests.bot.web.pages import Page, flat, serving, settings_in, until

pytestmark = pytest.mark.asyncio(loop_scope="module")

ROOM = 3


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def narrow(weights: Weights, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Page]:
    """A page of a service in which three photos may wait."""
    settings = settings_in(tmp_path_factory.mktemp("narrow"), WAITING_PHOTOS=str(ROOM))
    async with serving(settings) as found:
        assert found.service.desk
        await until(lambda: found.service.desk and found.service.desk.is_warm)
        yield found


async def fill(page: Page, chat: str) -> list[str]:
    """Let photos wait without telling the desk."""
    place, me = Place("web", "local", chat), Person("web", "지은", "지은")
    return [
        (
            await page.service.store.accept(
                Incoming(place, str(number), "0", me, datetime.now(UTC)),
                Picture(flat((number, 7, 7)), 96, 72),
                "ko",
            )
        ).photo
        for number in range(ROOM)
    ]


@pytest.mark.parametrize("lang", ["ko", "en"])
async def test_when_all_places_are_taken_a_photo_is_asked_to_come_again_and_then_taken(
    narrow: Page, chat: str, lang: Language
) -> None:
    waiting = await fill(narrow, chat)
    for _ in range(3):
        said = await narrow.upload(chat, flat(), key="k", lang=lang)
        assert (said.status, said.document["error"]) == (429, "busy")
        assert said.document["message"] == say(lang, "error-busy", place=ROOM)
        assert int(said.headers["Retry-After"]) >= 1
    assert [(await narrow.photo(code))["place"] for code in waiting] == [0, 1, 2]

    assert narrow.service.desk
    narrow.service.desk.wake()
    answer = await narrow.answer_to(chat, flat(), key="k")

    assert answer["state"] == "answered"
    assert [(await narrow.answered(code))["state"] for code in waiting] == ["answered"] * ROOM


async def test_of_a_flood_no_more_are_taken_than_there_is_room_for(narrow: Page, chat: str) -> None:
    most = 0

    async def watch() -> None:
        nonlocal most
        while True:
            most = max(most, await narrow.service.store.waiting())
            await asyncio.sleep(0.002)

    watching = asyncio.create_task(watch())
    said = await asyncio.gather(*(narrow.upload(chat, flat((n, 9, 9)), key=str(n)) for n in range(40)))
    taken = [one.document["photo"] for one in said if one.status == 202]
    for code in taken:
        assert (await narrow.answered(code))["state"] == "answered"
    watching.cancel()

    assert {one.status for one in said} == {202, 429}
    assert all(int(one.headers["Retry-After"]) >= 1 for one in said if one.status == 429)
    assert most <= ROOM
    listed = (await narrow.get(f"/api/chats/{chat}/photos", limit=100)).document["photos"]
    assert {photo["id"] for photo in listed} == set(taken)
    assert narrow.inside == 0


async def test_an_upload_that_is_refused_gives_its_place_back(narrow: Page, chat: str) -> None:
    for _ in range(2 * ROOM):
        assert (await narrow.upload(chat, b"no picture")).status == 415
        assert (await narrow.upload(chat, flat(), author="")).status == 400

    assert narrow.inside == 0
    assert (await narrow.upload(chat, flat())).status == 202


async def test_an_engine_with_little_room_answers_every_photo_and_puts_none_aside(
    weights: Weights, tmp_path: Path
) -> None:
    async with serving(settings_in(tmp_path, QUEUE_PHOTOS="1")) as page:
        codes = [await page.post("x", flat((number * 9, 5, 5))) for number in range(12)]
        states = {(await page.answered(code))["state"] for code in codes}

    assert states == {"answered"}


@pytest.mark.parametrize("lang", ["ko", "en"])
async def test_a_service_that_closes_takes_nothing_more_and_says_when_to_come(
    weights: Weights, tmp_path: Path, lang: Language
) -> None:
    async with serving(settings_in(tmp_path)) as page:
        assert page.service.intake
        page.service.intake.close()
        said = await page.upload("x", flat(), lang=lang)

    assert (said.status, said.document["error"]) == (503, "stopped")
    assert said.document["message"] == say(lang, "error-stopped")
    assert int(said.headers["Retry-After"]) >= 1


async def test_what_was_acknowledged_before_closing_is_answered_by_the_next_service(
    weights: Weights, tmp_path: Path
) -> None:
    settings = settings_in(tmp_path)
    taken: list[str] = []

    async def pour(page: Page, number: int) -> None:
        for turn in range(20):
            try:
                said = await page.upload("x", flat((number * 20, turn * 10, 0)), key=f"{number}-{turn}")
            except aiohttp.ClientError:
                return  # the door is closed
            if said.status == 202:
                taken.append(said.document["photo"])

    async with serving(settings) as page:
        pouring = [asyncio.create_task(pour(page, number)) for number in range(6)]
        await until(lambda: len(taken) >= 5)
        await page.service.__aexit__(None, None, None)
        await asyncio.gather(*pouring)
    async with serving(settings) as page:
        states = {code: (await page.answered(code))["state"] for code in taken}
        listed = (await page.get("/api/chats/x/photos", limit=200)).document["photos"]

    assert set(states.values()) == {"answered"}
    assert {photo["id"] for photo in listed} >= set(taken)


async def test_pages_that_listen_no_more_do_not_hold_the_door_open(weights: Weights, tmp_path: Path) -> None:
    async with serving(settings_in(tmp_path)) as page, page.listening("x"), page.listening("x"):
        async with asyncio.timeout(10):  # what a stop is promised to take at most
            await page.service.__aexit__(None, None, None)


async def test_an_open_page_is_told_that_the_service_goes(weights: Weights, tmp_path: Path) -> None:
    async with serving(settings_in(tmp_path)) as page, page.listening("x") as socket:
        await socket.synced()
        closing = asyncio.create_task(page.service.__aexit__(None, None, None))
        message = await socket.socket.receive(timeout=20)
        await closing

    assert (message.type, message.data) == (aiohttp.WSMsgType.CLOSE, aiohttp.WSCloseCode.GOING_AWAY)
