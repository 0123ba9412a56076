"""The life of a photo in the database: accepted, fetched, analysed, answered.

Every function is a job of the writer: it gets the connection inside a transaction and either does
everything it says or nothing.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping

from models.records import Analysis, Incoming, Language, Person, Place
from storage import index
from storage.changes import next_change
from storage.records import Accepted, Picture, State, dumps
from storage.sqlite import Connection
from storage.work import ALBUM_MS

# What was looked at: no longer suspected; told of with its album if it has one, never if it is silent.
SEEN = """
is_suspect = 0, tries = 0,
flight = iif(album != '' OR is_silent, '', flight), reply = iif(is_silent, '', reply)
"""


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
    connection: Connection,
    incoming: Incoming,
    picture: Picture | None,
    language: Language,
    now: int,
    *,
    settle_ms: int = 0,
    is_silent: bool = False,
) -> Accepted:
    """Remember a photo; the same message again gives the same photo.

    Without a picture it is one that can be fetched from its platform.  What was deleted once is not
    taken in again, also after a backup was restored.  An album waits `settle_ms` for more of it.
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
    columns: dict[str, object] = {
        "code": secrets.token_hex(8),
        "scope": scope,
        "author": _person(connection, incoming.author),
        "message": incoming.message,
        "attachment": incoming.attachment,
        "album": incoming.album,
        "source": incoming.source,
        "reply_to": incoming.reply_to,
        "text": incoming.text,
        "language": language,
        "is_spoiler": incoming.spoiler,
        "is_first_frame": incoming.is_first_frame,
        "is_silent": is_silent,
        "sent_at": round(incoming.sent_at.timestamp() * 1000),
        "accepted_at": now,
        "state": "received",
        "change": next_change(connection),
    }
    columns |= _clean(connection, scope, picture) if picture else {}
    names, places = ", ".join(columns), ", ".join("?" * len(columns))
    connection.execute(f"INSERT INTO photo ({names}) VALUES ({places})", tuple(columns.values()))  # noqa: S608
    if incoming.album and settle_ms:
        _settle(connection, scope, incoming.album, now, settle_ms)
    return Accepted(str(columns["code"]), is_new=True)


def _clean(connection: Connection, scope: int, picture: Picture) -> dict[str, object]:
    """Return the columns of a photo whose clean picture is there."""
    return {
        "state": "ready",
        "picture": _picture(connection, scope, picture.jpeg),
        "width": picture.width,
        "height": picture.height,
        "is_partial": picture.is_partial,
    }


def _settle(connection: Connection, scope: int, album: str, now: int, settle_ms: int) -> None:
    """Let an album wait for more, but never longer than `ALBUM_MS` after its first photo."""
    connection.execute(
        "UPDATE photo SET settles_at = min(?3 + ?4,"
        " (SELECT min(accepted_at) FROM photo WHERE scope = ?1 AND album = ?2 AND album != '') + ?5)"
        " WHERE scope = ?1 AND album = ?2 AND album != '' AND reply IS NULL",  # as photo_album has it
        (scope, album, now, settle_ms, ALBUM_MS),
    )


def keep(connection: Connection, code: str, picture: Picture) -> bool:
    """Keep the clean picture of a photo that was fetched; return False where it is gone meanwhile."""
    row = connection.execute("SELECT id, scope, state FROM photo WHERE code = ?", (code,)).fetchone()
    if row is None:
        return False
    if row["state"] != "received":
        return True  # there is one already, which would be left behind
    columns = _clean(connection, row["scope"], picture) | {"change": next_change(connection)}
    names = ", ".join(f"{name} = ?" for name in columns)
    connection.execute(f"UPDATE photo SET {names} WHERE id = ?", (*columns.values(), row["id"]))  # noqa: S608
    return True


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


def save(
    connection: Connection,
    code: str,
    analysis: Analysis,
    words: index.Words,
    *,
    hidden_until: int,
    text: str | None = None,
) -> bool | None:
    """Keep an analysis with its search words; return False where the photo is gone meanwhile.

    `hidden_until` is 0, or when a photo that must not be shown is erased (milliseconds).  None is
    returned, and nothing kept, where the poster's text is no longer the one that `words` are from.
    """
    row = connection.execute("SELECT id, scope, text FROM photo WHERE code = ?", (code,)).fetchone()
    if row is None:
        return False
    if text not in (None, row["text"]):
        return None
    connection.execute(
        f"UPDATE photo SET {SEEN}, state = iif(is_silent, 'answered', 'analysed'), analysis = ?,"  # noqa: S608
        " is_hidden = ?, erase_at = ?, change = ? WHERE id = ?",
        (dumps(analysis), hidden_until > 0, hidden_until or None, next_change(connection), row["id"]),
    )
    index.forget(connection, row["id"], row["scope"])
    if not hidden_until:
        index.learn(connection, row["id"], row["scope"], words)
    return True


def answered(connection: Connection, codes: Iterable[str], reply: str, now: int) -> list[str]:
    """Note that photos were told of, and under which message ids; return which are gone meanwhile."""
    gone = []
    for code in codes:
        done = connection.execute(
            "UPDATE photo SET state = iif(state = 'analysed', 'answered', state), reply = ?, answered_at = ?,"
            " flight = '', is_doubtful = 0, change = ? WHERE code = ?",
            (reply, now, next_change(connection), code),
        )
        if not done.rowcount:
            gone.append(code)
    return gone


def put_aside(
    connection: Connection, code: str, state: State, error: str, data: Mapping[str, object]
) -> None:
    """Give up on a photo, `refused` or `quarantined`; `error` and `data` make a text for its poster."""
    told = f"{error} {json.dumps(dict(data))}" if data else error
    connection.execute(
        f"UPDATE photo SET {SEEN}, state = ?, error = ?, change = ? WHERE code = ?",  # noqa: S608
        (state, told, next_change(connection), code),
    )
