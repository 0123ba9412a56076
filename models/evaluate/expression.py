"""Figures of an expression model on labelled faces: accuracy, F1, confusion, calibration, speed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.datasets.faces import Faces
from models.evaluate.calibration import best_temperature, calibration_error, log_loss, tempered
from models.expressions import CLASSES, GROUPS, fold, group_of

Reader = Callable[[list[Image.Image]], NDArray[np.float32]]
"""Gives the probabilities of the seven classes, (N, 7), for N pictures of a face."""

AT_ONCE = 64
TIMED = 320  # faces; each batch size is timed over all of them
ROUNDS = 3
SHOWN = (0.6,)  # scores from which an expression is spoken of


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured of one model.

    `confusion` has a row for each true class and a column for each answer, in the order of `classes`.
    `temperature` is the one that would calibrate the model on these faces: 1 where it is calibrated.
    `shown` is how many of the faces score 0.6 or more in one of the five groups, and how many of
    those are right.  `milliseconds` are per face, by batch size.
    """

    model: str
    faces: int
    accuracy: float
    accuracy_of_groups: float
    macro_f1: float
    macro_f1_of_groups: float
    log_loss: float
    calibration_error: float
    temperature: float
    calibration_error_with_it: float
    shown: dict[str, float]
    recall: dict[str, float]
    precision: dict[str, float]
    confusion: list[list[int]]
    confusion_of_groups: list[list[int]]
    milliseconds: dict[str, float]

    def as_json(self) -> dict[str, Any]:
        """Return the figures as plain values."""
        return asdict(self)


def pictures_of(faces: Faces) -> list[Image.Image]:
    """Return faces as the RGB pictures that models are given."""
    return [Image.fromarray(pixels).convert("RGB") for pixels in faces.pixels]


def answers(
    read: Reader, pictures: list[Image.Image], progress: Callable[[int], None]
) -> NDArray[np.float32]:
    """Return the probabilities for every picture, (N, 7), telling `progress` how many were read."""
    parts = []
    for start in range(0, len(pictures), AT_ONCE):
        parts.append(read(pictures[start : start + AT_ONCE]))
        progress(len(parts[-1]))
    return np.concatenate(parts)


def figures(model: str, given: NDArray[Any], faces: Faces, milliseconds: dict[str, float]) -> Figures:
    """Return the figures of probabilities (N, 7) against what the faces show."""
    of_groups = fold(given)
    groups = np.array([group_of(index) for index in range(len(CLASSES))])[faces.labels]
    confusion = confusion_of(given.argmax(axis=1), faces.labels, len(CLASSES))
    group_confusion = confusion_of(of_groups.argmax(axis=1), groups, len(GROUPS))
    temperature = best_temperature(np.log(np.maximum(given, 1e-12)), faces.labels)
    recall, precision, f1 = _rates(confusion)
    is_shown = of_groups.max(axis=1) >= SHOWN[0]
    is_right = of_groups.argmax(axis=1) == groups
    return Figures(
        model=model,
        faces=len(faces),
        accuracy=_rounded(np.trace(confusion) / len(faces)),
        accuracy_of_groups=_rounded(np.trace(group_confusion) / len(faces)),
        macro_f1=_rounded(f1[confusion.any(axis=1)].mean()),
        macro_f1_of_groups=_rounded(_rates(group_confusion)[2][group_confusion.any(axis=1)].mean()),
        log_loss=_rounded(log_loss(given, faces.labels)),
        calibration_error=_rounded(calibration_error(given, faces.labels)),
        temperature=_rounded(temperature),
        calibration_error_with_it=_rounded(calibration_error(tempered(given, temperature), faces.labels)),
        shown={
            "share": _rounded(is_shown.mean()),
            "right": _rounded(is_right[is_shown].mean()) if is_shown.any() else 0.0,
        },
        recall=dict(zip(CLASSES, map(_rounded, recall), strict=True)),
        precision=dict(zip(CLASSES, map(_rounded, precision), strict=True)),
        confusion=confusion.tolist(),
        confusion_of_groups=group_confusion.tolist(),
        milliseconds=milliseconds,
    )


def _rounded(value: Any) -> float:  # noqa: ANN401 - any number of numpy's
    return round(float(value), 4)


def confusion_of(answered: NDArray[Any], labels: NDArray[Any], count: int) -> NDArray[np.int64]:
    """Return how often each true class, by row, was answered with each class, by column."""
    table = np.zeros((count, count), np.int64)
    np.add.at(table, (labels, answered), 1)
    return table


def _rates(confusion: NDArray[np.int64]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Return recall, precision and F1 of each class; 0 for one that never occurs."""
    hits = np.diag(confusion)
    true, answered = confusion.sum(axis=1), confusion.sum(axis=0)
    recall, precision = hits / np.maximum(true, 1), hits / np.maximum(answered, 1)
    return recall, precision, 2 * hits / np.maximum(true + answered, 1)


def milliseconds_each(read: Reader, pictures: list[Image.Image], batch: int) -> float:
    """Return the milliseconds a face takes in batches of a size, at best of some rounds."""
    timed = (pictures * (TIMED // max(len(pictures), 1) + 1))[:TIMED]
    read(timed[:batch])
    seconds = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        for start in range(0, TIMED, batch):
            read(timed[start : start + batch])
        seconds.append(time.perf_counter() - began)
    return round(min(seconds) / TIMED * 1000, 3)
