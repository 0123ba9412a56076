"""Other pages of the same browser, which carries the cookie: they read nothing and change nothing."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from playwright.async_api import Page, expect

from tests.bot.browser.conftest import REBOUND, Open
from tests.bot.browser.window import Window, encoded

pytestmark = pytest.mark.asyncio(loop_scope="package")

# What a page can try against a service; each try tells what it could read.
TRY = """async ({origin, chat, code, photo}) => {
  const bytes = Uint8Array.from(atob(photo), sign => sign.charCodeAt(0)), read = {};
  const form = () => {
    const form = new FormData();
    form.append("key", String(Math.random()));
    form.append("author", "x");
    form.append("photo", new File([bytes], "x.jpg", {type: "image/jpeg"}));
    return form;
  };
  const ask = async (name, path, options) => {
    try {
      const response = await fetch(origin + path, {credentials: "include", ...options});
      read[name] = response.type === "opaque" ? "" : await response.text();
    } catch { read[name] = ""; }
  };
  const load = (name, tag, path) => new Promise(resolve => {
    const node = document.createElement(tag);
    node.onload = () => { read[name] = String(node.naturalWidth ?? "ran"); resolve(); };
    node.onerror = () => { read[name] = ""; resolve(); };
    node.src = origin + path;
    document.body.append(node);
  });
  const listen = () => new Promise(resolve => {
    const socket = new WebSocket(origin.replace("http", "ws") + `/ws/chats/${chat}?after=0`);
    read.socket = "";
    socket.onmessage = ({data}) => { read.socket += data; };
    socket.onclose = socket.onerror = () => resolve();
    setTimeout(resolve, 3000);
  });
  const photos = `/api/chats/${chat}/photos`, mine = `?author=${encodeURIComponent("지은")}`;
  await ask("page", `/c/${chat}`);
  await ask("history", photos);
  await ask("picture", `/api/photos/${code}/picture`);
  await ask("find", `/api/chats/${chat}/find?q=cat`);
  await ask("post", photos, {method: "POST", body: form()});
  await ask("blind post", photos, {method: "POST", body: form(), mode: "no-cors"});
  await ask("delete", `/api/photos/${code}${mine}`, {method: "DELETE"});
  await ask("delete all", photos + mine, {method: "DELETE"});
  await load("image", "img", `/api/photos/${code}/picture`);
  await load("script", "script", photos);
  await load("own script", "script", "/page/chat.js");
  await listen();
  return read;
}"""

SUBMIT = """([address, photo]) => {
  const bytes = Uint8Array.from(atob(photo), sign => sign.charCodeAt(0)), carried = new DataTransfer();
  carried.items.add(new File([bytes], "x.jpg", {type: "image/jpeg"}));
  document.body.innerHTML = `<form method=post enctype=multipart/form-data action="${address}">
    <input name=key value=formkey><input name=author value=x><input type=file name=photo></form>`;
  document.querySelector("[type=file]").files = carried.files;
  document.querySelector("form").submit();
}"""


@contextlib.asynccontextmanager
async def foreign_site(body: str = "<!doctype html><body>") -> AsyncIterator[str]:
    """Serve a page on another port of this machine, which for cookies is the same site."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(text=body, content_type="text/html")

    application = web.Application()
    application.add_routes([web.get("/{path:.*}", answer)])
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    await runner.cleanup()


async def attack(window: Window, page: Page, origin: str, cat: Path) -> dict[str, str]:
    code = (await window.ids())[0]
    photo = encoded(cat)
    values = {"origin": origin, "chat": window.chat, "code": code, "photo": photo}
    read: dict[str, str] = await page.evaluate(TRY, values)
    return read


async def is_untouched(window: Window, before: list[dict[str, Any]]) -> None:
    assert await window.stored() == before
    await window.page.reload()
    await window.settle(len(before))


async def test_a_page_on_another_port_reads_nothing_and_stores_nothing(open_chat: Open, cat: Path) -> None:
    window = await open_chat()
    await window.post(cat, text="비밀")
    await window.settle(1)
    before = await window.stored()
    page = await window.page.context.new_page()
    async with foreign_site() as address:
        await page.goto(address)
        read = await attack(window, page, window.service.origin, cat)
        await page.close()

    assert len(read) == 12
    assert {name: text for name, text in read.items() if text} == {}
    await is_untouched(window, before)


async def test_a_form_on_another_port_that_posts_a_photo_is_refused(open_chat: Open, cat: Path) -> None:
    window = await open_chat()
    await window.post(cat)
    await window.settle(1)
    before = await window.stored()
    page = await window.page.context.new_page()
    target = f"{window.service.origin}/api/chats/{window.chat}/photos"
    async with foreign_site() as address:
        await page.goto(address)
        async with page.expect_navigation(url=target) as went:
            await page.evaluate(SUBMIT, [target, encoded(cat)])
        response = await went.value
        assert response
        assert response.status == 403
        assert json.loads(await page.inner_text("body"))["error"] == "foreign"
        await page.close()

    await is_untouched(window, before)


async def test_our_page_is_shown_in_no_frame_of_another(open_chat: Open) -> None:
    window = await open_chat()
    page = await window.page.context.new_page()
    async with foreign_site(f'<iframe src="{window.service.origin}/c/{window.chat}"></iframe>') as address:
        await page.goto(address)
        frames = [frame for frame in page.frames if frame is not page.main_frame]
        assert [await frame.locator("[data-testid=log]").count() for frame in frames] == [0]
        await page.close()


async def test_a_name_that_is_made_to_point_here_opens_nothing(open_chat: Open, cat: Path) -> None:
    window = await open_chat()
    await window.post(cat)
    await window.settle(1)
    before = await window.stored()
    origin = f"http://{REBOUND}:{window.service.port}"
    page = await window.page.context.new_page()
    for path in (
        "/",
        f"/c/{window.chat}",
        f"/c/{window.chat}?key={window.service.key}",
        "/page/chat.js",
        "/healthz",
    ):
        response = await page.goto(origin + path)
        assert response
        assert response.status == 403, path
        assert "set-cookie" not in await response.all_headers()
        assert json.loads(await page.inner_text("body"))["error"] == "foreign"
    # To the browser name and service are one origin: its page may read every answer, so each must be bare.
    read = await attack(window, page, origin, cat)

    assert all(json.loads(text)["error"] == "foreign" for text in read.values() if text), read
    assert {name for name, text in read.items() if not text} >= {"image", "script", "own script", "socket"}
    await is_untouched(window, before)


async def test_a_browser_without_the_key_reads_how_to_get_it(open_chat: Open) -> None:
    window = await open_chat()
    window.expected += ["status of 403", "status of 404"]
    await window.page.context.clear_cookies()
    await window.page.goto(f"{window.service.origin}/c/{window.chat}")

    await expect(window.part("log")).to_have_count(0)
    await expect(window.page.locator("body")).to_contain_text("chalkak")
