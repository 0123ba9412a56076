"""The socket: everything that happens in a chat, once, in order, and again for whoever was away."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest

from bot.adapters.web.photos import PAGE
from bot.texts import say
from models.records import Language
from tests.bot.web.pages import SECONDS, Page, Socket, flat

pytestmark = pytest.mark.asyncio(loop_scope="package")


def merged(frames: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return what a page knows after these frames."""
    known: dict[str, dict[str, Any]] = {}
    for frame in frames:
        if frame["type"] == "photo":
            known[frame["photo"]["id"]] = frame["photo"]
        elif frame["type"] == "gone":
            known.pop(frame["photo"], None)
    return known


async def test_a_page_in_an_empty_chat_is_told_that_it_knows_everything(page: Page, chat: str) -> None:
    async with page.listening(chat) as socket:
        await socket.synced()

    assert [frame["type"] for frame in socket.frames] == ["synced"]


async def test_two_pages_see_the_same(page: Page, chat: str) -> None:
    async with page.listening(chat) as one, page.listening(chat) as two:
        codes = [await page.post(chat, flat((number * 40, 9, 9)), text=str(number)) for number in range(4)]
        for socket in (one, two):
            for code in codes:
                if merged(socket.frames).get(code, {}).get("state") != "answered":
                    await socket.done(code)

    assert merged(one.frames) == merged(two.frames)
    assert list(merged(one.frames)) == codes


async def test_the_numbers_of_changes_grow_on_a_socket(page: Page, chat: str) -> None:
    async with page.listening(chat) as socket:
        await socket.synced()
        await socket.done(await page.post(chat, flat()))
        await socket.synced()

    numbers = [frame["change"] for frame in socket.frames]
    assert numbers == sorted(numbers)


async def test_who_comes_back_misses_nothing_and_is_told_nothing_old(page: Page, chat: str) -> None:
    old = await page.answer_to(chat, flat(), text="old")
    gone = await page.answer_to(chat, flat((1, 1, 1)), text="gone")
    async with page.listening(chat) as before:
        after = await before.synced()
    new = await page.answer_to(chat, flat((2, 2, 2)), text="new")
    await page.ask("DELETE", f"/api/photos/{gone['id']}?author=지은")

    async with page.listening(chat, after) as back:
        await back.synced()

    assert old["id"] not in merged(back.frames)
    assert merged(back.frames)[new["id"]]["state"] == "answered"
    assert [f["photo"] for f in back.frames if f["type"] == "gone"] == [gone["id"]]


async def test_a_page_that_reconnects_all_the_time_ends_up_with_what_one_that_stays_has(
    page: Page, chat: str
) -> None:
    frames: list[dict[str, Any]] = []

    async def flicker(codes: asyncio.Future[list[str]]) -> None:
        after = 0
        while not codes.done() or {merged(frames).get(code, {}).get("state") for code in codes.result()} != {
            "answered"
        }:
            async with page.listening(chat, after) as socket:
                frame = await asyncio.wait_for(socket.socket.receive_json(), SECONDS)
                frames.append(frame)
                after = max(after, frame["change"])

    codes: asyncio.Future[list[str]] = asyncio.get_running_loop().create_future()
    page_in_a_tunnel = asyncio.create_task(flicker(codes))
    posted = [await page.post(chat, flat((number * 20, 200, 9))) for number in range(10)]
    codes.set_result(posted)
    await asyncio.wait_for(page_in_a_tunnel, SECONDS)

    async with page.listening(chat) as calm:
        await calm.synced()
    assert merged(frames) == merged(calm.frames)


@pytest.mark.parametrize("after", [10**15, 10**17])
async def test_a_page_from_the_future_is_told_everything_anew(page: Page, chat: str, after: int) -> None:
    known = await page.answer_to(chat, flat())

    async with page.listening(chat, after) as socket:
        last = await socket.synced()

    assert list(merged(socket.frames)) == [known["id"]]
    assert last < after


async def test_a_new_page_gets_the_newest_photos_in_their_order(page: Page, chat: str) -> None:
    codes = [await page.post(chat, flat(), text=str(number)) for number in range(PAGE + 3)]
    await page.answered(codes[-1])

    async with page.listening(chat) as socket:
        await socket.synced()

    assert list(merged(socket.frames)) == codes[-PAGE:]
    rest = (
        await page.get(f"/api/chats/{chat}/photos", before=merged(socket.frames)[codes[3]]["seq"])
    ).document
    assert [photo["id"] for photo in rest["photos"]] == codes[2::-1]


async def test_nothing_of_another_chat_arrives(page: Page, chat: str) -> None:
    async with page.listening(chat) as socket:
        await socket.synced()
        await page.answer_to(f"{chat}-2", flat(), text="elsewhere")
        await socket.done(await page.post(chat, flat(), text="here"))

    assert {photo["text"] for photo in merged(socket.frames).values()} == {"here"}


@pytest.mark.parametrize("query", ["after=x", "after=-1", "after=1e9", "after=" + "9" * 30])
async def test_a_cursor_that_is_no_number_is_refused(page: Page, chat: str, query: str) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as refusal:
        async with page.session.ws_connect(
            f"{page.origin}/ws/chats/{chat}?{query}", headers={"Cookie": page.cookie, "Origin": page.origin}
        ):
            pytest.fail("it is open")

    assert refusal.value.status == 400


@pytest.mark.parametrize("said", ["hello", "x" * 5000, "{}"])
async def test_what_a_page_says_is_not_listened_to_and_hurts_nobody(page: Page, chat: str, said: str) -> None:
    async with page.listening(chat) as loud, page.listening(chat) as calm:
        await calm.synced()
        await loud.socket.send_str(said)
        await calm.done(await page.post(chat, flat()))


async def test_a_waiting_photo_says_how_many_are_before_it(page: Page, chat: str) -> None:
    async with page.listening(chat) as socket:
        await socket.synced()
        codes = await asyncio.gather(*(page.post(chat, flat((n, n, n))) for n in range(6)))
        for code in codes:
            if merged(socket.frames).get(code, {}).get("state") != "answered":
                await socket.done(code)

    photos = [frame["photo"] for frame in socket.frames if frame["type"] == "photo"]
    assert all((photo["place"] is None) == (photo["state"] != "waiting") for photo in photos)
    assert all(photo["place"] >= 0 for photo in photos if photo["state"] == "waiting")


@pytest.mark.parametrize("lang", ["ko", "en"])
async def test_a_full_disk_is_told_once_to_every_page_and_deleting_and_finding_go_on(
    page: Page, chat: str, lang: Language
) -> None:
    known = await page.answer_to(chat, flat(), text="자전거 산책")
    folder = page.service.store.folder
    usual = folder.reserve_bytes
    async with page.listening(chat, lang=lang) as socket:
        folder.reserve_bytes = 10**18
        try:
            said = await page.upload(chat, flat(), lang=lang)
            assert (said.status, said.document["error"]) == (507, "disk-full")
            assert said.document["message"] == say(lang, "error-disk-full", folder=str(folder.path))
            assert (await notice(socket))["message"] == say(lang, "notice-disk")
            assert (await page.bare("GET", "/healthz")).document["status"] == "disk-low"
            assert (await page.find(chat, "산책"))["outcome"] == "found"
            gone = await page.ask("DELETE", f"/api/photos/{known['id']}?author=지은")
            assert (gone.status, gone.document["photos"]) == (200, 1)
        finally:
            folder.reserve_bytes = usual
        assert (await notice(socket))["message"] == say(lang, "notice-disk-over")
        assert (await page.upload(chat, flat())).status == 202
    assert len([frame for frame in socket.frames if frame["type"] == "notice"]) == 2


async def notice(socket: Socket) -> dict[str, Any]:
    return await socket.until(lambda frame: frame["type"] == "notice")
