"""Expression: what is visible on a face, as calibrated probabilities.  It knows nothing of whose it is.

Input: RGB crops of 48x48; output: probabilities of `models.expressions.CLASSES`, (1, 7).  Grey, the look
at the mirror image and the temperature are inside the network.  Trained by `models/train/expression.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.expressions import CLASSES, GROUPS, fold
from models.records import Box, Emotion
from models.registry import Entry
from models.session import InputSpec, Pixels, Session

INPUT = InputSpec()
SIDE = 48  # pixels
MIN_FACE = 60  # pixels of a box's shorter side; smaller faces are mostly misread
MIN_SCORE = 0.6  # below, nothing is said
# How CenterFace's boxes lie in the faces of the training data (medians of 160 of them, enlarged).
MARGIN = 1.04  # side of the cut, in longer sides of the box
LIFT = 0.03  # the box's middle is so much below the middle of the cut


def build(session: Session, _entry: Entry) -> Expression:
    """Return the model for a registry entry."""
    return Expression(session)


class Expression:
    """Tells how likely each expression is on a picture of one face."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def __call__(self, images: list[Image.Image]) -> list[dict[Emotion, float]]:
        """Return for each RGB crop the probabilities of the five emotions; they add up to 1."""
        return [dict(zip(GROUPS, map(float, row), strict=True)) for row in fold(self.probabilities(images))]

    def probabilities(self, images: list[Image.Image]) -> NDArray[np.float32]:
        """Return for each RGB crop the probabilities of the seven classes, (N, 7)."""
        rows = [raw[0][0] for raw in self._session(_prepared(images))]
        return np.array(rows, np.float32).reshape(-1, len(CLASSES))


def _prepared(images: list[Image.Image]) -> Iterator[Pixels]:
    for image in images:
        fitting = image.resize((SIDE, SIDE), Image.Resampling.BILINEAR)  # averages where it makes smaller
        yield np.asarray(fitting.convert("L").convert("RGB"))


def visible(
    probabilities: dict[Emotion, float], min_score: float = MIN_SCORE
) -> tuple[Emotion | None, float]:
    """Return the likeliest emotion and its probability; None where that is below `min_score`."""
    emotion, score = max(probabilities.items(), key=lambda item: item[1])
    return (emotion if score >= min_score else None), score


def is_large_enough(face: Box) -> bool:
    """Return whether a face has the pixels to be read at all."""
    return min(face.x2 - face.x1, face.y2 - face.y1) >= MIN_FACE


def cut(image: Image.Image, face: Box) -> Image.Image:
    """Return the square around a face as the training data frame it; edges of the picture are repeated."""
    side = max(face.x2 - face.x1, face.y2 - face.y1) * MARGIN
    size, (x, y) = max(1, round(side)), face.center
    left = min(max(round(x - side / 2), 1 - size), image.width - 1)  # at least a column of the picture
    top = min(max(round(y - side * (0.5 + LIFT)), 1 - size), image.height - 1)
    inside = (max(0, left), max(0, top), min(image.width, left + size), min(image.height, top + size))
    pixels = np.asarray(image.crop(inside))
    around = ((inside[1] - top, top + size - inside[3]), (inside[0] - left, left + size - inside[2]), (0, 0))
    return Image.fromarray(np.pad(pixels, around, mode="edge"))
