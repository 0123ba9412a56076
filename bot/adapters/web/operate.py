"""What operators and the command line ask of a running service: health, metrics, figures, copies."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Protocol

from aiohttp import web
from aiohttp.http import HttpProcessingError

from bot.adapters.web.errors import Refused, as_json, language_of
from bot.adapters.web.guard import Guard
from bot.adapters.web.photos import MOST, Photos
from bot.adapters.web.wire import number_of
from storage.store import Store


class Health(Protocol):
    """What a service can tell about itself without asking the disk."""

    def health(self) -> dict[str, object]:
        """Return what `/healthz` says."""
        ...

    def metrics(self) -> tuple[bytes, str]:
        """Return the Prometheus text and its content type."""
        ...


class Operate:
    """Answers those who may read the data folder, and monitors."""

    def __init__(self, store: Store, guard: Guard, photos: Photos, health: Health) -> None:
        self._store, self._guard, self._photos, self._health = store, guard, photos, health

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of this part."""
        return [
            web.get("/healthz", self.healthz),
            web.get("/metrics", self.metrics),
            web.get("/api/stats", self.stats),
            web.get("/api/everything", self.everything),
            web.get("/api/everything/{photo}/picture", self.picture),
            web.post("/api/backup", self.backup),
        ]

    async def healthz(self, request: web.Request) -> web.Response:  # noqa: ARG002 - a handler
        """Return that the service lives, and how it is."""
        return as_json(self._health.health())

    async def metrics(self, request: web.Request) -> web.Response:  # noqa: ARG002 - a handler
        """Return the figures that Prometheus collects."""
        text, kind = self._health.metrics()
        return web.Response(body=text, headers={"Content-Type": kind})

    async def stats(self, request: web.Request) -> web.Response:  # noqa: ARG002 - a handler
        """Return how much is remembered."""
        stats = asdict(await self._store.stats())
        stats |= {"free_bytes": self._store.folder.free_bytes(), **self._health.health()}
        return as_json(stats)

    async def everything(self, request: web.Request) -> web.Response:
        """Return photos of all chats, oldest first, for an export."""
        self._operator(request)
        after, limit = number_of(request, "after", 0, 10**17), number_of(request, "limit", MOST, MOST)
        photos = await self._store.everything(after=after, limit=limit)
        language = language_of(request)
        found = [
            {
                **self._photos.object_of(photo, language),
                "place": asdict(photo.place),
                "message": photo.message,
                "reply": photo.reply,
            }
            for photo in photos
        ]
        return as_json({"photos": found})

    async def picture(self, request: web.Request) -> web.Response:
        """Return the clean picture of a photo of any chat."""
        self._operator(request)
        jpeg = await self._store.picture(request.match_info["photo"])
        if jpeg is None:
            raise Refused("no-photo", 404)
        return web.Response(body=jpeg, content_type="image/jpeg")

    async def backup(self, request: web.Request) -> web.Response:
        """Write a backup and return where it lies."""
        self._operator(request)
        wanted = await _path_in(request)
        path = await self._store.backup(Path(wanted) if wanted else None)
        return as_json({"path": str(path), "bytes": path.stat().st_size})

    def _operator(self, request: web.Request) -> None:
        if not self._guard.is_operator(request):
            raise Refused("locked", 403)


async def _path_in(request: web.Request) -> str | None:
    """Return the path that a request names, None where it names none.

    Raises:
        Refused: its body is something else.
    """
    try:
        body = await request.json() if request.can_read_body else {}
    except (ValueError, LookupError, HttpProcessingError, web.RequestPayloadError) as error:
        raise Refused("bad-request", 400, found="no JSON", allowed='{"path": …}') from error
    path = body.get("path") if isinstance(body, dict) else 0
    if not isinstance(path, str | None) or "\0" in (path or ""):
        raise Refused("bad-request", 400, found="path", allowed='{"path": …}')
    return path
