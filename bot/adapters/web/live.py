"""The WebSocket: everything that happens in a chat, numbered, from any number on.

A page that was away asks for what came after the last number it saw; nothing is kept for it here.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from typing import Any

from aiohttp import WSCloseCode, web

from bot.adapters.web.errors import language_of
from bot.adapters.web.guard import Guard
from bot.adapters.web.photos import LAST, PAGE
from bot.adapters.web.wire import number_of, photo_object, place_of, state_of
from bot.texts import say
from models.records import ChatRules, Language, Place
from storage.records import Gone, Photo
from storage.store import Store

log = logging.getLogger(__name__)

BEAT_SECONDS = 20.0
GATHER_SECONDS = 0.05  # what happens together is sent together
BATCH = 200
NOTICE_SECONDS = 2.0
LOCKED = 4401
MAX_SOCKETS = 100


class Live:
    """Tells open pages what happens."""

    def __init__(self, store: Store, guard: Guard, rules: Callable[[Photo], ChatRules]) -> None:
        self._store, self._guard, self._rules = store, guard, rules
        self._sockets: dict[web.WebSocketResponse, Language] = {}
        self._standing = ""  # the notice that whoever comes now should read too

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of this part."""
        return [web.get("/ws/chats/{chat}", self.open)]

    @property
    def sockets(self) -> int:
        """Return how many pages listen."""
        return len(self._sockets)

    async def open(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one socket until it closes."""
        place, after = place_of(request.match_info["chat"]), number_of(request, "after", 0, LAST)
        socket = web.WebSocketResponse(heartbeat=BEAT_SECONDS, max_msg_size=4096, compress=False)
        await socket.prepare(request)
        if not self._guard.may_enter(request):
            await socket.close(code=LOCKED, message=b"locked")
            return socket
        if self.sockets >= MAX_SOCKETS:
            await socket.close(code=WSCloseCode.TRY_AGAIN_LATER, message=b"too many pages")
            return socket
        self._sockets[socket] = language_of(request)
        feed = asyncio.create_task(self._feed(socket, place, after, language_of(request)))
        try:
            async for _ in socket:  # the page says nothing; this ends when it goes
                await socket.close(code=WSCloseCode.POLICY_VIOLATION, message=b"nothing is expected here")
        finally:
            del self._sockets[socket]
            feed.cancel()
            with contextlib.suppress(asyncio.CancelledError, ConnectionError):
                await feed
        return socket

    async def _feed(
        self, socket: web.WebSocketResponse, place: Place, after: int, language: Language
    ) -> None:
        try:
            after = await self._catch_up(socket, place, after, language)
            if self._standing:
                await self._say(socket, self._standing, language)
            while True:
                news = self._store.news()
                after = await self._tell(socket, place, after, language)
                await socket.send_json({"type": "synced", "change": after})
                with contextlib.suppress(TimeoutError):  # not `wait_for`: it may swallow a cancellation
                    async with asyncio.timeout(BEAT_SECONDS):
                        await news.wait()
                await asyncio.sleep(GATHER_SECONDS)
        except ConnectionError:
            pass  # the page will come again
        except Exception:  # a bug must not leave a page waiting: it comes again too
            log.exception("feed ended")
            await socket.close(code=WSCloseCode.INTERNAL_ERROR)

    async def _catch_up(
        self, socket: web.WebSocketResponse, place: Place, after: int, language: Language
    ) -> int:
        """Send the newest photos to a page that knows none; return the change from which to go on."""
        last = await self._store.last_change()
        if 0 < after <= last:
            return after
        for photo in reversed(await self._store.history(place, before=LAST, limit=PAGE)):
            await self._send(socket, photo, language)
        return last

    async def _tell(self, socket: web.WebSocketResponse, place: Place, after: int, language: Language) -> int:
        while changes := await self._store.changes(place, after=after, limit=BATCH):
            for one in changes:
                await self._send(socket, one, language)
                after = one.change
        return after

    async def _send(self, socket: web.WebSocketResponse, one: Photo | Gone, language: Language) -> None:
        if isinstance(one, Gone):
            await socket.send_json({"type": "gone", "change": one.change, "photo": one.id})
            return
        before = await self._store.waiting(one.seq) if state_of(one) == "waiting" else None
        photo: dict[str, Any] = photo_object(one, self._rules(one), language, before)
        await socket.send_json({"type": "photo", "change": one.change, "photo": photo})

    async def notify(self, text: str, *, is_standing: bool) -> None:
        """Say a line to everybody, and while it stands to everybody who comes."""
        self._standing = text if is_standing else ""
        saying = [self._say(socket, text, language) for socket, language in self._sockets.items()]
        with contextlib.suppress(TimeoutError):  # a page that does not listen keeps nobody waiting
            async with asyncio.timeout(NOTICE_SECONDS):
                await asyncio.gather(*saying, return_exceptions=True)

    async def _say(self, socket: web.WebSocketResponse, text: str, language: Language) -> None:
        await socket.send_json({"type": "notice", "message": say(language, text)})

    async def close(self) -> None:
        """Let every page know that the service ends, so that it comes again."""
        for socket in list(self._sockets):
            with contextlib.suppress(ConnectionError):
                await socket.close(code=WSCloseCode.GOING_AWAY, message=b"stopping")
