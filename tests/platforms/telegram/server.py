"""Telegram's side of the wire: the socket, the downloads, and outages."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self

from aiohttp import web

from tests.platforms.faults import Asked
from tests.platforms.telegram.calls import Calls, broken, respond
from tests.platforms.telegram.files import MOST_UPLOAD
from tests.platforms.telegram.records import Chat, Message
from tests.platforms.telegram.refusals import Refused

TOKEN = "123456:AAStandInTelegramToken"
SECONDS = 30.0
MOST_BYTES = MOST_UPLOAD + 64 * 1024  # a file and what is around it

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class StandInTelegram(Calls):
    """A Telegram of one's own on loopback, for as long as a block lasts.

    Args:
        token: of the only bot there is.
        privacy: whether groups tell the bot only what is meant for it.
    """

    def __init__(self, token: str = TOKEN, *, privacy: bool = True) -> None:
        super().__init__(token, privacy=privacy)
        self._address = ""
        self._open: set[asyncio.Transport] = set()

    @property
    def url(self) -> str:
        """What stands before the token in the address of a method."""
        return f"{self._address}/bot"

    @property
    def file_url(self) -> str:
        """What stands before the token in the address of a file."""
        return f"{self._address}/file/bot"

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=MOST_BYTES)
        app.router.add_route("*", "/bot{token}/{method}", self._guarded(self.called))
        app.router.add_route("GET", "/file/bot{token}/{path:.+}", self._guarded(self._downloaded))
        # A poll must end with the bot that asked: nobody listens any more once that is killed.
        self._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self._address = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.webhook:
            await self.webhook.stop()
        await self.finish()
        await self._runner.cleanup()

    def outage(self, is_out: bool) -> None:
        """Break every connection, also those that are under way, until it is over."""
        self.is_out = is_out
        for transport in list(self._open) if is_out else ():
            transport.abort()

    async def online(self, seconds: float = SECONDS) -> None:
        """Wait until the bot listens: it polls right now, or there is a webhook."""
        async with asyncio.timeout(seconds):
            await self.updates.is_heard.wait()

    async def until(self, is_so: Callable[[], bool], seconds: float = SECONDS) -> None:
        """Wait for something that becomes true by a request of the bot."""
        async with asyncio.timeout(seconds):
            while not is_so():
                await self.happened.wait()

    async def answered(self, chat: Chat, count: int = 1, seconds: float = SECONDS) -> list[Message]:
        """Wait until the bot has said something in a chat and return what is there of it."""
        await self.until(lambda: len(self.answers(chat)) >= count, seconds)
        return self.answers(chat)

    async def settled(self, seconds: float = SECONDS) -> None:
        """Wait until the bot has confirmed everything that happened, whether or not it is done with it."""
        await self.until(lambda: not self.updates.waiting, seconds)

    # Requests

    def _guarded(self, answer: Handler) -> Handler:
        async def guarded(request: web.Request) -> web.StreamResponse:
            transport = request.transport
            if self.is_out or transport is None:
                return broken(request)
            self._open.add(transport)
            try:
                return await answer(request)
            finally:
                self._open.discard(transport)
                self.stir()

        return guarded

    async def _downloaded(self, request: web.Request) -> web.StreamResponse:
        path = request.match_info["path"]
        asked = Asked(request.method, f"file/{path}", {}, {}, 0)
        fault = self.faults.next(f"{request.method} file/{path}")
        if fault and fault.kind == "delay":
            await asyncio.sleep(fault.seconds)
        elif fault and fault.kind != "lost":
            return self.failed(request, asked, fault)
        try:
            self.check_token(request.match_info["token"])
        except Refused as refusal:
            self.note(asked, refusal.code)
            return respond(refusal)
        return await self._handed_out(request, asked, path, is_cut=bool(fault and fault.kind == "lost"))

    async def _handed_out(
        self, request: web.Request, asked: Asked, path: str, *, is_cut: bool
    ) -> web.StreamResponse:
        data = self.files.at(path)
        if data is None:
            self.note(asked, 404)
            return respond(Refused(404, "Not Found"))
        response = web.StreamResponse(headers={"Content-Length": str(len(data))})
        await response.prepare(request)
        await response.write(data[: len(data) // 2] if is_cut else data)
        self.note(asked, 0 if is_cut else 200)
        if is_cut:
            broken(request)
        return response
