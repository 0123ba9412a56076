"""Makers of what arrives and of what is found on it, small enough to make thousands."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

from models.records import Analysis, Box, Incoming, Person, Place
from storage import photos
from storage.folder import Folder
from storage.index import words_of
from storage.records import Accepted, Photo, Picture
from storage.schema import migrate
from storage.sqlite import Connection, open_writer
from storage.store import Store
from storage.words import Tokenizer

HERE = Place("web", "local", "here")
THERE = Place("web", "local", "there")
MINSU = Person("web", "minsu", "민수")
SENT = datetime(2026, 11, 1, 12, tzinfo=UTC)
DEADLINE = 60.0  # seconds, generous: it is only ever reached by a fault

# What a newer program would have left.
LATER = (
    "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
    " VALUES ('chalkak', 'm999_later', '2030-01-01')"
)

DOG, CAT, BICYCLE = 160, 96, 42


def incoming(
    message: str = "m1", *, place: Place = HERE, author: Person = MINSU, text: str = "", attachment: str = "0"
) -> Incoming:
    """Return a message with a photo."""
    return Incoming(place, message, attachment, author, SENT, text)


def picture(content: str = "picture", size: int = 3_000) -> Picture:
    """Return a picture that is made of its content, again and again."""
    block = content.encode() + b"\0"
    return Picture(b"\xff\xd8" + (block * (size // len(block) + 1))[:size], 64, 48)


def analysis(*label_ids: int, caption: str = "") -> Analysis:
    """Return an analysis that has seen these classes."""
    boxes = tuple(Box(label_id, 0.9, 1.0, 2.0, 30.0, 40.0) for label_id in label_ids)
    return Analysis(64, 48, boxes=boxes, caption=caption)


async def post(
    store: Store, message: str, *label_ids: int, text: str = "", place: Place = HERE, author: Person = MINSU
) -> Photo:
    """Bring a photo all the way to its answer; nothing else may wait meanwhile."""
    accepted = await accept(store, message, text=text, place=place, author=author)
    photo = await store.photo(accepted.photo)
    assert photo is not None
    assert await store.save(photo, analysis(*label_ids), is_hidden=False)
    await store.answered([photo.id], f"reply to {message}")
    kept = await store.photo(photo.id)
    assert kept is not None
    return kept


async def accept(
    store: Store, message: str, *, text: str = "", place: Place = HERE, author: Person = MINSU
) -> Accepted:
    """Hand a photo in whose picture is like no other."""
    arrived = incoming(message, place=place, author=author, text=text)
    return await store.accept(arrived, picture(f"{place.chat} {message}"), "ko")


async def until(is_so: Callable[[], bool], seconds: float = DEADLINE) -> None:
    """Wait until something is so, or fail."""
    ends = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < ends, f"not so after {seconds} seconds"
        await asyncio.sleep(0.05)


async def all_of(*work: Awaitable[object]) -> None:
    """Wait for everything at once."""
    await asyncio.gather(*work)


def bare(path: Path) -> Connection:
    """Return a new database without a store around it, for jobs; a power cut may lose it."""
    connection = open_writer(path)
    connection.execute("PRAGMA synchronous = OFF")
    migrate(connection)
    return connection


def put_in(connection: Connection, message: str, place: Place = HERE, text: str = "") -> str:
    """Accept a photo inside the transaction that is open, and return its id."""
    arrived = incoming(message, place=place, text=text)
    return photos.accept(connection, arrived, picture(f"{place.chat} {message}", 64), "ko", 1).photo


def put_found(
    connection: Connection,
    tokenizer: Tokenizer,
    message: str,
    *label_ids: int,
    place: Place = HERE,
    text: str = "",
) -> str:
    """Accept a photo with its analysis and its search words, and return its id."""
    code = put_in(connection, message, place, text)
    seen = analysis(*label_ids)
    assert photos.save(connection, code, seen, words_of(tokenizer, text, seen), hidden_until=0)
    return code


def folder_bytes(folder: Folder) -> dict[str, bytes]:
    """Return every file of the folder."""
    found = {}
    for path in sorted(folder.path.rglob("*")):
        if path.is_file() and path.name != "spare":
            found[path.name] = path.read_bytes()
    return found


def files_with(folder: Folder, *needles: bytes) -> list[str]:
    """Return the files of the folder in which some of these bytes are."""
    return [name for name, data in folder_bytes(folder).items() if any(needle in data for needle in needles)]
