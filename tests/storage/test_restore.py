"""Restoring brings back what was there, less what people deleted, and never leaves no file at all."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from models.errors import BadBackup
from storage import backups
from storage.folder import Folder
from storage.records import Accepted
from storage.sqlite import open_reader
from storage.store import Store
from tests.storage.conftest import OpenStore
from tests.storage.makers import DOG, HERE, accept, files_with, folder_bytes, post
from tests.storage.processes import ran, was_killed

NOW = 1_900_000_000_000


class Restored:
    """A folder with a backup of three photos, of which the second was deleted afterwards, and a fourth."""

    def __init__(self, folder: Folder, backup: Path, ids: list[str]) -> None:
        self.folder, self.backup, self.ids = folder, backup, ids
        self.kept, self.deleted, self.last, self.late = ids

    def restore(self) -> tuple[backups.Verified, Path | None]:
        self.folder.own()
        try:
            return backups.restore(self.folder, self.backup, NOW)
        finally:
            self.folder.release()


@pytest.fixture
async def made(open_store: OpenStore, tmp_path: Path) -> Restored:
    store = open_store()
    ids = [(await post(store, f"m{number}", DOG, text=f"canary{number}zq")).id for number in range(3)]
    backup = await store.backup(tmp_path / "backup.db")
    await store.erase([ids[1]])
    ids.append((await post(store, "m3", DOG, text="canary3zq")).id)
    store.close()
    return Restored(store.folder, backup, ids)


async def present(store: Store) -> list[str]:
    """Return the ids of all photos, oldest first."""
    return [photo.id for photo in await store.everything(after=0, limit=99)]


async def test_a_restored_backup_is_as_it_was_less_what_was_deleted_since(
    made: Restored, open_store: OpenStore
) -> None:
    verified, replaced = made.restore()
    assert verified.photos == 3
    store = open_store()

    assert await present(store) == [made.kept, made.last]
    assert await store.picture(made.deleted) is None
    found = await store.find("개", [1])
    assert {photo.id for photo in found.photos} == {made.kept, made.last}
    assert files_with(store.folder, b"canary1zq") == []
    assert replaced is not None
    assert backups.verify(replaced).photos == 3


async def test_a_message_that_was_deleted_is_refused_after_a_restore_too(
    made: Restored, open_store: OpenStore
) -> None:
    made.restore()
    store = open_store()
    assert await accept(store, "m1") == Accepted(made.deleted, is_new=False, is_deleted=True)
    assert await accept(store, "m0") == Accepted(made.kept, is_new=False)
    assert (await accept(store, "m3")).is_new  # was not in the backup, and nobody deleted it


async def test_a_message_that_came_and_was_deleted_after_the_backup_is_refused_too(
    made: Restored, open_store: OpenStore
) -> None:
    store = open_store()
    await store.erase([made.late])
    store.close()
    made.restore()
    assert (await accept(open_store(), "m3")).is_deleted


@pytest.mark.parametrize("damage", ["garbage", "empty", "missing"])
async def test_the_list_beside_a_lost_file_is_enough_to_keep_deleted_photos_away(
    made: Restored, open_store: OpenStore, damage: str
) -> None:
    database = made.folder.database
    if damage == "missing":
        database.unlink()
    else:
        database.write_bytes(b"garbage" * 9_999 if damage == "garbage" else b"")
    made.restore()
    store = open_store()
    assert await present(store) == [made.kept, made.last]
    assert (await accept(store, "m1")).is_deleted


async def test_a_file_without_the_list_is_enough_too(made: Restored, open_store: OpenStore) -> None:
    (made.folder.path / backups.DELETED).unlink()
    made.restore()
    assert await present(open_store()) == [made.kept, made.last]
    assert backups.listed(made.folder) == {made.deleted}


async def test_an_older_backup_restored_twice_over_stays_without_the_deleted(
    made: Restored, open_store: OpenStore
) -> None:
    for _ in range(3):
        made.restore()
        store = open_store()
        assert await present(store) == [made.kept, made.last]
        store.close()


async def test_who_followed_the_changes_hears_of_the_restore(made: Restored, open_store: OpenStore) -> None:
    store = open_store()
    seen = await store.last_change()
    store.close()
    made.restore()
    store = open_store()
    assert await store.last_change() > seen
    gone = await store.changes(HERE, after=seen, limit=99)
    assert [one.id for one in gone] == [made.deleted]


@pytest.mark.parametrize("backup", ["broken", "missing"])
async def test_a_broken_backup_changes_nothing(made: Restored, backup: str) -> None:
    before = folder_bytes(made.folder)
    if backup == "broken":
        made.backup.write_bytes(made.backup.read_bytes()[:-9_000])
    else:
        made.backup.unlink()
    with pytest.raises(BadBackup):
        made.restore()
    after = folder_bytes(made.folder)
    assert {name: data for name, data in after.items() if name != "owner"} == {
        name: data for name, data in before.items() if name != "owner"
    }


async def test_what_was_in_flight_in_the_backup_waits_again_without_blame(
    open_store: OpenStore, tmp_path: Path
) -> None:
    store = open_store()
    await accept(store, "m1")
    await store.take(1, {}, is_idle=True)
    backup = await store.backup(tmp_path / "backup.db")
    store.close()
    Restored(store.folder, backup, ["", "", "", ""]).restore()
    again = open_store()
    assert again.recovered == 0
    [waiting] = await again.take(9, {}, is_idle=True)
    assert waiting.tries == 0
    assert waiting.is_doubtful  # it may have been answered since the backup


async def test_the_log_of_a_damaged_file_goes_with_it_and_not_into_the_new_one(
    made: Restored, open_store: OpenStore
) -> None:
    log = made.folder.path / "chalkak.db-wal"
    made.folder.database.write_bytes(b"garbage" * 9_999)
    log.write_bytes(b"the log of the damaged file")
    _, replaced = made.restore()

    assert not log.exists()
    assert replaced is not None
    assert replaced.read_bytes() == b"garbage" * 9_999
    assert await present(open_store()) == [made.kept, made.last]


DYING_IN_A_RESTORE = """
import storage.backups as ours
point, left = sys.argv[3], [int(sys.argv[4])]
home = {"shutil": shutil, "os": os, "Path": Path, "backups": ours}[point.split(".")[0]]
name = point.split(".")[1]
whole = getattr(home, name)

def counted(*arguments, **options):
    left[0] -= 1
    if left[0] == 0:
        die()
    result = whole(*arguments, **options)
    if left[0] == -1:
        die()
    return result

setattr(home, name, counted)
folder = Folder(PATH)
folder.own()
backups.restore(folder, Path(sys.argv[2]), 1_900_000_000_000)
"""
# Functions that change files, killed before their first, second … call; 0 is right after the first.
POINTS = [
    ("backups._copy", 1),
    ("backups._copy", 0),
    ("backups._bury", 0),
    ("backups._set_aside", 1),
    ("backups._set_aside", 0),
    ("shutil.move", 0),
    ("Path.rename", 0),
    ("Path.replace", 1),
    ("Path.replace", 2),
    ("Path.replace", 0),
    ("os.rename", 1),
    ("os.rename", 0),
    ("os.replace", 0),
    ("os.link", 0),
    ("os.fsync", 1),
    ("os.fsync", 2),
    ("Path.unlink", 9),
]
# The others may not be used.
SURE = [*POINTS[:5], ("Path.replace", 1), ("Path.replace", 0), ("os.fsync", 1)]


@pytest.mark.parametrize(("point", "call"), POINTS)
async def test_a_death_in_a_restore_leaves_the_old_or_the_new_file_whole(
    made: Restored, open_store: OpenStore, point: str, call: int
) -> None:
    ran_to = ran(DYING_IN_A_RESTORE, made.folder.path, made.backup, point, call)
    assert was_killed(ran_to) or (point, call) not in SURE
    assert made.folder.database.exists()
    store = open_store()
    old, new = [made.kept, made.last, made.late], [made.kept, made.last]
    assert await present(store) in (old, new)
    assert files_with(store.folder, b"canary1zq") == []
    store.close()
    made.restore()
    assert await present(open_store()) == new


async def test_a_photo_deleted_after_an_interrupted_restore_is_in_no_file_of_the_folder(
    made: Restored, open_store: OpenStore
) -> None:
    assert was_killed(ran(DYING_IN_A_RESTORE, made.folder.path, made.backup, "backups._set_aside", 1))
    store = open_store()
    await store.erase([made.kept])
    store.close()
    assert files_with(store.folder, b"canary0zq") == []


async def test_a_replaced_file_can_be_restored_like_a_backup(made: Restored, open_store: OpenStore) -> None:
    _, replaced = made.restore()
    assert replaced is not None
    there = shutil.copy(replaced, replaced.with_name("copy.db"))
    made.backup = Path(there)
    made.restore()
    assert await present(open_store()) == [made.kept, made.last, made.late]
    with closing(open_reader(made.folder.database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


async def test_a_backup_with_a_log_beside_it_is_restored_with_what_is_in_the_log(
    tmp_path: Path, open_store: OpenStore
) -> None:
    """As the file of a killed service has one, or a copy of its folder."""
    store = open_store()
    codes = {(await post(store, f"m{number}", DOG)).id for number in range(3)}
    shutil.copytree(store.folder.path, tmp_path / "copy")
    await store.erase(codes)
    store.close()
    assert (tmp_path / "copy" / "chalkak.db-wal").stat().st_size > 0
    (fresh := Folder(tmp_path / "fresh")).own()

    found, _ = backups.restore(fresh, tmp_path / "copy" / "chalkak.db", 1)

    fresh.release()
    again = open_store(fresh)
    assert found.photos == 3
    assert {photo.id for photo in await again.everything(after=0, limit=9)} == codes
