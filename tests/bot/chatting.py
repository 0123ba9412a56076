"""A chat platform that does as it is told, and a desk and a door in front of it."""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime

from PIL import Image

from bot.desk import Desk
from bot.door import Arrived, Door
from bot.settings import Settings
from inference.decode.pool import CleanPhoto
from models.records import Analysis, ChatRules, Incoming, Language, Person, Place
from storage.records import Photo, Unsaid
from storage.store import Store
from tests.bot.stands_in import StandIn, until

GROUP = Place("chat", "", "-100")
OTHER = Place("chat", "", "-200")
DIRECT = Place("chat", "", "1", is_private=True)
ANNA, BORI = Person("chat", "anna", "Anna"), Person("chat", "bori", "Bori")

Fetch = Callable[[Photo], Awaitable[bytes]]
Send = Callable[[Sequence[Photo]], Awaitable[str]]


class Platform:
    """Has every photo and takes every answer, unless `fetching` or `sending` does something else."""

    status = "online"

    def __init__(self) -> None:
        self.fetching: Fetch | None = None
        self.sending: Send | None = None
        self.fetched: list[str] = []  # messages
        self.sent: list[tuple[str, ...]] = []  # messages of each answer
        self.photos: list[Photo] = []  # as they were when they were sent
        self.unsaid: list[Unsaid] = []
        self.refusals: dict[str, Exception] = {}  # answer that is to be taken back → why that fails

    async def start(self) -> None:
        """Is always there."""

    async def stop(self) -> None:
        """Has nothing to stop."""

    async def fetch(self, photo: Photo) -> bytes:
        self.fetched.append(photo.message)
        if self.fetching:
            return await self.fetching(photo)
        return b"\xff\xd8" + photo.id.encode()

    async def send(self, photos: Sequence[Photo]) -> str:
        if self.sending:
            await self.sending(photos)
        self.sent.append(tuple(photo.message for photo in photos))
        self.photos += photos
        return " ".join(f"r{photo.message}" for photo in photos)

    async def unsay(self, unsaid: Unsaid) -> None:
        if error := self.refusals.get(unsaid.reply):
            raise error
        self.unsaid.append(unsaid)


class Eyes(StandIn):
    """Sees nothing, but can open and mark a picture."""

    def __init__(self) -> None:
        super().__init__()
        self.size = (64, 48)
        self.refusal: Exception | None = None

    async def clean(self, data: bytes) -> CleanPhoto:
        if self.refusal:
            raise self.refusal
        return await super().clean(data)

    async def reopen(self, jpeg: bytes) -> CleanPhoto:
        return await super().clean(jpeg)

    async def mark(self, photo: CleanPhoto, analysis: Analysis, language: Language) -> bytes:
        target = io.BytesIO()
        Image.effect_noise(self.size, 90).convert("RGB").save(target, "JPEG", quality=85)
        return target.getvalue()


class Chat:
    """A desk with one platform around a real store.

    Args:
        settings: by the names that the environment has.
    """

    def __init__(self, store: Store, *, in_flight: int = 8, **settings: object) -> None:
        self.store, self.eyes, self.platform = store, Eyes(), Platform()
        self.desk = Desk(
            store, self.eyes, {"chat": self.platform}, lambda _: ChatRules(), in_flight=in_flight
        )
        self.door = Door(store, self.desk, Settings.model_validate(settings))

    async def post(
        self, *messages: str, place: Place = GROUP, album: str = "", settle: float = 0.0
    ) -> list[str]:
        """Let photos wait, each in a message of its own; return their ids."""
        codes = []
        for message in messages:
            [accepted] = await self.store.receive(
                [photo(message, place=place, album=album)], "ko", settle_ms=round(settle * 1000)
            )
            codes.append(accepted.photo)
        return codes

    async def found(self, code: str) -> Photo:
        """Return a photo that is there."""
        found = await self.store.photo(code)
        assert found
        return found

    async def are_told(self, codes: list[str]) -> bool:
        """Return whether photos have been told of."""
        found = [await self.store.photo(code) for code in codes]
        return all(one is not None and one.reply for one in found)

    async def store_state(self, code: str, *wanted: str) -> bool:
        """Return whether a photo is in one of some states."""
        found = await self.store.photo(code)
        return found is not None and found.state in wanted

    async def is_gone(self, code: str) -> bool:
        """Return whether a photo was erased."""
        return await self.store.photo(code) is None


def photo(
    message: str = "1",
    *,
    place: Place = GROUP,
    album: str = "",
    attachment: str = "0",
    author: Person = ANNA,
    text: str = "",
) -> Incoming:
    """Return a photo as an adapter hands it in."""
    return Incoming(place, message, attachment, author, datetime.now(UTC), text, album=album, source="file")


def arrived(*photos: Incoming, is_addressed: bool = True, **more: object) -> Arrived:
    """Return photos of one message that speaks to us."""
    return Arrived(photos or (photo(),), is_addressed=is_addressed, **more)  # type: ignore[arg-type]  # passed on


async def at_rest(desk: Desk) -> None:
    """Wait until nothing is in flight any more."""
    await until(lambda: not desk.flying)


class Clock:
    """A monotonic clock that goes on when it is told to."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def monotonic(self) -> float:
        return self.now
