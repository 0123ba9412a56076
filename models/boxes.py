"""Arithmetic on boxes: overlap, suppression, scaling.  Arrays are (N, 4) as x1, y1, x2, y2."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from models.records import Box

Floats = NDArray[np.float32]


def iou(a: Floats, b: Floats) -> Floats:
    """Return the overlap of every box in `a` with every box in `b`, 0..1, as (N, M).

    `a` is (N, 4), `b` is (M, 4), both in pixels with x2 and y2 outside the box.  A box without
    area overlaps nothing.
    """
    both = _intersection(a, b)
    either = _area(a)[:, None] + _area(b)[None, :] - both
    return np.asarray(np.divide(both, either, out=np.zeros_like(both), where=either > 0), np.float32)


def covered(a: Floats, b: Floats) -> Floats:
    """Return the share of every box in `a` that lies inside every box in `b`, 0..1, as (N, M)."""
    both = _intersection(a, b)
    area = np.broadcast_to(_area(a)[:, None], both.shape)
    return np.asarray(np.divide(both, area, out=np.zeros_like(both), where=area > 0), np.float32)


def _area(boxes: Floats) -> Floats:
    sides = np.clip(boxes[:, 2:] - boxes[:, :2], 0, None)
    return np.asarray(sides[:, 0] * sides[:, 1], np.float32)


def _intersection(a: Floats, b: Floats) -> Floats:
    low = np.maximum(a[:, None, :2], b[None, :, :2])  # (N, M, 2)
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])  # (N, M, 2)
    return np.asarray(np.prod(np.clip(high - low, 0, None), axis=2), np.float32)  # (N, M)


def suppress(
    boxes: Floats, scores: Floats, limit: float, groups: NDArray[np.intp] | None = None
) -> list[int]:
    """Return the indices that greedy non-maximum suppression keeps, best score first.

    A box goes when it overlaps a better one of the same group by more than `limit`; without
    `groups` (N,) all belong to one.
    """
    order = np.argsort(-scores, kind="stable")
    overlap = iou(boxes[order], boxes[order])
    if groups is not None:
        overlap = overlap * (groups[order][:, None] == groups[order][None, :])
    is_alive = np.ones(len(order), bool)
    for rank in range(len(order)):
        if is_alive[rank]:
            is_alive[rank + 1 :] &= overlap[rank, rank + 1 :] <= limit
    return [int(index) for index in order[is_alive]]


def as_array(boxes: tuple[Box, ...] | list[Box]) -> Floats:
    """Return boxes as (N, 4), also when there are none."""
    return np.array([(box.x1, box.y1, box.x2, box.y2) for box in boxes], np.float32).reshape(-1, 4)


def scaled(box: Box, factor: float, width: int, height: int) -> Box:
    """Return the box in a picture `factor` times as large, clipped to `width` x `height`."""
    return replace(
        box,
        x1=min(max(box.x1 * factor, 0.0), width),
        y1=min(max(box.y1 * factor, 0.0), height),
        x2=min(max(box.x2 * factor, 0.0), width),
        y2=min(max(box.y2 * factor, 0.0), height),
    )
