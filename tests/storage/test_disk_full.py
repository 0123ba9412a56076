"""A full disk refuses what is new, and lets people delete."""

from __future__ import annotations

import asyncio
import os
import subprocess
from pathlib import Path

import pytest

from models.errors import DiskFull
from storage.folder import Folder
from storage.records import Picture
from storage.store import Store
from tests.storage.conftest import OpenStore
from tests.storage.makers import DOG, HERE, accept, incoming, post
from tests.storage.processes import ran

BIG = Picture(b"\xff\xd8" + os.urandom(400_000), 64, 48)
IN_A_NAMESPACE = ("unshare", "--map-root-user", "--mount", "--")


def limit_pages(store: Store, more: int) -> None:
    """Let the database grow by so many pages only: SQLite reports a full disk after that."""

    def limit(connection: object) -> None:
        execute = store.writer.connection.execute
        pages = execute("PRAGMA page_count").fetchone()[0]
        execute(f"PRAGMA max_page_count = {pages + more}")

    store.writer.put(limit).result()


async def test_a_photo_without_room_is_refused_and_the_next_one_with_room_is_kept(store: Store) -> None:
    first = await post(store, "m1", DOG)
    limit_pages(store, 8)
    with pytest.raises(DiskFull):
        await store.accept(incoming("m2"), BIG, "ko")

    assert await store.photo(first.id)
    assert await store.picture(first.id)
    assert (await store.find("dog", [first.scope])).photos[0].id == first.id
    limit_pages(store, 1_000)
    assert (await store.accept(incoming("m2"), BIG, "ko")).is_new


async def test_a_photo_can_be_deleted_while_nothing_can_be_added(store: Store) -> None:
    first = await post(store, "m1", DOG, text="지워 줘")
    limit_pages(store, 0)
    with pytest.raises(DiskFull):
        await store.accept(incoming("m2"), BIG, "ko")

    assert (await store.erase([first.id])).photos == 1
    assert await store.photo(first.id) is None


async def test_who_shares_a_group_with_a_photo_too_large_is_refused_or_kept_but_never_in_between(
    store: Store,
) -> None:
    known = await post(store, "known", DOG)
    limit_pages(store, 12)
    work = [
        store.accept(incoming("huge"), BIG, "ko"),
        *(accept(store, f"m{number}") for number in range(3)),
        store.erase([known.id]),
    ]
    outcomes = await asyncio.gather(*work, return_exceptions=True)

    assert isinstance(outcomes[0], DiskFull)
    kept = {photo.message for photo in await store.history(HERE, before=1 << 40, limit=99)}
    for number, outcome in enumerate(outcomes[1:4]):
        assert (f"m{number}" in kept) == (not isinstance(outcome, BaseException)), outcome
    assert not isinstance(outcomes[4], BaseException)
    assert await store.photo(known.id) is None


async def test_photos_are_refused_before_the_disk_is_quite_full(
    tmp_path: Path, open_store: OpenStore
) -> None:
    store = open_store(Folder(tmp_path / "data", reserve_bytes=0))
    photo = (await accept(store, "m1")).photo
    store.folder.reserve_bytes = 1 << 60  # more than any disk has free
    with pytest.raises(DiskFull, match="reserve"):
        await accept(store, "m2")
    assert (await store.erase([photo])).photos == 1
    store.folder.reserve_bytes = 0
    assert (await accept(store, "m2")).is_new


def test_the_spare_room_is_set_aside_once_and_given_back_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.folder.SPARE_BYTES", 100_000)
    monkeypatch.setattr("storage.folder.LEAST_SPARE_BYTES", 1)
    folder = Folder(tmp_path / "data", reserve_bytes=1)
    folder.own()
    spare = folder.path / "spare"
    assert spare.stat().st_blocks * 512 >= 100_000
    assert folder.free_spare()
    assert not spare.exists()
    assert not folder.free_spare()
    folder.release()


def can_mount() -> bool:
    """Return whether a small disk of its own can be had here."""
    try:
        tried = subprocess.run([*IN_A_NAMESPACE, "true"], capture_output=True, timeout=30, check=False)
    except OSError:
        return False
    return tried.returncode == 0


DISK = """
from storage import folder as folders
from storage.sqlite import open_reader
assert os.system(f"mount -t tmpfs -o size=24m tmpfs {PATH}") == 0
folders.SPARE_BYTES = 8_000_000

def fill():
    with contextlib.suppress(OSError), open(PATH / "filler", "ab", buffering=0) as file:
        while True:
            file.write(bytes(4_096))
"""

FULL_DISK = """
async def main():
    store = Store(Folder(PATH / "data", reserve_bytes=1))
    store.folder.reserve_bytes = 0  # somebody else fills the disk faster than the reserve is looked at
    kept = [await post(store, f"m{number}", DOG, text="canaryzq") for number in range(30)]
    assert (PATH / "data" / "spare").exists()
    fill()
    refused = 0
    for number in range(200):
        try:
            await accept(store, f"late {number}")
            fill()
        except DiskFull:
            refused += 1
    say("refused", refused > 100)
    say("read", (await store.picture(kept[0].id)) is not None, len((await store.find("dog", [1])).photos))
    erased = 0
    for photo in kept[:20]:
        erased += (await store.erase([photo.id])).photos
    say("erased", erased, len(backups.listed(store.folder) & {photo.id for photo in kept}))
    (PATH / "filler").unlink()
    say("resumed", (await accept(store, "after")).is_new)
    store.close()
    again = Store(Folder(PATH / "data"))
    left = [photo for photo in kept if await again.photo(photo.id)]
    say("left", len(left), backups.listed(again.folder) == {photo.id for photo in kept[:20]})
    again.close()

asyncio.run(main())
"""

FULL_NOTE = """
async def main():
    store = Store(Folder(PATH / "data", reserve_bytes=1))
    photo = await post(store, "m1", DOG)
    # The log starts over: the deletion finds room in it, the list of deleted photos finds none.
    store.writer.connection.execute("PRAGMA wal_checkpoint(FULL)").fetchall()
    fill()
    say("erased", (await store.erase([photo.id])).photos, backups.listed(store.folder) == {photo.id})
    store.close()

asyncio.run(main())
"""

if can_mount():  # without it the page limit above stands for the full disk

    def test_on_a_disk_that_is_really_full_photos_are_read_and_deleted_and_later_taken_in_again(
        tmp_path: Path,
    ) -> None:
        done = ran(DISK + FULL_DISK, tmp_path, before=IN_A_NAMESPACE)
        assert done.stdout.splitlines() == [
            "refused True",
            "read True 10",
            "erased 20 20",
            "resumed True",
            "left 10 True",
        ], done.stderr

    def test_the_spare_room_is_also_there_for_the_list_of_deleted_photos(tmp_path: Path) -> None:
        done = ran(DISK + FULL_NOTE, tmp_path, before=IN_A_NAMESPACE)
        assert done.stdout.splitlines() == ["erased 1 True"], done.stderr
