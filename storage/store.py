"""Everything that is remembered, behind one object whose methods may be awaited.

Changes go to the one writer, questions to readers on threads of their own; the event loop never
waits for the disk.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from models.errors import DiskFull, FolderUnusable, StorageError
from models.records import Analysis, Incoming, Language, Place
from storage import backups, chats, erasure, opening, photos, reading, work
from storage.chats import ChatStore
from storage.clock import Clock
from storage.folder import Folder
from storage.index import Words, words_of
from storage.readers import Readers
from storage.records import Accepted, Gone, Photo, Picture, Receipt, State, Swept
from storage.search import Found, find
from storage.sqlite import Connection
from storage.words import Tokenizer
from storage.writer import Job, Writer

log = logging.getLogger(__name__)

Value = TypeVar("Value")

FULL_BYTES = 1_000_000  # a disk with less is full
ERASED_AT_ONCE = 20  # photos: erasing writes as many zeros as they have bytes, and the disk may be full
HIDDEN_HOURS = 24  # an unsafe photo is hidden at once and erased after


class Store:
    """The photos of one data folder, owned by this process until `close`.

    Raises:
        StorageError: one of its kinds; the message says what to do.
    """

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        folder.own()
        try:
            self._open_with_spare(folder)
        except BaseException:
            folder.release()
            raise
        self._readers = Readers(folder.database)
        self._read = self._readers.ask
        self.chats = ChatStore(self._write, self._read, self.clock.now)
        self._news = asyncio.Event()
        self.tokenizer = Tokenizer()

    def _open_with_spare(self, folder: Folder) -> None:
        """Open the file, on a full disk with the spare room: one can still look, delete and make room."""
        try:
            self._open(folder)
        except (DiskFull, FolderUnusable):
            if folder.free_bytes() > FULL_BYTES or not folder.free_spare():
                raise
            self._open(folder)

    def _open(self, folder: Folder) -> None:
        is_checked = not folder.database.exists() or opening.quick_check(
            folder.database, opening.CHECK_SECONDS
        )
        self.writer = Writer(folder)
        try:
            self.recovered = opening.prepare(folder, self.writer.connection)
            notes = dict(self.writer.connection.execute("SELECT name, value FROM note"))
            self.clock = Clock(notes["seen_at"] / 1000, notes.get("doubt", 0) / 1000)
        except BaseException:
            self.writer.stop()
            raise
        self.writer.start()
        if not is_checked:
            opening.check_meanwhile(folder.database)

    def close(self) -> None:
        """Finish what is being written, and let others use the folder.  Blocks for a moment."""
        self.writer.stop()
        self._readers.close()
        self.folder.release()

    # Photos on their way

    async def accept(self, incoming: Incoming, picture: Picture, language: Language) -> Accepted:
        """Remember a photo for good before anybody is told that it arrived.

        Raises:
            DiskFull: the disk is full or nearly so.
        """
        self.folder.check_room()
        now = self.clock.now()
        return await self._write(lambda c: photos.accept(c, incoming, picture, language, now))

    async def receive(
        self,
        arrived: Sequence[Incoming],
        language: Language,
        *,
        settle_ms: int = 0,
        is_silent: bool = False,
        position: str = "",
    ) -> list[Accepted]:
        """Remember photos that can be fetched, and that their chat has been read up to `position`."""
        self.folder.check_room()
        now = self.clock.now()

        def job(c: Connection) -> list[Accepted]:
            if position:
                where = arrived[0].place
                chats.advance(c, where.platform, {where.topic or where.chat: position})
            kept = partial(photos.accept, c, picture=None, language=language, now=now)
            return [kept(one, settle_ms=settle_ms, is_silent=is_silent) for one in arrived]

        return await self._write(job)

    async def take(
        self,
        room: int,
        served: Mapping[int, int],
        *,
        is_idle: bool,
        held: Collection[int] = (),
        platforms: Collection[str] | None = None,
    ) -> list[Photo]:
        """Return the next photos to work on, marked as being in flight; see `work.take`."""
        taking = partial(work.take, room=room, served=served, is_idle=is_idle, now=self.clock.now())
        return await self._write(lambda c: taking(c, held=held, platforms=platforms))

    async def keep(self, code: str, picture: Picture) -> bool:
        """Keep the picture of a photo that was fetched; False where it was deleted meanwhile."""
        self.folder.check_room()
        return await self._write(lambda c: photos.keep(c, code, picture))

    async def save(self, photo: Photo, analysis: Analysis, *, is_hidden: bool) -> bool:
        """Keep an analysis and make the photo findable; False where it was deleted meanwhile."""
        until = self.clock.now() + HIDDEN_HOURS * 3_600_000 if is_hidden else 0
        saving = partial(photos.save, code=photo.id, analysis=analysis, hidden_until=until)
        kept: bool | None = None
        while kept is None:
            words = Words() if is_hidden else await self._words(photo, analysis)
            kept = await self._write(partial(saving, words=words, text=photo.text), is_erasing=is_hidden)
            photo = await self.photo(photo.id) or photo  # its poster may have changed the text
        return kept

    async def _words(self, photo: Photo, analysis: Analysis) -> Words:
        def make() -> Words:
            self.tokenizer.load()
            return words_of(self.tokenizer, photo.text, analysis)

        return await self._readers.run(make)

    async def retext(self, photo: Photo, text: str) -> None:
        """Give a photo the text that its poster wrote instead."""
        is_done = False
        while not is_done and (found := await self.photo(photo.id)):
            new = replace(found, text=text)
            words = await self._words(new, found.analysis) if found.analysis else None
            is_done = await self._write(partial(chats.retext, photo=new, words=words), is_erasing=True)

    async def answered(self, codes: Iterable[str], reply: str) -> list[str]:
        """Note that an answer went out under message ids; return which photos are gone meanwhile."""
        known, now = list(codes), self.clock.now()
        return await self._write(lambda c: photos.answered(c, known, reply, now))

    async def put_aside(
        self, code: str, state: State, error: str, data: Mapping[str, object] | None = None
    ) -> None:
        """Give up on a photo, `refused` or `quarantined`; error and data make a text for its poster."""
        await self._write(lambda c: photos.put_aside(c, code, state, error, data or {}))

    async def put_back(
        self, codes: Iterable[str], *, is_failed: bool = False, is_doubtful: bool = False
    ) -> None:
        """Let photos that were in flight wait again; see `work.put_back`."""
        known = list(codes)
        await self._write(lambda c: work.put_back(c, known, is_failed=is_failed, is_doubtful=is_doubtful))

    # Questions

    async def photo(self, code: str) -> Photo | None:
        """Return a photo, None where it is not or no longer there."""
        return await self._read(lambda c: reading.photo(c, code))

    async def picture(self, code: str) -> bytes | None:
        """Return the clean JPEG of a photo."""
        return await self._read(lambda c: reading.picture(c, code))

    async def history(self, place: Place, *, before: int, limit: int) -> list[Photo]:
        """Return photos of a place before a `seq`, newest first."""
        scope = await self.scope_of(place)
        if scope is None:
            return []
        return await self._read(lambda c: reading.history(c, scope, before, limit))

    async def changes(self, place: Place, *, after: int, limit: int) -> list[Photo | Gone]:
        """Return what happened in a place after a change, oldest first."""
        scope = await self.scope_of(place)
        if scope is None:
            return []
        return await self._read(lambda c: reading.changes(c, scope, after, limit))

    async def everything(self, *, after: int, limit: int) -> list[Photo]:
        """Return photos of all places after a `seq`, oldest first."""
        return await self._read(lambda c: reading.everything(c, after, limit))

    async def last_change(self) -> int:
        """Return the number of the last change of all."""
        return await self._read(reading.last_change)

    async def waiting(self, before: int | None = None, *, platforms: Collection[str] | None = None) -> int:
        """Return how many photos wait for their answer: all, those before a `seq`, those of platforms."""
        return await self._read(lambda c: reading.waiting(c, before, platforms))

    async def scope_of(self, place: Place) -> int | None:
        """Return the scope of a place, None where nothing was ever posted."""
        return await self._read(lambda c: reading.scope_of(c, place))

    async def stats(self) -> reading.Stats:
        """Return figures about everything."""
        return await self._read(reading.stats)

    async def find(
        self, text: str, scopes: Collection[int], *, limit: int = 10, language: Language = "ko"
    ) -> Found:
        """Return the photos that a text asks for, inside the scopes that the asker may see."""
        return await self._read(
            lambda c: find(c, self.tokenizer, text, scopes, limit=limit, language=language)
        )

    def news(self) -> asyncio.Event:
        """Return the event of the next change; take it before looking, so that none is missed."""
        return self._news

    # Deleting and keeping

    async def erase(self, codes: Iterable[str], *, is_over: bool = False) -> Receipt:
        """Delete photos for good: unfindable at once, off the disk soon after; see `erasure.erase`."""
        known = list(dict.fromkeys(codes))
        receipt = Receipt()
        for start in range(0, len(known), ERASED_AT_ONCE):
            receipt += await self._erase(known[start : start + ERASED_AT_ONCE], is_over=is_over)
        return receipt

    async def _erase(self, codes: list[str], *, is_over: bool) -> Receipt:
        job = partial(erasure.erase, codes=codes, now=self.clock.now(), is_over=is_over)
        receipt, gone = await self._write(job, is_erasing=True)
        if gone:
            try:
                await asyncio.to_thread(backups.note_deleted, self.folder, gone)
            except StorageError as error:  # they are deleted all the same, and listed at the next start
                log.warning("deletions not listed count=%d error=%s", len(gone), error)
        return receipt

    async def erase_author(self, place: Place, author: str) -> Receipt:
        """Delete everything that a person posted in a place."""
        scope = await self.scope_of(place)
        if scope is None:
            return Receipt()
        return await self.erase(await self._read(lambda c: erasure.codes_of(c, scope, author)))

    async def sweep(self, retention_days: int) -> Swept:
        """Delete what is kept no longer, unless the clock is in doubt; note that we are alive."""
        now = self.clock.now()
        may_expire = self.clock.may_expire()
        notes = [("seen_at", now), ("doubt", round(self.clock.doubt_seconds() * 1000))]  # outlives us
        await self._write(lambda c: c.executemany("REPLACE INTO note (name, value) VALUES (?,?)", notes))
        for jump in self.clock.jumps():
            await self._write(partial(erasure.restamp, jump=jump))
        if not may_expire:
            return Swept()
        codes = await self._read(lambda c: erasure.due(c, now, retention_days))
        receipt = await self.erase(codes, is_over=True) if codes else Receipt()
        old = await asyncio.to_thread(backups.expire, self.folder, now / 1000)
        return Swept(receipt.photos, len(old))

    async def backup(self, target: Path | None = None) -> Path:
        """Write a whole copy of everything while work goes on; return where it lies."""
        path = target or backups.fresh_name(self.folder)
        return await asyncio.to_thread(backups.make, self.folder.database, path)

    # Threads

    async def _write(self, job: Job[Value], *, is_erasing: bool = False) -> Value:
        value = await asyncio.wrap_future(self.writer.put(job, is_erasing=is_erasing))
        news, self._news = self._news, asyncio.Event()
        news.set()
        return value
