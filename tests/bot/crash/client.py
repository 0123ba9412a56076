"""People with patience: uploads that are repeated until they are acknowledged, a page that comes back."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.bot.crash.pictures import Shot
from tests.bot.crash.service import SECONDS, Service

CHAT = "home"
LOST = (aiohttp.ClientError, ConnectionError, TimeoutError)
REQUEST = aiohttp.ClientTimeout(total=60)
PAUSE = 0.05
MOST = 200


@dataclass(slots=True)
class Listener:
    """A page of the chat: what it was told, over all its sockets."""

    after: int = 0
    is_synced: bool = False
    told: dict[str, dict[int, str]] = field(
        default_factory=lambda: defaultdict(dict)
    )  # photo → change → state
    gone: set[str] = field(default_factory=set)
    notices: list[str] = field(default_factory=list)

    def hear(self, frame: dict[str, Any]) -> None:
        if frame["type"] == "photo":
            self.told[frame["photo"]["id"]][frame["change"]] = frame["photo"]["state"]
        elif frame["type"] == "gone":
            self.gone.add(frame["photo"])
            self.told.pop(frame["photo"], None)
        elif frame["type"] == "notice":
            self.notices.append(frame["message"])
        else:
            self.is_synced = True
        self.after = max(self.after, frame.get("change", 0))

    def shown(self, photo: str) -> str:
        """Return what the page shows of a photo in the end."""
        states = self.told.get(photo, {})
        return states[max(states)] if states else ""

    def answers(self, photo: str) -> int:
        """Return how many answers the page was told of, the same one told again not counted."""
        return sum(state == "answered" for state in self.told.get(photo, {}).values())


class Client:
    """Talks to whatever life of a service is up."""

    def __init__(self, service: Service, http: aiohttp.ClientSession) -> None:
        self._service, self._http = service, http
        self.acknowledged: dict[str, set[str]] = defaultdict(set)  # key → ids
        self.listener = Listener()
        self.is_away = False  # the page does not come back for now

    async def post(self, shot: Shot) -> str:
        """Post a photo until it is acknowledged, with the same key each time; return its id."""
        told = await self.ask("POST", f"/api/chats/{CHAT}/photos", form=lambda: _form(shot))
        self.acknowledged[shot.key].add(told["photo"])
        return str(told["photo"])

    async def ask(
        self, method: str, path: str, *, form: Callable[[], aiohttp.FormData] | None = None
    ) -> dict[str, Any]:
        """Return the answer of the service to a request, which is repeated over lost connections and 429."""
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            with contextlib.suppress(*LOST):
                if (found := await self.once(method, path, form=form)) is not None:
                    return found
            await asyncio.sleep(PAUSE)
        raise TimeoutError(f"{method} {path}:\n{self._service.tail()}")

    async def once(
        self, method: str, path: str, *, form: Callable[[], aiohttp.FormData] | None = None
    ) -> dict[str, Any] | None:
        """Return the answer to one request, None where the service is away or asks to come again."""
        if (address := self._service.address) is None:
            return None
        async with self._http.request(
            method, address + path, data=form() if form else None, headers=self._headers(), timeout=REQUEST
        ) as answer:
            if answer.status in (429, 503):
                return None
            body = await answer.text()
            assert answer.status in (200, 202), f"{method} {path}: {answer.status} {body}"
            found: dict[str, Any] = await answer.json()
            return found

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._service.key}"}

    async def history(self) -> list[dict[str, Any]]:
        """Return every photo of the chat, as its pages show them."""
        found: list[dict[str, Any]] = []
        query = f"limit={MOST}"
        while page := (await self.ask("GET", f"/api/chats/{CHAT}/photos?{query}"))["photos"]:
            found += page
            query = f"limit={MOST}&before={page[-1]['seq']}"
        return found

    async def settled(self, photos: int, restart: Callable[[], None] | None = None) -> list[dict[str, Any]]:
        """Return the chat when so many photos have come to their end; `restart` is called after a death."""
        deadline = time.monotonic() + SECONDS + photos
        while time.monotonic() < deadline:
            if restart and not self._service.is_alive:
                await self._service.died()
                restart()
            with contextlib.suppress(*LOST):
                if self._service.address and await self._is_settled(photos):
                    return await self.history()
            await asyncio.sleep(2 * PAUSE)
        raise TimeoutError(f"{photos} photos are not all answered:\n{self._service.tail()}")

    async def _is_settled(self, photos: int) -> bool:
        stats = await self.once("GET", "/api/stats")
        states: dict[str, int] = stats["states"] if stats else {}
        return (
            sum(states.get(state, 0) for state in ("answered", "quarantined"))
            == photos
            == sum(states.values())
        )

    async def listen(self) -> None:
        """Hear what happens in the chat, for ever; come back with the last number after each death."""
        while True:
            with contextlib.suppress(*LOST):
                if not self.is_away and (address := self._service.address) is not None:
                    await self._hear(address)
            await asyncio.sleep(PAUSE)

    async def _hear(self, address: str) -> None:
        after = self.listener.after if self.listener.is_synced else 0
        path = f"{address}/ws/chats/{CHAT}?after={after}"
        async with self._http.ws_connect(path, headers=self._headers()) as socket:
            async for message in socket:
                self.listener.hear(message.json())

    async def told_everything(self, last: int) -> None:
        """Wait until the listener has heard of a change."""
        deadline = time.monotonic() + SECONDS
        while self.listener.after < last:
            assert time.monotonic() < deadline, f"the page knows {self.listener.after} of {last}"
            await asyncio.sleep(PAUSE)


def _form(shot: Shot) -> aiohttp.FormData:
    form = aiohttp.FormData()
    form.add_field("key", shot.key)
    form.add_field("author", shot.author)
    form.add_field("text", f"{shot.picture} 사진")
    form.add_field("photo", shot.data, filename="photo.jpg", content_type="image/jpeg")
    return form


@contextlib.asynccontextmanager
async def visiting(service: Service) -> AsyncIterator[Client]:
    """Be a client with an open page, for as long as the context lasts; the service is ended with it."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True)) as http:
        client = Client(service, http)
        page = asyncio.create_task(client.listen())
        try:
            yield client
        finally:
            page.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await page
            service.close()
