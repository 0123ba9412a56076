"""The issue's promise: among other photos, the one posted is found by a word its poster never typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.bot.browser.album import PHOTOS
from tests.bot.browser.conftest import Open
from tests.bot.browser.window import is_loaded

pytestmark = pytest.mark.asyncio(loop_scope="package")


CODES = "all => all.map(one => one.src.split('/')[5])"


async def test_a_photo_is_found_first_by_words_that_its_poster_never_typed(
    open_chat: Open, album: str, cat: Path
) -> None:
    window = await open_chat(chat=album)
    before = len(await window.stored())
    assert before >= PHOTOS > 20
    await window.post(cat, text="집에서 심심해")
    photo = window.photo("집에서 심심해")
    await expect(photo).to_have_attribute("data-state", "answered")
    code = await photo.get_attribute("data-id")
    for query in ("고양이", "cat", "고양이 사진을 찾아 줘"):
        await expect(await window.find(query)).to_have_text("1장 찾았어요")

        first = window.part("hit").first
        await expect(window.part("hit-reason", first)).to_contain_text("고양이")
        await expect(first.locator("img")).to_have_attribute("src", f"/api/photos/{code}/thumb")
        await is_loaded(first.locator("img"))
    await window.part("hit-open").first.click()
    await expect(window.part("find")).to_be_hidden()
    await expect(photo).to_be_focused()
    await expect(photo).to_be_in_viewport()
    await window.part("delete", photo).click()
    await window.part("confirm-yes").click()
    await expect(photo).to_have_count(0)
    await expect(await window.find("고양이")).not_to_contain_text("1장")


@pytest.mark.parametrize(("language", "word"), [("ko", "유니콘"), ("en", "unicorn")])
async def test_what_is_nowhere_is_said_kindly_and_nothing_else_is_offered(
    open_chat: Open, album: str, language: str, word: str
) -> None:
    window = await open_chat(chat=album, language=language)
    await window.find("사람" if language == "ko" else "person")
    await expect(window.part("hit").first).to_be_visible()
    outcome = await window.find(word)

    await expect(outcome).to_contain_text(word)
    await expect(outcome).to_contain_text("못 찾았어요" if language == "ko" else "found no")
    await expect(window.part("hit")).to_have_count(0)


async def test_the_composer_understands_find_and_help(open_chat: Open, album: str) -> None:
    window = await open_chat(chat=album)
    text = window.part("text")
    await text.fill("/찾기 사람")
    async with window.page.expect_response(lambda response: "/find?" in response.url):
        await text.press("Enter")
    await expect(window.part("find-query")).to_have_value("사람")
    await expect(window.part("hit").first).to_be_visible()
    await expect(text).to_have_value("")
    await window.part("close-find").click()
    for command, told in (("/도움", "“/찾기 자전거”로"), ("/constructor", "아직 몰라요")):
        await text.fill(command)
        await text.press("Enter")
        await expect(window.part("line").last).to_contain_text(told)
    await expect(window.photos.last).to_be_visible()


async def test_an_empty_question_is_not_asked(open_chat: Open, chat: str) -> None:
    window = await open_chat()
    await window.part("open-find").click()
    await window.part("find-query").press("Enter")

    await expect(window.part("find-outcome")).to_have_text("무엇을 찾을지 적어 주세요.")
    assert not [address for address in window.watch.addresses if "/find?" in address]


async def test_a_found_photo_of_long_ago_opens_large(open_chat: Open, album: str) -> None:
    window = await open_chat(chat=album)
    await window.find("사람")
    loaded = set(await window.ids())
    hits = (
        await window.part("hit").locator("img").evaluate_all("all => all.map(one => one.src.split('/')[5])")
    )
    old = [code for code in hits if code not in loaded] or [hits[-1]]
    await window.part("hit-open").nth(hits.index(old[0])).click()
    if old[0] in loaded:
        await expect(window.focused).to_have_attribute("data-id", old[0])
        return
    await expect(window.part("viewer")).to_be_visible()
    await is_loaded(window.part("viewer-picture"))
    await window.page.keyboard.press("Escape")
    await expect(window.part("find")).to_be_visible()
    await expect(window.focused).to_have_attribute("data-testid", "hit-open")
