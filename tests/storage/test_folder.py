"""One owner at a time, readable by nobody else, and an error that says what is wrong."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.errors import FolderForeign, FolderTaken, FolderUnusable
from storage.folder import Folder
from storage.store import Store
from tests.storage.conftest import OpenStore
from tests.storage.makers import DOG, post
from tests.storage.processes import line_of, ran, running, was_killed

HOLDING = """
store = Store(Folder(PATH))
say("open", os.getpid())
sys.stdin.read()
"""


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def test_only_the_owner_may_read_the_folder_and_every_file_in_it(store: Store) -> None:
    await store.erase([(await post(store, "m1", DOG)).id])
    await store.backup()
    store.folder.secret()
    store.folder.write("service", "1234")
    for path in [*store.folder.path.iterdir(), *store.folder.backups.iterdir()]:
        assert mode(path) == 0o600, path
    assert mode(store.folder.path) == mode(store.folder.backups) == 0o700
    names = {path.name for path in store.folder.path.iterdir()}
    assert names >= {"chalkak.db", "owner", "deleted.txt", "key"}


def test_a_folder_that_others_could_read_is_closed_to_them(tmp_path: Path, open_store: OpenStore) -> None:
    path = tmp_path / "open"
    path.mkdir(mode=0o755)
    path.chmod(0o755)
    open_store(Folder(path))
    assert mode(path) == 0o700


def test_a_second_instance_is_told_who_owns_the_folder(tmp_path: Path) -> None:
    with running(HOLDING, tmp_path / "data") as process:
        assert line_of(process) == f"open {process.pid}"
        folder = Folder(tmp_path / "data")
        assert folder.is_owned()
        with pytest.raises(FolderTaken) as refused:
            Store(folder)
        assert refused.value.data["pid"] == str(process.pid)
        assert str(process.pid) in str(refused.value)
        process.kill()
        process.wait()
        assert not folder.is_owned()
        Store(folder).close()  # the lock is free after a death


def test_two_stores_of_one_process_cannot_own_the_same_folder(store: Store, folder: Folder) -> None:
    with pytest.raises(FolderTaken):
        Store(Folder(folder.path))
    store.close()
    Store(Folder(folder.path)).close()


def test_somebody_who_only_looks_does_not_keep_the_owner_out(folder: Folder) -> None:
    folder.own()
    folder.release()
    for _ in range(50):
        assert not folder.is_owned()
        folder.own()
        assert folder.is_owned()
        folder.release()


def test_a_store_that_could_not_open_does_not_keep_the_folder(folder: Folder) -> None:
    folder.database.write_bytes(b"not a database" * 1_000)
    for _ in range(2):
        with pytest.raises(Exception, match="damaged"):
            Store(folder)
        assert not folder.is_owned()


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(FolderUnusable) as refused:
        Folder(tmp_path / "data")
    assert refused.value.data["reason"]
    with pytest.raises(FolderUnusable):
        Folder(tmp_path / "data" / "below")


@pytest.fixture
def foreign() -> Iterator[Path]:
    """A folder of somebody else that everybody may look into, and nobody else write."""
    if os.getuid() != 0:
        yield Path("/usr")
        return
    with tempfile.TemporaryDirectory(dir="/tmp") as path:
        Path(path).chmod(0o755)
        yield Path(path)


NOT_OURS = """
import storage.search, storage.backups
if os.getuid() == 0:
    os.setgroups([]), os.setgid(65534), os.setuid(65534)
for path in (PATH, PATH / "new"):
    try:
        Store(Folder(path))
    except FolderUnusable as error:
        say(error.data["folder"], error.data["reason"])
"""


def test_a_folder_that_cannot_be_written_is_refused(foreign: Path) -> None:
    done = ran(NOT_OURS, foreign)
    said = done.stdout.splitlines()
    assert len(said) == 2, done.stderr
    assert said[0].startswith(f"{foreign} ")
    assert said[1] == f"{foreign}/new Permission denied"


DYING_IN_A_WRITE = """
folder = Folder(PATH)
folder.write("key", "old")
replace = Path.replace
Path.replace = lambda self, target: die()
folder.write("key", "new")
"""


def test_a_small_file_is_the_old_or_the_new_one_after_a_death(tmp_path: Path) -> None:
    assert was_killed(ran(DYING_IN_A_WRITE, tmp_path))
    assert (tmp_path / "key").read_text() == "old"
    (tmp_path / "owner").touch()
    Folder(tmp_path).write("key", "newer")
    assert Folder(tmp_path).secret() == "newer"


def test_the_secret_stays_the_same_and_is_not_guessed(folder: Folder, tmp_path: Path) -> None:
    folder.own()
    secret = folder.secret()
    assert Folder(folder.path).secret() == secret != Folder(tmp_path / "other").secret()
    assert len(secret) >= 32


@pytest.mark.parametrize("name", ["notes.txt", ".git", "photos"])
def test_a_folder_of_somebody_elses_is_neither_taken_nor_locked(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    tmp_path.chmod(0o755)

    with pytest.raises(FolderForeign, match=name):
        Folder(tmp_path)

    assert mode(tmp_path) == 0o755
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_an_empty_folder_and_a_fresh_disk_become_ours(tmp_path: Path) -> None:
    (tmp_path / "lost+found").mkdir()

    Folder(tmp_path).own()

    assert mode(tmp_path) == 0o700


def test_a_name_too_long_for_what_lies_beside_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(FolderUnusable, match="too long"):
        Folder(tmp_path / ("가" * 83))
