"""On a phone nothing is cut off or scrolls sideways; by day and by night everything can be read."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from tests.bot.browser.conftest import Open
from tests.bot.browser.window import Window

pytestmark = pytest.mark.asyncio(loop_scope="package")

WIDE = """() => {
  const boxes = "html, body, main, dialog[open], .find, .grid, footer, header";
  const wide = [...document.querySelectorAll(boxes)]
    .filter(one => one.scrollWidth > one.clientWidth + 1)
    .map(one => `${one.tagName}.${one.className} scrolls`);
  const isCut = one => {
    const {left, right} = one.getBoundingClientRect();
    return left < -1 || right > innerWidth + 1;
  };
  const cut = [...document.querySelectorAll("button, input, textarea, summary, p, li, dt, dd, img, h1, h2")]
    .filter(one => one.checkVisibility({visibilityProperty: true}) && isCut(one))
    .map(one => `${one.tagName} ${one.dataset.testid ?? one.textContent} is cut`);
  return [...wide, ...cut];
}"""

# Text below 4.5 to 1 against what is behind it; colours are painted, so that every way of writing one counts.
FAINT = """() => {
  const brush = Object.assign(document.createElement("canvas"), {width: 1, height: 1})
    .getContext("2d", {willReadFrequently: true});
  const read = color => {
    brush.clearRect(0, 0, 1, 1); brush.fillStyle = color; brush.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = brush.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, below) => [0, 1, 2].map(i => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
  const linear = c => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => .2126 * linear(r / 255) + .7152 * linear(g / 255) + .0722 * linear(b / 255);
  const behind = one => {
    const layers = [];
    for (let node = one; node; node = node.parentElement) {
      const layer = read(getComputedStyle(node).backgroundColor);
      if (layer[3]) layers.push(layer);
      if (layer[3] === 1 || node.matches(".picture")) break; // over a picture the lightest counts
    }
    return layers.reduceRight((below, layer) => over(layer, below), [255, 255, 255, 1]);
  };
  const opacity = one => one ? getComputedStyle(one).opacity * opacity(one.parentElement) : 1;
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const judge = (one, color, text) => {
    const ground = behind(one), ink = read(color);
    const [a, b] = [light(over([ink[0], ink[1], ink[2], ink[3] * opacity(one)], ground)), light(ground)];
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    window.judged = (window.judged ?? 0) + 1;
    if (ratio < 4.5) found.push(`${ratio.toFixed(2)} ${one.className || one.tagName}: ${text.slice(0, 30)}`);
  };
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim(), one = walker.currentNode.parentElement;
    const isTop = !document.querySelector("dialog[open]") || one.closest("dialog[open]");
    const isText = text && !one.closest("script, template, .unseen");
    if (isText && isTop && one.checkVisibility({visibilityProperty: true}))
      judge(one, getComputedStyle(one).color, text);
  }
  for (const one of document.querySelectorAll("input[placeholder], textarea[placeholder]"))
    if (one.checkVisibility() && !document.querySelector("dialog[open]"))
      judge(one, getComputedStyle(one, "::placeholder").color, one.placeholder);
  return found;
}"""

DIALOGS = (("open-settings", "settings-close"), ("open", "viewer-close"), ("delete", "confirm-no"))
LONG = "아주긴낱말이띄어쓰기없이계속되면어떻게될까" * 4 + " https://example.com/" + "a" * 120


async def states(window: Window, cat: Path, bus: Path, text_file: Path) -> AsyncIterator[str]:
    """Bring a page into each of its states, one after the other."""
    yield "empty"
    await window.part("text").fill("/모르는명령")
    await window.part("text").press("Enter")
    await window.post(cat, bus, text_file, text=LONG)
    await window.settle(3)
    yield "answers, a refusal, a line"
    for why in await window.part("why-summary").all():
        await why.click()
    await window.part("compare").first.click()
    yield "why"
    for query, name in (("고양이", "found"), (LONG[:200], "none")):
        await window.find(query)
        yield name
    await window.part("close-find").click()
    for opener, closer in (
        ("open-settings", "settings-close"),
        ("open", "viewer-close"),
        ("delete", "confirm-no"),
    ):
        await window.shown(opener).first.click()
        yield opener
        await window.part(closer).click()
    await window.part("drop").evaluate("node => { node.hidden = false; }")
    yield "drop"
    await window.part("drop").evaluate("node => { node.hidden = true; }")
    await window.part("scroller").evaluate("main => main.scrollTo(0, 0)")
    await expect(window.part("pill")).to_be_visible()
    yield "pill"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["ko", "en"])
async def test_no_state_scrolls_sideways_on_a_phone_or_is_hard_to_read(
    open_chat: Open, cat: Path, bus: Path, text_file: Path, theme: str, language: str
) -> None:
    phone: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    name = "아주아주긴이름을가진사람" if language == "ko" else "Bartholomew Montgomery-Featherstonehaugh"
    window = await open_chat(name, language=language, theme=theme, **phone)
    window.expected.append("status of 415")
    async for state in states(window, cat, bus, text_file):
        for width in (390, 360):
            await window.page.set_viewport_size({"width": width, "height": 740})
            assert await window.page.evaluate(WIDE) == [], f"{state} at {width}"
        assert await window.page.evaluate(FAINT) == [], state
    assert await window.page.evaluate("window.judged") > 50


async def test_controls_are_large_enough_for_a_finger(open_chat: Open, cat: Path) -> None:
    window = await open_chat(viewport={"width": 390, "height": 844})
    await window.post(cat)
    await window.settle(1)
    small = """() => [...document.querySelectorAll("button, input, textarea, summary")]
      .filter(one => one.checkVisibility()).map(one => [one.dataset.testid, one.getBoundingClientRect()])
      .filter(([, {width, height}]) => width < 40 || height < 40).map(([name]) => name)"""

    assert await window.page.evaluate(small) == []
