"""Taking in what is uploaded: a bounded number, each cleaned and on the disk before it is acknowledged.

An upload cannot be fetched again, so nothing is acknowledged that could still be lost.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import AsyncIterator

from bot.app import App
from bot.desk import Desk
from models.errors import Busy, Stopped
from models.records import Incoming, Language
from storage.records import Accepted, Picture
from storage.store import Store

log = logging.getLogger(__name__)

DECODING = 16  # uploads that are being cleaned at one time; each holds its file in memory


class Intake:
    """The door for uploads.

    Args:
        room: photos that may wait for their answer.
    """

    def __init__(self, store: Store, app: App, desk: Desk, *, room: int) -> None:
        self._store, self._app, self._desk, self._room = store, app, desk, room
        self._inside = 0
        self._is_closed = False
        self.accepted = self.refused = 0  # for the figures

    async def _check(self) -> None:
        """Refuse what would be refused anyway."""
        if self._is_closed:
            raise Stopped("the service takes nothing more in", seconds=5)
        waiting = await self._desk.waiting()
        if waiting + self._inside >= self._room or self._inside >= DECODING:
            self.refused += 1
            seconds = round(self._desk.seconds_for(max(1, waiting // 4)))
            message = f"{waiting} photos wait, {self._inside} are being taken in, the limit is {self._room}"
            raise Busy(message, place=waiting + self._inside, seconds=seconds)
        self._store.folder.check_room()

    @contextlib.asynccontextmanager
    async def seat(self) -> AsyncIterator[None]:
        """Hold one of the places for an upload, from before its bytes are read until it is stored.

        Raises:
            Busy: too many wait; `data["seconds"]` is when it is worth coming again.
            DiskFull: the disk is nearly full.
            Stopped: the service is shutting down.
        """
        await self._check()
        self._inside += 1
        try:
            yield
        finally:
            self._inside -= 1

    async def take(self, incoming: Incoming, data: bytes, language: Language) -> Accepted:
        """Return the photo that these bytes are now; it is on the disk and will be answered.

        To be called on a seat.

        Raises:
            BadPhoto: they are no picture.
            DiskFull: there is no room for it.
        """
        clean = await self._app.clean(data)
        picture = Picture(clean.jpeg, clean.image.width, clean.image.height, clean.is_partial)
        accepted = await self._store.accept(incoming, picture, language)
        self.accepted += accepted.is_new
        log.info("photo accepted photo=%.8s bytes=%d new=%s", accepted.photo, len(data), accepted.is_new)
        self._desk.wake()
        return accepted

    def close(self) -> None:
        """Take nothing more in."""
        self._is_closed = True
