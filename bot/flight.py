"""One piece of work on its way: fetched, cleaned, looked at, told of, or back to where it waits."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import Protocol

from bot.app import App, is_unsafe
from bot.platform import Adapter, Barred, Gone, Later
from models.errors import BadPhoto, ServiceError, Stopped, StorageError
from models.records import ChatRules
from storage.records import Photo, Picture
from storage.store import Store
from storage.work import MAX_TRIES

log = logging.getLogger(__name__)

RETRY_SECONDS = 2.0  # after a full disk or a bug
GIVE_WAY_SECONDS = 0.1  # to a photo that is to be told of before
MOST_SECONDS = 900.0  # that a platform may ask for


class Tower(Protocol):
    """What a flight needs of the desk that launched it."""

    is_stopping: bool
    quarantined: int

    def make_room(self) -> None:
        """Let another piece be looked at while the running one waits for its turn to be told."""
        ...

    def hold(self, scope: int, seconds: float) -> None:
        """Leave the photos of a scope alone for a while."""
        ...

    def held(self) -> Mapping[int, float]:
        """Return which scopes are left alone, and for how many seconds."""
        ...

    def note_answer(self, photos: int) -> None:
        """Learn the pace from an answer that went out."""
        ...


class Flight:
    """Does what is to be done with photos; see `Desk` for the arguments."""

    def __init__(
        self,
        store: Store,
        app: App,
        adapters: Mapping[str, Adapter],
        rules: Callable[[Photo], ChatRules],
        tower: Tower,
    ) -> None:
        self._store, self._app, self._adapters, self._rules = store, app, adapters, rules
        self._tower = tower
        self._telling: set[str] = set()  # photos whose answer may be out already
        self.told: set[tuple[str, str]] = set()  # platform and message of answers that are on their way

    async def fly(self, piece: list[Photo], before: Collection[asyncio.Task[None]]) -> None:
        """Bring photos to their answer, after the flights before in the same chat, or back to waiting."""
        try:
            await self._try(piece, before)
        except (Stopped, asyncio.CancelledError):  # also between two tries
            await self._put_back(piece)
        finally:
            self._telling -= {photo.id for photo in piece}

    async def _try(self, piece: list[Photo], before: Collection[asyncio.Task[None]]) -> None:
        """Answer photos; what goes wrong lets them wait again a little later, or puts them aside."""
        try:
            await self._answer(piece, before)
        except Stopped:
            raise
        except Later as later:
            log.info("photo waits for its platform photo=%.8s seconds=%.1f", piece[0].id, later.seconds)
            self._tower.hold(piece[0].scope, min(max(0.1, later.seconds), MOST_SECONDS))
            await self._put_back(piece)
        except Gone:
            log.info("photo is gone from its platform photo=%.8s", piece[0].id)
            await self._until_stored(piece, self._erase)
        except Barred as barred:
            log.warning("no answer is possible photo=%.8s reason=%s", piece[0].id, barred)
            await self._until_stored(piece, self._give_up)
        except StorageError as error:
            log.error("photo waits again photo=%.8s error=%s", piece[0].id, error)
            await asyncio.sleep(RETRY_SECONDS)
            await self._put_back(piece)
        except BadPhoto as error:  # our own clean picture: damaged on the disk, or no memory
            await self._failed(piece, error.code)
        except Exception as error:  # a bug must not silence the bot
            ticket = secrets.token_hex(4)
            log.exception("bug while answering photo=%.8s ticket=%s error=%r", piece[0].id, ticket, error)
            await self._failed(piece, "quarantined")

    async def _answer(self, piece: list[Photo], before: Collection[asyncio.Task[None]]) -> None:
        if piece[0].state in ("received", "ready"):
            is_next = await self._look(piece[0])
            if not is_next or piece[0].album or piece[0].is_silent:
                return  # gone, told of with its album, or never
        self._tower.make_room()
        if before:
            await asyncio.wait(before)
        await self._tell(piece)

    # Looking

    async def _look(self, photo: Photo) -> bool:
        """Have a photo looked at; return False where it was deleted meanwhile."""
        if photo.state == "received":
            try:
                await self._fetch(photo)
            except BadPhoto as error:
                await self._store.put_aside(photo.id, "refused", error.code, error.data)
                return True
        jpeg = await self._store.picture(photo.id)
        if jpeg is None:
            return False
        started = time.perf_counter()
        rules = self._rules(photo)
        clean = await self._app.reopen(jpeg)
        analysis = await self._app.analyse(clean, rules, chat=str(photo.scope))
        is_kept = await self._store.save(photo, analysis, is_hidden=is_unsafe(analysis, rules))
        seconds = time.perf_counter() - started
        log.info("photo analysed photo=%.8s boxes=%d seconds=%.3f", photo.id, len(analysis.boxes), seconds)
        return is_kept

    async def _fetch(self, photo: Photo) -> None:
        """Bring the clean picture of a photo onto the disk."""
        self._store.folder.check_room()  # before its platform is asked in vain, again and again
        data = await self._adapters[photo.place.platform].fetch(photo)
        clean = await self._app.clean(data)
        picture = Picture(clean.jpeg, clean.image.width, clean.image.height, clean.is_partial)
        await self._store.keep(photo.id, picture)

    # Telling

    async def _tell(self, piece: list[Photo]) -> None:
        if seconds := self._tower.held().get(piece[0].scope):
            raise Later(seconds)  # the answer before has been put off, and this one comes after it
        if await self._store.chats.waits_before(piece[0]):
            raise Later(GIVE_WAY_SECONDS)  # it has been put off, and may go again already
        fresh = [found for photo in piece if (found := await self._store.photo(photo.id))]
        if not fresh:
            return  # deleted meanwhile
        self._telling |= {photo.id for photo in fresh}
        told = (fresh[0].place.platform, fresh[0].reply_to)
        self.told.add(told)
        try:
            reply = await self._send(fresh)
            await self._until_stored(fresh, lambda photos: self._note(photos, reply))
        finally:
            self.told.discard(told)
        self._tower.note_answer(len(fresh))

    async def _send(self, photos: list[Photo]) -> str:
        try:
            return await self._adapters[photos[0].place.platform].send(photos)
        except Gone:
            if photos[0].reply_to == photos[0].message:
                raise
            raise Barred("who asked about the photo has deleted the question") from None

    async def _note(self, photos: Sequence[Photo], reply: str) -> None:
        gone = await self._store.answered([photo.id for photo in photos], reply)
        if gone and photos[0].place.platform != "web":  # deleted while it was being sent
            await self._store.chats.unsay(photos[0].place, photos[0].reply_to, reply)

    # Going wrong

    async def _failed(self, piece: list[Photo], error: str) -> None:
        """Try again a little later, at most as often as a photo may fail; then say so politely."""
        is_unseen = piece[0].state in ("received", "ready")
        is_told = bool(self._telling & {photo.id for photo in piece})
        tries = 0 if is_told and is_unseen else max(photo.tries for photo in piece)  # seen since: tried anew
        if tries + 1 < MAX_TRIES:
            await asyncio.sleep(RETRY_SECONDS)
            await self._put_back(piece, is_failed=True)
        elif is_unseen:
            self._tower.quarantined += 1
            log.error("photo put aside photo=%.8s error=%s", piece[0].id, error)
            put_aside = self._store.put_aside
            await self._until_stored(piece, lambda photos: put_aside(photos[0].id, "quarantined", error))
            await self._put_back(piece)  # and now it is told of
        else:
            log.error("answer given up photo=%.8s error=%s", piece[0].id, error)
            await self._until_stored(piece, self._give_up)

    async def _put_back(self, piece: Sequence[Photo], *, is_failed: bool = False) -> None:
        codes = [photo.id for photo in piece]
        is_doubtful = bool(self._telling & set(codes))
        await self._until_stored(
            piece, lambda _: self._store.put_back(codes, is_failed=is_failed, is_doubtful=is_doubtful)
        )

    async def _give_up(self, photos: Sequence[Photo]) -> None:
        await self._store.answered([photo.id for photo in photos], "")

    async def _erase(self, photos: Sequence[Photo]) -> None:
        await self._store.erase([photo.id for photo in photos])

    async def _until_stored(
        self, photos: Sequence[Photo], write: Callable[[Sequence[Photo]], Awaitable[None]]
    ) -> None:
        """Write where photos stand now; on a full disk again and again, until the service ends."""
        while True:
            try:
                return await write(photos)
            except ServiceError as error:
                log.warning("state not written photo=%.8s error=%s", photos[0].id, error)
            except Exception:  # a bug must not leave a photo in flight for ever
                log.exception("state not written photo=%.8s", photos[0].id)
            if self._tower.is_stopping:
                return None  # the next start finds it in flight
            await asyncio.sleep(RETRY_SECONDS)
