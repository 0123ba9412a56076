"""A file that an earlier program wrote goes on: what was answered is not answered again, the rest is."""

from __future__ import annotations

import secrets
from contextlib import closing

import pytest
from sqlite_utils import Database

from storage.folder import Folder
from storage.records import dumps
from storage.schema import is_behind, migrations
from storage.sqlite import Connection, open_writer
from storage.store import Store
from tests.storage.conftest import OpenStore
from tests.storage.makers import DOG, HERE, analysis, incoming, picture

# state, flight, tries, suspected, reply, error → what becomes of it
ROWS = {
    "fresh": ("ready", "", 0, 0, None, None),
    "looked at": ("ready", "shared", 0, 0, None, None),
    "alone": ("ready", "alone", 1, 1, None, None),
    "fatal": ("ready", "alone", 2, 1, None, None),
    "suspect": ("ready", "", 2, 1, None, None),
    "seen": ("analysed", "", 0, 0, None, None),
    "being told": ("analysed", "shared", 0, 0, None, None),
    "told": ("answered", "", 0, 0, "web-1", None),
    "told without an id": ("answered", "", 0, 0, "", None),
    "refused": ("refused", "", 0, 0, None, "undecodable"),
    "put aside": ("quarantined", "", 3, 0, None, "quarantined"),
}
WAITS = {"fresh", "looked at", "alone", "fatal", "suspect", "seen", "being told"}


def old_file(folder: Folder) -> None:
    """Write a database as the first migration made it, with a photo in every state."""
    folder.own()
    try:
        with closing(open_writer(folder.database)) as connection:
            migrations.apply(Database(connection), stop_before="m002_platforms")
            connection.execute(
                "INSERT INTO scope VALUES (1, 'web', 'local', 'here', '', 0, 0, ?)",
                (secrets.token_bytes(16),),
            )
            connection.execute("INSERT INTO person VALUES (1, 'web', 'minsu', '민수')")
            for number, name in enumerate(ROWS, 1):
                put(connection, number, name)
            connection.execute("UPDATE note SET value = ? WHERE name = 'change'", (len(ROWS),))
            assert is_behind(connection)
    finally:
        folder.release()


def put(connection: Connection, number: int, name: str) -> None:
    state, flight, tries, is_suspect, reply, error = ROWS[name]
    clean = picture(name, 500)
    jpeg = (number, 1, secrets.token_bytes(32), clean.jpeg)
    connection.execute("INSERT INTO picture (id, scope, hash, jpeg) VALUES (?,?,?,?)", jpeg)
    seen = dumps(analysis(DOG)) if state in ("analysed", "answered") else None
    connection.execute(
        "INSERT INTO photo (code, scope, author, message, attachment, album, text, language, is_spoiler,"
        " sent_at, accepted_at, state, flight, tries, is_suspect, picture, width, height, analysis, error,"
        " reply, change) VALUES (?,1,1,?,'0','','','ko',0,18e11,18e11,?,?,?,?,?,64,48,?,?,?,?)",
        (name, name, state, flight, tries, is_suspect, number, seen, error, reply, number),
    )


@pytest.fixture
def store(folder: Folder, open_store: OpenStore) -> Store:
    old_file(folder)
    return open_store()


async def finished(store: Store) -> dict[str, str]:
    """Bring everything that waits to its answer; return who was told of in which state."""
    told: dict[str, str] = {}
    while flown := await store.take(8, {}, is_idle=True):
        for photo in flown:
            if photo.state == "ready":
                await store.save(photo, analysis(DOG), is_hidden=False)
            found = await store.photo(photo.id)
            assert found
            assert photo.id not in told
            told[photo.id] = found.state
            await store.answered([photo.id], f"r-{photo.id}")
    return told


async def test_everything_that_waited_is_told_of_once_and_nothing_that_was_told_before(store: Store) -> None:
    assert await store.waiting() == len(WAITS)
    told = await finished(store)

    assert set(told) == WAITS
    assert {name for name, state in told.items() if state == "quarantined"} == {"fatal"}
    assert await store.waiting() == 0


async def test_every_photo_reads_as_before(store: Store) -> None:
    for name in ROWS:
        photo = await store.photo(name)
        assert photo
        assert (photo.message, photo.place, photo.error) == (
            name,
            HERE,
            "quarantined" if name == "fatal" else ROWS[name][5] or "",
        )
        assert (photo.source, photo.reply_to, photo.placeholder) == ("", name, "")
        assert (photo.is_silent, photo.is_first_frame) == (False, False)
        assert await store.picture(name) == picture(name, 500).jpeg
    doubtful = [name for name in ROWS if (found := await store.photo(name)) and found.is_doubtful]
    assert doubtful == ["being told"]


async def test_who_was_told_and_who_was_refused_is_not_waited_for_nor_changed(store: Store) -> None:
    for name in sorted(set(ROWS) - WAITS):
        photo = await store.photo(name)
        assert photo
        assert (photo.state, photo.reply) == (ROWS[name][0], ROWS[name][4] or "")


async def test_suspects_of_the_old_program_still_fly_alone(store: Store) -> None:
    [first] = await store.take(8, {}, is_idle=True)
    assert (first.id, first.flight) == ("looked at", "alone")  # least blamed first


async def test_there_is_one_backup_from_before(store: Store, open_store: OpenStore) -> None:
    store.close()
    again = open_store()
    made = [path.name for path in again.folder.backups.iterdir() if path.suffix == ".db"]
    assert len(made) == 1
    assert "before-migration" in made[0]


async def test_what_arrives_after_the_migration_is_kept_beside_it(store: Store) -> None:
    accepted = await store.accept(incoming("new"), picture("new"), "ko")
    assert accepted.is_new
    assert not (await store.accept(incoming("told"), picture("other"), "ko")).is_new
    assert accepted.photo in await finished(store)


async def test_deleting_a_photo_of_the_old_program_works(store: Store) -> None:
    receipt = await store.erase(ROWS)
    assert (receipt.photos, receipt.pictures) == (len(ROWS), len(ROWS))
    assert await store.waiting() == 0
