"""What a person chooses is kept, and the conversation is there again."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from bot.texts import say
from tests.bot.browser.album import PHOTOS
from tests.bot.browser.conftest import Open
from tests.bot.browser.window import Window

pytestmark = pytest.mark.asyncio(loop_scope="package")

HANGUL = re.compile("[가-힣]")
HEAD = "[...document.querySelectorAll('[data-testid=photo]')].map(one => Number(one.dataset.order))"


async def test_the_language_changes_what_the_page_says_and_is_kept(open_chat: Open, cat: Path) -> None:
    window = await open_chat(name="Jieun")
    html = window.page.locator("html")
    await window.post(cat)
    await window.settle(1)
    await expect(html).to_have_attribute("lang", "ko")
    said = await window.part("comment").inner_text()
    assert HANGUL.search(said)
    await window.part("open-settings").click()
    await window.part("language-en").check()
    await expect(html).to_have_attribute("lang", "en")
    await window.part("settings-close").click()
    await window.post(cat)
    await window.settle(2)

    for _ in range(2):
        await expect(window.page).to_have_title("Chalkak")
        await expect(window.part("chips").locator("li")).to_have_text(["Cat", "Cat"])
        comments = await window.part("comment").all_inner_texts()
        assert comments[0] == said  # it was said in Korean and stays what was said
        assert not HANGUL.search(comments[1])
        body = await window.page.locator("body").inner_text()
        assert not HANGUL.search(body.replace(said, ""))
        assert all("lang=en" in address for address in await marked(window))
        await window.page.reload()
        await window.settle(2)
    await window.part("open-settings").click()
    await window.part("language-ko").check()
    await expect(window.part("chips").locator("li")).to_have_text(["고양이", "고양이"])
    assert all("lang=ko" in address for address in await marked(window))


@pytest.fixture
def damaged(bus: Path, tmp_path: Path) -> Path:
    """A photo whose last quarter is missing."""
    whole, path = bus.read_bytes(), tmp_path / "damaged.jpg"
    path.write_bytes(whole[: len(whole) * 3 // 4])
    return path


async def test_what_the_service_told_of_a_photo_is_told_again_in_the_new_language(
    open_chat: Open, damaged: Path
) -> None:
    window = await open_chat()
    await window.post(damaged)
    await window.settle(1)
    await window.part("why-summary").click()
    await expect(window.part("notes")).to_have_text(say("ko", "note-partial"))
    await window.part("open-settings").click()
    await window.part("language-en").check()

    await expect(window.part("notes")).to_have_text(say("en", "note-partial"))


async def marked(window: Window) -> list[str]:
    found: list[str] = await window.part("marked").evaluate_all("all => all.map(one => one.src)")
    return found


async def test_name_and_theme_are_kept_over_a_reload(open_chat: Open, cat: Path) -> None:
    window = await open_chat(color_scheme="light")
    await window.post(cat)
    await window.settle(1)
    await expect(window.photos).to_have_class(re.compile("mine"))
    light = await paper(window)
    await window.part("open-settings").click()
    await window.part("name").fill("  새   이름 ")
    await window.part("theme-dark").check()
    await window.part("name").press("Enter")
    await expect(window.part("settings")).to_be_hidden()

    assert await paper(window) < 100 < 200 < light
    await window.page.reload()
    await window.settle(1)
    assert await paper(window) < 100
    await expect(window.photos).not_to_have_class(re.compile("mine"))
    await window.part("open-settings").click()
    await expect(window.part("name")).to_have_value("새 이름")
    await expect(window.part("theme-dark")).to_be_checked()
    await window.part("theme-auto").check()
    assert await paper(window) == light
    await window.page.emulate_media(color_scheme="dark")
    assert await paper(window) < 100


async def paper(window: Window) -> int:
    """Return how bright the page is, 0 to 255."""
    color: str = await window.page.evaluate("getComputedStyle(document.body).backgroundColor")
    return int(re.findall(r"\d+", color)[0])


async def test_an_empty_name_keeps_the_old_one(open_chat: Open) -> None:
    window = await open_chat()
    await window.part("open-settings").click()
    await window.part("name").fill("   ")
    await window.part("settings-close").click()
    await window.page.reload()
    await window.ready()
    await window.part("open-settings").click()

    await expect(window.part("name")).to_have_value("지은")


async def test_the_history_is_in_order_and_older_photos_come_when_one_scrolls_up(
    open_chat: Open, album: str
) -> None:
    window = await open_chat(chat=album)
    await expect(window.photos.last).to_be_in_viewport()
    await expect(window.photos).to_have_count(30)
    newest = (await window.ids())[-1]
    for _ in range(2):
        await window.part("scroller").evaluate("main => main.scrollTo(0, 0)")
        await expect(window.photos).to_have_count(PHOTOS)

        order: list[float] = await window.page.evaluate(HEAD)
        assert order == sorted(set(order))
        codes = await window.ids()
        assert codes == [photo["id"] for photo in reversed(await window.stored())]
        assert codes[-1] == newest
        await window.page.reload()
        await window.ready()
    await expect(window.photos.last).to_be_in_viewport()


TOP = "one => one.querySelector('[data-testid=open]').getBoundingClientRect().top"
UP = f"one => {{ document.querySelector('main').scrollTo(0, 0); return ({TOP})(one); }}"


async def test_older_photos_come_in_without_moving_what_is_read(open_chat: Open, album: str) -> None:
    window = await open_chat(chat=album)
    first = window.photos.first
    await expect(window.photos).to_have_count(30)
    code = await first.get_attribute("data-id")
    photo = window.page.locator(f"[data-id='{code}']")
    before: float = await photo.evaluate(UP)
    await expect(window.photos).to_have_count(PHOTOS)

    assert abs(await photo.evaluate(TOP) - before) < 3


GROW_AND_LEAVE = """main => {
  document.querySelector("[role=log]").append(
    Object.assign(document.createElement("p"), {innerHTML: "<br>".repeat(20)}));
  main.scrollTo(0, 0);
}"""


async def test_a_reader_who_goes_up_while_the_conversation_grows_stays_up(
    open_chat: Open, album: str
) -> None:
    window = await open_chat(chat=album)
    await expect(window.photos.last).to_be_in_viewport()
    await expect(window.part("pill")).to_be_hidden()

    await window.part("scroller").evaluate(GROW_AND_LEAVE)

    await expect(window.part("pill")).to_be_visible()
    await expect(window.photos.last).not_to_be_in_viewport()
