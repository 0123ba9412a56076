"""Photos as chats bring them: without their bytes, alone or in albums, on a bare database or a store."""

from __future__ import annotations

from datetime import UTC, datetime

from models.records import Incoming, Person, Place
from storage import photos, work
from storage.index import Words
from storage.records import Photo, Picture
from storage.sqlite import Connection, transaction
from storage.store import Store
from tests.storage.makers import SENT, analysis

GROUP = Place("telegram", "", "-100")
OTHER = Place("telegram", "", "-200")
CHANNEL = Place("discord", "7", "70")
THREAD = Place("discord", "7", "70", topic="71")
ANNA = Person("telegram", "anna", "Anna")
NOW = 1_800_000_000_000  # milliseconds; a day in 2027
SETTLE = 800


def posted(
    message: str = "1",
    *,
    place: Place = GROUP,
    album: str = "",
    attachment: str = "0",
    text: str = "",
    author: Person = ANNA,
    reply_to: str = "",
    sent_at: datetime = SENT,
) -> Incoming:
    """Return a photo of a message that its platform still has."""
    return Incoming(
        place,
        message,
        attachment,
        author,
        sent_at.astimezone(UTC),
        text,
        album=album,
        source=f"file-{message}",
        reply_to=reply_to,
    )


def bring(
    database: Connection,
    message: str,
    *,
    place: Place = GROUP,
    album: str = "",
    attachment: str = "0",
    now: int = NOW,
    settle: int = 0,
    is_silent: bool = False,
) -> str:
    """Accept a photo that can be fetched, and return its id."""
    arrived = posted(message, place=place, album=album, attachment=attachment)
    with transaction(database):
        return photos.accept(database, arrived, None, "ko", now, settle_ms=settle, is_silent=is_silent).photo


def look(database: Connection, code: str, *, hidden_until: int = 0) -> None:
    """Fetch a photo and look at it."""
    with transaction(database):
        photos.keep(database, code, Picture(b"\xff\xd8" + code.encode(), 64, 48))
        assert photos.save(database, code, analysis(), Words(), hidden_until=hidden_until)


def taken(
    database: Connection,
    room: int = 8,
    *,
    is_idle: bool = True,
    now: int = NOW,
    held: tuple[int, ...] = (),
    platforms: tuple[str, ...] | None = None,
) -> list[Photo]:
    """Take photos up."""
    with transaction(database):
        return work.take(database, room, {}, is_idle=is_idle, now=now, held=held, platforms=platforms)


def tell(database: Connection, flown: list[Photo], reply: str = "r") -> None:
    """Note that photos were told of."""
    with transaction(database):
        assert photos.answered(database, [photo.id for photo in flown], reply, NOW) == []


def row(database: Connection, code: str) -> dict[str, object]:
    """Return everything that the file has of a photo."""
    found = database.execute("SELECT * FROM photo WHERE code = ?", (code,)).fetchone()
    return dict(found) if found else {}


async def receive(store: Store, message: str, *, place: Place = GROUP, text: str = "") -> Photo:
    """Receive a photo and return it."""
    [accepted] = await store.receive([posted(message, place=place, text=text)], "ko")
    found = await store.photo(accepted.photo)
    assert found
    return found


async def told(store: Store, photo: Photo, reply: str, *labels: int) -> None:
    """Bring a photo to its answer."""
    assert await store.keep(photo.id, Picture(b"\xff\xd8" + photo.id.encode(), 64, 48))
    assert await store.save(photo, analysis(*labels), is_hidden=False)
    assert await store.answered([photo.id], reply) == []
