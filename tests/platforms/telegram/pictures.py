"""What Telegram does to a picture: refuse it, or encode it anew in up to four sizes."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageOps

from tests.platforms.telegram.refusals import bad

SIDES = (90, 320, 800, 1280)
MOST_BYTES = 10 * 1024 * 1024
MOST_SIDES = 10_000  # width and height together
MOST_RATIO = 20


@dataclass(frozen=True, slots=True)
class Scaled:
    """A picture in one size."""

    data: bytes
    width: int
    height: int


def check(data: bytes) -> None:
    """Refuse what may not be sent as a photo.

    Raises:
        Refused: it is too heavy, too large, too long or no picture.
    """
    if len(data) > MOST_BYTES:
        raise bad(
            f"file of size {len(data)} bytes is too big for a photo; the maximum size is {MOST_BYTES} bytes"
        )
    try:
        with Image.open(io.BytesIO(data)) as image:
            width, height = image.size
    except (OSError, Image.DecompressionBombError):
        raise bad("IMAGE_PROCESS_FAILED") from None
    if width + height > MOST_SIDES or max(width, height) > MOST_RATIO * min(width, height):
        raise bad("PHOTO_INVALID_DIMENSIONS")


@lru_cache(maxsize=64)
def sizes(data: bytes) -> tuple[Scaled, ...]:
    """Return a picture upright and without metadata, smallest size first.

    Raises:
        Refused: Pillow cannot read it.
    """
    try:
        with Image.open(io.BytesIO(data)) as image:
            upright = ImageOps.exif_transpose(image).convert("RGB")
    except (OSError, Image.DecompressionBombError):
        raise bad("IMAGE_PROCESS_FAILED") from None
    sides = [side for side in SIDES if side < max(upright.size)]
    if len(sides) < len(SIDES):
        sides.append(max(upright.size))
    return tuple(_scaled(upright, side) for side in sides)


def thumbnail(data: bytes, side: int = 320) -> Scaled | None:
    """Return the small preview of a file, None of what is no picture."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            return _scaled(image.convert("RGB"), min(side, max(image.size)))
    except (OSError, Image.DecompressionBombError):
        return None


def _scaled(image: Image.Image, side: int) -> Scaled:
    factor = side / max(image.size)
    size = max(1, round(image.width * factor)), max(1, round(image.height * factor))
    small = image.resize(size, reducing_gap=2.0)
    target = io.BytesIO()
    small.save(target, "JPEG", quality=87)
    return Scaled(target.getvalue(), *small.size)
