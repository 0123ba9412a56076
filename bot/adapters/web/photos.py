"""Photos out: pictures, history, deletion with a receipt."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import asdict

from aiohttp import web

from bot.adapters.web.errors import Refused, as_json, language_of
from bot.adapters.web.wire import PLATFORM, clean_name, number_of, photo_object, place_of
from bot.app import App, may_be_marked
from bot.texts import say
from models.errors import Stopped
from models.records import Analysis, ChatRules, Language
from storage.records import Photo, Receipt
from storage.store import Store

PAGE = 30
MOST = 200
LAST = 10**17  # a `seq` after every other
THUMB = 360  # pixels of the longer side


class Photos:
    """Gives photos of the local chats to those who may see them."""

    def __init__(self, store: Store, app: App | None, rules: Callable[[Photo], ChatRules]) -> None:
        self._store, self._app, self._rules = store, app, rules
        self._drawing = asyncio.Semaphore(2)  # pictures in memory at one time

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of this part."""
        return [
            web.get("/api/chats/{chat}/photos", self.history),
            web.delete("/api/chats/{chat}/photos", self.delete_mine),
            web.get("/api/photos/{photo}", self.one),
            web.delete("/api/photos/{photo}", self.delete),
            web.get("/api/photos/{photo}/picture", self.picture),
            web.get("/api/photos/{photo}/marked", self.marked),
            web.get("/api/photos/{photo}/thumb", self.thumb),
        ]

    async def history(self, request: web.Request) -> web.Response:
        """Return older photos of a chat, newest first."""
        place = place_of(request.match_info["chat"])
        before, limit = number_of(request, "before", LAST, LAST), number_of(request, "limit", PAGE, MOST)
        photos = await self._store.history(place, before=before, limit=limit)
        return as_json({"photos": [self.object_of(p, language_of(request)) for p in photos]})

    def object_of(self, photo: Photo, language: Language) -> dict[str, object]:
        """Return the JSON of a photo whose place in the queue does not matter."""
        return photo_object(photo, self._rules(photo), language)

    async def one(self, request: web.Request) -> web.Response:
        """Return one photo."""
        photo = await self._known(request)
        before = await self._store.waiting(photo.seq)
        return as_json(photo_object(photo, self._rules(photo), language_of(request), before))

    async def picture(self, request: web.Request) -> web.Response:
        """Return the clean picture."""
        return _jpeg(await self._shown(await self._known(request)))

    async def marked(self, request: web.Request) -> web.Response:
        """Return the marked copy; it is drawn again each time and stored nowhere."""
        photo = await self._known(request)
        jpeg = await self._shown(photo)
        found = photo.analysis
        if found is None or not may_be_marked(found, self._rules(photo)):
            raise Refused("no-photo", 404)
        return _jpeg(await self._drawn(jpeg, found, language_of(request)))

    async def _drawn(self, jpeg: bytes, found: Analysis, language: Language) -> bytes:
        app = self._looking()
        async with self._drawing:
            return await app.mark(await app.reopen(jpeg), found, language)

    async def thumb(self, request: web.Request) -> web.Response:
        """Return a small copy."""
        jpeg, app = await self._shown(await self._known(request)), self._looking()
        async with self._drawing:
            return _jpeg(await app.small(await app.reopen(jpeg), THUMB))

    async def delete(self, request: web.Request) -> web.Response:
        """Delete one photo of the asker's."""
        photo = await self._known(request)
        if photo.author.id != clean_name(request.query.get("author", "")):
            raise Refused("not-yours", 403)
        return _receipt(await self._store.erase([photo.id]), language_of(request))

    async def delete_mine(self, request: web.Request) -> web.Response:
        """Delete everything that the asker posted in a chat."""
        place = place_of(request.match_info["chat"])
        author = clean_name(request.query.get("author", ""))
        return _receipt(await self._store.erase_author(place, author), language_of(request))

    async def _known(self, request: web.Request) -> Photo:
        photo = await self._store.photo(request.match_info["photo"])
        if photo is None or photo.place.platform != PLATFORM:
            raise Refused("no-photo", 404)
        return photo

    async def _shown(self, photo: Photo) -> bytes:
        """Return the picture of a photo that may be seen."""
        jpeg = None if photo.is_hidden else await self._store.picture(photo.id)
        if jpeg is None:
            raise Refused("no-photo", 404)
        return jpeg

    def _looking(self) -> App:
        if self._app is None:
            raise Stopped("this service answers no photos")
        return self._app


def _jpeg(data: bytes) -> web.Response:
    return web.Response(body=data, content_type="image/jpeg")


def _receipt(receipt: Receipt, language: Language) -> web.Response:
    name = "receipt" if receipt.photos else "receipt-nothing"
    message = say(language, name, photos=receipt.photos, answers=receipt.answers)
    return as_json({**asdict(receipt), "message": message})
