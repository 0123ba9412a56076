"""The desk: takes up what waits, has it looked at, sends the answer, whatever happens in between.

Work is a query over durable state, never a list in memory: what was accepted is found again after
any crash.  Only so many photos are in flight at a time, taken fairly from all chats.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

from bot.app import App, is_unsafe
from models.errors import BadPhoto, ServiceError, Stopped, StorageError
from models.records import Analysis, ChatRules
from storage.photos import MAX_TRIES
from storage.records import Photo
from storage.store import Store

log = logging.getLogger(__name__)

IN_FLIGHT = 8  # photos at once; more gain nothing on a CPU
STOP_SECONDS = 6.0  # for what is in flight when the service stops; then it waits for the next start
RETRY_SECONDS = 2.0  # after a full disk or a bug
RATE = 0.1  # weight of the newest photo in the mean time between two answers


class Adapter(Protocol):
    """What the desk needs of a platform."""

    async def send(self, photo: Photo) -> str:
        """Give the answer to the chat and return the platform's message id."""
        ...


class Desk:
    """Answers everything in `store` that waits, until it is stopped.

    Args:
        store: where photos wait.
        app: looks at them.
        adapters: where answers go, by platform.
        rules: what the chat of a photo has decided.
        in_flight: photos that are worked on at one time.
    """

    def __init__(
        self,
        store: Store,
        app: App,
        adapters: Mapping[str, Adapter],
        rules: Callable[[Photo], ChatRules],
        *,
        in_flight: int = IN_FLIGHT,
    ) -> None:
        self._store, self._app, self._adapters, self._rules = store, app, adapters, rules
        self._in_flight = in_flight
        self._flying: set[asyncio.Task[None]] = set()
        self._served: dict[int, int] = {}  # scope → its last turn
        self._turn = 0
        self._wake = asyncio.Event()
        self._taking = asyncio.Lock()  # while photos are being taken up
        self._is_stopping = False
        self.is_warm = False  # the models are loaded
        self._last_answer = 0.0
        self._seconds_each = 0.1
        self.answered = self.quarantined = 0  # for the figures

    @property
    def flying(self) -> int:
        """Return how many photos are being worked on."""
        return len(self._flying)

    def wake(self) -> None:
        """Look for work now."""
        self._wake.set()

    def seconds_for(self, photos: int) -> float:
        """Return how long so many photos will take, by the pace of the last ones."""
        return max(1.0, photos * self._seconds_each)

    async def run(self) -> None:
        """Load the models, then answer what waits until `stop`."""
        await self._app.warm()
        self.is_warm = True
        while not self._is_stopping:
            self._wake.clear()
            async with self._taking:
                is_any = await self._take_up()
            if not is_any:
                await self._wake.wait()

    async def stop(self, seconds: float = STOP_SECONDS) -> None:
        """Take up nothing more, and wait for what is in flight; what is not done by then waits again."""
        self._is_stopping = True
        self.wake()
        async with self._taking:  # what is being taken up this moment is in flight after it
            pass
        if self._flying:
            _, late = await asyncio.wait(self._flying, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _take_up(self) -> bool:
        """Take up as much as there is room for; return whether that was anything."""
        room = self._in_flight - self.flying
        if room <= 0 or self._is_stopping:
            return False
        try:
            photos = await self._store.take(room, self._served, is_idle=not self._flying)
        except StorageError as error:
            log.error("no work taken up error=%s", error)
            await asyncio.sleep(RETRY_SECONDS)
            return True
        except Exception:  # a bug here must not silence the bot either
            log.exception("no work taken up")
            await asyncio.sleep(RETRY_SECONDS)
            return True
        for photo in photos:
            self._turn += 1
            self._served[photo.scope] = self._turn
            task = asyncio.create_task(self._fly(photo), name=f"photo-{photo.id}")
            self._flying.add(task)
            task.add_done_callback(self._landed)
        return bool(photos)

    def _landed(self, task: asyncio.Task[None]) -> None:
        self._flying.discard(task)
        self.wake()

    async def _fly(self, photo: Photo) -> None:
        """Bring one photo to its answer, or back to where it waits."""
        try:
            await self._try(photo)
        except (Stopped, asyncio.CancelledError):  # also between two tries
            await self._until_stored(photo, lambda: self._store.put_back([photo.id]))

    async def _try(self, photo: Photo) -> None:
        """Answer one photo; what goes wrong lets it wait again a little later, or puts it aside."""
        try:
            await self._answer(photo)
        except Stopped:
            raise
        except StorageError as error:
            log.error("photo waits again photo=%.8s error=%s", photo.id, error)
            await asyncio.sleep(RETRY_SECONDS)
            await self._until_stored(photo, lambda: self._store.put_back([photo.id]))
        except BadPhoto as error:  # our own clean picture: damaged on the disk, or no memory
            await self._failed(photo, error.code)
        except Exception as error:  # a bug must not silence the bot
            ticket = secrets.token_hex(4)
            log.exception("bug while answering photo=%.8s ticket=%s error=%r", photo.id, ticket, error)
            await self._failed(photo, "quarantined")

    async def _answer(self, photo: Photo) -> None:
        if photo.state != "analysed":
            analysis = await self._looked_at(photo)
            if analysis is None:
                return
        fresh = await self._store.photo(photo.id)
        if fresh is None:
            return  # deleted meanwhile
        reply = await self._adapters[photo.place.platform].send(fresh)
        await self._store.answered(photo.id, reply)
        self._note_pace()

    async def _looked_at(self, photo: Photo) -> Analysis | None:
        """Return the saved analysis of a photo, None where it was deleted meanwhile."""
        jpeg = await self._store.picture(photo.id)
        if jpeg is None:
            return None
        started = time.perf_counter()
        rules = self._rules(photo)
        clean = await self._app.reopen(jpeg)
        analysis = await self._app.analyse(clean, rules, chat=str(photo.scope))
        is_kept = await self._store.save(photo, analysis, is_hidden=is_unsafe(analysis, rules))
        log.info(
            "photo analysed photo=%.8s boxes=%d seconds=%.3f",
            photo.id,
            len(analysis.boxes),
            time.perf_counter() - started,
        )
        return analysis if is_kept else None

    async def _failed(self, photo: Photo, error: str) -> None:
        """Try again a little later, at most as often as a photo may fail; then say so politely."""
        if photo.tries + 1 < MAX_TRIES:
            await asyncio.sleep(RETRY_SECONDS)
            await self._until_stored(photo, lambda: self._store.put_back([photo.id], is_failed=True))
            return
        self.quarantined += 1
        log.error("photo put aside photo=%.8s error=%s", photo.id, error)
        await self._until_stored(photo, lambda: self._store.quarantine(photo.id, error))

    async def _until_stored(self, photo: Photo, write: Callable[[], Awaitable[None]]) -> None:
        """Write where a photo stands now; on a full disk again and again, until the service ends."""
        while True:
            try:
                return await write()
            except ServiceError as error:
                log.warning("state not written photo=%.8s error=%s", photo.id, error)
            except Exception:  # a bug must not leave a photo in flight for ever
                log.exception("state not written photo=%.8s", photo.id)
            if self._is_stopping:
                return None  # the next start finds it in flight
            await asyncio.sleep(RETRY_SECONDS)

    def _note_pace(self) -> None:
        now = time.monotonic()
        if self.flying > 1 and self._last_answer:
            self._seconds_each += RATE * (now - self._last_answer - self._seconds_each)
        self._last_answer = now
        self.answered += 1
