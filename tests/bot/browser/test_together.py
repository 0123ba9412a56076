"""Two people on one chat, and what each may delete."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.bot.browser.conftest import Open, Sample
from tests.bot.browser.window import is_loaded

pytestmark = pytest.mark.asyncio(loop_scope="package")


GOING_UP_IS_OVER = "!document.querySelector('[data-state=sending], [data-state=queued]')"


async def test_two_pages_see_the_same_and_lose_what_its_poster_deletes(
    open_chat: Open, cat: Path, bus: Path
) -> None:
    mine, theirs = await open_chat("지은"), await open_chat("민호")
    await mine.post(cat, text="내 고양이")
    await theirs.post(bus, text="우리 버스")
    await mine.settle(2)
    await theirs.settle(2)
    assert await mine.ids() == await theirs.ids()
    said = [await window.part("comment").all_inner_texts() for window in (mine, theirs)]
    assert said[0] == said[1]
    await is_loaded(theirs.part("marked", theirs.photo("내 고양이")))
    await expect(mine.part("delete", mine.photo("우리 버스"))).to_be_hidden()
    await expect(theirs.part("delete", theirs.photo("내 고양이"))).to_be_hidden()

    await mine.part("delete", mine.photo("내 고양이")).click()
    await expect(mine.part("confirm-question")).to_contain_text("되돌릴 수 없어요")
    await mine.part("confirm-no").click()
    await expect(mine.part("confirm")).to_be_hidden()
    assert len(await mine.stored()) == 2
    await mine.part("delete", mine.photo("내 고양이")).click()
    await mine.part("confirm-yes").click()
    for window in (mine, theirs):
        await expect(window.photos).to_have_count(1)
        await expect(window.photo("우리 버스")).to_have_count(1)
    await expect(mine.part("line")).to_contain_text("지웠어요")
    await expect(theirs.part("line")).to_have_count(0)
    for window in (mine, theirs):
        await window.page.reload()
        await window.settle(1)
    assert len(await mine.stored()) == 1


ASK_TWICE = """one => {
  one.click();
  document.querySelector("[data-testid=confirm]").close();
  one.click();
}"""


async def test_a_question_that_is_asked_again_at_once_hears_its_answer(open_chat: Open, cat: Path) -> None:
    window = await open_chat()
    await window.post(cat)
    await window.settle(1)
    await window.part("delete").evaluate(
        ASK_TWICE
    )  # the browser tells of the first end after the second start
    await window.part("confirm-yes").click()

    await expect(window.photos).to_have_count(0)


async def test_deleting_all_of_mine_keeps_the_photos_of_others(open_chat: Open, sample: Sample) -> None:
    mine, theirs = await open_chat("지은"), await open_chat("민호")
    await mine.post(sample("cat"), sample("zidane"), text="내 것")
    await mine.settle(2)
    await theirs.post(sample("bus"), text="남의 것")
    await mine.settle(3)
    await mine.part("open-settings").click()
    await mine.part("delete-all").click()
    await expect(mine.part("confirm-question")).to_contain_text("지은 님")
    await mine.part("confirm-yes").click()

    for window in (mine, theirs):
        await expect(window.photos).to_have_count(1)
        await expect(window.photo("남의 것")).to_have_count(1)
    await expect(mine.part("settings")).to_be_hidden()
    await expect(mine.part("line")).to_contain_text("2")
    assert [photo["text"] for photo in await mine.stored()] == ["남의 것"]


async def test_a_photo_deleted_while_it_waits_for_its_answer_stays_away(open_chat: Open, cat: Path) -> None:
    window = await open_chat()
    await window.post(*[cat] * 6)
    await expect(window.shown("delete")).not_to_have_count(0)
    await window.part("open-settings").click()
    await window.part("delete-all").click()
    await window.page.wait_for_function(GOING_UP_IS_OVER)
    await window.part("confirm-yes").click()

    await expect(window.photos).to_have_count(0)
    await expect(window.part("line")).to_contain_text("지웠어요")
    await expect(window.part("answer")).to_have_count(0)
    assert await window.stored() == []
    await window.page.reload()
    await window.ready()
    await expect(window.photos).to_have_count(0)


async def test_chats_do_not_see_each_other(open_chat: Open, chat: str, cat: Path) -> None:
    here, there = await open_chat(), await open_chat(chat=f"{chat}-other")
    await here.post(cat)
    await here.settle(1)

    await expect(await there.find("고양이")).to_contain_text("못 찾았어요")
    await expect(there.photos).to_have_count(0)
    await expect(await here.find("고양이")).to_contain_text("1장")
