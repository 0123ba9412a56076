"""A file that is broken, newer or half migrated is never begun anew: it says so, or goes on."""

from __future__ import annotations

import copy
import random
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from models.errors import DatabaseDamaged, NewerSchema
from storage import backups, opening, schema
from storage.folder import Folder
from storage.sqlite import open_reader, open_writer
from storage.store import Store
from tests.storage.conftest import OpenStore
from tests.storage.makers import DOG, HERE, LATER, accept, post
from tests.storage.processes import ran, was_killed

PAGE = 8_192


async def closed_with(open_store: OpenStore, photos: int) -> Folder:
    """Return a folder that a store has left with so many photos."""
    store = open_store()
    for number in range(photos):
        await post(store, f"m{number}", DOG, text="산책")
    store.close()
    return store.folder


def damaged(data: bytearray, kind: str) -> None:
    """Damage the bytes of a file."""
    match kind:
        case "header":
            data[:16] = b"no SQLite format"
        case "garbage":
            data[:] = random.Random(1).randbytes(len(data))
        case "schema":
            data[100:108] = b"\xff" * 8
        case "cut":
            del data[len(data) // 2 // PAGE * PAGE :]
        case "page":
            for page in range(3, len(data) // PAGE):  # page headers; in the middle some page is a tree
                data[page * PAGE : page * PAGE + 8] = b"\xee" * 8


@pytest.mark.parametrize("kind", ["header", "garbage", "schema", "cut", "page"])
async def test_a_damaged_file_is_said_to_be_damaged_and_left_as_it_is(
    open_store: OpenStore, kind: str
) -> None:
    folder = await closed_with(open_store, 40)
    data = bytearray(folder.database.read_bytes())
    damaged(data, kind)
    folder.database.write_bytes(data)
    with pytest.raises(DatabaseDamaged) as refused:
        Store(folder)
    assert refused.value.data["path"] == str(folder.database)
    assert folder.database.read_bytes() == data
    assert not folder.is_owned()


async def test_a_large_file_is_checked_while_it_is_used(
    open_store: OpenStore, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    folder = await closed_with(open_store, 40)
    data = bytearray(folder.database.read_bytes())
    found = [page for page in range(3, len(data) // PAGE) if data[page * PAGE] == 13]  # leaves of tables
    page = found[len(found) // 2]
    data[page * PAGE + 3 : page * PAGE + 5] = b"\xff\xff"  # so many rows are in no page
    folder.database.write_bytes(data)
    monkeypatch.setattr(opening, "CHECK_SECONDS", -1.0)
    monkeypatch.setattr(opening, "CHECK_STEPS", 1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "prepare", lambda folder, connection: 0)
        open_store(folder)
    for thread in threading.enumerate():
        if thread.name == "quick-check":
            thread.join(60)
    assert "the database is damaged" in caplog.text
    assert "chalkak restore" in caplog.text


def test_a_first_start_that_left_an_empty_file_is_only_a_first_start(
    folder: Folder, open_store: OpenStore
) -> None:
    folder.database.touch()
    open_store()


def test_a_file_of_a_newer_program_is_refused_and_left_as_it_is(
    folder: Folder, open_store: OpenStore
) -> None:
    open_store().close()
    with closing(open_writer(folder.database)) as connection:
        connection.execute(LATER)
    before = folder.database.read_bytes()
    with pytest.raises(NewerSchema) as refused:
        Store(folder)
    assert refused.value.data == {"found": "m999_later", "known": schema.known()[-1]}
    assert folder.database.read_bytes()[100:] == before[100:]  # the header counts who opened it


async def test_what_was_in_flight_is_counted_when_the_file_is_opened_again(open_store: OpenStore) -> None:
    store = open_store()
    for number in range(3):
        await accept(store, f"m{number}")
    await store.take(2, {}, is_idle=True)
    store.close()
    again = open_store()
    assert again.recovered == 2
    assert await again.waiting() == 3


def test_the_file_is_kept_as_the_design_says(store: Store) -> None:
    execute = store.writer.connection.execute
    asked = ("journal_mode", "synchronous", "secure_delete", "foreign_keys", "page_size", "auto_vacuum")
    assert {name: execute(f"PRAGMA {name}").fetchone()[0] for name in asked} == {
        "journal_mode": "wal",
        "synchronous": 2,
        "secure_delete": 1,
        "foreign_keys": 1,
        "page_size": 8_192,
        "auto_vacuum": 2,
    }
    row = execute("SELECT v FROM words_config WHERE k = 'secure-delete'").fetchone()
    assert row[0] == 1


# Migrations


@pytest.fixture
def add_migration(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Database], None]], None]:
    """Return what gives this program one migration more, on a copy."""

    def add(migration: Callable[[Database], None]) -> None:
        copied = copy.deepcopy(schema.migrations)
        copied()(migration)
        monkeypatch.setattr(schema, "migrations", copied)

    return add


AddMigration = Callable[[Callable[[Database], None]], None]


def m998_more(database: Database) -> None:
    database.execute("CREATE TABLE more (id INTEGER PRIMARY KEY) STRICT")
    database.execute("ALTER TABLE photo ADD COLUMN mood TEXT NOT NULL DEFAULT ''")


def tables(path: Path) -> set[str]:
    with closing(open_reader(path)) as connection:
        return {row["name"] for row in connection.execute("SELECT name FROM sqlite_schema")}


async def test_a_migration_makes_a_backup_first_and_keeps_everything(
    open_store: OpenStore, add_migration: AddMigration
) -> None:
    folder = await closed_with(open_store, 3)
    assert backups.existing(folder) == []
    add_migration(m998_more)
    store = open_store()

    [backup] = backups.existing(folder)
    assert backup.name.endswith("before-migration.db")
    assert "more" not in tables(backup)
    assert backups.verify(backup).photos == 3
    assert "more" in tables(folder.database)
    assert len(await store.history(HERE, before=1 << 60, limit=9)) == 3


def test_a_first_start_makes_no_backup(store: Store) -> None:
    assert backups.existing(store.folder) == []


async def test_a_migration_that_fails_leaves_the_old_file(
    open_store: OpenStore, monkeypatch: pytest.MonkeyPatch, add_migration: AddMigration
) -> None:
    folder = await closed_with(open_store, 3)
    old = schema.migrations

    def m998_broken(database: Database) -> None:
        m998_more(database)
        database.execute("INSERT INTO nowhere VALUES (1)")

    add_migration(m998_broken)
    with pytest.raises(Exception, match="nowhere"):
        Store(folder)
    assert "more" not in tables(folder.database)
    monkeypatch.setattr(schema, "migrations", old)
    assert len(await open_store().history(HERE, before=1 << 60, limit=9)) == 3


DYING_IN_A_MIGRATION = """
from tests.storage.test_opening import m998_more

def m998_dying(database):
    m998_more(database)
    die()

schema.migrations()(m998_dying)
Store(Folder(PATH))
"""


async def test_a_death_in_a_migration_leaves_the_old_file_which_migrates_at_the_next_start(
    open_store: OpenStore, add_migration: AddMigration
) -> None:
    folder = await closed_with(open_store, 3)
    assert was_killed(ran(DYING_IN_A_MIGRATION, folder.path))
    assert "more" not in tables(folder.database)
    add_migration(m998_more)
    store = open_store()
    assert "more" in tables(folder.database)
    assert len(await store.history(HERE, before=1 << 60, limit=9)) == 3


DYING_AT_THE_FIRST_START = """
from sqlite_utils import Database
execute, left = Database.execute, [int(sys.argv[2])]

def counted(self, *arguments):
    left[0] -= 1
    return execute(self, *arguments) if left[0] else die()

Database.execute = counted
Store(Folder(PATH))
"""


@pytest.mark.parametrize("statements", [1, 5, 15])
async def test_a_death_at_the_first_start_is_only_another_first_start(
    folder: Folder, open_store: OpenStore, statements: int
) -> None:
    assert was_killed(ran(DYING_AT_THE_FIRST_START, folder.path, statements))
    assert (await accept(open_store(), "m1")).is_new
