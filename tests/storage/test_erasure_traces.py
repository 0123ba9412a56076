"""A minute after a deletion no byte of it is in the folder, whoever was reading or dying meanwhile."""

from __future__ import annotations

import itertools
import random
from contextlib import closing
from pathlib import Path

from models.records import Person
from storage import photos
from storage.folder import Folder
from storage.scrub import unused
from storage.sqlite import Connection, open_reader
from storage.store import Store
from tests.storage.conftest import OpenStore
from tests.storage.makers import (
    BICYCLE,
    CAT,
    DOG,
    accept,
    analysis,
    files_with,
    incoming,
    picture,
    post,
    until,
)
from tests.storage.processes import ran, was_killed

TEXT, NAME, MESSAGE, PICTURE = "canarytextzq", "CanaryNameZq", "canarymessagezq", "canarypicturezq"
ALL = [needle.encode() for needle in (TEXT, NAME, MESSAGE, PICTURE)]
MANY = 400
BIG = 3_000_000  # bytes; more pages than are given back to the disk at once
SECONDS = 30.0  # promised are 60


async def put_canary(store: Store) -> str:
    """Post a photo of which every part can be recognised; return its id."""
    author = Person("web", "canary", NAME)
    accepted = await store.accept(
        incoming(MESSAGE, author=author, text=f"{TEXT} 산책"), picture(PICTURE, BIG), "ko"
    )
    [photo] = await store.take(1, {}, is_idle=True)
    await store.save(photo, analysis(DOG, CAT, caption=f"{TEXT} 개"), is_hidden=False)
    await store.answered([accepted.photo], f"reply to {MESSAGE}")
    return accepted.photo


async def test_no_byte_of_a_deleted_photo_is_left_in_the_folder(store: Store) -> None:
    for number in range(20):
        await post(store, f"m{number}", DOG, text="다른 글")
    code = await put_canary(store)
    assert files_with(store.folder, *ALL)
    await store.erase([code])
    await until(lambda: not files_with(store.folder, *ALL), SECONDS)


async def test_no_byte_is_left_after_a_reader_that_held_the_old_state_is_done(store: Store) -> None:
    code = await put_canary(store)
    with closing(open_reader(store.folder.database)) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM photo").fetchone()[0] == 1
        await store.erase([code])
        await post(store, "meanwhile", BICYCLE)
        assert files_with(store.folder, *ALL)  # the reader may still ask for it
        assert reader.execute("SELECT text FROM photo").fetchone()[0].startswith(TEXT)
    await until(lambda: not files_with(store.folder, *ALL), SECONDS)
    assert await accept(store, "after")


async def test_no_byte_is_left_of_an_unsafe_photo_in_the_search_words(store: Store) -> None:
    accepted = await accept(store, "m1", text=TEXT)
    photo = await store.photo(accepted.photo)
    assert photo is not None
    await store.save(photo, analysis(DOG, caption="canarycaptionzq"), is_hidden=False)
    await store.save(photo, analysis(DOG), is_hidden=True)
    await until(lambda: not files_with(store.folder, b"canarycaptionzq"), SECONDS)


async def test_no_byte_is_left_where_rows_moved_between_pages_before_they_were_deleted(
    store: Store,
) -> None:
    """Rows grow when they are analysed and move then; their old places must not keep them."""
    codes = await put_many(store)
    order = random.Random(20261120)
    order.shuffle(codes)
    gone, kept = codes[: MANY // 2], codes[MANY // 2 :]
    await store.erase(code for code, _ in gone)

    needles = [needle.encode() for _, needle in gone]
    await until(lambda: left_of(store.folder, needles) == [], SECONDS)
    for code, _ in kept:  # writes the same pages again, as they are remembered
        await store.answered([code], "reply")
    assert left_of(store.folder, needles) == []
    assert len(left_of(store.folder, [needle.encode() for _, needle in kept])) == len(kept)
    found = await store.find("개", [1], limit=MANY)
    assert {photo.id for photo in found.photos} == {code for code, _ in kept}
    for photo in found.photos:
        assert await store.picture(photo.id) == picture(photo.message, 600).jpeg
    with closing(open_reader(store.folder.database)) as reader:
        assert reader.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


async def put_many(store: Store) -> list[tuple[str, str]]:
    """Accept many photos and then analyse them in groups; return their ids and what is written in each."""
    written = [f"canary{number:05d}zq" for number in range(MANY)]
    words = [f"{needle} " * 5 for needle in written]

    def accepted(connection: Connection) -> list[str]:
        arrived = [incoming(f"m{number}", text=text) for number, text in enumerate(words)]
        return [photos.accept(connection, one, picture(one.message, 600), "ko", 1).photo for one in arrived]

    codes = store.writer.put(accepted).result(60)
    for code in codes:
        photo = await store.photo(code)
        assert photo is not None
        await store.save(photo, analysis(*[DOG, CAT] * 4, caption="개와 고양이 " * 9), is_hidden=False)
    return list(zip(codes, written, strict=True))


def left_of(folder: Folder, needles: list[bytes]) -> list[bytes]:
    """Return which of these are somewhere in the folder."""
    everything = b"".join(path.read_bytes() for path in folder.path.iterdir())
    return [needle for needle in needles if needle in everything]


KILLED_AFTER_THE_RECEIPT = """
from tests.storage.test_erasure_traces import put_canary

async def main():
    store = Store(Folder(PATH))
    for number in range(5):
        await post(store, f"m{number}", DOG)
    code = await put_canary(store)
    assert (await store.erase([code])).photos == 1
    die()

asyncio.run(main())
"""


async def test_no_byte_is_left_when_the_process_dies_right_after_the_receipt(
    tmp_path: Path, open_store: OpenStore
) -> None:
    assert was_killed(ran(KILLED_AFTER_THE_RECEIPT, tmp_path / "data"))
    store = open_store(Folder(tmp_path / "data"))
    assert (await store.stats()).states == {"answered": 5}
    await until(lambda: not files_with(store.folder, *ALL), SECONDS)


async def test_no_byte_is_left_when_the_store_is_closed_right_after_the_receipt(
    open_store: OpenStore,
) -> None:
    store = open_store()
    await store.erase([await put_canary(store)])
    store.close()
    assert files_with(store.folder, *ALL) == []


def test_a_damaged_page_whose_holes_go_round_in_a_circle_does_not_hold_the_writer() -> None:
    page = bytearray(8_192)
    page[0:8] = bytes([13, 0x10, 0x00, 0, 1, 0x20, 0x00, 0])  # a leaf, its first hole at 4,096
    page[0x1000:0x1004] = bytes([0x10, 0x00, 0, 8])  # which names itself as the next one
    assert len(list(itertools.islice(unused(bytes(page), 0), 9_000))) < 9_000
