"""Calibration: whether a probability of 0.7 is right in seven of ten cases, and a temperature for it.

Source: Guo et al., "On Calibration of Modern Neural Networks", 2017.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

BINS = 15
TEMPERATURES = (0.2, 5.0)
STEPS = 60  # of the golden section; the interval shrinks by 0.618 each


def softmax(logits: NDArray[Any]) -> NDArray[np.float64]:
    """Return probabilities, (N, K), from logits."""
    raised = np.exp(np.asarray(logits, np.float64) - np.max(logits, axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), np.float64)


def log_loss(probabilities: NDArray[Any], labels: NDArray[Any]) -> float:
    """Return the mean negative logarithm of what the right class was given."""
    right = probabilities[np.arange(len(labels)), labels]
    return float(-np.log(np.maximum(right, 1e-12)).mean())


def best_temperature(logits: NDArray[Any], labels: NDArray[Any]) -> float:
    """Return the temperature, 0.2..5, by which logits are divided for the least log loss."""
    low, high = np.log(TEMPERATURES)
    ratio = (5**0.5 - 1) / 2
    for _ in range(STEPS):
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        losses = [log_loss(softmax(logits / np.exp(point)), labels) for point in (left, right)]
        low, high = (low, right) if losses[0] < losses[1] else (left, high)
    return float(np.exp((low + high) / 2))


def tempered(probabilities: NDArray[Any], temperature: float) -> NDArray[np.float64]:
    """Return what probabilities become when their logits are divided by a temperature."""
    return softmax(np.log(np.maximum(probabilities, 1e-12)) / temperature)


def calibration_error(probabilities: NDArray[Any], labels: NDArray[Any]) -> float:
    """Return the expected calibration error, 0..1: how far the best score is from how often it is right.

    Over `BINS` equal intervals of the score, weighted by how many faces fall into each.
    """
    scores, is_right = probabilities.max(axis=1), probabilities.argmax(axis=1) == labels
    bins = np.minimum((scores * BINS).astype(int), BINS - 1)
    gaps = [abs(float((is_right[bins == b] - scores[bins == b]).sum())) for b in range(BINS)]
    return sum(gaps) / len(labels)
