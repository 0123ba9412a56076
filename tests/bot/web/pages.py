"""A browser's side of the local web chat: its cookie, its uploads, its socket."""

from __future__ import annotations

import asyncio
import contextlib
import io
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from PIL import Image

from bot.service import Service
from bot.settings import Settings, read_settings

SECONDS = 60.0  # for whatever is waited for; a slow machine may need them
DONE = ("answered", "quarantined")


def settings_in(folder: Path, **settings: str) -> Settings:
    """Return settings for a data folder of its own, on any free port, with the weights of this machine."""
    cache = str(read_settings(dotenv=None).cache)
    made = {"CHALKAK_DATA": str(folder / "data"), "CHALKAK_CACHE": cache, "WEB_PORT": "0"}
    return read_settings({**made, "DISK_RESERVE_MB": "64", **settings}, dotenv=None)


def small(sample: Path, side: int = 400, **options: object) -> bytes:
    """Return a sample photo made small, as a JPEG."""
    target = io.BytesIO()
    with Image.open(sample) as image:
        copy = image.convert("RGB")
        copy.thumbnail((side, side))
        copy.save(target, "JPEG", **options)
    return target.getvalue()


def flat(color: tuple[int, int, int] = (200, 120, 40), size: tuple[int, int] = (96, 72)) -> bytes:
    """Return a photo of one colour."""
    target = io.BytesIO()
    Image.new("RGB", size, color).save(target, "JPEG")
    return target.getvalue()


@dataclass
class Said:
    """An answer to a request."""

    status: int
    headers: Any
    body: bytes
    document: Any = None


@dataclass
class Page:
    """Requests as our own page sends them: with the cookie, and with Origin where a browser adds it."""

    session: aiohttp.ClientSession
    service: Service

    @property
    def port(self) -> int:
        return self.service.web.port

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def origin(self) -> str:
        return f"http://{self.host}"

    @property
    def secret(self) -> str:
        return self.service.store.folder.secret()

    @property
    def cookie(self) -> str:
        guard = self.service.web._guard
        return f"{guard._cookie}={guard._pass}"

    @property
    def inside(self) -> int:
        """Return how many uploads hold a seat."""
        assert self.service.intake
        return self.service.intake._inside

    @property
    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}"}

    async def bare(
        self, method: str, path: str, headers: dict[str, str] | None = None, **options: Any
    ) -> Said:
        """Send a request with no header of ours but these; redirects are not followed."""
        async with self.session.request(
            method, self.origin + path, headers=headers or {}, allow_redirects=False, **options
        ) as response:
            body = await response.read()
            is_json = response.content_type == "application/json"
            return Said(response.status, response.headers, body, await response.json() if is_json else None)

    async def ask(self, method: str, path: str, **options: Any) -> Said:
        """Send a request as the page does."""
        headers = {"Cookie": self.cookie, "Sec-Fetch-Site": "same-origin"}
        if method != "GET":
            headers["Origin"] = self.origin
        return await self.bare(method, path, headers, **options)

    async def connection(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Open a connection for bytes that no good client sends."""
        return await asyncio.open_connection("127.0.0.1", self.port)

    async def get(self, path: str, **query: str | int) -> Said:
        """Get a path with a query."""
        return await self.ask("GET", path, params=query)

    async def upload(
        self,
        chat: str,
        photo: bytes,
        *,
        key: str = "",
        author: str = "지은",
        text: str = "",
        lang: str = "ko",
    ) -> Said:
        """Post a photo once."""
        form = aiohttp.FormData()
        for name, value in (("key", key or uuid.uuid4().hex), ("author", author), ("text", text)):
            form.add_field(name, value)
        form.add_field("photo", io.BytesIO(photo), filename="비밀.jpg", content_type="image/jpeg")
        return await self.ask("POST", f"/api/chats/{chat}/photos?lang={lang}", data=form)

    async def post(self, chat: str, photo: bytes, **fields: str) -> str:
        """Post a photo, again while the service is busy, and return its id."""
        fields["key"] = fields.get("key") or uuid.uuid4().hex
        async with asyncio.timeout(SECONDS):
            while (said := await self.upload(chat, photo, **fields)).status == 429:  # noqa: ASYNC110 - it is told by nobody
                await asyncio.sleep(0.05)
        assert said.status in (200, 202), said
        return str(said.document["photo"])

    async def photo(self, code: str, lang: str = "ko") -> dict[str, Any]:
        """Return the JSON of a photo."""
        said = await self.get(f"/api/photos/{code}", lang=lang)
        assert said.status == 200, said
        found: dict[str, Any] = said.document
        return found

    async def answered(self, code: str, lang: str = "ko") -> dict[str, Any]:
        """Return a photo as soon as it has its answer or is put aside."""
        await until(lambda: self._is_done(code))
        return await self.photo(code, lang)

    async def _is_done(self, code: str) -> bool:
        return (await self.photo(code))["state"] in DONE

    async def answer_to(self, chat: str, photo: bytes, **fields: str) -> dict[str, Any]:
        """Post a photo and return it with its answer."""
        return await self.answered(await self.post(chat, photo, **fields))

    async def find(self, chat: str, query: str, **options: str | int) -> dict[str, Any]:
        """Return what a query finds."""
        said = await self.get(f"/api/chats/{chat}/find", q=query, **options)
        assert said.status == 200, said
        found: dict[str, Any] = said.document
        return found

    @contextlib.asynccontextmanager
    async def listening(
        self, chat: str, after: int = 0, lang: str = "ko", **headers: str
    ) -> AsyncIterator[Socket]:
        """Open the socket of a chat as the page does."""
        headers = {"Cookie": self.cookie, "Origin": self.origin, **headers}
        address = f"{self.origin}/ws/chats/{chat}?lang={lang}&after={after}"
        async with self.session.ws_connect(address, headers=headers, max_msg_size=0) as socket:
            yield Socket(socket)


class Socket:
    """What arrives on a page's socket, in order."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.frames: list[dict[str, Any]] = []

    async def until(self, is_enough: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Read on until a frame is the wanted one, and return it."""
        async with asyncio.timeout(SECONDS):
            while True:
                frame: dict[str, Any] = await self.socket.receive_json()
                self.frames.append(frame)
                if is_enough(frame):
                    return frame

    async def synced(self) -> int:
        """Read on until everything up to now has been sent; return the change to reconnect with."""
        return int((await self.until(lambda frame: frame["type"] == "synced"))["change"])

    async def done(self, code: str) -> dict[str, Any]:
        """Read on until a photo has its answer, and return it."""
        frame = await self.until(
            lambda frame: (
                frame["type"] == "photo" and frame["photo"]["id"] == code and frame["photo"]["state"] in DONE
            )
        )
        found: dict[str, Any] = frame["photo"]
        return found

    def states(self, code: str) -> list[str]:
        """Return the states in which a photo was told of, in order."""
        return [f["photo"]["state"] for f in self.frames if f["type"] == "photo" and f["photo"]["id"] == code]


async def until(is_so: Callable[[], Any]) -> None:
    """Wait for something that becomes true in its own time."""
    async with asyncio.timeout(SECONDS):
        while True:
            found = is_so()
            if (await found) if asyncio.iscoroutine(found) else found:
                return
            await asyncio.sleep(0.02)


@contextlib.asynccontextmanager
async def serving(settings: Settings, **options: Any) -> AsyncIterator[Page]:
    """Run a service and give a page of it."""
    jar = aiohttp.DummyCookieJar()  # what is sent is said in each test
    async with (
        Service(settings, **options) as service,
        aiohttp.ClientSession(cookie_jar=jar, skip_auto_headers=["User-Agent"]) as session,
    ):
        yield Page(session, service)
