"""Thousands of broken files and many killed decoders cost no answer and no other photo."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import resource
import signal
from collections import Counter

import pytest

from bot.bench.figures import peak_megabytes
from inference.decode.pool import CleanPhoto, DecodePool
from models.errors import BadPhoto
from models.weights import Weights
from tests.inference.photos import busy, saved
from tests.proof.conftest import Record
from tests.proof.corpus import photos

SEED = 20261120
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF", "BMP")


def broken_files(count: int) -> list[bytes]:
    """Return seeded mutations of good files: cut, flipped, grafted, stretched."""
    chance = random.Random(SEED)
    good = [saved(busy(), kind) for kind in FORMATS]
    return [_broken(chance, good) for _ in range(count)]


def _broken(chance: random.Random, good: list[bytes]) -> bytes:
    data = bytearray(chance.choice(good))
    for _ in range(chance.randint(1, 12)):
        place = chance.randrange(len(data))
        match chance.randrange(4):
            case 0:
                data[place] = chance.randrange(256)
            case 1:
                del data[place : place + chance.randint(1, 64)]
            case 2:
                data[place:place] = chance.randbytes(chance.randint(1, 32))
            case _:
                other = chance.choice(good)
                data[place : place + 16] = other[place : place + 16]
        if len(data) < 2:
            break
    return bytes(data)


async def outcome(pool: DecodePool, data: bytes) -> CleanPhoto | str:
    """Return what became of a file: a clean photo, or the code of its refusal."""
    try:
        return await pool.decode(data)
    except BadPhoto as refusal:
        return refusal.code


async def endure(files: list[bytes]) -> tuple[Counter[str], float]:
    """Decode every file; return how each ended and the most memory a worker held, in MB."""
    ends: Counter[str] = Counter()
    with DecodePool(2) as pool:
        most = 0.0
        for first in range(0, len(files), 50):
            for end in await asyncio.gather(*(outcome(pool, data) for data in files[first : first + 50])):
                ends["clean" if isinstance(end, CleanPhoto) else end] += 1
            most = max([most, *map(peak_megabytes, pool.pids())])
    return ends, most


async def killed_while_busy(weights: Weights, count: int, kills: int) -> tuple[int, int]:
    """Decode `count` photos while workers are killed; return the answered and the refused."""
    chance = random.Random(SEED)
    work = [data for _, data in photos(weights, count)]
    work = [work[index % len(work)] for index in range(count)]
    with DecodePool(2) as pool:
        await pool.warm()

        async def kill() -> None:
            for _ in range(kills):
                await asyncio.sleep(chance.uniform(0.01, 0.06))
                if pids := pool.pids():
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(chance.choice(pids), signal.SIGKILL)

        ends, _ = await asyncio.gather(asyncio.gather(*(outcome(pool, data) for data in work)), kill())
    answered = sum(isinstance(end, CleanPhoto) for end in ends)
    return answered, len(ends) - answered


async def test_two_hundred_broken_files_each_come_to_an_end() -> None:
    ends, _ = await endure(broken_files(200))

    assert ends.total() == 200
    assert "decode-crash" not in ends


async def test_killed_decoders_cost_at_most_their_own_photo(weights: Weights) -> None:
    answered, refused = await killed_while_busy(weights, 60, 5)

    assert answered + refused == 60
    assert refused <= 5


@pytest.mark.proof
async def test_ten_thousand_broken_files(record: Record) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime

    ends, most = await endure(broken_files(10_000))

    seconds = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
    record("10,000 broken files: an end for each", f"{ends.total():,} ({dict(ends)})", "10,000")
    record("10,000 broken files: decoders that died", ends["decode-crash"], "0")
    record("10,000 broken files: memory of a worker", f"{most:.0f} MB", "≤ 500 MB")
    record("10,000 broken files: processor time each", f"{seconds / 10:.2f} ms", "≤ 1 s")
    assert ends.total() == 10_000
    assert ends["decode-crash"] == 0
    assert most <= 500


@pytest.mark.proof
async def test_four_thousand_photos_under_two_hundred_kills(weights: Weights, record: Record) -> None:
    answered, refused = await killed_while_busy(weights, 4000, 200)

    record("4,000 photos while 200 decoders are killed: answered", f"{answered:,}", "≥ 3,800")
    record("4,000 photos while 200 decoders are killed: refused politely", refused, "≤ 200")
    assert answered + refused == 4000
    assert refused <= 200
