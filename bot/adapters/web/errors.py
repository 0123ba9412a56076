"""Refusals as HTTP: each a status, a code and a sentence in the asker's language."""

from __future__ import annotations

import json
import logging
import secrets
from functools import partial

from aiohttp import web

from bot.texts import say
from models.errors import BadPhoto, Busy, DiskFull, NoRoom, ServiceError, Stopped, StorageError, TooManyBytes
from models.records import Language

log = logging.getLogger(__name__)

# The first that fits counts.
STATUS: tuple[tuple[type[ServiceError], int], ...] = (
    (TooManyBytes, 413),
    (BadPhoto, 415),
    (Busy, 429),
    (DiskFull, 507),
    (NoRoom, 507),
    (Stopped, 503),
    (StorageError, 503),
)


class Refused(Exception):
    """A request that cannot be served; `code` names the text, `status` is HTTP's."""

    def __init__(self, code: str, status: int, **data: str | float) -> None:
        super().__init__(f"{code}: {data}")
        self.code, self.status, self.data = code, status, data


def as_json(document: object, *, status: int = 200) -> web.Response:
    """Return a response of JSON in which Korean stays readable."""
    return web.json_response(document, status=status, dumps=_dumps)


_dumps = partial(json.dumps, ensure_ascii=False)


def language_of(request: web.Request) -> Language:
    """Return the language of a request: `lang`, else Korean."""
    return "en" if request.query.get("lang") == "en" else "ko"


def answer_of(error: ServiceError | Refused, language: Language) -> web.Response:
    """Return the response that tells a person about an error."""
    status = error.status if isinstance(error, Refused) else _status(error)
    response = as_json(
        {"error": error.code, "message": say(language, f"error-{error.code}", **error.data)}, status=status
    )
    if status in (429, 503):
        response.headers["Retry-After"] = str(max(1, round(float(error.data.get("seconds", 5)))))
    return response


def _status(error: ServiceError) -> int:
    return next((status for kind, status in STATUS if isinstance(error, kind)), 500)


def bug(error: Exception) -> ServiceError:
    """Log a bug and return what may be said about it."""
    ticket = secrets.token_hex(4)
    log.error("bug while serving ticket=%s error=%r", ticket, error, exc_info=error)
    return ServiceError("bug", ticket=ticket)
