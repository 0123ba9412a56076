"""What became of every photo: the account after the deaths, from the API, the page and the file itself."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.records import Analysis
from storage import reading
from storage.index import read_words
from storage.records import Photo
from storage.sqlite import Connection, open_reader
from tests.bot.crash.client import Client
from tests.bot.crash.pictures import Shot
from tests.bot.crash.service import Service

COLUMNS = ("point", "hit", "kills", "acknowledged", "answered once", "duplicates", "lost", "quarantined")
HEADER = " ".join(f"{name:>13}" for name in (*COLUMNS, "integrity"))


@dataclass(frozen=True, slots=True)
class Seen:
    """What an answer says, less the time it took."""

    boxes: object
    faces: object
    caption: str
    comment: str


def seen(analysis: Analysis | None) -> Seen | None:
    """Return what an analysis says."""
    if analysis is None:
        return None
    return Seen(analysis.boxes, analysis.faces, analysis.caption, analysis.comment)


@dataclass(frozen=True, slots=True)
class Answer:
    """What an undisturbed service has of a picture: the clean JPEG, and its answer."""

    jpeg: bytes
    seen: Seen | None


@dataclass(frozen=True, slots=True)
class Tally:
    """A line of the table."""

    point: str
    hit: str
    kills: int
    acknowledged: int
    answered_once: int
    duplicates: int
    lost: int
    quarantined: int
    integrity: str

    def __str__(self) -> str:
        values = (self.point, self.hit, self.kills, self.acknowledged, self.answered_once)
        rest = (self.duplicates, self.lost, self.quarantined, self.integrity)
        return " ".join(f"{value:>13}" for value in (*values, *rest))

    def check(self, photos: int, *, quarantined: int = 0) -> None:
        """Assert that of so many photos each was answered once, but for those that must be put aside."""
        promised = Tally(
            self.point, self.hit, self.kills, photos, photos - quarantined, 0, 0, quarantined, "ok"
        )
        assert self == promised


async def account(
    service: Service,
    client: Client,
    posted: Iterable[Shot],
    expected: dict[str, Answer],
    *,
    name: str,
    hit: str,
) -> Tally:
    """Stop the service and return what became of the photos that it acknowledged."""
    history = await client.history()
    last = _last_change(service.database)
    await client.told_everything(last)
    await service.stop()
    await service.alone()
    with closing(open_reader(service.database)) as connection:
        rows = reading.everything(connection, 0, 10**6)
        integrity = integrity_of(connection)
    return _tally(client, list(posted), expected, rows, history, (name, hit, service.kills, integrity))


def _tally(
    client: Client,
    posted: list[Shot],
    expected: dict[str, Answer],
    rows: list[Photo],
    history: list[dict[str, Any]],
    head: tuple[str, str, int, str],
) -> Tally:
    by_key: dict[str, list[Photo]] = defaultdict(list)
    for row in rows:
        by_key[row.message].append(row)
    shown = Counter(one["id"] for one in history)
    states = {one["id"]: one["state"] for one in history}
    once = duplicates = lost = quarantined = 0
    for shot in posted:
        ids, found = client.acknowledged[shot.key], by_key.pop(shot.key, [])
        if not ids:
            continue
        told = max((client.listener.answers(photo) for photo in ids), default=0)
        is_twice = max(len(found), len(ids), told, *(shown[photo] for photo in ids)) > 1
        duplicates += is_twice
        if not found or {photo.id for photo in found} != ids:
            lost += not is_twice
        elif {found[0].state, states.get(found[0].id), client.listener.shown(found[0].id)} != {
            found[0].state
        }:
            lost += 1  # file, API and page do not agree
        elif found[0].state == "quarantined":
            quarantined += 1
        elif found[0].state == "answered" and seen(found[0].analysis) == expected[shot.picture].seen:
            once += not is_twice
        else:
            lost += 1
    name, hit, kills, integrity = head
    duplicates += sum(map(len, by_key.values()))  # what nobody posted
    return Tally(name, hit, kills, len(client.acknowledged), once, duplicates, lost, quarantined, integrity)


def integrity_of(connection: Connection) -> str:
    """Return "ok", or what is wrong with a file: structure, references, counts, photos left in the air."""
    problems = [row[0] for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
    problems += [
        f"row {row[1]} of {row[0]} refers to nothing"
        for row in connection.execute("PRAGMA foreign_key_check")
    ]
    counted: Counter[tuple[int, str]] = Counter()
    for row in connection.execute("SELECT * FROM words"):
        scope = int(row["scope"].removeprefix("s"))
        words = read_words(row["labels"], row["morphemes"], row["grams"])
        counted.update((scope, term) for term in words.terms)
    if counted != Counter(
        {(row["scope"], row["term"]): row["n"] for row in connection.execute("SELECT * FROM term")}
    ):
        problems.append("terms are not counted right")
    findable = connection.execute(
        "SELECT count(*) FROM photo WHERE analysis IS NOT NULL AND NOT is_hidden"
        " AND id NOT IN (SELECT rowid FROM words)"
    ).fetchone()[0]
    if findable:
        problems.append(f"{findable} answered photos cannot be found")
    if flying := connection.execute("SELECT count(*) FROM photo WHERE flight != ''").fetchone()[0]:
        problems.append(f"{flying} photos are still in flight")
    return "; ".join(problems) or "ok"


def _last_change(database: Path) -> int:
    with closing(open_reader(database)) as connection:
        sql = "SELECT max(change) FROM (SELECT change FROM photo UNION ALL SELECT change FROM tombstone)"
        return int(connection.execute(sql).fetchone()[0] or 0)
