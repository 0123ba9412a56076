"""A folder in which photos already wait when the service starts."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from models.records import Incoming, Person, Place
from storage.folder import Folder
from storage.records import Picture
from storage.store import Store
from tests.bot.crash.audit import Answer, Tally, account
from tests.bot.crash.client import CHAT, Client, visiting
from tests.bot.crash.pictures import SIZE, Shot, shots
from tests.bot.crash.service import Service, until


async def fill(data: Path, posted: list[Shot], expected: dict[str, Answer]) -> dict[str, set[str]]:
    """Accept photos as a service does that is gone now; return their ids by key."""
    store = await asyncio.to_thread(lambda: Store(Folder(data)))
    try:
        found = {}
        for shot in posted:
            incoming = Incoming(
                place=Place("web", "local", CHAT),
                message=shot.key,
                attachment="0",
                author=Person("web", shot.author, shot.author),
                sent_at=datetime.now(UTC),
                text=shot.picture,
            )
            accepted = await store.accept(incoming, Picture(expected[shot.picture].jpeg, *SIZE), "ko")
            found[shot.key] = {accepted.photo}
    finally:
        await asyncio.to_thread(store.close)
    return found


async def late_start(
    service: Service, made: dict[str, bytes], expected: dict[str, Answer], gate: Path, count: int
) -> tuple[float, Tally]:
    """Start with `count` photos waiting; return when the first upload was accepted, and the account.

    Models are loaded only after that upload.
    """
    waiting, fresh = shots(made, count), replace(shots(made, 1)[0], key="fresh")
    acknowledged = await fill(service.data, waiting, expected)
    async with visiting(service) as client:
        client.acknowledged.update(acknowledged)
        started = time.monotonic()
        service.start("--gate", str(gate))
        await client.post(fresh)
        seconds = time.monotonic() - started
        assert not await is_answering(client)
        assert not any(photo["state"] == "answered" for photo in await client.history())
        await asyncio.to_thread(gate.touch)
        await client.settled(count + 1)
        assert await is_answering(client)
        tally = await account(service, client, [*waiting, fresh], expected, name="waiting", hit=str(count))
    return seconds, tally


async def is_answering(client: Client) -> bool:
    return bool((await client.ask("GET", "/healthz"))["is_answering"])


async def swept(file: Path, times: int = 2) -> None:
    """Wait until a service that counts its sweeps has done some more."""
    before = count(file)
    await until(lambda: count(file) >= before + times, "photos that are too old are looked for")


def count(file: Path) -> int:
    return int(file.read_text("ascii") or 0) if file.exists() else 0
