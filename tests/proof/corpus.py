"""The photos that proofs and judges use: the shared ones where they are, else cuts of the samples."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from bot.bench.samples import bench_photos
from models.weights import Weights

SHARED = Path(__file__).parents[3] / "shared" / "data" / "photos"


@cache
def photos(weights: Weights, count: int) -> list[tuple[str, bytes]]:
    """Return up to `count` photos as (name, bytes), always the same ones, spread over all there are."""
    paths = sorted(SHARED.glob("*.jpg"))
    if not paths:
        made = bench_photos(weights, min(count, 60))
        return [(f"cut {index}", photo) for index, photo in enumerate(made)]
    step = max(1, len(paths) // count)
    return [(path.name, path.read_bytes()) for path in paths[::step][:count]]
