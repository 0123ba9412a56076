"""A request of the bot as it is understood: its fields, its files, and where it goes."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, web

from tests.platforms.discord.refusals import Refused
from tests.platforms.discord.things import Json
from tests.platforms.discord.world import World

FILE = re.compile(r"files\[(\d+)\]|file")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file in a request."""

    field: str
    filename: str
    data: bytes


@dataclass(slots=True)
class Body:
    """What a request carries."""

    fields: Any = field(default_factory=dict)
    uploads: list[Upload] = field(default_factory=list)
    is_multipart: bool = False
    fault: int = 0  # why it cannot be read, as a code


@dataclass(slots=True)
class Ask:
    """A request to an endpoint.

    Args:
        world: that it is about.
        names: parts of the path, by the endpoint's names for them.
        query: of the address.
        body: of the request.
    """

    world: World
    names: dict[str, str]
    query: dict[str, str]
    body: Body

    @property
    def fields(self) -> Json:
        """Return the body as an object; Discord reads no other."""
        if not isinstance(self.body.fields, dict):
            raise Refused(50109)
        return self.body.fields

    def id(self, name: str) -> int:
        """Return a part of the path that is an id."""
        text = self.names[name]
        if not text.isdecimal():
            code, message = "NUMBER_TYPE_COERCE", f'Value "{text}" is not snowflake.'
            raise Refused(50035, errors={name: {"_errors": [{"code": code, "message": message}]}})
        return int(text)

    def flag(self, name: str) -> bool:
        """Return a part of the query that is yes or no."""
        return self.query.get(name, "").lower() in ("1", "true")


Answer = Any  # a JSON document, None for no content
Handler = Callable[[Ask], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Rate:
    """How many requests of a bucket are allowed in how many seconds."""

    limit: int
    seconds: float


PLENTY = Rate(50, 1.0)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A method and a path that the stand-in answers."""

    method: str
    pattern: str
    matcher: re.Pattern[str]
    handler: Handler
    rate: Rate
    is_open: bool  # needs no token of the bot: its own token is in the path
    is_limited: bool  # counts for the limit of all requests
    status: int


class Endpoints:
    """A table of endpoints."""

    def __init__(self) -> None:
        self.rows: list[Endpoint] = []

    def on(
        self,
        method: str,
        pattern: str,
        *,
        rate: Rate = PLENTY,
        is_open: bool = False,
        status: int = 200,
    ) -> Callable[[Handler], Handler]:
        """Let a function answer a method and a path like `/channels/{channel}`."""
        matcher = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", pattern))

        def keep(handler: Handler) -> Handler:
            self.rows.append(Endpoint(method, pattern, matcher, handler, rate, is_open, not is_open, status))
            return handler

        return keep


async def read_body(request: web.Request, limit: int) -> Body:
    """Return the body of a request; what cannot be read is told by its fault."""
    if (request.content_length or 0) > limit:
        await _drain(request)
        return Body(fault=40005)
    if request.content_type == "multipart/form-data":
        return await _read_parts(request, limit)
    data = await request.content.read()
    if not data:
        return Body()
    if request.content_type != "application/json":
        return Body(fault=50109)
    return _parsed(data, Body())


def _parsed(data: bytes, body: Body) -> Body:
    try:
        body.fields = json.loads(data)
    except ValueError:
        body.fault = 50109
    return body


async def _drain(request: web.Request) -> None:
    """Read what is not wanted, so that the client comes to reading the refusal."""
    async for _ in request.content.iter_chunked(2**20):
        pass


async def _read_parts(request: web.Request, limit: int) -> Body:
    body = Body(is_multipart=True)
    total = 0
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader)
        data = bytes(await part.read())
        total += len(data)
        name = part.name or ""
        if name == "payload_json":
            _parsed(data, body)
        elif FILE.fullmatch(name) and part.filename:
            body.uploads.append(Upload(name, part.filename, data))
        else:
            body.fields[name] = data.decode(errors="replace")
    if total > limit:
        body.fault = 40005
    return body
