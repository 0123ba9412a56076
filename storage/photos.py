"""The life of a photo in the database: accepted, taken up, analysed, answered.

Every function is a job of the writer: it gets the connection inside a transaction and either does
everything it says or nothing.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Mapping

from models.records import Analysis, Incoming, Language, Person, Place
from storage import index
from storage.records import SELECT, Accepted, Flight, Photo, Picture, dumps, photo_of
from storage.sqlite import Connection

WORK = "state IN ('received', 'ready', 'analysed')"  # as the partial index photo_work has it
MAX_TRIES = 3  # deaths of the process while a photo was alone in flight
WAITING_SQL = f"""
SELECT id, scope FROM (
  SELECT id, scope, row_number() OVER (PARTITION BY scope ORDER BY id) AS turn
  FROM photo WHERE {WORK} AND is_suspect = 0 AND flight = ''
) WHERE turn <= ? ORDER BY turn, id
"""  # noqa: S608 - constants only


def next_change(connection: Connection) -> int:
    """Return the number of the change that is being made."""
    row = connection.execute("UPDATE note SET value = value + 1 WHERE name = 'change' RETURNING value")
    return int(row.fetchone()[0])


def scope_of(connection: Connection, place: Place) -> int:
    """Return the scope of a place, made when it is new."""
    ids = (place.platform, place.server, place.chat, place.topic)
    found = connection.execute(
        "INSERT INTO scope (platform, server, chat, topic, is_private, is_nsfw, salt) VALUES (?,?,?,?,?,?,?)"
        " ON CONFLICT DO UPDATE SET is_private = excluded.is_private, is_nsfw = excluded.is_nsfw"
        " RETURNING id",
        (*ids, place.is_private, place.is_nsfw, secrets.token_bytes(16)),
    )
    return int(found.fetchone()[0])


def accept(
    connection: Connection, incoming: Incoming, picture: Picture, language: Language, now: int
) -> Accepted:
    """Remember a photo whose picture is clean; the same message again gives the same photo.

    What was deleted once is not taken in again, also after a backup was restored.
    """
    scope = scope_of(connection, incoming.place)
    known = connection.execute(
        "SELECT code FROM photo WHERE scope = ? AND message = ? AND attachment = ?",
        (scope, incoming.message, incoming.attachment),
    ).fetchone()
    if known:
        return Accepted(known["code"], is_new=False)
    mark = mark_of(connection, scope, incoming.message, incoming.attachment)
    gone = connection.execute("SELECT code FROM tombstone WHERE mark = ?", (mark,)).fetchone()
    if gone:
        return Accepted(gone["code"], is_new=False, is_deleted=True)
    code = secrets.token_hex(8)
    columns: dict[str, object] = {
        "code": code,
        "scope": scope,
        "author": _person(connection, incoming.author),
        "message": incoming.message,
        "attachment": incoming.attachment,
        "album": incoming.album,
        "text": incoming.text,
        "language": language,
        "is_spoiler": incoming.spoiler,
        "sent_at": round(incoming.sent_at.timestamp() * 1000),
        "accepted_at": now,
        "state": "ready",
        "picture": _picture(connection, scope, picture.jpeg),
        "width": picture.width,
        "height": picture.height,
        "is_partial": picture.is_partial,
        "change": next_change(connection),
    }
    names, places = ", ".join(columns), ", ".join("?" * len(columns))
    connection.execute(f"INSERT INTO photo ({names}) VALUES ({places})", tuple(columns.values()))  # noqa: S608
    return Accepted(code, is_new=True)


def mark_of(connection: Connection, scope: int, message: str, attachment: str) -> bytes:
    """Return what a tombstone remembers of a message: nothing that could be read back."""
    salt = connection.execute("SELECT salt FROM scope WHERE id = ?", (scope,)).fetchone()["salt"]
    return hashlib.blake2b(f"{message}\0{attachment}".encode(), digest_size=16, key=salt).digest()


def _person(connection: Connection, person: Person) -> int:
    row = connection.execute(
        "INSERT INTO person (platform, key, name) VALUES (?,?,?)"
        " ON CONFLICT DO UPDATE SET name = excluded.name RETURNING id",
        (person.platform, person.id, person.name),
    )
    return int(row.fetchone()[0])


def _picture(connection: Connection, scope: int, jpeg: bytes) -> int:
    """Return the picture's row; a repost in the same scope shares it."""
    salt = connection.execute("SELECT salt FROM scope WHERE id = ?", (scope,)).fetchone()["salt"]
    digest = hashlib.blake2b(jpeg, digest_size=32, key=salt).digest()
    known = connection.execute(
        "SELECT id FROM picture WHERE scope = ? AND hash = ?", (scope, digest)
    ).fetchone()
    if known:
        return int(known["id"])
    row = connection.execute(
        "INSERT INTO picture (scope, hash, jpeg) VALUES (?,?,?) RETURNING id", (scope, digest, jpeg)
    )
    return int(row.fetchone()[0])


def recover(connection: Connection) -> int:
    """Make what was in flight when the process died run again alone; return how many that are.

    Only who was alone then is blamed, and after three times put aside.
    """
    rows = connection.execute("SELECT id FROM photo WHERE flight != ''").fetchall()
    connection.executemany(
        "UPDATE photo SET tries = tries + (flight = 'alone'), is_suspect = 1, flight = '', change = ?"
        " WHERE id = ?",
        [(next_change(connection), row["id"]) for row in rows],
    )
    connection.execute(
        f"UPDATE photo SET state = 'quarantined', is_suspect = 0, error = 'quarantined'"  # noqa: S608
        f" WHERE {WORK} AND tries >= ?",
        (MAX_TRIES,),
    )
    return len(rows)


def take(connection: Connection, room: int, served: Mapping[int, int], *, is_idle: bool) -> list[Photo]:
    """Take up to `room` photos up, fair between scopes, and return them.

    `served` tells when each scope had its last turn.  A suspect flies alone: while one waits
    nothing is taken up until the air is clear (`is_idle`), and then only that one until it has landed.
    """
    sql = f"SELECT 1 FROM photo WHERE {WORK} AND is_suspect IN (0, 1) AND flight = 'alone'"  # noqa: S608
    if not is_idle and connection.execute(sql).fetchone():
        return []
    suspect = connection.execute(
        f"SELECT id FROM photo WHERE {WORK} AND is_suspect = 1 AND flight = '' ORDER BY tries, id LIMIT 1"  # noqa: S608
    ).fetchone()
    if suspect:
        return _fly(connection, [suspect["id"]], "alone") if is_idle else []
    rows = connection.execute(WAITING_SQL, (room,)).fetchall()
    turns: dict[int, int] = {}
    ranked = []
    for row in rows:
        turns[row["scope"]] = turns.get(row["scope"], 0) + 1
        ranked.append((turns[row["scope"]], served.get(row["scope"], 0), row["id"]))
    return _fly(connection, [number for _, _, number in sorted(ranked)[:room]], "shared")


def _fly(connection: Connection, numbers: Iterable[int], flight: Flight) -> list[Photo]:
    photos = []
    for number in numbers:
        change = next_change(connection)
        connection.execute("UPDATE photo SET flight = ?, change = ? WHERE id = ?", (flight, change, number))
        photos.append(photo_of(connection.execute(f"{SELECT} WHERE photo.id = ?", (number,)).fetchone()))
    return photos


def put_back(connection: Connection, codes: Iterable[str], *, is_failed: bool = False) -> None:
    """Let photos wait again; one that failed by a bug of ours gains a try."""
    for code in codes:
        connection.execute(
            "UPDATE photo SET flight = '', tries = tries + ?, change = ? WHERE code = ?",
            (is_failed, next_change(connection), code),
        )


def save(
    connection: Connection, code: str, analysis: Analysis, words: index.Words, *, hidden_until: int
) -> bool:
    """Keep an analysis with its search words; return False where the photo is gone meanwhile.

    `hidden_until` is 0, or when a photo that must not be shown is erased (milliseconds).
    """
    row = connection.execute("SELECT id, scope FROM photo WHERE code = ?", (code,)).fetchone()
    if row is None:
        return False
    connection.execute(
        "UPDATE photo SET state = 'analysed', analysis = ?, is_hidden = ?, erase_at = ?,"
        " is_suspect = 0, tries = 0, change = ? WHERE id = ?",
        (dumps(analysis), hidden_until > 0, hidden_until or None, next_change(connection), row["id"]),
    )
    index.forget(connection, row["id"], row["scope"])
    if not hidden_until:
        index.learn(connection, row["id"], row["scope"], words)
    return True


def answered(connection: Connection, code: str, reply: str, now: int) -> None:
    """Note that the answer has been sent, and under which message id."""
    connection.execute(
        "UPDATE photo SET state = 'answered', reply = ?, answered_at = ?, flight = '', change = ?"
        " WHERE code = ?",
        (reply, now, next_change(connection), code),
    )


def quarantine(connection: Connection, code: str, error: str) -> None:
    """Put a photo aside that cannot be answered; `error` is the code of the text for its poster."""
    connection.execute(
        "UPDATE photo SET state = 'quarantined', error = ?, flight = '', is_suspect = 0, change = ?"
        " WHERE code = ?",
        (error, next_change(connection), code),
    )
