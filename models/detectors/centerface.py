"""CenterFace: faces as peaks of a heat map at a quarter of the input's size.

Outputs: heat (1, 1, h, w), log size (1, 2, h, w), offset (1, 2, h, w), landmarks (unused).
Source: Xu et al., "CenterFace: Joint Face Detection and Alignment Using Face as Point", 2019.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from PIL.Image import Image

from models.boxes import suppress
from models.labels import HUMAN_FACE
from models.letterbox import Fit, frame_for, letterbox
from models.records import Box
from models.registry import Entry
from models.session import InputSpec, Pixels, Raw, Session

INPUT = InputSpec()
FRAMES = ((640, 640), (640, 480), (480, 640))  # width, height; both multiples of 32
STRIDE = 4
MIN_SCORE = 0.5
MAX_OVERLAP = 0.3


def build(session: Session, _entry: Entry) -> CenterFace:
    """Return the detector for a registry entry."""
    return CenterFace(session)


class CenterFace:
    """Finds faces; says nothing of whose they are."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def __call__(self, images: list[Image]) -> list[tuple[Box, ...]]:
        """Return the face boxes of each RGB picture, best first, in pixels of that picture."""
        fits: list[Fit] = []

        def prepared() -> Iterator[Pixels]:
            for image in images:
                fits.append(letterbox(image, frame_for(*image.size, FRAMES)))
                yield fits[-1].pixels

        raws = self._session(prepared())
        return [_faces(raw, fit, image) for raw, fit, image in zip(raws, fits, images, strict=True)]


def _faces(raw: Raw, fit: Fit, image: Image) -> tuple[Box, ...]:
    heat, size, offset = raw[0][0, 0], raw[1][0], raw[2][0]
    rows, columns = np.nonzero(heat >= MIN_SCORE)
    scores = heat[rows, columns].astype(np.float32)
    center_y = (rows + offset[0, rows, columns] + 0.5) * STRIDE
    center_x = (columns + offset[1, rows, columns] + 0.5) * STRIDE
    half_y = np.exp(size[0, rows, columns]) * STRIDE / 2
    half_x = np.exp(size[1, rows, columns]) * STRIDE / 2
    corners = np.stack([center_x - half_x, center_y - half_y, center_x + half_x, center_y + half_y], axis=1)
    corners = (corners - (fit.left, fit.top) * 2) / fit.scale
    corners = np.clip(corners, 0, (image.width, image.height) * 2).astype(np.float32)
    return tuple(
        Box(HUMAN_FACE, round(float(scores[index]), 4), *map(float, corners[index]))
        for index in suppress(corners, scores, MAX_OVERLAP)
    )
