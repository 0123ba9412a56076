"""`/find` of the local web chat: only ever in the chat that is asked in."""

from __future__ import annotations

import time
from typing import Any

from aiohttp import web

from bot.adapters.web.errors import Refused, as_json, language_of
from bot.adapters.web.wire import number_of, place_of
from bot.texts import say
from models.records import Language, Place
from storage.query import MAX_QUERY
from storage.store import Store

LIMIT, MOST = 24, 100


class Finding:
    """Answers queries over one chat."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of this part."""
        return [web.get("/api/chats/{chat}/find", self.find)]

    async def find(self, request: web.Request) -> web.Response:
        """Return the best photos for a query, each with why."""
        place = place_of(request.match_info["chat"])
        text = request.query.get("q", "").strip()
        if not text:
            raise Refused("empty-query", 400)
        limit = number_of(request, "limit", LIMIT, MOST)
        return as_json(await self._found(place, text, limit, language_of(request)))

    async def _found(self, place: Place, text: str, limit: int, language: Language) -> dict[str, Any]:
        started = time.perf_counter()
        scope = await self._store.scope_of(place)
        scopes = () if scope is None else (scope,)
        found = await self._store.find(text, scopes, limit=limit, language=language)
        sentences = {"found": None, "maybe": say(language, "find-maybe")}
        sentences["none"] = say(language, "find-none", query=text[:MAX_QUERY])
        return {
            "query": text,
            "outcome": found.outcome,
            "message": sentences[found.outcome],
            "hits": [
                {
                    "photo": hit.photo,
                    "score": hit.score,
                    "reason": hit.reason,
                    "sent_at": hit.sent_at.isoformat(timespec="milliseconds"),
                    "author": hit.author.name,
                    "width": photo.width,
                    "height": photo.height,
                }
                for hit, photo in zip(found.hits, found.photos, strict=True)
            ],
            "seconds": round(time.perf_counter() - started, 5),
        }
