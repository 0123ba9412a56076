"""Photos in: one a request, read with a limit, cleaned and stored before it is acknowledged."""

from __future__ import annotations

import asyncio
import uuid
from datetime import UTC, datetime

from aiohttp import BodyPartReader, web
from aiohttp.http import HttpProcessingError

from bot.adapters.web.errors import Refused, as_json, language_of
from bot.adapters.web.wire import PLATFORM, clean_name, clean_text, place_of
from bot.intake import Intake
from inference.decode.policy import MAX_BYTES, check_bytes
from models.records import Incoming, Person

FIELD_BYTES = 8_000  # of a text field, before it is understood
MAX_KEY = 100
MAX_FIELDS = 16
SECONDS = 60.0  # for the whole of a body
IDLE_SECONDS = 10.0  # without a byte: nobody keeps a seat by saying nothing
CHUNK = 262_144
# What aiohttp says about bodies that are no form, or that end in the middle.
NO_FORM = (
    ValueError,
    AssertionError,
    LookupError,
    HttpProcessingError,
    web.RequestPayloadError,
    ConnectionError,
)


class Uploads:
    """Takes photos in from the page, the command line and other programs."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of this part."""
        return [web.post("/api/chats/{chat}/photos", self.post)]

    async def post(self, request: web.Request) -> web.Response:
        """Accept a photo: 202 with its id once it cannot be lost any more, 200 when it was known."""
        place = place_of(request.match_info["chat"])
        check_bytes(max(0, (request.content_length or 0) - 2 * FIELD_BYTES))
        async with self._intake.seat():
            fields, data = await _read(request)
            incoming = Incoming(
                place=place,
                message=_key(fields.get("key", "")),
                attachment="0",
                author=_author(fields.get("author", "")),
                sent_at=datetime.now(UTC),
                text=clean_text(fields.get("text", "")),
            )
            accepted = await self._intake.take(incoming, data, language_of(request))
        return as_json({"photo": accepted.photo}, status=202 if accepted.is_new else 200)


def _author(name: str) -> Person:
    name = clean_name(name)
    return Person(PLATFORM, name, name)


def _key(key: str) -> str:
    """Return the key of an upload, a new one where it has none.

    Raises:
        Refused: it is too long; cut, it might be another photo's.
    """
    if len(key) > MAX_KEY:
        raise Refused("long-text", 400, found=len(key), most=MAX_KEY)
    return key or uuid.uuid4().hex


async def _read(request: web.Request) -> tuple[dict[str, str], bytes]:
    """Return the fields of a form and the bytes of its photo.

    Raises:
        Refused: it is no such form.
        TooManyBytes: the photo is larger than what is read.
    """
    fields: dict[str, str] = {}
    data: bytes | None = None
    try:
        async with asyncio.timeout(SECONDS):
            form = await request.multipart()
            while (part := await form.next()) is not None:
                if not isinstance(part, BodyPartReader) or len(fields) >= MAX_FIELDS:
                    raise Refused("bad-upload", 400)
                if part.name == "photo" and data is None:
                    data = await _bytes(part)
                    continue
                text = (await _bytes(part, FIELD_BYTES)).decode("utf-8", "replace")
                fields[str(part.name)] = text
    except TimeoutError as error:
        raise Refused("bad-request", 408, found="too slow", allowed=f"{SECONDS:.0f} s") from error
    except NO_FORM as error:
        raise Refused("bad-upload", 400) from error
    if data is None:
        raise Refused("bad-upload", 400)
    return fields, data


async def _bytes(part: BodyPartReader, most: int = MAX_BYTES) -> bytes:
    """Return the content of a part, read no further than its limit."""
    data = bytearray()
    while chunk := await asyncio.wait_for(part.read_chunk(CHUNK), IDLE_SECONDS):
        data += chunk
        if len(data) > most:
            if most == MAX_BYTES:
                check_bytes(len(data))
            raise Refused("long-text", 400, found=len(data), most=most)
    return bytes(data)
