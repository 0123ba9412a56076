"""Photos to measure with: from a folder, or cut from the sample photos, always the same ones."""

from __future__ import annotations

import io
import random
from pathlib import Path

from PIL import Image

from inference.decode.policy import prepare
from models.weights import Weights

SIZE = (1280, 960)
QUALITY = 90
SEED = 20261120


def bench_photos(weights: Weights, count: int, folder: Path | None = None) -> list[bytes]:
    """Return JPEG files of 1280x960: the operator's own photos, or cuts of the samples.

    Raises:
        FileNotFoundError: the folder holds no photo.
    """
    prepare()
    if folder is not None:
        paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in (".jpg", ".jpeg", ".png"))
        if not paths:
            raise FileNotFoundError(f"no .jpg or .png in {folder}")
    else:
        paths = [weights.verified(entry) for entry in weights.registry.role("samples")]
    chance = random.Random(SEED)  # noqa: S311 - not a secret
    images = [Image.open(path).convert("RGB") for path in paths[:count]]
    return [_cut(images[index % len(images)], chance) for index in range(count)]


def _cut(image: Image.Image, chance: random.Random) -> bytes:
    """Return most of a photo at the size of the benchmark, mirrored half of the time."""
    share = chance.uniform(0.7, 1.0)
    width = min(image.width, image.height * SIZE[0] / SIZE[1]) * share
    height = width * SIZE[1] / SIZE[0]
    left, top = chance.uniform(0, image.width - width), chance.uniform(0, image.height - height)
    cut = image.resize(SIZE, Image.Resampling.BICUBIC, (left, top, left + width, top + height))
    if chance.random() < 0.5:
        cut = cut.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    target = io.BytesIO()
    cut.save(target, "JPEG", quality=QUALITY)
    return target.getvalue()
