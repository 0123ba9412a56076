"""YOLO of the anchor-free family (v8, 11): one output (1, 4 + classes, N), boxes as centre and size."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from PIL.Image import Image

from models.boxes import suppress
from models.labels import coco, label
from models.letterbox import Fit, frame_for, letterbox
from models.records import Box
from models.registry import Entry
from models.session import InputSpec, Pixels, Raw, Session

INPUT = InputSpec(scale=255.0)
FRAMES = {  # by longer side: (width, height)
    640: ((640, 640), (640, 480), (480, 640), (640, 384), (384, 640)),
    512: ((512, 512), (512, 384), (384, 512)),
    416: ((416, 416), (416, 320), (320, 416)),
}
MAX_ENLARGING = 2.1  # of 73 dogs on 200 px photos 34 were found at 640 px and 49 at 416 px
MAX_OVERLAP = 0.7  # of two boxes of one class
MAX_BOXES = 300


LABELS: dict[str, Callable[[], tuple[int, ...]]] = {"coco": coco, "openimages": lambda: tuple(range(601))}


def build(session: Session, entry: Entry) -> Yolo:
    """Return the detector for a registry entry."""
    label_ids = LABELS[entry.labels]()
    return Yolo(
        session, label_ids, tuple(entry.min_scores.get(label(i).en, entry.min_score) for i in label_ids)
    )


class Yolo:
    """Finds things of the classes it was trained on.

    Args:
        session: runs the network; it is given pictures of `FRAMES` sizes.
        label_ids: the label of each of the network's classes, by class index.
        min_scores: for each class the score below which it is not reported, 0..1.
    """

    def __init__(self, session: Session, label_ids: tuple[int, ...], min_scores: tuple[float, ...]) -> None:
        self._session = session
        self._label_ids = label_ids
        self._min_scores = np.array(min_scores, np.float32)

    def __call__(self, images: list[Image]) -> list[tuple[Box, ...]]:
        """Return the boxes of each RGB picture, best first, in pixels of that picture."""
        fits: list[Fit] = []

        def prepared() -> Iterator[Pixels]:
            for image in images:
                fits.append(letterbox(image, _frame(image)))
                yield fits[-1].pixels

        raws = self._session(prepared())
        return [self._boxes(raw, fit, image) for raw, fit, image in zip(raws, fits, images, strict=True)]

    def _boxes(self, raw: Raw, fit: Fit, image: Image) -> tuple[Box, ...]:
        rows = raw[0][0].T  # (N, 4 + classes)
        classes = rows[:, 4:].argmax(axis=1)  # (N,)
        scores = rows[np.arange(len(rows)), 4 + classes]
        is_good = (scores >= self._min_scores[classes]) & np.isfinite(rows[:, :4]).all(axis=1)
        rows, classes, scores = rows[is_good], classes[is_good], scores[is_good]
        half = rows[:, 2:4] / 2
        corners = np.concatenate([rows[:, :2] - half, rows[:, :2] + half], axis=1)
        corners = (corners - (fit.left, fit.top) * 2) / fit.scale
        corners = np.clip(corners, 0, (image.width, image.height) * 2).astype(np.float32)
        kept = suppress(corners, scores, MAX_OVERLAP, classes)[:MAX_BOXES]
        return tuple(
            Box(self._label_ids[classes[index]], round(float(scores[index]), 4), *map(float, corners[index]))
            for index in kept
        )


def _frame(image: Image) -> tuple[int, int]:
    """Return the frame for a picture: a small picture is not enlarged beyond recognition."""
    long_side = max(image.size) * MAX_ENLARGING
    side = max((side for side in FRAMES if side <= long_side), default=min(FRAMES))
    return frame_for(*image.size, FRAMES[side])
