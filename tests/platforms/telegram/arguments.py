"""What a bot sent along with a request, by name and type."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.platforms.telegram.records import Json
from tests.platforms.telegram.refusals import bad

TEXTS = {
    "action",
    "callback_query_id",
    "caption",
    "custom_title",
    "description",
    "emoji",
    "file_id",
    "inline_query_id",
    "language_code",
    "name",
    "next_offset",
    "parse_mode",
    "secret_token",
    "short_description",
    "text",
    "url",
}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came along."""

    name: str
    mime: str
    data: bytes


@dataclass(slots=True)
class Arguments:
    """The fields of one request; those of a form are read as the JSON they hold."""

    fields: Json = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return a text, empty where there is none."""
        return str(self.fields.get(name, ""))

    def number(self, name: str, otherwise: int = 0) -> int:
        """Return an integer; what is none counts as absent, as on the real server."""
        value = self.fields.get(name, otherwise)
        return int(value) if str(value).lstrip("-").isdigit() else otherwise

    def is_set(self, name: str) -> bool:
        """Return whether something is wanted."""
        return str(self.fields.get(name, "")).lower() in ("true", "yes", "1")

    def table(self, name: str, called: str = "") -> Json | None:
        """Return a JSON object, None where there is none.

        Raises:
            Refused: it is no object.
        """
        value = self.fields.get(name)
        if value in (None, ""):
            return None
        if not isinstance(value, dict):
            raise bad(f"can't parse {called or name.replace('_', ' ')} JSON object")
        return value

    def array(self, name: str, called: str = "") -> list[Any] | None:
        """Return a JSON array, None where there is none.

        Raises:
            Refused: it is no array.
        """
        value = self.fields.get(name)
        if value in (None, ""):
            return None
        if not isinstance(value, list):
            raise bad(f"can't parse {called or name.replace('_', ' ')} JSON object")
        return value

    def upload(self, name: str, value: str | None = None) -> Upload | None:
        """Return the file that a field holds or points to with attach://."""
        pointer = self.text(name) if value is None else value
        if pointer.startswith("attach://"):
            return self.uploads.get(pointer.removeprefix("attach://"))
        return self.uploads.get(name) if value is None else None

    @property
    def files(self) -> dict[str, bytes]:
        """The bytes of all files by their names in the form."""
        return {name: upload.data for name, upload in self.uploads.items()}


async def read(request: web.Request) -> Arguments:
    """Read a request, whatever it is encoded in."""
    found = Arguments({name: _decoded(name, value) for name, value in request.query.items()})
    if request.content_type == "application/json":
        found.fields |= _body(await request.read())
        return found
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            found.uploads[name] = Upload(value.filename, value.content_type, value.file.read())
        elif isinstance(value, str):
            found.fields[name] = _decoded(name, value)
    return found


def _body(data: bytes) -> Json:
    try:
        given = json.loads(data or b"{}")
    except ValueError:
        raise bad("can't parse the request: invalid JSON") from None
    if not isinstance(given, dict):
        raise bad("can't parse the request: object expected")
    return {name: value for name, value in given.items() if value is not None}


def _decoded(name: str, value: str) -> Any:
    if name in TEXTS:
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
