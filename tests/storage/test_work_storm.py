"""In whatever order: nobody is told twice without doubt, no album in parts, nobody is forgotten."""

from __future__ import annotations

import itertools
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from models.records import Place
from storage import erasure, photos, work
from storage.index import Words
from storage.records import Photo, Picture
from storage.sqlite import transaction
from storage.work import ALBUM_MS, MAX_TRIES
from tests.storage.arrivals import NOW, SETTLE, posted
from tests.storage.makers import analysis, bare

CHATS = [Place("telegram", "", "1"), Place("telegram", "", "2"), Place("discord", "9", "3")]
ALBUMS = st.sampled_from(["", "", "a", "b"])
UNSEEN = ("received", "ready")
ROOM = 4


class Storm(RuleBasedStateMachine):
    """A desk, its platforms and its deaths, one thing at a time."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.database = bare(Path(self.folder.name) / "storm.db")
        self.now, self.numbers = NOW, itertools.count(1)
        self.flying: list[list[Photo]] = []
        self.tellings: dict[str, int] = {}  # photo → answers that certainly or perhaps went out
        self.doubts: dict[str, int] = {}  # photo → times that its answer was in doubt
        self.silent: set[str] = set()
        self.erased: set[str] = set()
        self.served: dict[int, int] = {}

    def teardown(self) -> None:
        if hasattr(self, "database"):
            self.calm()
            self.database.close()
            self.folder.cleanup()

    def row(self, code: str) -> dict[str, Any]:
        found = self.database.execute("SELECT * FROM photo WHERE code = ?", (code,)).fetchone()
        return dict(found) if found else {}

    def rows(self) -> list[dict[str, Any]]:
        return [dict(found) for found in self.database.execute("SELECT * FROM photo ORDER BY id")]

    # What people do

    @rule(place=st.sampled_from(CHATS), album=ALBUMS, is_silent=st.booleans(), is_settling=st.booleans())
    def post(self, place: Place, album: str, is_silent: bool, is_settling: bool) -> None:
        arrived = posted(f"{next(self.numbers)}", place=place, album=album)
        settle = SETTLE if is_settling else 0
        with transaction(self.database):
            accept = photos.accept(
                self.database, arrived, None, "ko", self.now, settle_ms=settle, is_silent=is_silent
            )
        if is_silent:
            self.silent.add(accept.photo)

    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        if known := [row["code"] for row in self.rows()]:
            code = data.draw(st.sampled_from(known))
            with transaction(self.database):
                erasure.erase(self.database, [code], self.now)
            self.erased.add(code)

    # What the clock does

    @rule(by=st.sampled_from([100, SETTLE, ALBUM_MS, -500, -ALBUM_MS, 86_400_000, -86_400_000]))
    def go_on(self, by: int) -> None:
        self.now += by

    # What the desk does

    @rule(room=st.integers(1, ROOM), held=st.sets(st.integers(1, 3), max_size=1), is_discord=st.booleans())
    def take(self, room: int, held: set[int], is_discord: bool) -> None:
        self.take_up(room, held, None if is_discord else ["telegram"])

    def take_up(self, room: int, held: set[int], platforms: list[str] | None) -> list[Photo]:
        is_idle = not self.flying
        with transaction(self.database):
            found = work.take(
                self.database,
                room,
                self.served,
                is_idle=is_idle,
                now=self.now,
                held=held,
                platforms=platforms,
            )
        self.check_taken(found, held, platforms, is_idle=is_idle)
        pieces: dict[object, list[Photo]] = {}
        for photo in found:
            is_album = photo.album and photo.state not in UNSEEN
            pieces.setdefault((photo.scope, photo.album) if is_album else photo.id, []).append(photo)
        self.flying += pieces.values()
        return found

    def check_taken(
        self, found: list[Photo], held: set[int], platforms: list[str] | None, *, is_idle: bool
    ) -> None:
        flying = {photo.id for piece in self.flying for photo in piece}
        assert not flying & {photo.id for photo in found}
        assert len({photo.id for photo in found}) == len(found)
        for photo in found:
            assert photo.scope not in held
            assert platforms is None or photo.place.platform in platforms
            assert photo.flight == "shared" or (is_idle and len(found) == 1)
            if photo.album and photo.state not in UNSEEN:
                waiting = [row for row in self.rows() if row["reply"] is None]
                album = [row for row in waiting if (row["scope"], row["album"]) == (photo.scope, photo.album)]
                assert all(row["state"] not in UNSEEN for row in album), "told of in parts"
                others = {row["code"] for row in album} - {one.id for one in found} - flying
                assert not others, "left out of its album"

    @precondition(lambda self: self.flying)
    @rule(
        data=st.data(),
        end=st.sampled_from(["good", "good", "good", "refused", "later", "bug", "gone", "barred"]),
    )
    def land(self, data: st.DataObject, end: str) -> None:
        piece = self.flying.pop(data.draw(st.integers(0, len(self.flying) - 1)))
        self.finish(piece, end)

    def finish(self, piece: list[Photo], end: str) -> None:
        """Do what a flight does."""
        codes = [photo.id for photo in piece]
        with transaction(self.database):
            if end in ("later", "bug"):
                tries = max(photo.tries for photo in piece)
                is_failed = end == "bug" and tries + 1 < MAX_TRIES
                work.put_back(self.database, codes, is_failed=is_failed)
            elif end == "gone":
                erasure.erase(self.database, codes, self.now)
                self.erased |= set(codes)
            elif end == "barred":
                photos.answered(self.database, codes, "", self.now)
                self.silent |= set(codes)
            else:
                is_seen = piece[0].state not in UNSEEN or self.look(piece[0], end)
                if is_seen and not (piece[0].state in UNSEEN and (piece[0].album or piece[0].is_silent)):
                    self.tell(codes)

    def look(self, photo: Photo, end: str) -> bool:
        if end == "refused":
            photos.put_aside(self.database, photo.id, "refused", "undecodable", {})
            return photo.id not in self.erased
        photos.keep(self.database, photo.id, Picture(b"\xff\xd8" + photo.id.encode(), 64, 48))
        return bool(photos.save(self.database, photo.id, analysis(), Words(), hidden_until=0))

    def tell(self, codes: list[str]) -> None:
        for code in codes:
            if code not in self.erased:
                self.tellings[code] = self.tellings.get(code, 0) + 1
        photos.answered(self.database, codes, "r", self.now)

    @rule(is_sent=st.booleans())
    def die(self, is_sent: bool) -> None:
        """Die with everything in flight; some answers were on their way, and perhaps out."""
        told = [photo.id for piece in self.flying for photo in piece if photo.state not in UNSEEN]
        for code in set(told) - self.erased:
            self.doubts[code] = self.doubts.get(code, 0) + 1
            self.tellings[code] = self.tellings.get(code, 0) + is_sent
        self.flying = []
        with transaction(self.database):
            work.recover(self.database)
        assert all(row["flight"] == "" for row in self.rows() if row["reply"] is None)
        assert all(row["is_doubtful"] for row in self.rows() if row["code"] in told and row["reply"] is None)

    # What must be so

    @invariant()
    def nobody_is_told_twice_without_doubt(self) -> None:
        for code, count in getattr(self, "tellings", {}).items():
            assert count <= 1 + self.doubts.get(code, 0)
            assert not self.row(code).get("is_silent"), "told of, and should not be"

    @invariant()
    def what_flies_is_marked_and_nothing_else(self) -> None:
        flying = {photo.id for piece in getattr(self, "flying", []) for photo in piece}
        marked = {row["code"] for row in self.rows() if row["flight"]} if flying else set[str]()
        assert marked <= flying

    def calm(self) -> None:
        """From any state everything that waits reaches its end, when nothing goes wrong any more."""
        for piece in self.flying:
            self.finish(piece, "good")
        self.flying = []
        for _ in range(4 * len(self.rows()) + 4):
            found = self.take_up(ROOM, set(), None)
            for piece in self.flying:
                self.finish(piece, "good")
            self.flying = []
            if not found:
                self.now += ALBUM_MS  # the longest that anything ever waits for
        forgotten = [row for row in self.rows() if row["reply"] is None]
        assert forgotten == []
        for row in self.rows():
            assert row["is_silent"] or row["code"] in self.silent or self.tellings.get(row["code"])


TestStorm = Storm.TestCase
TestStorm.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
