"""The seven classes of facial expression, and how they fold onto the five of the records.

The only place that knows either: data sets, trainer, export, model and evaluation read it here.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.records import Emotion

FOLDED = {
    "angry": Emotion.ANGER,
    "disgust": Emotion.ANGER,
    "fear": Emotion.PANIC,
    "happy": Emotion.HAPPINESS,
    "neutral": Emotion.NEUTRAL,
    "sad": Emotion.SADNESS,
    "surprise": Emotion.PANIC,
}
CLASSES = tuple(FOLDED)
"""Names of the classes, by class index; folders of a data set have these names."""

GROUPS = tuple(Emotion)
"""The five, in the order in which folded probabilities stand."""

_FOLD = np.array([[FOLDED[name] is group for group in GROUPS] for name in CLASSES], np.float32)  # (7, 5)


def fold(probabilities: NDArray[Any]) -> NDArray[np.float32]:
    """Return the probabilities of the five groups, (N, 5), from those of the classes, (N, 7)."""
    return np.asarray(probabilities, np.float32) @ _FOLD


def group_of(class_index: int) -> int:
    """Return the index in `GROUPS` of a class."""
    return GROUPS.index(FOLDED[CLASSES[class_index]])
