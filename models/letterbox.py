"""Fitting a picture of any size into the few sizes a network is compiled for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

from models.session import Pixels

GREY = 114  # what YOLO was trained to see as "nothing here"


@dataclass(frozen=True, slots=True)
class Fit:
    """A picture inside a frame: `pixels` (H, W, 3) uint8, and the way back to the original.

    A point (x, y) of the frame is ((x - left) / scale, (y - top) / scale) in the picture.
    """

    pixels: Pixels
    scale: float
    left: int
    top: int


def frame_for(width: int, height: int, frames: tuple[tuple[int, int], ...]) -> tuple[int, int]:
    """Return the (width, height) of `frames` that wastes the least of itself on a picture.

    Every frame has the same longer side, so the picture is scaled by the same factor in each
    that holds it.
    """
    long_side = max(max(frame) for frame in frames)
    scale = long_side / max(width, height)
    holding = [frame for frame in frames if width * scale <= frame[0] + 1 and height * scale <= frame[1] + 1]
    return min(holding, key=lambda frame: frame[0] * frame[1])


def letterbox(image: Image.Image, frame: tuple[int, int]) -> Fit:
    """Return the picture scaled into the middle of a frame (width, height), the rest grey."""
    scale = min(frame[0] / image.width, frame[1] / image.height)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    resized = image if size == image.size else image.resize(size, Image.Resampling.BILINEAR)
    left, top = (frame[0] - size[0]) // 2, (frame[1] - size[1]) // 2
    if size == frame:
        return Fit(np.asarray(resized), scale, 0, 0)
    pixels = np.full((frame[1], frame[0], 3), GREY, np.uint8)
    pixels[top : top + size[1], left : left + size[0]] = np.asarray(resized)
    return Fit(pixels, scale, left, top)
