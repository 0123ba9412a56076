"""Photos that cost little: cuts of the samples, and one that a service can be told to die of."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

SIZE = (400, 300)  # above the size at which photos are looked at six times
POISON = (404, 268)
CUTS = ((0.0, 0.0, 1.0, 1.0), (0.0, 0.0, 0.7, 0.7), (0.3, 0.2, 1.0, 0.9), (0.1, 0.3, 0.8, 1.0))


@dataclass(frozen=True, slots=True)
class Shot:
    """A photo that somebody posts: the key of the upload, which picture, its bytes, whose."""

    key: str
    picture: str
    data: bytes
    author: str = "민수"


def pictures(sample: Callable[[str], Path]) -> dict[str, bytes]:
    """Return twelve different small photos by name."""
    return {
        f"{name}-{index}": _cut(sample(name), cut, SIZE)
        for name in ("bus", "zidane", "cat")
        for index, cut in enumerate(CUTS)
    }


def poison(sample: Callable[[str], Path]) -> bytes:
    """Return a good photo of the size that kills."""
    return _cut(sample("cat"), CUTS[0], POISON)


def shots(made: dict[str, bytes], count: int, prefix: str = "shot") -> list[Shot]:
    """Return so many posts; after twelve the same pictures come again."""
    names = list(made)
    return [
        Shot(f"{prefix}-{index}", names[index % len(names)], made[names[index % len(names)]])
        for index in range(count)
    ]


def _cut(path: Path, cut: tuple[float, float, float, float], size: tuple[int, int]) -> bytes:
    target = io.BytesIO()
    with Image.open(path) as image:
        left, top, right, bottom = cut
        box = (left * image.width, top * image.height, right * image.width, bottom * image.height)
        image.convert("RGB").resize(size, box=box).save(target, "JPEG", quality=90)
    return target.getvalue()
