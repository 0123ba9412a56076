"""Serves attachments and the pictures of embeds, as long as their addresses are good."""

from __future__ import annotations

from aiohttp import web

from tests.platforms.discord.cdn import GONE
from tests.platforms.discord.things import Attachment
from tests.platforms.discord.world import World


def serve(world: World, request: web.Request) -> web.Response:
    """Serve `attachments/channel/attachment/filename` or `external/name`; what is not signed is not there."""
    path = request.match_info["path"]
    if path.startswith("external/") and request.match_info["kind"] == "media":
        return _served(world.external.get(path.removeprefix("external/")), "image/jpeg")
    found = _find(world, path)
    raw = "/" + request.rel_url.raw_path.split("/", 2)[2]
    if found is None or not world.cdn.is_good(raw, dict(request.query)):
        return _served(None, None)
    return _served(found.data, found.content_type)


def _find(world: World, path: str) -> Attachment | None:
    """Return a file whose message is still there."""
    parts = path.split("/")
    if len(parts) != 4 or not all(part.isdecimal() for part in parts[1:3]):
        return None
    if int(parts[2]) in world.loose:
        return world.loose[int(parts[2])]
    for message in world.messages.get(int(parts[1]), {}).values():
        for file in message.attachments:
            if str(file.id) == parts[2] and file.filename == parts[3] and not message.is_deleted:
                return file
    return None


def _served(data: bytes | None, kind: str | None) -> web.Response:
    if data is None:
        return web.Response(status=404, text=GONE)
    told = {"Content-Type": kind or "application/octet-stream", "Cache-Control": "public, max-age=31536000"}
    return web.Response(body=data, headers=told)
