"""Deleting so that nothing is left: row, text, search words, picture, answer and poster's name.

The file is opened with `secure_delete`, FTS5 with its own, and the writer cuts the log soon after,
so that within a minute no byte of a deleted photo is in the data folder.  What stays is a
tombstone: random id and a keyed hash of the message, so that neither the platform nor an old
backup brings the photo back.
"""

from __future__ import annotations

from collections.abc import Iterable

from storage import index
from storage.changes import next_change
from storage.clock import Jump
from storage.photos import mark_of
from storage.records import Receipt
from storage.sqlite import Connection, Row

DAY = 86_400_000  # milliseconds
SWEEP = 500  # photos erased in one transaction


def erase(
    connection: Connection, codes: Iterable[str], now: int, *, is_over: bool = False
) -> tuple[Receipt, tuple[str, ...]]:
    """Delete photos for good; return what that removed and the ids that were there.

    Our answers go as well, unless it is only that the photos' time `is_over`: then they stay in their
    chat beside what they answer.
    """
    found = [
        row
        for code in dict.fromkeys(codes)
        if (row := connection.execute("SELECT * FROM photo WHERE code = ?", (code,)).fetchone())
    ]
    words = pictures = 0
    for row in found:
        words += index.forget(connection, row["id"], row["scope"])
        mark = mark_of(connection, row["scope"], row["message"], row["attachment"])
        connection.execute(
            "INSERT OR REPLACE INTO tombstone (code, scope, mark, deleted_at, change) VALUES (?,?,?,?,?)",
            (row["code"], row["scope"], mark, now, next_change(connection)),
        )
        if not is_over:
            _take_back(connection, row)
        connection.execute("DELETE FROM photo WHERE id = ?", (row["id"],))
        pictures += _drop_unused(connection, row["picture"], row["author"])
    answers = sum(row["analysis"] is not None for row in found)
    receipt = Receipt(photos=len(found), pictures=pictures, words=words, answers=answers)
    return receipt, tuple(row["code"] for row in found)


def _take_back(connection: Connection, row: Row) -> None:
    """Remember to delete our answer on its platform; also where nobody knows whether there is one."""
    may_be_told = row["is_doubtful"] or (row["flight"] and row["state"] not in ("received", "ready"))
    reply = row["reply"] or row["placeholder"]
    if not reply and not (may_be_told and row["reply"] is None):
        return
    connection.execute(
        "INSERT INTO unsaid (platform, server, chat, topic, message, reply)"
        " SELECT platform, server, chat, topic, ?1, ?2 FROM scope WHERE id = ?3 AND platform != 'web'"
        " AND NOT EXISTS (SELECT 1 FROM unsaid WHERE platform = scope.platform AND chat = scope.chat"
        " AND reply = ?2 AND (reply != '' OR message = ?1))",  # an album has one answer
        (row["reply_to"] or row["message"], reply, row["scope"]),
    )


def _drop_unused(connection: Connection, picture: int | None, author: int) -> int:
    """Delete a picture and a person that no photo needs any more; return how many pictures."""
    connection.execute(
        "DELETE FROM person WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM photo WHERE author = ?1)", (author,)
    )
    return connection.execute(
        "DELETE FROM picture WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM photo WHERE picture = ?1)",
        (picture,),
    ).rowcount


def codes_of(connection: Connection, scope: int, author: str) -> list[str]:
    """Return the ids of everything a person posted in a scope."""
    rows = connection.execute(
        "SELECT photo.code FROM photo JOIN person ON person.id = photo.author"
        " WHERE photo.scope = ? AND person.key = ?",
        (scope, author),
    )
    return [row["code"] for row in rows]


def restamp(connection: Connection, jump: Jump) -> None:
    """Give what was accepted by a clock that has been set since the time that it would have had."""
    connection.execute(
        "UPDATE photo SET accepted_at = accepted_at + ?1, erase_at = erase_at + ?1"
        " WHERE accepted_at BETWEEN ?2 AND ?3",
        (jump.shift, jump.since, jump.until),
    )


def due(connection: Connection, now: int, retention_days: int) -> list[str]:
    """Return ids of photos whose time is over: hidden ones after their day, all after the retention."""
    rows = connection.execute(
        "SELECT code FROM photo WHERE erase_at <= ?1"
        " UNION SELECT code FROM photo WHERE accepted_at <= ?2 LIMIT ?3",
        (now, now - retention_days * DAY, SWEEP),
    )
    return [row["code"] for row in rows]


def graves(connection: Connection) -> list[Row]:
    """Return all tombstones with the places that they stand in."""
    return connection.execute(
        "SELECT platform, server, chat, topic, is_private, is_nsfw, salt, code, mark, deleted_at"
        " FROM tombstone JOIN scope ON scope.id = tombstone.scope ORDER BY tombstone.change"
    ).fetchall()


def inherit(connection: Connection, rows: Iterable[Row]) -> None:
    """Put up the tombstones of another file of the same folder: what came and went after a backup.

    A mark is keyed by the salt of its place; where that differs the mark would mean nothing.
    """
    for row in rows:
        connection.execute(
            "INSERT OR IGNORE INTO scope (platform, server, chat, topic, is_private, is_nsfw, salt)"
            " VALUES (?,?,?,?,?,?,?)",
            tuple(row)[:7],
        )
        connection.execute(
            "INSERT OR IGNORE INTO tombstone (code, scope, mark, deleted_at, change)"
            " SELECT ?, id, ?, ?, ? FROM scope"
            " WHERE platform = ? AND server = ? AND chat = ? AND topic = ? AND salt = ?",
            (*tuple(row)[7:], next_change(connection), *tuple(row)[:4], row["salt"]),
        )
