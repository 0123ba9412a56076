"""Random kills on a platform while photos, albums, changes and deletions keep coming."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable

from tests.bot.crash.chat_audit import ChatTally, chat_account
from tests.bot.crash.client import visiting
from tests.bot.crash.storm import Gate, some_time
from tests.bot.crash.talk import Expected, Talk

LOST = 0.03  # of all requests take effect, and nobody hears of it
PAUSE = 0.3  # seconds between two acts, at most
# What people do, and how often.
PHOTO, ALBUM, RETEXT, WITHDRAW, DELETE = range(5)
ACTS = (PHOTO, ALBUM, RETEXT, WITHDRAW, DELETE)
WEIGHTS = (70, 10, 8, 5, 7)


async def chat_storm(
    talk: Talk,
    expected: Expected,
    *,
    kills: int,
    photos: int,
    seed: int,
    tell: Callable[[str], None] = print,
) -> ChatTally:
    """Kill a service so many times while people post so many photos; return the account."""
    chance = random.Random(seed)
    gate = Gate(kills, photos)
    await talk.begin()
    await talk.say(*talk.known[0])  # whoever answers has noted from where on the chats are read
    await talk.settled()
    await talk.kill()
    talk.side.faults.by_chance("lost", LOST)
    async with visiting(talk.service) as client:
        people = asyncio.create_task(_live(talk, gate, photos, random.Random(seed)))
        try:
            for done in range(kills):
                talk.start()
                await some_time(talk.service, client, chance)
                await talk.kill()
                gate.open(done + 1)
                if (done + 1) % 50 == 0:
                    tell(f"{done + 1} kills, {len(talk.posts)} posts, {talk.windows} in the send window")
            talk.start()
            await people
        finally:
            people.cancel()
        return await chat_account(talk, expected, name="random", hit=f"seed {seed}")


async def _live(talk: Talk, gate: Gate, photos: int, chance: random.Random) -> None:
    """Post photos, and now and then do something else."""
    posted = 0
    while posted < photos:
        await gate.wait(posted)
        await asyncio.sleep(chance.uniform(0, PAUSE))
        posted += await _act(talk, chance, chance.choices(ACTS, WEIGHTS)[0])


async def _act(talk: Talk, chance: random.Random, act: int) -> int:
    """Do one thing and return how many photos were posted with it."""
    there = [post for post in talk.posts if not post.is_gone and not post.is_deleted]
    if act in (PHOTO, ALBUM) or not there:
        pictures = chance.choice([one for one in talk.known if (len(one) > 1) == (act == ALBUM)])
        await talk.say(*pictures)
        return len(pictures)
    post = chance.choice(there[-12:])
    if act == RETEXT:
        await talk.side.retext(post, f"{post.text}!")
    elif act == DELETE:
        await talk.side.delete(post)
    elif len(post.pictures) == 1:
        await talk.withdraw(post)
    return 0
