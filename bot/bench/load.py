"""More photos than can be answered, over real HTTP, into a service of its own: is it still polite?"""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import aiohttp
import numpy as np

from models.records import Incoming, Person, Place
from storage.folder import Folder
from storage.records import Picture
from storage.store import Store

LOOK_SECONDS = 0.05  # between two requests for /healthz
START_SECONDS = 30.0
DRAIN_SECONDS = 300.0
CHAT = "load"
MOST_WAITING = 216  # the default of WAITING_PHOTOS, and what is being taken in meanwhile


@dataclass(slots=True)
class Storm:
    """What a storm of uploads met: statuses, waits, and what became of the accepted ones.

    `health` are seconds that /healthz took, `lag` the event loop's own p99, `most_waiting` the
    longest queue that was seen.
    """

    sent: int = 0
    statuses: dict[int, int] = field(default_factory=dict)
    without_retry_after: int = 0
    health: list[float] = field(default_factory=list)
    lag: float = 0.0
    most_waiting: int = 0
    accepted: set[str] = field(default_factory=set)
    answered: int = 0
    drained_seconds: float = 0.0

    def percentile(self, percent: float) -> float:
        """Return a percentile of the seconds that /healthz took."""
        return float(np.percentile(self.health, percent))


class Running:
    """`chalkak run` in a process of its own on a data folder, and requests to it."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self._folder = folder
        self.started = time.perf_counter()
        made = [f"{name}={value}" for name, value in settings.items()]
        self._process = subprocess.Popen(  # noqa: S603 - our own command, no shell
            ["/usr/bin/env", *made, sys.executable, "-m", "bot.cli", "run", "--data", folder, "--port", "0"],
            stdout=subprocess.DEVNULL,
        )

    async def __aenter__(self) -> Self:
        ends = time.monotonic() + START_SECONDS
        while (found := self._port()) is None and time.monotonic() < ends:  # noqa: ASYNC110 - a file
            await asyncio.sleep(0.01)
        key = (self._folder / "key").read_text(encoding="ascii").strip()
        self.session = aiohttp.ClientSession(
            f"http://127.0.0.1:{found}", headers={"Authorization": f"Bearer {key}"}
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.session.close()
        self._process.send_signal(signal.SIGTERM)
        await asyncio.to_thread(self._process.wait)

    def _port(self) -> int | None:
        try:
            running = json.loads((self._folder / "service.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return int(running["port"]) if running["pid"] == self._process.pid else None

    async def upload(self, jpeg: bytes) -> tuple[int, str, bool]:
        """Post one photo; return the status, its id, and whether a refusal says when to come again."""
        form = aiohttp.FormData()
        for name, value in (("key", uuid.uuid4().hex), ("author", "bench"), ("text", "")):
            form.add_field(name, value)
        form.add_field("photo", jpeg, filename="photo.jpg", content_type="image/jpeg")
        async with self.session.post(f"/api/chats/{CHAT}/photos", data=form) as response:
            body = await response.json()
            return response.status, body.get("photo", ""), "Retry-After" in response.headers

    async def health(self) -> dict[str, float]:
        """Return what /healthz says."""
        async with self.session.get("/healthz") as response:
            found: dict[str, float] = await response.json()
            return found

    async def states(self) -> dict[str, int]:
        """Return how many photos are in each state."""
        async with self.session.get("/api/stats") as response:
            states: dict[str, int] = (await response.json())["states"]
            return states

    async def drained(self) -> float:
        """Return how many seconds it takes until nothing waits any more."""
        started = time.perf_counter()
        while time.perf_counter() - started < DRAIN_SECONDS:
            if not _waiting(await self.states()):
                break
            await asyncio.sleep(0.2)
        return time.perf_counter() - started


def _waiting(states: dict[str, int]) -> int:
    return sum(states.get(state, 0) for state in ("received", "ready", "analysed"))


async def storm(folder: Path, photos: list[bytes], *, rate: float, seconds: float) -> Storm:
    """Return what became of `rate` photos a second for so many seconds."""
    found = Storm()
    async with Running(folder) as service:
        while not (await service.health())["is_answering"]:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.1)
        watcher = asyncio.create_task(_watch(service, found))
        started = time.perf_counter()
        uploads = []
        for number in range(round(rate * seconds)):
            await asyncio.sleep(max(0.0, started + number / rate - time.perf_counter()))
            uploads.append(asyncio.create_task(_one(service, photos[number % len(photos)], found)))
        await asyncio.gather(*uploads)
        found.lag = (await service.health())["loop_lag_p99_seconds"]
        watcher.cancel()
        found.drained_seconds = await service.drained()
        found.answered = (await service.states()).get("answered", 0)
    return found


async def _one(service: Running, jpeg: bytes, found: Storm) -> None:
    found.sent += 1
    status, photo, says_when = await service.upload(jpeg)
    found.statuses[status] = found.statuses.get(status, 0) + 1
    if status == 202:
        found.accepted.add(photo)
    elif not says_when:
        found.without_retry_after += 1


async def _watch(service: Running, found: Storm) -> None:
    """Ask for health all the time, and now and then how many wait."""
    for number in range(10**9):
        started = time.perf_counter()
        await service.health()
        found.health.append(time.perf_counter() - started)
        if number % 20 == 0:
            found.most_waiting = max(found.most_waiting, _waiting(await service.states()))
        await asyncio.sleep(LOOK_SECONDS)


@dataclass(frozen=True, slots=True)
class Restart:
    """A start with photos waiting: seconds until the first upload was accepted, and until all had answers."""

    waiting: int
    accepting_seconds: float
    answered_seconds: float
    answered: int


async def restart(folder: Path, photos: list[bytes], *, waiting: int) -> Restart:
    """Return how a service starts that finds photos waiting."""
    store = await asyncio.to_thread(Store, Folder(folder))
    await asyncio.gather(*(_accept(store, number, photos) for number in range(waiting)))
    await asyncio.to_thread(store.close)
    async with Running(folder, WAITING_PHOTOS=str(2 * waiting)) as service:
        status, _, _ = await service.upload(photos[0])
        accepting = time.perf_counter() - service.started
        await service.drained()
        answered = time.perf_counter() - service.started
        states = await service.states()
    return Restart(waiting, accepting if status == 202 else float("inf"), answered, states.get("answered", 0))


async def _accept(store: Store, number: int, photos: list[bytes]) -> None:
    incoming = Incoming(
        Place("web", "local", CHAT), f"m{number}", "0", Person("web", "bench", "bench"), datetime.now(UTC)
    )
    await store.accept(incoming, Picture(photos[number % len(photos)], 1280, 960), "ko")


async def measure(photos: list[bytes], *, rate: float, seconds: float, waiting: int) -> dict[str, Any]:
    """Return the figures of a storm and of a restart, each against what is promised."""
    with tempfile.TemporaryDirectory(prefix="chalkak-bench-") as folder:
        back = await restart(Path(folder) / "restart", photos, waiting=waiting)
        found = await storm(Path(folder) / "storm", photos, rate=rate, seconds=seconds)
    return {
        "figures": {
            "photos sent": found.sent,
            "statuses": found.statuses,
            "photos answered a second": round(found.answered / (seconds + found.drained_seconds), 1),
            "seconds until nothing waited any more": round(found.drained_seconds, 1),
            "/healthz p50 seconds": round(found.percentile(50), 4),
            "/healthz p99 seconds": round(found.percentile(99), 4),
            "seconds until all that waited at the restart were answered": round(back.answered_seconds, 1),
        },
        "gates": {
            "event loop lag p99, seconds": _most(found.lag, 0.1),
            "/healthz p95, seconds": _most(found.percentile(95), 0.05),
            "photos waiting at most": _most(found.most_waiting, MOST_WAITING),
            "refusals without Retry-After": _most(found.without_retry_after, 0),
            "other than 202 and 429": _most(
                found.sent - sum(found.statuses.get(s, 0) for s in (202, 429)), 0
            ),
            "accepted and not answered": _most(len(found.accepted) - found.answered, 0),
            "restart: seconds until an upload was accepted": _most(back.accepting_seconds, 3.0),
            "restart: waiting and not answered": _most(back.waiting + 1 - back.answered, 0),
        },
    }


def _most(value: float, most: float) -> dict[str, float | bool]:
    return {"is": round(value, 4), "most": most, "is_met": value <= most}
