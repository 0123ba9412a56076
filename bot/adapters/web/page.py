"""The one page and its files; texts and settings lie in it as JSON, so that nothing is fetched twice."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

from aiohttp import web

from bot.adapters.web.errors import Refused, language_of
from bot.adapters.web.guard import Guard
from bot.adapters.web.wire import HOME, place_of
from bot.texts import say, texts_for
from inference.decode.policy import MAX_BYTES
from models.records import Language

KINDS = {"style.css": "text/css", "chat.js": "text/javascript", "icon.svg": "image/svg+xml"}


class Page:
    """Serves the page to those who have the key or its cookie."""

    def __init__(self, guard: Guard, language: Language) -> None:
        self._guard, self._language = guard, language

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of this part."""
        return [
            web.get("/", self.chat),
            web.get("/c/{chat}", self.chat),
            web.get("/page/{name}", self.file),
        ]

    async def chat(self, request: web.Request) -> web.Response:
        """Return the page; a key in the address becomes a cookie and disappears from the address."""
        chat = place_of(request.match_info.get("chat", HOME)).chat
        if (key := request.query.get("key")) is not None and self._guard.is_key(key):
            response = web.Response(status=303, headers={"Location": request.path})
            self._guard.give_cookie(response)
            return response
        if not self._guard.may_enter(request):
            return _html(say(language_of(request), "error-locked"), status=403)
        boot = {
            "chat": chat,
            "language": self._language,
            "texts": {language: texts_for(language, "web-") for language in ("ko", "en")},
            "megabytes": MAX_BYTES // 1_000_000,
        }
        text = json.dumps(boot, ensure_ascii=False).replace("<", "\\u003c")
        return _html(_file("index.html").replace("{{boot}}", text))

    async def file(self, request: web.Request) -> web.Response:
        """Return one of the page's files."""
        name = request.match_info["name"]
        if name not in KINDS:
            raise Refused("bad-request", 404, found=name[:40], allowed=", ".join(KINDS))
        return web.Response(text=_file(name), content_type=KINDS[name], headers={"Cache-Control": "no-cache"})


def _html(text: str, status: int = 200) -> web.Response:
    return web.Response(text=text, content_type="text/html", charset="utf-8", status=status)


@cache
def _file(name: str) -> str:
    return files(__package__).joinpath("page", name).read_text(encoding="utf-8")
