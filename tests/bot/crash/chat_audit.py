"""What became of every photo in a chat: the account after the deaths, from the platform and the file."""

from __future__ import annotations

import asyncio
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from storage.records import Photo
from storage.sqlite import open_reader
from tests.bot.crash.audit import integrity_of
from tests.bot.crash.side import Answered, Post
from tests.bot.crash.talk import Expected, Talk, kept

COLUMNS = ("platform", "point", "hit", "kills", "posted", "answered", "deleted", "lost", "twice", "allowed")
HEADER = " ".join(f"{name:>13}" for name in (*COLUMNS, "integrity"))


@dataclass(slots=True)
class ChatTally:
    """A line of the table.

    `answered` are posts that have one answer, which is that of an undisturbed service; `deleted` are posts
    that are gone with everything; `twice` are answers too many, of which `allowed` could not be helped;
    `faults` says what was wrong with the rest.
    """

    platform: str
    point: str
    hit: str
    kills: int
    posted: int
    allowed: int
    answered: int = 0
    deleted: int = 0
    lost: int = 0
    twice: int = 0
    integrity: str = ""
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        values: tuple[Any, ...] = (self.platform, self.point, self.hit, self.kills, self.posted)
        rest = (self.answered, self.deleted, self.lost, self.twice, self.allowed, self.integrity)
        line = " ".join(f"{value:>13}" for value in (*values, *rest))
        return "\n  ".join([line, *self.faults])

    def check(self) -> None:
        """Assert that every post has its one answer, or is gone with everything."""
        assert not self.faults, self.faults
        assert (self.answered + self.deleted, self.lost, self.integrity) == (self.posted, 0, "ok"), str(self)
        assert self.twice <= self.allowed, str(self)


async def chat_account(talk: Talk, expected: Expected, *, name: str, hit: str) -> ChatTally:
    """Wait until everything is done, stop the service, and return what became of what was posted."""
    side, service = talk.side, talk.service
    left = await talk.settled()
    await service.stop()
    await service.alone()
    allowed = 0 if side.looks_back else talk.windows + side.lost_sends
    tally = ChatTally(side.name, name, hit, service.kills, len(talk.posts), allowed)
    tally.faults += [f"not done: {one}" for one in left] + [
        f"against the API: {one}" for one in side.faulty()
    ]
    with closing(open_reader(service.database)) as connection:
        tally.integrity = integrity_of(connection)
    now = await asyncio.to_thread(kept, service)
    answers = talk.answers_to()
    for post in talk.posts:
        rows = [row for number in post.ids for row in now.photos.get(number, [])]
        found = [one for number in post.ids for one in answers.pop(number, [])]
        _count(tally, post, rows, found, expected)
    tally.faults += [f"answers to nothing that was posted: {one}" for one in answers.values() if one]
    return tally


def _count(
    tally: ChatTally, post: Post, rows: list[Photo], found: list[Answered], expected: Expected
) -> None:
    if post.is_gone or (post.is_deleted and not rows):
        tally.deleted += 1
        tally.twice += len(found)
        tally.faults += [f"{post.text} is kept although it is gone"] if rows else []
        return
    known = [one for one in found if set(one.ids) == set(rows[0].reply.split())] if rows else []
    right = [one for one in known if one.said == expected[post.pictures]]
    tally.twice += max(0, len(found) - 1)
    if not found or not rows:
        tally.lost += 1
        tally.faults.append(f"lost: {post.text} {[(row.state, row.error, row.reply) for row in rows]}")
    elif not right:
        tally.faults.append(f"another answer: {post.text}\n    {found}\n    {expected[post.pictures]}")
    else:
        tally.answered += 1
