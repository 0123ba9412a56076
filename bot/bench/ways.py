"""The ways of doing the job that are compared, each run inside a process of its own.

`run(way, photos)` is called in that process once per round; what it loaded stays loaded.
"""

from __future__ import annotations

import asyncio
import io
import time
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from PIL import Image

from bot.app import App, open_weights
from bot.bench.figures import Figures, peak_megabytes
from bot.bench.original import Original
from bot.settings import read_settings
from inference.engine import view_of
from inference.parts import ROLES, VISION_LIMIT, build_model, session_for
from models.records import ChatRules
from models.session import Pixels, Raw, Session

ORIGINAL, ORIGINAL_JPEG, CEILING = "original", "original, JPEG", "forward only"
OURS = {1: "ours, 1 in flight", 8: "ours, 8 in flight", 32: "ours, 32 in flight"}
WAYS = (ORIGINAL, ORIGINAL_JPEG, *OURS.values(), CEILING)


def run(way: str, photos: list[bytes]) -> Figures:
    """Run one round of one way over all photos."""
    if way == CEILING:
        return _forward_only(photos)
    if way in (ORIGINAL, ORIGINAL_JPEG):
        return _one_by_one(way, photos, _original("PNG" if way == ORIGINAL else "JPEG").answer)
    limit = next(limit for limit, name in OURS.items() if name == way)
    return asyncio.run(_in_flight(way, photos, limit))


@cache
def _original(form: str) -> Original:
    return Original(open_weights(read_settings()), form)


def _one_by_one(way: str, photos: list[bytes], answer: Callable[[bytes], object]) -> Figures:
    answer(photos[0])  # what is loaded lazily is loaded now
    figures = Figures(way)
    started, cpu = time.perf_counter(), time.process_time()
    for photo in photos:
        before = time.perf_counter()
        answer(photo)
        figures.latencies.append(time.perf_counter() - before)
    figures.wall, figures.cpu = time.perf_counter() - started, time.process_time() - cpu
    figures.megabytes = peak_megabytes()
    return figures


async def _in_flight(way: str, photos: list[bytes], limit: int) -> Figures:
    """Post every photo (at least four times as many as may be in flight), `limit` at a time."""
    work = photos * max(1, 4 * limit // len(photos))
    places = asyncio.Semaphore(limit)
    figures = Figures(way)
    rules = ChatRules()
    async with App(read_settings()) as app:
        await asyncio.gather(*(app.answer(photo, rules) for photo in photos[:8]))  # load everything

        async def post(photo: bytes) -> None:
            async with places:
                before = time.perf_counter()
                await app.answer(photo, rules)
                figures.latencies.append(time.perf_counter() - before)

        started, cpu = time.perf_counter(), cpu_seconds(app)
        await asyncio.gather(*(post(photo) for photo in work))
        figures.wall = time.perf_counter() - started
        figures.cpu = cpu_seconds(app) - cpu
        figures.megabytes = peak_megabytes() + sum(map(peak_megabytes, app.decoder_pids()))
    return figures


def cpu_seconds(app: App) -> float:
    """Return the processor time of this process and its decoding workers."""
    nanoseconds = 0
    for pid in app.decoder_pids():
        nanoseconds += int(Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[0])
    return time.process_time() + nanoseconds / 1e9


def _forward_only(photos: list[bytes]) -> Figures:
    """Run the raw networks over prepared pictures: what no program around them can beat."""
    figures = Figures(CEILING)
    recorded = _prepared(tuple(photos))
    started, cpu = time.perf_counter(), time.process_time()
    for first in range(0, len(photos), VISION_LIMIT):
        for session, pictures in recorded:
            session(pictures[first : first + VISION_LIMIT])
    figures.wall, figures.cpu = time.perf_counter() - started, time.process_time() - cpu
    figures.latencies = [figures.wall / len(photos)] * len(photos)
    figures.megabytes = peak_megabytes()
    return figures


@cache
def _prepared(photos: tuple[bytes, ...]) -> list[tuple[Session, list[Pixels]]]:
    """Return each network with its inputs, as our engine would give them to it."""
    weights, settings = open_weights(read_settings()), read_settings()
    views = [view_of(Image.open(io.BytesIO(photo)).convert("RGB")) for photo in photos]
    prepared = []
    for role in ROLES:
        session = session_for(weights, role, precision=settings.cpu_precision)
        recorder = _Recorder(session)
        build_model(weights, role, recorder)(views)
        prepared.append((session, recorder.pictures))
    return prepared


class _Recorder:
    """A session that keeps what it is given."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.pictures: list[Pixels] = []

    def __call__(self, pictures: Iterable[Pixels]) -> list[Raw]:
        kept = list(pictures)
        self.pictures += kept
        return self._session(kept)
