"""A command's way to the photos: the service that owns the folder, or one for as long as the command.

Either way it is the same service behind the same requests; only who started it differs.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp

from bot.adapters.web.wire import CHAT, MAX_CHAT, composed
from bot.service import RUNNING, Service
from bot.settings import Settings
from bot.texts import say
from models.errors import FolderTaken
from models.records import Language
from storage.folder import Folder
from storage.query import MAX_QUERY

WAIT_SECONDS = 15.0  # for another command to end, or a service to come up
TRIES = 60  # for an upload that is asked to come again
TIMEOUT = aiohttp.ClientTimeout(total=None, connect=10, sock_read=120)


class Answered(Exception):
    """The service refused a request; the message is its sentence."""

    def __init__(self, status: int, body: dict[str, Any], seconds: float = 1.0) -> None:
        self.message = str(body.get("message", status))
        super().__init__(self.message)
        self.status = status
        self.seconds = seconds


class Client:
    """Requests to one service, in one language."""

    def __init__(self, session: aiohttp.ClientSession, language: Language) -> None:
        self._session = session
        self._language = language

    async def get(self, path: str, **query: str | int) -> Any:  # noqa: ANN401 - any JSON
        """Return what a path says."""
        return await self._ask("GET", path, query)

    async def find(self, chat: str, query: str, limit: int) -> Any:  # noqa: ANN401 - JSON
        """Return what a query finds in a chat; no more of it is sent than is understood."""
        sent = query[: 2 * MAX_QUERY]
        found = await self.get(f"/api/chats/{self._checked(chat)}/find", q=sent, limit=limit)
        return {**found, "query": query}

    def _checked(self, chat: str) -> str:
        """Return the name of a chat, which becomes part of a path."""
        chat = composed(chat)
        if not CHAT.fullmatch(chat):
            raise Answered(400, {"message": say(self._language, "error-bad-chat", most=MAX_CHAT)})
        return chat

    async def post(self, path: str, body: dict[str, Any]) -> Any:  # noqa: ANN401 - any JSON
        """Ask for something to be done and return what came of it."""
        return await self._ask("POST", path, {}, json=body)

    async def download(self, path: str) -> bytes:
        """Return the bytes that a path gives."""
        async with self._session.get(path, params={"lang": self._language}) as response:
            if response.status >= 400:
                raise Answered(response.status, await response.json())
            return await response.read()

    async def upload(self, chat: str, data: bytes, *, key: str, author: str, text: str) -> str:
        """Return the id of a photo once it is stored; a busy service is asked again in its time."""
        for _ in range(TRIES):
            form = aiohttp.FormData()
            for name, value in (("key", key), ("author", author), ("text", text)):
                form.add_field(name, value)
            form.add_field("photo", data, filename="photo", content_type="application/octet-stream")
            try:
                answer = await self._ask("POST", f"/api/chats/{self._checked(chat)}/photos", {}, data=form)
            except Answered as error:
                if error.status != 429:
                    raise
                last = error
                await asyncio.sleep(error.seconds)
                continue
            return str(answer["photo"])
        raise last

    @contextlib.asynccontextmanager
    async def listening(self, chat: str) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
        """Open a socket on which everything that happens in a chat arrives."""
        path = f"/ws/chats/{self._checked(chat)}?lang={self._language}"
        async with self._session.ws_connect(path, max_msg_size=0) as socket:
            yield socket

    async def _ask(self, method: str, path: str, query: dict[str, str | int], **body: Any) -> Any:  # noqa: ANN401
        query = {**query, "lang": self._language}
        async with self._session.request(method, path, params=query, **body) as response:
            answer = await response.json()
            if response.status >= 400:
                raise Answered(response.status, answer, float(response.headers.get("Retry-After", 1)))
            return answer


@contextlib.asynccontextmanager
async def connected(
    settings: Settings, language: Language, *, is_answering: bool = False
) -> AsyncIterator[Client]:
    """Open the way to the photos of the data folder.

    Raises:
        StorageError: the folder cannot be used.
        Answered: the service refused a request, or went away in the middle of one.
    """
    folder = Folder(settings.data_folder)
    async with contextlib.AsyncExitStack() as stack:
        port = await asyncio.to_thread(_running_port, folder)
        if port is None:
            service = Service(settings, is_lasting=False, is_answering=is_answering)
            port = (await stack.enter_async_context(service)).web.port
        session = aiohttp.ClientSession(
            f"http://127.0.0.1:{port}",
            headers={"Authorization": f"Bearer {folder.secret()}"},
            timeout=TIMEOUT,
        )
        try:
            yield Client(await stack.enter_async_context(session), language)
        except aiohttp.ClientError as error:
            raise Answered(503, {"message": say(language, "post-gone")}) from error


def _running_port(folder: Folder) -> int | None:
    """Return the port of the service that owns the folder, None where nobody owns it.

    Raises:
        FolderTaken: somebody owns it and has no port for us in good time.
    """
    ends = time.monotonic() + WAIT_SECONDS
    while folder.is_owned():
        with contextlib.suppress(OSError, ValueError, KeyError):
            owner = (folder.path / "owner").read_text(encoding="ascii").strip()
            running = json.loads((folder.path / RUNNING).read_text(encoding="utf-8"))
            if str(running["pid"]) == owner:
                return int(running["port"])
        if time.monotonic() > ends:
            raise FolderTaken(f"{folder.path} is in use", folder=str(folder.path), pid=_owner(folder.path))
        time.sleep(0.05)
    return None


def _owner(path: Path) -> str:
    with contextlib.suppress(OSError):
        return (path / "owner").read_text(encoding="ascii").strip()
    return "?"
