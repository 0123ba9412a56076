"""What cannot go up says why, and keeps nothing else from going up."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Route, expect

from bot.texts import say
from models.records import Language
from tests.bot.browser.conftest import Open

pytestmark = pytest.mark.asyncio(loop_scope="package")

NO_PHOTO = "status of 415"  # what Chromium says of a refusal, whatever a page does with it


@pytest.mark.parametrize("language", ["ko", "en"])
async def test_a_file_that_is_no_photo_says_so_while_the_others_go_on(
    open_chat: Open, text_file: Path, cat: Path, bus: Path, language: Language
) -> None:
    window = await open_chat(language=language)
    window.expected.append(NO_PHOTO)
    await window.post(cat, text_file, bus, cat, bus)
    await window.settle(5)

    assert sorted(await window.states()) == ["answered"] * 4 + ["refused"]
    refused = window.page.locator("[data-state=refused]")
    await expect(window.part("state", refused)).to_have_text(say(language, "error-not-a-picture"))
    await expect(window.part("blank", refused)).to_have_text("text.jpg")
    assert len(await window.stored()) == 4
    await window.part("retry", refused).click()
    await expect(refused).to_have_count(1)  # it is looked at again, and is no photo again
    await window.part("dismiss", refused).click()
    await expect(window.photos).to_have_count(4)
    await window.page.reload()
    await window.settle(4)


async def test_too_large_a_file_is_not_even_sent(open_chat: Open, tmp_path: Path) -> None:
    window = await open_chat()
    path = tmp_path / "large.jpg"
    with path.open("wb") as file:
        file.truncate(30_000_001)
    await window.post(path)

    await expect(window.part("state")).to_have_text("파일이 30MB보다 커요. 조금 줄여서 다시 올려 주세요.")
    assert not [address for address in window.watch.addresses if "/photos?" in address]


async def test_a_file_that_vanished_after_it_was_chosen_is_told(open_chat: Open, tmp_path: Path) -> None:
    window = await open_chat()
    path = tmp_path / "gone.jpg"
    path.write_bytes(b"\xff\xd8" * 100)
    held = await window.page.evaluate_handle("""() => {
      const broken = new File(["x"], "gone.jpg"), carried = new DataTransfer();
      File.prototype.slice = function () { return {arrayBuffer: () => Promise.reject(new Error("gone"))}; };
      carried.items.add(broken);
      return carried;
    }""")
    await window.page.dispatch_event("body", "drop", {"dataTransfer": held})

    await expect(window.part("state")).to_contain_text("이 파일은 열 수가 없었어요")
    await window.part("dismiss").click()
    await expect(window.part("welcome")).to_be_visible()


def key_of(route: Route) -> str:
    """Return the key of an upload."""
    body = route.request.post_data_buffer
    assert body
    return body.split(b'"key"\r\n\r\n')[1].split(b"\r\n")[0].decode()


async def test_a_photo_that_finds_no_room_goes_up_by_itself_a_moment_later(
    open_chat: Open, cat: Path
) -> None:
    window = await open_chat()
    window.expected.append("status of 429")
    keys: list[str] = []

    async def refuse_once(route: Route) -> None:
        keys.append(key_of(route))
        if len(keys) > 1:
            return await route.continue_()
        return await route.fulfill(status=429, headers={"Retry-After": "1"}, json={"error": "busy"})

    await window.page.route("**/api/chats/*/photos?*", refuse_once)
    await window.post(cat)
    await expect(window.part("state")).to_contain_text("곧 다시 보낼게요")
    await window.settle(1)

    assert await window.states() == ["answered"]
    assert len(keys) == 2
    assert len(set(keys)) == 1


LOSE_ONCE = """() => {
  const send = XMLHttpRequest.prototype.send;
  window.keys = [];
  XMLHttpRequest.prototype.send = function (body) {
    window.keys.push(body.get("key"));
    if (window.keys.length === 1) this.onload = () => { window.status202 = this.status; this.onerror(); };
    return send.call(this, body);
  };
}"""


async def test_a_photo_whose_acknowledgement_was_lost_is_there_once(open_chat: Open, cat: Path) -> None:
    window = await open_chat()
    await window.page.evaluate(LOSE_ONCE)
    await window.post(cat)
    await expect(window.part("state")).to_contain_text("곧 다시 보낼게요")
    assert len(await window.stored()) == 1  # the service has it; the page has not learned so
    await expect(window.part("answer")).to_have_count(1)
    await window.settle(1)

    assert await window.page.evaluate("window.keys.length") == 2
    assert await window.page.evaluate("new Set(window.keys).size") == 1
    assert await window.page.evaluate("window.status202") == 202
    assert [photo["id"] for photo in await window.stored()] == await window.ids()
