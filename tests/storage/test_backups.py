"""Backups are made while work goes on, checked byte by byte, and expire."""

from __future__ import annotations

import asyncio
import os
import shutil
from contextlib import closing
from pathlib import Path

import pytest

from models.errors import BadBackup, NewerSchema, NoBackup, NoRoom
from storage import backups, schema
from storage.sqlite import open_writer
from storage.store import Store
from tests.storage.makers import DOG, LATER, accept, all_of, picture, post
from tests.storage.processes import ran, was_killed

PAGE = 8_192


async def test_a_backup_holds_everything_and_is_one_file(store: Store) -> None:
    await post(store, "m1", DOG)
    await accept(store, "m2")
    path = await store.backup()
    verified = backups.verify(path)

    assert (verified.photos, verified.pictures, verified.schema) == (2, 2, schema.known()[-1])
    assert path.parent == store.folder.backups
    assert [one.name for one in path.parent.iterdir()] == [path.name]
    assert not path.is_relative_to(store.folder.path)


async def test_a_backup_is_made_while_photos_arrive_and_holds_a_moment_of_them(store: Store) -> None:
    is_done = False

    async def keep_posting() -> int:
        number = 0
        while not is_done:
            await accept(store, f"more {number}")
            number += 1
        return number

    await all_of(*(accept(store, f"m{number}") for number in range(100)))
    posting = asyncio.create_task(keep_posting())
    made = [await store.backup() for _ in range(5)]
    is_done = True
    arrived = await posting
    counts = [backups.verify(path).photos for path in made]
    assert counts == sorted(counts)
    assert counts[0] >= 100
    assert counts[-1] <= 100 + arrived
    assert (await store.stats()).states == {"ready": 100 + arrived}
    assert [path.name for path in backups.existing(store.folder)] == sorted(
        (path.name for path in made), reverse=True
    )


async def backup_of(store: Store, target: Path) -> Path:
    """Return a backup of many photos."""
    for number in range(30):
        await post(store, f"m{number}", DOG, text=f"산책 {number}")
    return await store.backup(target)


def damaged(path: Path, damage: str) -> None:
    """Damage a backup in one of several ways."""
    data = bytearray(path.read_bytes())
    match damage:
        case "page":
            pages = [page for page in range(3, len(data) // PAGE) if data[page * PAGE] in {2, 5, 10, 13}]
            for page in pages[len(pages) // 2 :]:
                data[page * PAGE + 3] ^= 0xFF
        case "picture":
            place = data.index(picture("here m7").jpeg[2:100])
            data[place + 50] ^= 1
        case "cut":
            del data[-3 * PAGE :]
        case "text":
            data = bytearray("아무 글이나\n".encode() * 500)
        case "empty":
            data = bytearray()
    path.write_bytes(data)


def replaced(path: Path, by: str) -> None:
    """Put something else in the place of a backup."""
    path.unlink()
    if by == "folder":
        path.mkdir()
    elif by == "foreign":
        with closing(open_writer(path)) as connection:
            connection.execute("CREATE TABLE photo (id INTEGER)")


@pytest.mark.parametrize(
    "damage", ["page", "picture", "cut", "text", "empty", "foreign", "folder", "missing"]
)
async def test_what_is_not_a_whole_backup_is_refused(store: Store, tmp_path: Path, damage: str) -> None:
    path = await backup_of(store, tmp_path / "backup.db")
    change = replaced if damage in {"foreign", "folder", "missing"} else damaged
    change(path, damage)
    with pytest.raises(BadBackup) as refused:
        backups.verify(path)
    assert refused.value.data["path"] == str(path)
    assert refused.value.data.get("reason") or isinstance(refused.value, NoBackup)


async def test_a_photo_of_another_person_under_the_same_hash_is_noticed(store: Store, tmp_path: Path) -> None:
    path = await backup_of(store, tmp_path / "backup.db")
    with closing(open_writer(path)) as connection:
        connection.execute("UPDATE picture SET jpeg = (SELECT jpeg FROM picture WHERE id = 2) WHERE id = 1")
        connection.execute("PRAGMA journal_mode = DELETE")
    with pytest.raises(BadBackup, match="not the one that was stored"):
        backups.verify(path)


async def test_a_backup_of_a_newer_program_is_refused(store: Store, tmp_path: Path) -> None:
    path = await store.backup(tmp_path / "backup.db")
    with closing(open_writer(path)) as connection:
        connection.execute(LATER)
    with pytest.raises(NewerSchema):
        backups.verify(path)


async def test_looking_at_a_backup_changes_nothing_and_leaves_nothing_beside_it(
    store: Store, tmp_path: Path
) -> None:
    path = await backup_of(store, tmp_path / "there" / "backup.db")
    before = path.read_bytes()
    backups.verify(path)
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir()] == ["backup.db"]


async def test_a_backup_that_cannot_be_written_says_so_and_leaves_nothing(
    store: Store, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    for target in (tmp_path / "file" / "backup.db", Path("/proc/nowhere/backup.db")):
        with pytest.raises(NoRoom) as refused:
            await store.backup(target)
        assert refused.value.data["path"] == str(target)
        assert refused.value.data.get("reason") or isinstance(refused.value, NoBackup)
    assert (await accept(store, "m1")).is_new


async def test_a_backup_never_takes_the_place_of_the_file_in_use(store: Store) -> None:
    await accept(store, "m1")
    inode = store.folder.database.stat().st_ino
    with pytest.raises(NoRoom):
        await store.backup(store.folder.database)
    assert store.folder.database.stat().st_ino == inode
    assert (await accept(store, "m2")).is_new


DYING_IN_A_BACKUP = """
os.fsync = lambda descriptor: die()
backups.make(PATH / "data" / "chalkak.db", Path(sys.argv[2]))
"""


async def test_a_death_in_a_backup_leaves_no_half_backup_to_be_believed(store: Store, tmp_path: Path) -> None:
    await accept(store, "m1", text="canaryzq")
    target = backups.fresh_name(store.folder)
    assert was_killed(ran(DYING_IN_A_BACKUP, tmp_path, target))
    assert backups.existing(store.folder) == []
    assert list(store.folder.backups.iterdir()) != []  # what was half done
    backups.expire(store.folder, target.parent.stat().st_mtime + 31 * 86_400)
    assert list(store.folder.backups.iterdir()) == []


async def test_a_backup_that_gets_its_name_meanwhile_does_not_stop_the_expiry_of_others(
    store: Store,
) -> None:
    old = await store.backup()
    now = old.stat().st_mtime + 31 * 86_400
    renamed = old.with_name(".chalkak-20260101-backup.db.part")
    renamed.symlink_to("gone")  # listed, but not there when one looks

    assert backups.expire(store.folder, now) == [old]


async def test_backups_expire_after_thirty_days_with_everything_that_belongs_to_them(
    store: Store, tmp_path: Path
) -> None:
    old, young = await store.backup(), await store.backup()
    log = old.with_name(old.name + "-wal")  # as a damaged file is set aside
    shutil.copy(old, log)
    foreign = old.with_name("notes.txt")
    foreign.write_text("mine")
    now = young.stat().st_mtime
    for path in (old, log, foreign):
        os.utime(path, (now - 31 * 86_400,) * 2)
    os.utime(young, (now - 29 * 86_400,) * 2)

    assert backups.expire(store.folder, now) == [old]
    assert {path.name for path in store.folder.backups.iterdir()} == {young.name, "notes.txt"}


async def test_a_backup_inside_of_the_data_folder_is_refused(store: Store) -> None:
    with pytest.raises(NoRoom, match="never be erased"):
        await store.backup(store.folder.path / "inside.db")

    assert not (store.folder.path / "inside.db").exists()
