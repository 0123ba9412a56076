"""What is said on a platform while services live and die there, and what of it is still to be done."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass

from models.errors import ServiceError
from storage import reading
from storage.records import Photo
from storage.sqlite import open_reader
from storage.work import MAX_TRIES
from tests.bot.crash.service import POLL_SECONDS, SECONDS, Service
from tests.bot.crash.side import Answered, Post, Said, Side

WINDOW_SECONDS = 2.0  # before a death in which an answer must have gone out that nobody has noted
UNSEEN = ("received", "ready")
Expected = dict[tuple[str, ...], Said]  # pictures → the answer of a service that nobody disturbs


@dataclass(frozen=True, slots=True)
class Kept:
    """What a data folder has at one moment.

    Args:
        photos: by message.
        waiting: photos that nobody has been told of.
        unsaid: answers that are still to be taken back.
    """

    photos: dict[str, list[Photo]]
    waiting: int
    unsaid: int

    def noted(self) -> set[str]:
        """Return the messages of ours that are known."""
        rows = [photo for photos in self.photos.values() for photo in photos]
        return {name for row in rows for name in f"{row.reply} {row.placeholder}".split()}


def kept(service: Service) -> Kept:
    """Return what a folder has, alive or not."""
    found: dict[str, list[Photo]] = defaultdict(list)
    with closing(open_reader(service.database)) as connection:
        for photo in reading.everything(connection, 0, 10**6):
            found[photo.message].append(photo)
        waiting = connection.execute("SELECT count(*) FROM photo WHERE reply IS NULL").fetchone()[0]
        unsaid = connection.execute("SELECT count(*) FROM unsaid").fetchone()[0]
    return Kept(dict(found), waiting, unsaid)


def _is_blamed(service: Service) -> bool:
    """Return whether the death of a service now would be the third one of a photo alone."""
    sql = "SELECT count(*) FROM photo WHERE flight = 'alone' AND tries + 1 >= ? AND state IN (?, ?)"
    if not service.database.exists():
        return False
    with suppress(sqlite3.DatabaseError, ServiceError), closing(open_reader(service.database)) as connection:
        return bool(connection.execute(sql, (MAX_TRIES, *UNSEEN)).fetchone()[0])
    return False  # it is only being opened


class Talk:
    """People who post, change and delete, and the service that they talk to.

    Args:
        side: where they are.
        service: that is killed.
        made: pictures by name.
        known: what may be posted, since its answer is known: pictures, and albums of them.
    """

    def __init__(
        self, side: Side, service: Service, made: dict[str, bytes], known: Sequence[tuple[str, ...]]
    ) -> None:
        self.side, self.service, self._made, self.known = side, service, made, known
        self.posts: list[Post] = []
        self._orphans: set[str] = set()
        self.windows = 0  # answers that were out and not noted when a service was killed

    def start(self, *launch: str) -> None:
        """Begin a life."""
        self.service.start(*launch, DECODE_WORKERS="1", **self.side.settings())

    async def begin(self, *launch: str) -> None:
        """Begin a life and wait until it listens."""
        starts = self.side.starts()
        self.start(*launch)
        await self.side.come_online(starts)

    async def died(self) -> None:
        """Wait for the death of a life, and see which answers were on their way."""
        await self.service.died()
        await self.count_windows()

    async def kill(self) -> None:
        """Kill a life, but no photo for the third time while it is looked at alone.

        Three such deaths are all the evidence there is against a photo that kills: it would be put aside.
        """
        service = self.service
        while service.is_alive:
            service.signal(signal.SIGSTOP)
            if not await asyncio.to_thread(_is_blamed, service):
                break
            service.signal(signal.SIGCONT)
            await asyncio.sleep(POLL_SECONDS)
        await service.kill()
        await self.count_windows()

    async def count_windows(self) -> None:
        """See which answers were out and not noted when a service died."""
        if not self.service.database.exists():
            return
        died_at = time.time()
        noted = (await asyncio.to_thread(kept, self.service)).noted()
        for answer in self.side.answers():
            if not set(answer.ids) & (noted | self._orphans):
                self._orphans |= set(answer.ids)
                self.windows += died_at - answer.at <= WINDOW_SECONDS

    # People

    async def say(self, *pictures: str, chat: int | None = None, text: str = "") -> Post:
        """Post pictures, several as an album."""
        number = len(self.posts)
        post = Post(pictures, text or f"{number}번째 사진")
        self.posts.append(post)
        where = number % self.side.chats if chat is None else chat
        post.messages = await self.side.post(where, [self._made[name] for name in pictures], post.text)
        return post

    async def withdraw(self, post: Post) -> None:
        """Let the photo of a post vanish while the message stays."""
        names = list(self._made)
        other = names[(names.index(post.pictures[0]) + 1) % len(names)]
        await self.side.withdraw(post, other, self._made[other])

    # What comes of it

    def missing(self, now: Kept) -> Iterator[str]:
        """Yield what is still to be done."""
        if now.waiting or now.unsaid or not self.side.is_read():
            yield f"{now.waiting} photos wait, {now.unsaid} answers are to be taken back"
        for post in self.posts:
            rows = [row for name in post.ids for row in now.photos.get(name, [])]
            if post.is_gone and rows:
                yield f"{post.text} is still kept"
            elif not post.is_deleted and not post.is_gone:
                if len(rows) != len(post.pictures):
                    yield f"{post.text} has {len(rows)} photos of {len(post.pictures)}"
                elif rows[0].text != post.text:
                    yield f"{post.text} is called {rows[0].text}"

    async def settled(self, seconds: float = SECONDS) -> list[str]:
        """Wait until everything is done; return what is not after so many seconds."""
        deadline = time.monotonic() + seconds
        while True:
            assert self.service.is_alive, f"the service ended by itself:\n{self.service.tail()}"
            left: list[str] = ["nothing is there yet"]
            if self.service.address:
                left = list(self.missing(await asyncio.to_thread(kept, self.service)))
            if not left or time.monotonic() > deadline:
                return left
            await asyncio.sleep(0.05)

    def answers_to(self) -> dict[str, list[Answered]]:
        """Return what stands in the chats, by the message that it replies to."""
        found: dict[str, list[Answered]] = defaultdict(list)
        for answer in self.side.answers():
            found[answer.to].append(answer)
        return found


def choice(made: dict[str, bytes]) -> list[tuple[str, ...]]:
    """Return what people post: every picture alone, and some albums."""
    names = list(made)
    albums = [tuple(names[start : start + size]) for start, size in ((0, 3), (3, 2), (5, 4))]
    return [*((name,) for name in names), *albums]


async def undisturbed(talk: Talk) -> Expected:
    """Return the answers of a life in which nothing goes wrong, one to everything that may be posted."""
    await talk.begin()
    for pictures in talk.known:
        await talk.say(*pictures)
    left = await talk.settled()
    assert not left, left
    answers = talk.answers_to()
    expected = {}
    for post in talk.posts:
        (answer,) = [one for name in post.ids for one in answers[name]]
        assert answer.said.text, post
        assert all(alt for alt, _ in answer.said.pictures), post
        assert len(answer.said.pictures) == len(post.pictures), post
        expected[post.pictures] = answer.said
    await talk.service.stop()
    return expected
