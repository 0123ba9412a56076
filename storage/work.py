"""What is to be done next: a question about the photos themselves, never a second list.

Work is every photo that nobody has replied to.  It is *looked at* first (states `received` and
`ready`), one by one; then it is *told of* (`analysed`, `refused`, `quarantined`), an album at once.
Only looking can kill the process, so only then a photo is suspected.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping

from storage.changes import next_change
from storage.records import SELECT, Flight, Photo, photo_of
from storage.sqlite import Connection, Row

WORK = "reply IS NULL"  # as the partial index photo_work has it
UNSEEN = "state IN ('received', 'ready')"
MAX_TRIES = 3  # deaths of the process while a photo was alone in flight
ALBUM_MS = 3_000  # the longest that an album waits for more; after a clock's jump nothing waits for ever

# An album is told of when all of it has been looked at and no more has come for a while.
IS_DUE = f"""
(album = '' OR {UNSEEN} OR NOT EXISTS (
  SELECT 1 FROM photo AS other
  WHERE other.scope = photo.scope AND other.album = photo.album AND other.album != ''
  AND other.reply IS NULL AND (other.{UNSEEN} OR other.settles_at BETWEEN ?1 + 1 AND ?1 + {ALBUM_MS})
))
"""  # noqa: S608 - constants only
# Photos that are to be told of before another one of their scope; silent ones never are, albums when due.
EARLIER = f"""
SELECT 1 FROM photo WHERE {WORK} AND is_suspect IN (0, 1) AND flight IN ('', 'shared', 'alone')
AND scope = ?2 AND id < ?3 AND is_silent = 0 AND (album = '' OR NOT {UNSEEN}) AND {IS_DUE} LIMIT 1
"""  # noqa: S608 - constants only
# Some scopes are left alone for a while, and what belongs to a platform that is not there waits.
MAY_GO = """
scope NOT IN (SELECT value FROM json_each(?3))
AND (?4 IS NULL OR scope IN
  (SELECT id FROM scope WHERE platform IN (SELECT value FROM json_each(?4))))
"""
WAITING = f"""
SELECT id, scope FROM (
  SELECT id, scope, row_number() OVER (PARTITION BY scope ORDER BY id) AS turn
  FROM photo WHERE {WORK} AND is_suspect = 0 AND flight = '' AND {IS_DUE} AND {MAY_GO}
) WHERE turn <= ?2 ORDER BY turn, id
"""  # noqa: S608 - constants only

SUSPECT = f"""
SELECT id FROM photo WHERE {WORK} AND is_suspect = 1 AND flight = '' AND {MAY_GO}
ORDER BY tries, id LIMIT 1
"""  # noqa: S608 - constants only

PUT_ASIDE = f"""
UPDATE photo SET state = 'quarantined', is_suspect = 0, error = 'quarantined',
reply = iif(is_silent, '', reply)
WHERE {WORK} AND {UNSEEN} AND tries >= ?
"""  # noqa: S608 - constants only


def recover(connection: Connection) -> int:
    """Set right what a process that died has left in flight; return how many photos that are.

    What was being looked at is looked at again alone; only who was alone is blamed, and put aside
    after three times.  What was being told may have been told: that is doubtful.
    """
    rows = connection.execute(f"SELECT id FROM photo WHERE flight != '' AND {WORK}").fetchall()  # noqa: S608
    connection.executemany(
        f"UPDATE photo SET tries = tries + (flight = 'alone' AND {UNSEEN}), is_suspect = {UNSEEN},"  # noqa: S608
        f" is_doubtful = is_doubtful OR NOT {UNSEEN}, flight = '', change = ? WHERE id = ?",
        [(next_change(connection), row["id"]) for row in rows],
    )
    connection.execute(PUT_ASIDE, (MAX_TRIES,))
    return len(rows)


def take(
    connection: Connection,
    room: int,
    served: Mapping[int, int],
    *,
    is_idle: bool,
    now: int = 0,
    held: Collection[int] = (),
    platforms: Collection[str] | None = None,
) -> list[Photo]:
    """Take up to `room` photos up, fair between scopes, and return them; an album counts as one.

    `served` tells when each scope had its last turn; those in `held` have none now, and of all but
    the `platforms` (None: all) nothing is taken up.  A suspect flies alone: while one waits nothing
    is taken up until the air is clear (`is_idle`), and then only that one until it has landed.
    """
    sql = f"SELECT 1 FROM photo WHERE {WORK} AND is_suspect IN (0, 1) AND flight = 'alone'"  # noqa: S608
    if not is_idle and connection.execute(sql).fetchone():
        return []
    given = (now, room, json.dumps(list(held)), None if platforms is None else json.dumps(list(platforms)))
    suspect = connection.execute(SUSPECT, given).fetchone()
    if suspect:
        return _fly(connection, [suspect["id"]], "alone") if is_idle else []
    rows = connection.execute(WAITING, given).fetchall()
    turns: dict[int, int] = {}
    ranked = []
    for row in rows:
        turns[row["scope"]] = turns.get(row["scope"], 0) + 1
        ranked.append((turns[row["scope"]], served.get(row["scope"], 0), row["id"]))
    return _fly(connection, [number for _, _, number in sorted(ranked)[:room]], "shared")


def _fly(connection: Connection, numbers: Iterable[int], flight: Flight) -> list[Photo]:
    photos = []
    for number in numbers:
        row = connection.execute(f"{SELECT} WHERE photo.id = ?", (number,)).fetchone()
        for member in _together(connection, row):
            sql = "UPDATE photo SET flight = ?, change = ? WHERE id = ? AND flight = ''"
            if connection.execute(sql, (flight, next_change(connection), member)).rowcount:
                found = connection.execute(f"{SELECT} WHERE photo.id = ?", (member,)).fetchone()
                photos.append(photo_of(found))
    return photos


def _together(connection: Connection, row: Row) -> list[int]:
    """Return which photos are taken up with one: its album, when that is to be told of."""
    if not row["album"] or row["state"] in ("received", "ready"):
        return [row["id"]]
    album = connection.execute(
        f"SELECT id FROM photo WHERE scope = ? AND album = ? AND album != '' AND {WORK} ORDER BY id",  # noqa: S608
        (row["scope"], row["album"]),
    )
    return [member["id"] for member in album]


def waits_before(connection: Connection, photo: Photo, now: int) -> bool:
    """Return whether an earlier photo of the same scope is still to be told of."""
    return connection.execute(EARLIER, (now, photo.scope, photo.seq)).fetchone() is not None


def put_back(
    connection: Connection, codes: Iterable[str], *, is_failed: bool = False, is_doubtful: bool = False
) -> None:
    """Let photos wait again; one that failed by a bug of ours gains a try.

    `is_doubtful` says that their answer may have gone out.
    """
    for code in codes:
        connection.execute(
            "UPDATE photo SET flight = '', tries = tries + ?, is_doubtful = is_doubtful OR ?, change = ?"
            " WHERE code = ? AND reply IS NULL",  # it may have been told of meanwhile
            (is_failed, is_doubtful, next_change(connection), code),
        )
