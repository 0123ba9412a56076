"""An App whose eyes can be held shut, fail and count, for tests of the desk and the intake."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from PIL import Image

from bot.app import App
from bot.desk import Desk
from bot.platform import Gone
from inference.decode.pool import CleanPhoto
from models.records import Analysis, ChatRules, Incoming, Person, Place
from storage.folder import Folder
from storage.records import Photo, Picture, Unsaid
from storage.store import Store
from storage.words import Tokenizer

SECONDS = 30.0
PICTURE = Picture(b"\xff\xd8clean", 64, 48)


class StandIn(App):
    """Looks at nothing.  `eyes` is awaited for every photo, with its chat; closed, nothing is seen."""

    def __init__(self) -> None:
        self.is_open, self.is_loaded = asyncio.Event(), asyncio.Event()
        self.is_open.set()
        self.is_loaded.set()
        self.eyes: Callable[[str], Awaitable[None]] | None = None
        self.inside = self.most = 0
        self.looks: list[str] = []  # chats, in the order of their turn
        self.unsafe: float | None = 0.0

    async def warm(self) -> None:
        await self.is_loaded.wait()

    async def clean(self, data: bytes) -> CleanPhoto:
        await asyncio.sleep(0)
        return CleanPhoto(Image.new("RGB", (64, 48)), data, (64, 48), is_partial=False, seconds=0.0)

    async def reopen(self, jpeg: bytes) -> CleanPhoto:
        return await self.clean(jpeg)

    async def analyse(self, photo: CleanPhoto, rules: ChatRules, *, chat: str = "") -> Analysis:
        self.looks.append(chat)
        self.inside += 1
        self.most = max(self.most, self.inside)
        try:
            await self.is_open.wait()
            if self.eyes:
                await self.eyes(chat)
        finally:
            self.inside -= 1
        return Analysis(64, 48, comment="찰칵!", unsafe=self.unsafe)


class Sent:
    """A platform that takes every answer and notes it."""

    def __init__(self) -> None:
        self.photos: list[Photo] = []
        self.error: Exception | None = None

    status = "online"

    async def start(self) -> None:
        """Is always there."""

    async def stop(self) -> None:
        """Has nothing to stop."""

    async def fetch(self, photo: Photo) -> bytes:
        raise Gone(photo.id)

    async def send(self, photos: Sequence[Photo]) -> str:
        if self.error:
            raise self.error
        self.photos += photos
        return " ".join(f"reply-{photo.id}" for photo in photos)

    async def unsay(self, unsaid: Unsaid) -> None:
        """Has nothing to take back."""


@cache
def tokenizer() -> Tokenizer:
    """Return one whose morphemes are loaded, which takes a second."""
    found = Tokenizer()
    found.load()
    return found


def open_store(path: Path) -> Store:
    """Open a store that need not load its morphemes."""
    store = Store(Folder(path))
    store.tokenizer = tokenizer()
    return store


def incoming(chat: str, number: int) -> Incoming:
    """Return the message of a photo in a chat."""
    place = Place("web", "local", chat)
    return Incoming(place, str(number), "0", Person("web", "me", "me"), datetime.now(UTC), text=f"{number}")


async def put(store: Store, chat: str, count: int = 1) -> list[str]:
    """Let photos wait in a chat."""
    return [(await store.accept(incoming(chat, n), PICTURE, "ko")).photo for n in range(count)]


@asynccontextmanager
async def at_work(desk: Desk) -> AsyncIterator[Desk]:
    """Let a desk work for as long as a block lasts."""
    running = asyncio.create_task(desk.run())
    try:
        yield desk
    finally:
        await desk.stop(seconds=0.2)
        await asyncio.wait_for(asyncio.gather(running, return_exceptions=True), SECONDS)


async def until(is_so: Callable[[], Awaitable[bool] | bool]) -> None:
    """Wait for something that becomes true in its own time."""
    async with asyncio.timeout(SECONDS):
        while True:
            found = is_so()
            if found if isinstance(found, bool) else await found:
                return
            await asyncio.sleep(0.005)


async def states(store: Store, codes: list[str]) -> set[str]:
    """Return the states that these photos are in, "gone" for those that are not there."""
    found = [await store.photo(code) for code in codes]
    return {photo.state if photo else "gone" for photo in found}


class Bench:
    """A desk with stand-ins around a real store."""

    def __init__(self, store: Store, **options: int) -> None:
        self.store, self.app, self.sent = store, StandIn(), Sent()
        self.desk = Desk(store, self.app, {"web": self.sent}, lambda photo: ChatRules(), **options)

    async def are(self, codes: list[str], *wanted: str) -> bool:
        return await states(self.store, codes) == set(wanted)
