"""What happens to a request: faults, limits, the token, the endpoint, and a record of it."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from aiohttp import web

from tests.platforms.discord import (
    application_endpoints,
    channel_endpoints,
    files,
    interaction_endpoints,
    message_endpoints,
    thread_endpoints,
    webhook_endpoints,
)
from tests.platforms.discord.asking import Ask, Body, Endpoint, read_body
from tests.platforms.discord.openapi import Description
from tests.platforms.discord.rates import Rates, headers, refusal
from tests.platforms.discord.refusals import Refused
from tests.platforms.discord.things import Json
from tests.platforms.discord.world import World
from tests.platforms.faults import Asked, Fault, Faults

MODULES = (
    application_endpoints,
    channel_endpoints,
    interaction_endpoints,
    message_endpoints,
    thread_endpoints,
    webhook_endpoints,
)
ENDPOINTS = [row for module in MODULES for row in module.endpoints.rows]
VIA = {"Via": "1.1 google"}
HTML = "<html><head><title>{0}</title></head><body><center><h1>{0}</h1></center><hr>cloudflare</body></html>"


class Rest:
    """Answers the requests of the bot.

    Args:
        world: that they are about.
        faults: to commit.
        rates: to keep to.
        description: of the API, which judges every request; None where it is not here.
    """

    def __init__(self, world: World, faults: Faults, rates: Rates, description: Description | None) -> None:
        self._world, self._faults, self._rates, self._description = world, faults, rates, description
        self.asked: list[Asked] = []
        self.violations: list[str] = []
        self.answered = asyncio.Event()  # set with each request
        self.own_faults: list[str] = []  # where our answers are none of Discord's
        self.invalid = 0  # refused with 401, 403 or 429: 10,000 of them in ten minutes are a ban

    async def answer(self, request: web.Request, path: str) -> web.StreamResponse:
        """Answer a request to a path of the API, and keep a record of it."""
        if self.invalid >= self._world.rules.invalid_limit:
            return web.Response(status=429, text="error code: 1015")
        body = await read_body(request, self._world.rules.request_limit)
        self._judge(request, path, body)
        fault = self._faults.next(f"{request.method} {path}")
        response = await self._respond(request, path, body, fault)
        status = 0 if fault is not None and fault.kind in ("reset", "lost") else response.status
        self._record(request, path, body, status)
        if not status and request.transport is not None:
            request.transport.abort()
        return response

    async def serve_file(self, request: web.Request) -> web.StreamResponse:
        """Serve a file, with the same faults and records as everything else."""
        fault = self._faults.next(f"GET {request.path}")
        if fault is not None and fault.kind not in ("delay", "lost"):
            response: web.StreamResponse = _failed(fault)
        else:
            await asyncio.sleep(fault.seconds if fault is not None else 0)
            response = files.serve(self._world, request)
        status = 0 if fault is not None and fault.kind in ("reset", "lost") else response.status
        self._keep(Asked("GET", request.path, dict(request.query), {}, status))
        if not status and request.transport is not None:
            request.transport.abort()
        return response

    async def _respond(
        self, request: web.Request, path: str, body: Body, fault: Fault | None
    ) -> web.StreamResponse:
        if fault is not None:
            if fault.kind == "delay":
                await asyncio.sleep(fault.seconds)
            elif fault.kind != "lost":
                return _failed(fault)
        endpoint, names = _find(request.method, path)
        if endpoint is None:
            self.violations.append(f"{request.method} {path}: the stand-in knows no such endpoint")
            return _said(404, {"message": "404: Not Found", "code": 0})
        ask = Ask(self._world, names, dict(request.query), body)
        return await self._limited(request, path, endpoint, ask)

    async def _limited(
        self, request: web.Request, path: str, endpoint: Endpoint, ask: Ask
    ) -> web.StreamResponse:
        """Answer, as far as the token and the limits let it."""
        if not endpoint.is_open and request.headers.get("Authorization") != f"Bot {self._world.rules.token}":
            return _said(401, {"message": "401: Unauthorized", "code": 0})
        bucket, window = self._rates.window(endpoint, ask.names)
        if wait := self._rates.is_too_much(endpoint):
            return _refused(wait, is_global=True, scope="global")
        if not window.take():
            return _refused(window.wait, scope="user", told=headers(bucket, window))
        status, answer = await _handled(endpoint, ask)
        if status < 300 and self._description is not None:
            self.own_faults += self._description.answer_faults(request.method, path, status, answer)
        return _said(status, answer, headers(bucket, window))

    def _judge(self, request: web.Request, path: str, body: Body) -> None:
        if self._description is not None and not body.fault:
            self.violations += self._description.faults(request.method, path, dict(request.query), body)

    def _record(self, request: web.Request, path: str, body: Body, status: int) -> None:
        self.invalid += status in (401, 403, 429)
        fields = body.fields if isinstance(body.fields, dict) else {"": body.fields}
        files = {upload.filename: upload.data for upload in body.uploads}
        self._keep(Asked(request.method, path, {**request.query, **fields}, files, status))

    def _keep(self, asked: Asked) -> None:
        self.asked.append(asked)
        self.answered.set()

    def turn_away(self, request: web.Request) -> web.Response:
        """Answer as nothing of Discord does when it is out of order."""
        self._keep(Asked(request.method, request.path, dict(request.query), {}, 503))
        return html("503 Service Unavailable", 503)


def _find(method: str, path: str) -> tuple[Endpoint | None, dict[str, str]]:
    for endpoint in ENDPOINTS:
        found = endpoint.matcher.fullmatch(path)
        if found and endpoint.method == method:
            return endpoint, found.groupdict()
    return None, {}


async def _handled(endpoint: Endpoint, ask: Ask) -> tuple[int, Any]:
    try:
        if ask.body.fault:
            raise Refused(ask.body.fault)
        answer = await endpoint.handler(ask)
    except Refused as refused:
        return refused.status, refused.body
    return (204 if answer is None else endpoint.status), answer


def _said(status: int, answer: Any, told: dict[str, str] | None = None) -> web.Response:
    if answer is None:
        return web.Response(status=status, headers={**VIA, **(told or {})})
    data = json.dumps(answer).encode()
    # aiohttp would add a charset, with which clients do not take it for JSON.
    own = {**VIA, **(told or {}), "Content-Type": "application/json"}
    return web.Response(status=status, body=data, headers=own)


def _refused(
    seconds: float, *, is_global: bool = False, scope: str, told: dict[str, str] | None = None
) -> web.Response:
    body, more = refusal(seconds, is_global=is_global, scope=scope)
    return _said(429, body, {**(told or {}), **more})


def _failed(fault: Fault) -> web.Response:
    """Return what a fault answers; that of a broken connection is never read."""
    if fault.kind == "429":
        return _refused(fault.seconds, scope="user")
    if fault.kind == "500":
        body: Json = {"message": "500: Internal Server Error", "code": 0}
        return _said(500, body)
    return html("502 Bad Gateway", 502)


def html(title: str, status: int) -> web.Response:
    """Return a page as those who stand before Discord answer."""
    return web.Response(status=status, text=HTML.format(title), content_type="text/html", headers=VIA)
