"""Photos go up from the page by every way there is, and their answers come down."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.async_api import Locator, expect

from tests.bot.browser.conftest import Open, Sample
from tests.bot.browser.window import Window, encoded, is_loaded

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def is_answered(window: Window, photo: Locator) -> None:
    """Prove that an answer says something, shows the marked picture, and tells what was seen."""
    assert (await window.part("comment", photo).inner_text()).strip()
    await is_loaded(window.part("marked", photo))
    await is_loaded(window.part("picture", photo))
    assert await window.part("marked", photo).get_attribute("alt")


async def test_several_chosen_photos_are_each_answered_once(open_chat: Open, sample: Sample) -> None:
    window = await open_chat()
    await expect(window.part("welcome")).to_be_visible()
    await window.post(sample("bus"), sample("zidane"), sample("cat"), text="주말에 찍은 것들")

    await expect(window.photos).to_have_count(3)  # at once, before the service knows them
    await expect(window.part("welcome")).to_be_hidden()
    await expect(window.part("text")).to_have_value("")
    await window.settle(3)
    assert await window.states() == ["answered"] * 3
    await expect(window.shown("said-text")).to_have_text(["주말에 찍은 것들"])  # once for all three
    for photo in await window.photos.all():
        await is_answered(window, photo)
    assert len(await window.stored()) == 3


async def test_chips_name_what_was_seen_and_how_often(open_chat: Open, bus: Path) -> None:
    window = await open_chat()
    await window.post(bus)
    await window.settle(1)

    chips = await window.part("chips").locator("li").all_inner_texts()
    assert "버스" in chips
    assert any(chip.startswith("사람 ×") for chip in chips)
    caption = await window.part("picture").get_attribute("alt")
    assert caption
    assert "버스" in caption


async def test_photos_dropped_on_the_page_are_answered(open_chat: Open, cat: Path, bus: Path) -> None:
    window = await open_chat()
    carried = await window.carry([cat, bus])
    await window.page.dispatch_event("body", "dragenter", {"dataTransfer": carried})
    await expect(window.part("drop")).to_be_visible()
    await window.page.dispatch_event("[data-testid=drop]", "drop", {"dataTransfer": carried})

    await expect(window.part("drop")).to_be_hidden()
    await window.settle(2)
    for photo in await window.photos.all():
        await is_answered(window, photo)


async def test_a_photo_that_is_carried_away_again_is_not_posted(open_chat: Open, cat: Path) -> None:
    window = await open_chat()
    carried = await window.carry([cat])
    await window.page.dispatch_event("body", "dragenter", {"dataTransfer": carried})
    await window.page.dispatch_event("[data-testid=drop]", "dragleave", {"dataTransfer": carried})

    await expect(window.part("drop")).to_be_hidden()
    await expect(window.photos).to_have_count(0)


COPY = """async data => {
  const bytes = Uint8Array.from(atob(data), sign => sign.charCodeAt(0));
  await navigator.clipboard.write([new ClipboardItem({"image/png": new Blob([bytes], {type: "image/png"})})]);
}"""


async def test_a_pasted_photo_is_answered_with_the_text_beside_it(open_chat: Open, cat: Path) -> None:
    window = await open_chat(permissions=["clipboard-read", "clipboard-write"])
    await window.page.evaluate(COPY, encoded(cat))
    await window.part("text").fill("붙여 넣은 것")
    await window.page.keyboard.press("Control+V")

    await window.settle(1)
    await is_answered(window, window.photo("붙여 넣은 것"))


async def test_pasted_text_stays_text(open_chat: Open) -> None:
    window = await open_chat(permissions=["clipboard-read", "clipboard-write"])
    await window.page.evaluate("navigator.clipboard.writeText('그냥 글')")
    await window.part("text").focus()
    await window.page.keyboard.press("Control+V")

    await expect(window.part("text")).to_have_value("그냥 글")
    await expect(window.photos).to_have_count(0)


@pytest.fixture
def heavy(tmp_path: Path) -> Path:
    """A photo of about a megabyte."""
    path = tmp_path / "heavy.jpg"
    noise = np.random.default_rng(0).integers(0, 255, (700, 900, 3), np.uint8)
    Image.fromarray(noise).save(path, quality=95)
    return path


NOTE_PROGRESS = """() => {
  window.noted = [];
  setInterval(() => {
    const bar = document.querySelector("[data-testid=progress]:not([hidden])");
    if (bar && window.noted.at(-1) !== bar.value) window.noted.push(bar.value);
  }, 20);
}"""


async def test_a_slow_upload_shows_how_far_it_is(open_chat: Open, heavy: Path) -> None:
    window = await open_chat()
    await window.page.evaluate(NOTE_PROGRESS)
    wire = await window.page.context.new_cdp_session(window.page)
    slow = {"offline": False, "latency": 5, "downloadThroughput": -1, "uploadThroughput": 600_000}
    await wire.send("Network.emulateNetworkConditions", slow)
    await window.post(heavy)

    await expect(window.part("progress")).to_be_visible()
    await expect(window.part("state")).to_have_text("보내고 있어요")
    await window.settle(1)
    noted: list[float] = await window.page.evaluate("window.noted")
    assert noted == sorted(noted)
    assert any(0 < value < 1 for value in noted), noted
    await expect(window.part("progress")).to_be_hidden()


async def test_of_many_photos_three_go_up_at_once_and_all_arrive_once(open_chat: Open, cat: Path) -> None:
    window = await open_chat()
    uploads, most = 0, 0

    async def hold(route: Any) -> None:
        nonlocal uploads, most
        uploads += 1
        most = max(most, uploads)
        await asyncio.sleep(0.1)
        uploads -= 1
        await route.continue_()

    await window.page.route("**/api/chats/*/photos?*", hold)
    await window.post(*[cat] * 7)
    await window.settle(7)

    assert most == 3
    assert sorted(await window.ids()) == sorted(photo["id"] for photo in await window.stored())
    assert len(set(await window.ids())) == 7


async def test_the_text_alone_is_kept_until_a_photo_comes(open_chat: Open, cat: Path) -> None:
    window = await open_chat()
    await window.part("text").fill("오늘의 고양이")
    await window.part("send").click()
    await expect(window.part("line")).to_contain_text("사진이 필요해요")
    await expect(window.part("text")).to_have_value("오늘의 고양이")
    await window.part("files").set_input_files(cat)

    await window.settle(1)
    await expect(window.photo("오늘의 고양이")).to_have_count(1)
