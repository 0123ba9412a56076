"""What the largest allowed pictures cost: promised are one second of a core and 500 MB each.

Seconds depend on the machine and are printed only: `pytest -s tests/inference/test_decode_costs.py`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest
from PIL import Image

from inference.decode.pool import Worker
from models.errors import TooManyPixels
from tests.inference.hostile import LARGEST_SIDE, flat_png, gif_of_many_frames
from tests.inference.photos import saved

LARGEST = (LARGEST_SIDE, LARGEST_SIDE)
PROMISED_MEGABYTES = 500

PICTURES: dict[str, Callable[[], bytes]] = {
    "png L": lambda: flat_png(LARGEST, "L"),
    "png L of 16 bits": lambda: flat_png(LARGEST, "L", depth=16),
    "png P": lambda: flat_png(LARGEST, "P"),
    "png RGB": lambda: flat_png(LARGEST, "RGB"),
    "png RGBA": lambda: flat_png(LARGEST, "RGBA"),
    "jpeg": lambda: saved(Image.new("RGB", LARGEST, (90, 120, 40)), "JPEG"),
    "jpeg progressive": lambda: saved(Image.new("RGB", LARGEST, (90, 120, 40)), "JPEG", progressive=True),
    "gif of 401 frames": lambda: gif_of_many_frames(401, (2000, 2000)),
}


class Cost(NamedTuple):
    """CPU seconds since the start, and the most memory at any time in MB."""

    seconds: float
    megabytes: float


@pytest.fixture
def worker() -> Iterator[Worker]:
    """One real worker that has not seen any picture."""
    with closing(Worker()) as started:
        yield started


def cost(worker: Worker) -> Cost:
    times = Path(f"/proc/{worker.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    status = Path(f"/proc/{worker.pid}/status").read_text(encoding="utf-8")
    kilobytes = status.partition("VmHWM:")[2].split()[0]
    ticks = int(times[11]) + int(times[12])
    return Cost(ticks / os.sysconf("SC_CLK_TCK"), int(kilobytes) * 1024 / 1e6)


@pytest.mark.parametrize("name", PICTURES)
def test_one_of_the_largest_pictures_is_answered_within_the_promised_memory(
    name: str, worker: Worker
) -> None:
    data = PICTURES[name]()
    worker.start()
    before = cost(worker)

    photo = worker.decode(data)

    after = cost(worker)
    spent = after.seconds - before.seconds
    print(f"{name:20} {len(data) / 1e6:5.1f} MB  {spent:4.2f} s CPU  {after.megabytes:4.0f} MB of memory")
    assert max(photo.image.size) <= 2048
    assert after.megabytes <= PROMISED_MEGABYTES


@pytest.mark.parametrize(("size", "depth"), [((30_000, 30_000), 1), ((2_999, 20_001), 8)])
def test_a_bomb_is_refused_without_memory_for_its_pixels(
    size: tuple[int, int], depth: int, worker: Worker
) -> None:
    bomb = flat_png(size, depth=depth)
    worker.start()
    before = cost(worker)

    with pytest.raises(TooManyPixels):
        worker.decode(bomb)

    after = cost(worker)
    assert after.megabytes - before.megabytes < 20
