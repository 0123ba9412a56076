"""Without a mouse and without eyes: every control is reached, seen, named and left again."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.bot.browser.conftest import Open
from tests.bot.browser.window import Window

pytestmark = pytest.mark.asyncio(loop_scope="package")

# What the keyboard should reach within a root: what can be used and is shown; of radio buttons the chosen.
WANTED = """root => [...root.querySelectorAll("button, input, textarea, summary, [tabindex='0']")]
  .filter(one => one.checkVisibility({visibilityProperty: true}) && !one.disabled && one.tabIndex >= 0)
  .filter(one => one.type !== "radio" || one.checked)
  .map(one => one.dataset.testid ?? one.textContent)"""
# Where the focus is, and whether one sees it by an outline, of what stands for a control that is unseen.
FOCUSED = """() => {
  const one = document.activeElement;
  if (one === document.body) return ["body", true];
  const shown = one.type === "radio" ? one.nextElementSibling : one, style = getComputedStyle(shown);
  const isSeen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  return [one.dataset.testid ?? one.textContent, isSeen];
}"""


async def walk(window: Window, root: str, key: str = "Tab") -> list[str]:
    """Press Tab through a part of the page until everything in it was reached; the focus is always seen."""
    wanted: list[str] = await window.page.locator(root).evaluate(WANTED)
    reached: list[str] = [(await window.page.evaluate(FOCUSED))[0]]
    for _ in range(3 * len(wanted) + 5):
        await window.page.keyboard.press(key)
        name, is_seen = await window.page.evaluate(FOCUSED)
        assert is_seen, f"the focus on {name} is not seen"
        reached.append(name)
        if not set(wanted) - set(reached):
            return reached
    raise AssertionError(f"{set(wanted) - set(reached)} not reached by {key}: {reached}")


async def test_tab_reaches_every_control_and_shows_where_it_is(open_chat: Open, cat: Path) -> None:
    window = await open_chat()
    assert {"open-find", "open-settings", "welcome-pick", "pick", "text", "send"} <= set(
        await walk(window, "body")
    )
    await window.post(cat)
    await window.settle(1)
    reached = await walk(window, "body")
    assert {"open", "delete", "compare", "why-summary", "scroller"} <= set(reached)
    assert set(await walk(window, "body", "Shift+Tab")) >= set(reached) - {"body", "pill"}


async def test_the_whole_way_of_a_photo_goes_by_keyboard(open_chat: Open, cat: Path) -> None:
    window = await open_chat()
    keyboard = window.page.keyboard
    async with window.page.expect_file_chooser() as chooser:
        await window.part("pick").focus()
        await keyboard.press("Enter")
    await (await chooser.value).set_files(cat)
    await window.settle(1)
    await window.part("why-summary").press("Enter")
    await expect(window.part("stages")).to_be_visible()

    await window.part("text").focus()
    await keyboard.type("/찾기 고양이")
    await keyboard.press("Enter")
    await expect(window.part("find-query")).to_be_focused()
    await expect(window.part("hit")).to_have_count(1)
    assert "hit-open" in await walk(window, "[data-testid=find]")
    await window.part("hit-open").press("Enter")
    await expect(window.photos).to_be_focused()

    await window.part("delete").focus()
    await keyboard.press("Enter")
    await expect(window.part("confirm-no")).to_be_focused()  # the harmless one
    await keyboard.press("Escape")
    await expect(window.part("delete")).to_be_focused()
    await keyboard.press("Space")
    await keyboard.press("Tab")
    await expect(window.part("confirm-yes")).to_be_focused()
    await keyboard.press("Enter")
    await expect(window.photos).to_have_count(0)
    await expect(window.part("scroller")).to_be_focused()


async def test_escape_leaves_what_was_opened_and_gives_the_focus_back(open_chat: Open, cat: Path) -> None:
    window = await open_chat()
    await window.post(cat)
    await window.settle(1)
    for opener, opened in (("open-settings", "settings"), ("open", "viewer"), ("open-find", "find")):
        await window.part(opener).press("Enter")
        await expect(window.part(opened)).to_be_visible()
        await walk(window, f"[data-testid={opened}]")
        await window.page.keyboard.press("Escape")
        await expect(window.part(opened)).to_be_hidden()
        await expect(window.part(opener)).to_be_focused()


async def test_settings_are_changed_by_arrows(open_chat: Open) -> None:
    window = await open_chat()
    await window.part("open-settings").press("Enter")
    await window.part("theme-auto").focus()
    for theme in ("light", "dark"):
        await window.page.keyboard.press("ArrowRight")
        await expect(window.page.locator("html")).to_have_attribute("data-theme", theme)
        await expect(window.part(f"theme-{theme}")).to_be_focused()


async def test_a_line_break_is_no_sending(open_chat: Open) -> None:
    window = await open_chat()
    await window.part("text").focus()
    await window.page.keyboard.type("첫 줄")
    await window.page.keyboard.press("Shift+Enter")
    await window.page.keyboard.type("둘째 줄")

    await expect(window.part("text")).to_have_value("첫 줄\n둘째 줄")
    await expect(window.part("line")).to_have_count(0)


async def test_a_screen_reader_is_told_the_frame(open_chat: Open) -> None:
    window = await open_chat()
    await expect(window.page.locator("body")).to_match_aria_snapshot("""
      - banner:
        - heading "찰칵" [level=1]
        - button "사진 찾기"
        - button "설정"
      - main "사진과 답":
        - heading "안녕하세요, 찰칵이에요!" [level=2]
        - button "사진 고르기"
        - list
        - log "사진과 답"
      - contentinfo:
        - button "사진 고르기"
        - textbox "사진에 곁들일 글"
        - button "보내기"
    """)


async def test_a_screen_reader_is_told_photo_and_answer(open_chat: Open, cat: Path) -> None:
    window = await open_chat()
    await expect(window.part("log")).to_have_attribute("aria-live", "polite")
    await window.post(cat, text="낮잠")
    await window.settle(1)
    await expect(window.part("log")).to_match_aria_snapshot("""
      - log "사진과 답":
        - article "지은 님이 올린 사진":
          - heading /\\d+년 \\d+월 \\d+일/ [level=2]
          - paragraph: 지은
          - button /고양이/:
            - img /고양이/
          - paragraph: 낮잠
          - button "이 사진 지우기"
          - time
          - paragraph: 찰칵
          - paragraph
          - button /고양이.* 원본과 비교/:
            - img /고양이/
          - list "알아본 것":
            - listitem: 고양이
          - group
    """)


async def test_a_screen_reader_is_told_dialogs_and_results(open_chat: Open, cat: Path) -> None:
    window = await open_chat()
    await window.post(cat)
    await window.settle(1)
    await window.part("open-settings").click()
    await expect(window.part("settings")).to_match_aria_snapshot("""
      - dialog "설정":
        - banner:
          - heading "설정" [level=2]
          - button "닫기"
        - textbox "이름": 지은
        - group "언어":
          - radio "한국어" [checked]
          - radio "English"
        - group "화면":
          - radio "자동" [checked]
          - radio "밝게"
          - radio "어둡게"
        - button "내 사진 모두 지우기"
    """)
    await window.part("settings-close").click()
    await window.part("delete").click()
    await expect(window.part("confirm")).to_match_aria_snapshot("""
      - dialog "이 사진과 답을 지울까요? 되돌릴 수 없어요.":
        - button "그만둘래요"
        - button "지울게요"
    """)
    await window.part("confirm-no").click()
    await window.find("고양이")
    await expect(window.part("find")).to_match_aria_snapshot("""
      - search "사진 찾기":
        - searchbox "찾고 싶은 것": 고양이
        - button "찾기"
        - button "닫기"
        - status: 1장 찾았어요
        - list:
          - listitem:
            - button /고양이.*지은/
    """)
