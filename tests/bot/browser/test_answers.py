"""An answer: compare it with the original, and ask why."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.texts import say
from models.weights import Weights
from tests.bot.browser.conftest import Open
from tests.bot.browser.running import Running
from tests.bot.browser.window import Window, is_loaded

pytestmark = pytest.mark.asyncio(loop_scope="package")


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def window(service: Running, browser: Browser, weights: Weights) -> AsyncIterator[Window]:
    """A window with one answered photo, for the whole module."""
    settings = {"name": "지은", "language": "ko", "theme": "auto"}
    opened = await Window.open(browser, service, "answers", settings)
    await opened.post(weights.verified(weights.registry.entry("bus")), text="크게")
    await opened.settle(1)
    yield opened
    await opened.close()


WAYS = ("click", "Enter", "Space")


async def test_the_marked_picture_gives_way_to_the_original_and_comes_back(window: Window) -> None:
    compare, original = window.part("compare"), window.part("original")
    await is_loaded(window.part("marked"))
    for way in WAYS:
        await expect(original).to_have_css("opacity", "0")
        await (compare.click() if way == "click" else compare.press(way))

        await expect(compare).to_have_attribute("aria-pressed", "true")
        await expect(window.part("badge")).to_have_text("원본 사진")
        await expect(window.part("spoken")).to_have_text("원본 사진")
        await expect(original).to_have_css("opacity", "1")
        await is_loaded(original)
        await (compare.click() if way == "click" else compare.press(way))
        await expect(compare).to_have_attribute("aria-pressed", "false")
        await expect(window.part("badge")).to_have_text("표시한 사진")
    assert re.search(r"/api/photos/\w+/picture$", await original.get_attribute("src") or "")


async def test_the_marked_picture_is_another_one_than_the_original(window: Window) -> None:
    code = (await window.ids())[0]

    kinds = ("picture", "marked", "thumb")
    addresses = [f"{window.service.origin}/api/photos/{code}/{kind}" for kind in kinds]
    bodies = [await (await window.page.context.request.get(address)).body() for address in addresses]
    assert len(set(bodies)) == 3
    assert all(body.startswith(b"\xff\xd8") for body in bodies)


async def test_why_shows_each_stage_with_its_seconds_and_the_models(window: Window) -> None:
    await expect(window.part("stages")).to_be_hidden()
    await window.part("why-summary").click()

    stages = await window.part("stages").locator("dt").all_inner_texts()
    assert {"사진 열기", "사물 찾기", "얼굴 찾기", "안전 살피기", "말 고르기", say("ko", "web-total")} <= set(
        stages
    )
    assert all(re.search("[가-힣]", stage) for stage in stages)
    figures = await window.part("stages").locator("dd").all_inner_texts()
    assert len(figures) == len(stages)
    assert all(re.fullmatch(r"\d+\.\d{3}초", figure.strip()) for figure in figures), figures
    seconds = {stage: float(figure.strip()[:-1]) for stage, figure in zip(stages, figures, strict=True)}
    total = seconds.pop(say("ko", "web-total"))
    longest = max(seconds.values())  # of the parts that look side by side
    assert total >= seconds["사진 열기"] + longest + seconds["말 고르기"] - 0.002
    await expect(window.part("models")).to_have_text(re.compile(r"본 모델: .+@\w{8}"))
    await window.part("why-summary").click()
    await expect(window.part("stages")).to_be_hidden()


async def test_a_photo_opens_large_and_closes(window: Window) -> None:
    await window.part("open").click()

    await expect(window.part("viewer")).to_be_visible()
    await is_loaded(window.part("viewer-picture"))
    await expect(window.part("viewer-author")).to_have_text("지은")
    await expect(window.part("viewer-text")).to_have_text("크게")
    await window.part("viewer-close").click()
    await expect(window.part("viewer")).to_be_hidden()


async def test_what_people_write_is_never_markup(open_chat: Open, cat: Path) -> None:
    evil = '<img src=x onerror="document.title=1"><b>굵게</b>{{boot}}</script>'
    window = await open_chat(name="<i>나</i>")
    await window.post(cat, text=evil)
    await window.settle(1)
    await window.page.reload()
    await window.settle(1)

    await expect(window.part("said-text")).to_have_text(evil)
    await expect(window.part("author").first).to_have_text("<i>나</i>")
    await expect(window.part("log").locator("b, i:not(.bar), img[src=x]")).to_have_count(0)
    await expect(window.page).to_have_title("찰칵")
