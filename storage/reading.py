"""Questions to the database that change nothing: one photo, a chat's history, what is new, figures."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass

from models.records import Place
from storage.records import SELECT, Gone, Photo, photo_of
from storage.sqlite import Connection
from storage.work import WORK


@dataclass(frozen=True, slots=True)
class Stats:
    """How much is remembered."""

    states: dict[str, int]
    pictures: int
    picture_bytes: int
    scopes: int
    people: int
    terms: int


def scope_of(connection: Connection, place: Place) -> int | None:
    """Return the scope of a place, None where nothing was ever posted."""
    row = connection.execute(
        "SELECT id FROM scope WHERE platform = ? AND server = ? AND chat = ? AND topic = ?",
        (place.platform, place.server, place.chat, place.topic),
    ).fetchone()
    return None if row is None else int(row["id"])


def photo(connection: Connection, code: str) -> Photo | None:
    """Return a photo, None where it is not or no longer there."""
    row = connection.execute(f"{SELECT} WHERE photo.code = ?", (code,)).fetchone()
    return photo_of(row) if row else None


def picture(connection: Connection, code: str) -> bytes | None:
    """Return the clean JPEG of a photo."""
    row = connection.execute(
        "SELECT jpeg FROM picture WHERE id = (SELECT picture FROM photo WHERE code = ?)", (code,)
    ).fetchone()
    return bytes(row["jpeg"]) if row else None


def history(connection: Connection, scope: int, before: int, limit: int) -> list[Photo]:
    """Return the photos of a scope before a `seq`, newest first."""
    rows = connection.execute(
        f"{SELECT} WHERE photo.scope = ? AND photo.id < ? ORDER BY photo.id DESC LIMIT ?",
        (scope, before, limit),
    )
    return [photo_of(row) for row in rows]


def everything(connection: Connection, after: int, limit: int) -> list[Photo]:
    """Return the photos of all scopes after a `seq`, oldest first."""
    rows = connection.execute(f"{SELECT} WHERE photo.id > ? ORDER BY photo.id LIMIT ?", (after, limit))
    return [photo_of(row) for row in rows]


def changes(connection: Connection, scope: int, after: int, limit: int) -> list[Photo | Gone]:
    """Return what happened in a scope after a change, oldest first, the present state of each."""
    rows = connection.execute(
        f"{SELECT} WHERE photo.scope = ? AND photo.change > ? ORDER BY photo.change LIMIT ?",
        (scope, after, limit),
    )
    found: list[Photo | Gone] = [photo_of(row) for row in rows]
    gone = connection.execute(
        "SELECT code, change FROM tombstone WHERE scope = ? AND change > ? ORDER BY change LIMIT ?",
        (scope, after, limit),
    )
    found += [Gone(row["code"], row["change"]) for row in gone]
    return sorted(found, key=lambda one: one.change)[:limit]


def last_change(connection: Connection) -> int:
    """Return the number of the last change of all."""
    return int(connection.execute("SELECT value FROM note WHERE name = 'change'").fetchone()[0])


def waiting(
    connection: Connection, before: int | None = None, platforms: Collection[str] | None = None
) -> int:
    """Return how many photos wait for their answer: all, those before a `seq`, those of platforms."""
    sql = (
        f"SELECT count(*) FROM photo WHERE {WORK} AND (?1 IS NULL OR id < ?1) AND (?2 IS NULL OR scope IN"  # noqa: S608
        " (SELECT id FROM scope WHERE platform IN (SELECT value FROM json_each(?2))))"
    )
    known = None if platforms is None else json.dumps(list(platforms))
    return int(connection.execute(sql, (before, known)).fetchone()[0])


def stats(connection: Connection) -> Stats:
    """Return figures about everything."""
    states = connection.execute("SELECT state, count(*) AS n FROM photo GROUP BY state")
    counts = connection.execute(
        "SELECT count(*) AS pictures, coalesce(sum(length(jpeg)), 0) AS bytes FROM picture"
    ).fetchone()
    return Stats(
        states={row["state"]: row["n"] for row in states},
        pictures=counts["pictures"],
        picture_bytes=counts["bytes"],
        scopes=connection.execute("SELECT count(*) FROM scope").fetchone()[0],
        people=connection.execute("SELECT count(*) FROM person").fetchone()[0],
        terms=connection.execute("SELECT count(*) FROM term").fetchone()[0],
    )
