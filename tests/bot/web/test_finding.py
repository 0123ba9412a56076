"""`/find` of a chat: by what was said and what is seen, there and nowhere else."""

from __future__ import annotations

import random

import pytest

from bot.adapters.web.finding import MOST
from bot.texts import say
from models.records import Language
from tests.bot.web.pages import Page, flat

pytestmark = pytest.mark.asyncio(loop_scope="package")

ODD = "\"'*()-+:^~{}[]<>|&;,.?!%_\\/\x00\t\n\u202e\u200d\ufeff😀👨‍👩‍👧ㄱㅏ가힣각Aé٣"


async def test_a_photo_is_found_by_a_word_that_was_posted_with_it(page: Page, chat: str) -> None:
    await page.answer_to(chat, flat((1, 2, 3)), text="다른 이야기")
    wanted = await page.answer_to(chat, flat(), text="주말에 산책했어요", author="민수")

    found = await page.find(chat, "산책")

    assert (found["query"], found["outcome"], found["message"]) == ("산책", "found", None)
    (hit,) = found["hits"]
    assert set(hit) == {"photo", "score", "reason", "sent_at", "author", "width", "height"}
    assert (hit["photo"], hit["author"], hit["sent_at"]) == (wanted["id"], "민수", wanted["sent_at"])
    assert (hit["width"], hit["height"]) == (wanted["width"], wanted["height"])
    assert "산책" in hit["reason"]
    assert 0 < hit["score"] <= 1


@pytest.mark.parametrize(
    ("query", "lang", "reason"),
    [("고양이", "ko", "고양이"), ("cat", "ko", "고양이"), ("고양이", "en", "cat"), ("cats", "en", "cat")],
)
async def test_a_photo_is_found_by_what_is_seen_on_it_in_either_language(
    page: Page, chat: str, cat: bytes, query: str, lang: str, reason: str
) -> None:
    wanted = await page.answer_to(chat, cat)

    found = await page.find(chat, query, lang=lang)

    assert [(hit["photo"], hit["reason"]) for hit in found["hits"]] == [(wanted["id"], reason)]


async def test_another_chat_never_shows_in_hits_scores_or_reasons(page: Page, chat: str, cat: bytes) -> None:
    mine = await page.answer_to(chat, cat, text="비밀 정원")
    alone = await page.find(chat, "비밀 고양이")
    for number in range(5):
        await page.answer_to(f"{chat}-2", cat, text=f"비밀 고양이 {number}")

    here, there = await page.find(chat, "비밀 고양이"), await page.find(f"{chat}-2", "정원")

    assert here["hits"] == alone["hits"]
    assert [hit["photo"] for hit in here["hits"]] == [mine["id"]]
    assert there["hits"] == []
    assert (await page.find(f"{chat}-3", "고양이"))["hits"] == []


@pytest.mark.parametrize("lang", ["ko", "en"])
async def test_what_is_not_there_is_said_to_be_not_there(page: Page, chat: str, lang: Language) -> None:
    await page.answer_to(chat, flat())

    found = await page.find(chat, "잠수함", lang=lang)

    assert (found["outcome"], found["hits"]) == ("none", [])
    assert found["message"] == say(lang, "find-none", query="잠수함")


@pytest.mark.parametrize("lang", ["ko", "en"])
async def test_a_slip_of_the_finger_is_answered_with_a_question(
    page: Page, chat: str, lang: Language
) -> None:
    await page.answer_to(chat, flat(), text="해바라기밭")

    found = await page.find(chat, "해바라가", lang=lang)

    assert (found["outcome"], found["message"]) == ("maybe", say(lang, "find-maybe"))


@pytest.mark.parametrize("lang", ["ko", "en"])
@pytest.mark.parametrize("query", ["", "   ", "\n\t"])
async def test_an_empty_query_is_asked_back(page: Page, chat: str, query: str, lang: Language) -> None:
    for said in (
        await page.get(f"/api/chats/{chat}/find", q=query, lang=lang),
        await page.get(f"/api/chats/{chat}/find", lang=lang),
    ):
        assert (said.status, said.document["error"]) == (400, "empty-query")
        assert said.document["message"] == say(lang, "error-empty-query")


@pytest.mark.parametrize("query", ["가" * 500, "cat " * 125, "😀" * 500, '"' * 500])
async def test_five_hundred_signs_are_a_query_too(page: Page, chat: str, query: str) -> None:
    await page.answer_to(chat, flat(), text="cat")

    assert (await page.find(chat, query))["query"] == query.strip()


async def test_a_limit_is_kept_and_has_bounds(page: Page, chat: str) -> None:
    for number in range(4):
        await page.post(chat, flat((number, 0, 0)), text="같은 말", key=str(number))
    await page.answered(await page.post(chat, flat(), text="같은 말"))

    assert len((await page.find(chat, "같은 말", limit=2))["hits"]) == 2
    assert len((await page.find(chat, "같은 말", limit=10**9))["hits"]) <= MOST
    assert (await page.find(chat, "같은 말", limit=0))["hits"] == []
    for limit in ("-1", "x", "1.5", "", "٣", "9" * 40):
        said = await page.get(f"/api/chats/{chat}/find", q="말", limit=limit)
        assert (said.status, said.document["error"]) == (400, "bad-request"), limit


async def test_a_photo_that_is_still_being_looked_at_does_not_disturb(page: Page, chat: str) -> None:
    code = await page.post(chat, flat(), text="지금 막")

    assert {hit["photo"] for hit in (await page.find(chat, "지금 막"))["hits"]} <= {code}


async def test_two_hundred_hostile_queries_are_answered_like_any_other(page: Page, chat: str) -> None:
    await page.answer_to(chat, flat(), text="가 OR 나 NEAR scope:s1 산책")
    chance = random.Random(11)
    words = [
        "OR",
        "AND",
        "NOT",
        "NEAR(",
        "scope:s1",
        "labels:*",
        "';--",
        "* OR *",
        '"a',
        'a"',
        "산책",
        "{x y}:z",
    ]
    for _ in range(200):
        letters = "".join(chance.choices(ODD, k=chance.randint(1, 30)))
        query = " ".join(chance.sample([letters, *words], chance.randint(1, 6)))
        said = await page.get(f"/api/chats/{chat}/find", q=query)

        assert said.status in (200, 400), query
        assert said.status == 200 or not query.strip()


@pytest.mark.parametrize("query", ["%FF%FE", "%ED%A0%80", "%00", "%", "%zz", "&q=a", "+", "a" * 7000])
async def test_a_query_of_broken_bytes_is_answered(page: Page, chat: str, query: str) -> None:
    reader, writer = await page.connection()
    head = f"GET /api/chats/{chat}/find?q={query} HTTP/1.1\r\nHost: {page.host}\r\nConnection: close\r\n"
    writer.write(f"{head}Cookie: {page.cookie}\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()

    assert answer.split(maxsplit=2)[1] in (b"200", b"400"), answer
