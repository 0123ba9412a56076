"""Deleting: only one's own, at once, with a receipt, and at any moment of a photo's life."""

from __future__ import annotations

import asyncio

import pytest

from bot.texts import say
from models.records import Language
from tests.bot.web.pages import DONE, Page, flat, until

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def texts(page: Page, chat: str) -> list[str]:
    return [photo["text"] for photo in (await page.get(f"/api/chats/{chat}/photos")).document["photos"]]


@pytest.mark.parametrize("lang", ["ko", "en"])
async def test_a_receipt_counts_what_is_gone(page: Page, chat: str, cat: bytes, lang: Language) -> None:
    mine = await page.answer_to(chat, cat, text="산책하는 나비")

    said = await page.ask("DELETE", f"/api/photos/{mine['id']}?author=지은&lang={lang}")

    assert said.status == 200
    assert {name: said.document[name] for name in ("photos", "pictures", "words", "answers")} == {
        "photos": 1, "pictures": 1, "words": 1, "answers": 1
    }  # fmt: skip
    assert said.document["message"] == say(lang, "receipt", photos=1, answers=1)


async def test_a_deleted_photo_is_found_and_shown_no_more(page: Page, chat: str, cat: bytes) -> None:
    mine = await page.answer_to(chat, cat, text="산책하는 나비")
    assert [hit["photo"] for hit in (await page.find(chat, "고양이"))["hits"]] == [mine["id"]]

    await page.ask("DELETE", f"/api/photos/{mine['id']}?author=지은")

    for query in ("고양이", "산책", "나비", "cat"):
        assert (await page.find(chat, query))["outcome"] == "none"
    for path in ("", "/picture", "/marked", "/thumb"):
        assert (await page.get(f"/api/photos/{mine['id']}{path}")).status == 404
    assert await texts(page, chat) == []


async def test_a_page_that_shows_the_photo_is_told_that_it_is_gone(page: Page, chat: str) -> None:
    code = await page.post(chat, flat())
    async with page.listening(chat) as socket:
        await socket.synced()
        await page.ask("DELETE", f"/api/photos/{code}?author=지은")
        frame = await socket.until(lambda frame: frame["type"] == "gone")

    assert frame["photo"] == code


@pytest.mark.parametrize("lang", ["ko", "en"])
@pytest.mark.parametrize("author", ["민수", "지", "지은지은", "지은%00x", "%EC%A7%80%EC%9D%80%20%EA%B9%80"])
async def test_somebody_elses_photo_stays(page: Page, chat: str, author: str, lang: Language) -> None:
    theirs = await page.answer_to(chat, flat(), text="theirs")

    said = await page.ask("DELETE", f"/api/photos/{theirs['id']}?author={author}&lang={lang}")

    assert (said.status, said.document["error"]) == (403, "not-yours")
    assert said.document["message"] == say(lang, "error-not-yours")
    assert await texts(page, chat) == ["theirs"]


async def test_nobody_in_particular_deletes_nothing(page: Page, chat: str) -> None:
    code = await page.post(chat, flat(), text="stays")
    for path in (f"/api/photos/{code}", f"/api/chats/{chat}/photos"):
        for query in ("", "?author=", "?author=%20", "?author=" + "a" * 41):
            said = await page.ask("DELETE", path + query)

            assert (said.status, said.document["error"]) == (400, "bad-name")
    assert await texts(page, chat) == ["stays"]


async def test_deleting_all_of_mine_leaves_the_others_and_my_other_chats(page: Page, chat: str) -> None:
    for author, text in (("지은", "a"), ("민수", "b"), ("지은", "c"), ("지은이", "d")):
        await page.answer_to(chat, flat((len(text), 1, 1)), author=author, text=text)
    await page.answer_to(f"{chat}-2", flat(), author="지은", text="e")

    said = await page.ask("DELETE", f"/api/chats/{chat}/photos?author=지은")
    again = await page.ask("DELETE", f"/api/chats/{chat}/photos?author=지은")

    assert (said.document["photos"], said.document["answers"]) == (2, 2)
    assert (again.status, again.document["photos"]) == (200, 0)
    assert again.document["message"] == say("ko", "receipt-nothing")
    assert (await texts(page, chat), await texts(page, f"{chat}-2")) == (["d", "b"], ["e"])


async def test_a_repost_keeps_its_picture_when_the_first_one_goes(page: Page, chat: str) -> None:
    first, second = [await page.answer_to(chat, flat((9, 99, 9)), text=text) for text in "ab"]

    said = await page.ask("DELETE", f"/api/photos/{first['id']}?author=지은")

    assert (said.document["photos"], said.document["pictures"]) == (1, 0)
    assert (await page.get(f"/api/photos/{second['id']}/picture")).status == 200


async def test_a_second_time_there_is_nothing_to_delete(page: Page, chat: str) -> None:
    code = await page.post(chat, flat())
    statuses = await asyncio.gather(
        *(page.ask("DELETE", f"/api/photos/{code}?author=지은") for _ in range(5))
    )

    assert {said.status for said in statuses} <= {200, 404}
    assert sum(said.document.get("photos", 0) for said in statuses) == 1
    assert (await page.ask("DELETE", f"/api/photos/{code}?author=지은")).status == 404


async def test_a_deleted_message_is_not_taken_in_again(page: Page, chat: str) -> None:
    code = await page.post(chat, flat(), key="once")
    await page.ask("DELETE", f"/api/photos/{code}?author=지은")

    await page.upload(chat, flat(), key="once")

    assert await texts(page, chat) == []


async def test_photos_deleted_at_any_moment_of_their_flight_leave_nothing(page: Page, chat: str) -> None:
    codes = []
    for number in range(16):
        codes.append(await page.post(chat, flat((number, 200, 3)), text=f"flight{number}"))
        await asyncio.sleep(number * 0.005)  # another moment each time
        said = await page.ask("DELETE", f"/api/photos/{codes[-1]}?author=지은")
        assert (said.status, said.document["photos"]) == (200, 1)
    last = await page.answer_to(chat, flat(), text="last")

    assert last["state"] in DONE
    assert page.service.desk
    desk = page.service.desk
    await until(lambda: desk.flying == 0)
    assert desk.quarantined == 0
    assert await texts(page, chat) == ["last"]
    assert (await page.find(chat, "flight3"))["hits"] == []
