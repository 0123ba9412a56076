"""One fault point: the service dies at its first hit, then at its second, then answers everything."""

from __future__ import annotations

import asyncio

from tests.bot.crash.audit import Answer, Tally, account
from tests.bot.crash.client import visiting
from tests.bot.crash.pictures import shots
from tests.bot.crash.service import Service

ON_THE_WAY = ("accept", "decode", "ready", "engine", "save", "before-send", "after-send")
BESIDE_IT = ("reopen", "answered")
HITS = (1, 2)
EACH = 3  # photos that are posted in each life that ends


async def twice_killed(
    point: str, service: Service, made: dict[str, bytes], expected: dict[str, Answer]
) -> Tally:
    """Post photos while the service dies at both hits of a point; return the account."""
    posted = shots(made, EACH * len(HITS))
    posting: list[asyncio.Task[str]] = []
    async with visiting(service) as client:
        for hit in HITS:
            service.start("--die", point, "--at", str(hit))
            fresh = posted[len(posting) : len(posting) + EACH]
            posting += [asyncio.create_task(client.post(shot)) for shot in fresh]
            await service.died()
            await service.alone()
        service.start()
        await asyncio.gather(*posting)
        await client.settled(len(posted))
        return await account(service, client, posted, expected, name=point, hit="1+2")
