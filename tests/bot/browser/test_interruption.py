"""`kill -9` of the service under an open page: nothing is lost, nothing is there twice, nobody reloads."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from models.weights import Weights
from tests.bot.browser.conftest import Sample
from tests.bot.browser.running import Running
from tests.bot.browser.window import Window, is_loaded
from tests.bot.terminal import cache_of

pytestmark = pytest.mark.asyncio(loop_scope="package")

PHOTOS = 12
BROKEN = [
    "ERR_CONNECTION",
    "ERR_INTERNET",
    "ERR_EMPTY_RESPONSE",
    "WebSocket connection to",
    "status of 429",
    "ERR_INCOMPLETE",
]


@pytest_asyncio.fixture(loop_scope="package")
async def window(weights: Weights, browser: Browser, tmp_path: Path) -> AsyncIterator[Window]:
    """A window on a service of its own, which takes few photos at a time."""
    service = Running(tmp_path, cache_of(weights), WAITING_PHOTOS="6")
    await service.start()
    settings = {"name": "지은", "language": "ko", "theme": "auto"}
    opened = await Window.open(browser, service, "home", settings)
    opened.expected += BROKEN
    yield opened
    await opened.close()
    service.stop()


async def test_after_a_kill_every_photo_is_there_once_with_its_answer(window: Window, sample: Sample) -> None:
    await window.page.evaluate("window.isTheSamePage = true")
    files = [sample(name) for name in ("bus", "zidane", "cat")] * (PHOTOS // 3)
    await window.post(*files)
    await expect(window.photos).to_have_count(PHOTOS)
    await expect(window.part("answer")).not_to_have_count(0)
    states = await window.states()  # some are answered, some are being looked at, some are going up
    window.service.kill()
    assert set(states) - {"answered"}, states
    await expect(window.part("away")).to_be_visible()
    await expect(window.part("away")).to_have_text("연결을 다시 잇는 중")
    await window.service.start()
    await expect(window.part("away")).to_be_hidden()

    await window.settle(PHOTOS)
    assert await window.states() == ["answered"] * PHOTOS
    stored = [photo["id"] for photo in reversed(await window.stored())]
    assert await window.ids() == stored
    assert len(set(stored)) == PHOTOS
    await expect(window.part("answer")).to_have_count(PHOTOS)
    for photo in await window.photos.all():
        assert await window.part("comment", photo).inner_text()
        await is_loaded(window.part("marked", photo))
    assert await window.page.evaluate("window.isTheSamePage")


async def test_what_happened_while_a_page_was_away_is_there_when_it_is_back(
    window: Window, browser: Browser, sample: Sample
) -> None:
    settings = {"name": "지은", "language": "ko", "theme": "auto"}
    other = await Window.open(browser, window.service, "home", settings)
    other.expected += BROKEN
    await window.post(sample("cat"), sample("bus"))
    await window.settle(2)
    kept = (await window.ids())[1]
    window.service.kill()
    await expect(window.part("away")).to_be_visible()
    await window.page.context.set_offline(True)
    await window.service.start()
    await other.settle(2)
    await other.shown("delete").first.click()
    await other.part("confirm-yes").click()
    await expect(other.photos).to_have_count(1)
    await other.post(sample("zidane"), text="그 사이에")
    await other.settle(2)
    await expect(window.part("away")).to_be_visible()
    await window.page.context.set_offline(False)

    await expect(window.part("away")).to_be_hidden()
    await expect(window.photo("그 사이에")).to_have_attribute("data-state", "answered")
    await window.settle(2)
    assert (await window.ids())[0] == kept
    assert await window.ids() == await other.ids()
    await other.close()
