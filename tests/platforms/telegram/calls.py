"""Calls of methods: read, judged by the published API, failed on demand, answered."""

from __future__ import annotations

import asyncio
import re
import traceback
from typing import Any

from aiohttp import web

from tests.platforms.faults import Asked, Fault
from tests.platforms.telegram import asking, editing, polling, profile, queries, sending, webhook
from tests.platforms.telegram.arguments import Arguments, read
from tests.platforms.telegram.refusals import Refused, too_many
from tests.platforms.telegram.registry import METHODS
from tests.platforms.telegram.spec import spec
from tests.platforms.telegram.tapping import Tapping

# Their functions register themselves.
ANSWERING = (asking, editing, polling, profile, queries, sending, webhook)
TOKEN = re.compile(r"\d+:[\w-]{6,}")
TEXTS = {"500": "Internal Server Error", "502": "Bad Gateway"}


class Calls(Tapping):
    """Telegram with methods that can be called."""

    def __init__(self, token: str, *, privacy: bool = True) -> None:
        super().__init__(token, privacy=privacy)
        self._effects: set[asyncio.Task[tuple[int, Any]]] = set()

    async def called(self, request: web.Request) -> web.StreamResponse:
        """Answer a call, or break its connection."""
        name = _name(request.match_info["method"])
        try:
            arguments = await read(request)
        except web.HTTPRequestEntityTooLarge:
            return respond(Refused(413, "Request Entity Too Large"))
        except Refused as refusal:
            return respond(refusal)
        asked = Asked(request.method, name, arguments.fields, arguments.files, 0)
        fault = self.faults.next(f"{request.method} {name}")
        if fault and fault.kind not in ("delay", "lost"):
            return self.failed(request, asked, fault)
        return await self._effective(request, asked, arguments, fault)

    async def _effective(
        self, request: web.Request, asked: Asked, arguments: Arguments, fault: Fault | None
    ) -> web.StreamResponse:
        """Carry a call out, also when whoever called is gone by then; only polls end with the caller."""
        seconds = fault.seconds if fault and fault.kind == "delay" else 0.0
        work = self._answer(request.match_info["token"], asked.path, arguments, seconds)
        effect = asyncio.create_task(work)
        self._effects.add(effect)
        effect.add_done_callback(self._done)
        is_lost, status = bool(fault and fault.kind == "lost"), 0
        try:
            status, body = await (effect if asked.path == "getUpdates" else asyncio.shield(effect))
        finally:
            self.note(asked, 0 if is_lost else status)
        return broken(request) if is_lost else web.json_response(body, status=status)

    def _done(self, effect: asyncio.Task[tuple[int, Any]]) -> None:
        self._effects.discard(effect)
        self.stir()

    async def _answer(self, token: str, name: str, arguments: Arguments, seconds: float) -> tuple[int, Any]:
        await asyncio.sleep(seconds)
        try:
            self.check_token(token)
            return 200, {"ok": True, "result": await self._result(name, arguments)}
        except Refused as refusal:
            return refusal.code, refusal.answer()
        except Exception:  # noqa: BLE001 - the fault of the stand-in, which the test must hear of
            self.violations.append(f"stand-in: {name}: {traceback.format_exc()}")
            return 500, Refused(500, "Internal Server Error").answer()

    def check_token(self, token: str) -> None:
        """Let the bot in, nobody else.

        Raises:
            Refused: it is no token, or one of another bot.
        """
        if not TOKEN.fullmatch(token):
            raise Refused(404, "Not Found")
        if token != self.token:
            raise Refused(401, "Unauthorized")

    async def _result(self, name: str, arguments: Arguments) -> Any:
        described = spec()
        if described and described.name(name):
            self.violations += described.asked(name, arguments.fields, arguments.files)
        if name.lower() not in METHODS:
            self.violations.append(f"{name}: the stand-in does not know it")
            raise Refused(404, "Not Found: method not found")
        result = await METHODS[name.lower()][1](self, arguments)
        if described:
            self.violations += described.answered(name, result)
        return result

    def failed(self, request: web.Request, asked: Asked, fault: Fault) -> web.StreamResponse:
        """Fail before anything has happened."""
        if fault.kind == "reset":
            self.note(asked, 0)
            return broken(request)
        self.note(asked, int(fault.kind))
        if fault.kind == "429":
            return respond(too_many(max(1, round(fault.seconds))))
        return respond(Refused(int(fault.kind), TEXTS[fault.kind]))

    def note(self, asked: Asked, status: int) -> None:
        """Note a request and how it went."""
        self.asked.append(Asked(asked.method, asked.path, asked.fields, asked.files, status, asked.at))

    async def finish(self) -> None:
        """Stop what is still under way."""
        effects = list(self._effects)
        for effect in effects:
            effect.cancel()
        await asyncio.gather(*effects, return_exceptions=True)


def _name(method: str) -> str:
    described = spec()
    known = described.name(method) if described else None
    return known or METHODS.get(method.lower(), (method, None))[0]


def respond(refusal: Refused) -> web.StreamResponse:
    """Return the answer that refuses."""
    return web.json_response(refusal.answer(), status=refusal.code)


def broken(request: web.Request) -> web.StreamResponse:
    """Break the connection; what is returned goes nowhere."""
    if request.transport:
        request.transport.abort()
    return web.Response(status=500)
