"""One person's browser window on a chat."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from playwright.async_api import Browser, ConsoleMessage, Locator, Page, expect

from tests.bot.browser.running import SECONDS, Running

expect.set_options(timeout=1000 * SECONDS)

ENDED = re.compile("answered|quarantined|refused")
LOST = re.compile(r"status of 404 .*/api/photos/(\w+)/(?:picture|marked|thumb)")
IS_SHOWN = "image => image.complete && image.naturalWidth > 0"


@dataclass
class Watch:
    """What a browser complains of, and where it asks."""

    complaints: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)

    def over(self, page: Page) -> Self:
        """Listen to a page, and to nothing else that is open beside it."""
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(f"uncaught: {error}"))
        page.on("popup", lambda other: self.complaints.append(f"opened: {other.url}"))
        page.on("request", lambda request: self.addresses.append(request.url))
        page.on("websocket", lambda socket: self.addresses.append(socket.url))
        return self

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.text} ({message.location.get('url', '')})")

    def strange(self, origin: str) -> list[str]:
        """Return the addresses that are not the service's."""
        own = (origin + "/", origin.replace("http", "ws") + "/", "blob:" + origin, "data:")
        return [address for address in self.addresses if not address.startswith(own)]


@dataclass
class Window:
    """A window in which a person looks at one chat."""

    page: Page
    service: Running
    watch: Watch
    chat: str
    expected: list[str] = field(default_factory=list)  # complaints that a test provokes

    @classmethod
    async def open(
        cls, browser: Browser, service: Running, chat: str, settings: dict[str, str], **options: Any
    ) -> Self:
        """Open a chat in a browser profile of its own."""
        kept = [{"name": "chalkak", "value": json.dumps(settings)}]
        state = {"cookies": [], "origins": [{"origin": service.origin, "localStorage": kept}]}
        wanted = {"locale": "ko-KR", "timezone_id": "Asia/Seoul", "reduced_motion": "reduce", **options}
        context = await browser.new_context(storage_state=state, **wanted)  # type: ignore[arg-type]  # its own words
        page = await context.new_page()
        window = cls(page, service, Watch().over(page), chat)
        await page.goto(service.address(chat))
        await window.ready()
        return window

    async def ready(self) -> None:
        """Wait until the history has begun to come, or is empty."""
        await expect(
            self.page.locator("[data-testid=welcome]:visible, [data-testid=photo]").first
        ).to_be_visible()

    async def close(self) -> None:
        """Close the window; nothing but what was expected may have been complained of."""
        shown = await self.ids()
        await self.page.close()
        await self.page.context.close()
        told = [said for said in self.watch.complaints if not self._is_expected(said, shown)]
        assert not told, told
        assert not self.watch.strange(self.service.origin), self.watch.addresses

    def _is_expected(self, said: str, shown: list[str]) -> bool:
        """Tell whether a test provoked a complaint; a photo may go while its picture is on the way."""
        lost = LOST.search(said)
        return any(part in said for part in self.expected) or bool(lost and lost[1] not in shown)

    def part(self, name: str, inside: Locator | None = None) -> Locator:
        """Return a part of the page by its name."""
        return (inside or self.page).get_by_test_id(name)

    def shown(self, name: str) -> Locator:
        """Return the parts of a name that can be seen."""
        return self.page.locator(f"[data-testid={name}]:visible")

    @property
    def photos(self) -> Locator:
        return self.part("photo")

    @property
    def focused(self) -> Locator:
        return self.page.locator(":focus")

    def photo(self, said: str) -> Locator:
        """Return the photo that somebody said this with."""
        return self.photos.filter(has=self.page.get_by_test_id("said-text").get_by_text(said, exact=True))

    async def post(self, *files: Path, text: str = "") -> None:
        """Choose photos as a person does, without waiting for their answers."""
        await self.part("text").fill(text)
        await self.part("files").set_input_files(files)

    async def settle(self, count: int) -> None:
        """Wait until there are so many photos and nothing more happens to any."""
        await expect(self.photos).to_have_count(count)
        for photo in await self.photos.all():
            await expect(photo).to_have_attribute("data-state", ENDED)

    async def states(self) -> list[str]:
        found: list[str] = await self.photos.evaluate_all("all => all.map(one => one.dataset.state)")
        return found

    async def ids(self) -> list[str]:
        found: list[str] = await self.photos.evaluate_all("all => all.map(one => one.dataset.id)")
        return found

    async def find(self, query: str) -> Locator:
        """Look for photos and return the outcome."""
        if not await self.part("find").is_visible():
            await self.part("open-find").click()
        await self.part("find-query").fill(query)
        async with self.page.expect_response(lambda response: "/find?" in response.url):
            await self.part("find-go").click()
        return self.part("find-outcome")

    async def carry(self, files: Iterable[Path]) -> Any:
        """Return a DataTransfer with files, as a mouse carries it."""
        held = [[file.name, encoded(file)] for file in files]
        return await self.page.evaluate_handle(CARRY, held)

    async def stored(self, chat: str = "") -> list[dict[str, Any]]:
        """Return what the service keeps of a chat, newest first, asked past the page."""
        headers = {"Authorization": f"Bearer {self.service.key}"}
        address = f"{self.service.origin}/api/chats/{chat or self.chat}/photos?limit=200"
        response = await self.page.context.request.get(address, headers=headers)
        found: list[dict[str, Any]] = (await response.json())["photos"]
        return found


def encoded(path: Path) -> str:
    """Return a file as a page takes it."""
    return base64.b64encode(path.read_bytes()).decode()


CARRY = """files => {
  const carried = new DataTransfer();
  for (const [name, data] of files) {
    const bytes = Uint8Array.from(atob(data), sign => sign.charCodeAt(0));
    carried.items.add(new File([bytes], name, {type: "image/jpeg"}));
  }
  return carried;
}"""


async def is_loaded(image: Locator) -> None:
    """Wait until a picture is really there."""
    await image.scroll_into_view_if_needed()
    handle = await image.element_handle()
    page = await handle.owner_frame()
    assert page
    await page.wait_for_function(IS_SHOWN, arg=handle, timeout=1000 * SECONDS)
