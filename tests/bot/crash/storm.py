"""Random kills while photos keep arriving, a poison photo among them."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Callable

from tests.bot.crash.audit import Answer, Tally, account
from tests.bot.crash.client import LOST, Client, visiting
from tests.bot.crash.pictures import POISON, Shot, shots
from tests.bot.crash.service import Service, until

ARM = ("--poison", "x".join(map(str, POISON)))
START_SECONDS = 2.5  # of a service until it answers, about
WORK_SECONDS = 2.5  # of answering that a kill falls into
AT_ONCE = 6  # people who post


async def storm(
    service: Service,
    made: dict[str, bytes],
    expected: dict[str, Answer],
    bad: bytes,
    *,
    kills: int,
    photos: int,
    seed: int,
    tell: Callable[[str], None] = print,
) -> Tally:
    """Kill a service so many times while so many photos arrive; return the account."""
    chance = random.Random(seed)
    posted = shots(made, photos)
    posted.insert(chance.randrange(photos), Shot("poison", "poison", bad))
    gate = Gate(kills, len(posted))
    async with visiting(service) as client:
        posting = asyncio.gather(
            *(_post(client, gate, posted[first::AT_ONCE], first) for first in range(AT_ONCE))
        )
        try:
            for done in range(kills):
                _begin(service)
                await some_time(service, client, chance)
                await service.kill() if service.is_alive else await service.died()
                gate.open(done + 1)
                if (done + 1) % 100 == 0:
                    tell(f"{done + 1} kills, {len(client.acknowledged)} photos acknowledged")
            _begin(service)
            await _all(service, posting)
        finally:
            posting.cancel()
        await client.settled(len(posted), lambda: _begin(service))
        return await account(service, client, posted, expected, name="random", hit=f"seed {seed}")


class Gate:
    """Lets photo n in when its share of the kills has been done, so that photos arrive all the time."""

    def __init__(self, kills: int, photos: int) -> None:
        self._kills, self._photos, self._done = kills, photos, 0
        self._moved = asyncio.Condition()
        self._tasks: set[asyncio.Task[None]] = set()

    def open(self, done: int) -> None:
        self._done = done
        task = asyncio.create_task(self._tell())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _tell(self) -> None:
        async with self._moved:
            self._moved.notify_all()

    async def wait(self, number: int) -> None:
        async with self._moved:
            await self._moved.wait_for(lambda: self._done * self._photos >= number * self._kills)


async def _post(client: Client, gate: Gate, mine: list[Shot], first: int) -> None:
    for turn, shot in enumerate(mine):
        await gate.wait(first + turn * AT_ONCE)
        await client.post(shot)


def _begin(service: Service) -> None:
    service.start(*ARM)


async def some_time(service: Service, client: Client, chance: random.Random) -> None:
    """Wait until a random moment of a life: while it starts, or while it answers."""
    if chance.random() < 0.3:
        seconds = chance.uniform(0, START_SECONDS)
    else:
        await _answering(service, client)
        seconds = chance.uniform(0, WORK_SECONDS)
    with contextlib.suppress(TimeoutError):
        await until(lambda: not service.is_alive, "death by poison", seconds)


async def _answering(service: Service, client: Client) -> None:
    while service.is_alive:
        with contextlib.suppress(*LOST):
            health = await client.once("GET", "/healthz")
            if health and health["is_answering"]:
                return
        await asyncio.sleep(0.02)


async def _all(service: Service, posting: asyncio.Future[list[None]]) -> None:
    """Wait until everything is acknowledged; a service that dies of poison meanwhile begins again."""
    while not posting.done():
        if not service.is_alive:
            await service.died()
            _begin(service)
        await asyncio.wait([posting], timeout=0.05)
    await posting
