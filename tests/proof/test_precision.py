"""What this CPU computes fastest finds the same things as fp32."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from inference.parts import model_for
from models.boxes import as_array, iou
from models.records import Box
from models.weights import Weights
from tests.proof.conftest import Record
from tests.proof.corpus import photos

BATCH = 8


def found(weights: Weights, images: list[Image.Image], precision: str) -> list[tuple[Box, ...]]:
    """Return the boxes of every picture at one precision."""
    model = model_for(weights, "objects", precision=precision)  # type: ignore[arg-type]  # a Precision
    return [boxes for first in range(0, len(images), BATCH) for boxes in model(images[first : first + BATCH])]


@pytest.mark.proof
def test_three_hundred_photos_at_both_precisions(weights: Weights, record: Record) -> None:
    images = [Image.open(io.BytesIO(data)).convert("RGB") for _, data in photos(weights, 300)]
    fast, exact = found(weights, images, "auto"), found(weights, images, "f32")

    overlaps, scores, lost = [], [], 0
    for a, b in zip(fast, exact, strict=True):
        for box in (box for box in b if box.score >= 0.6):
            twins = [one for one in a if one.label_id == box.label_id]
            overlap = iou(as_array(twins), as_array([box]))[:, 0] if twins else np.zeros(1)
            lost += overlap.max() < 0.5
            if overlap.max() >= 0.5:
                overlaps.append(float(overlap.max()))
                scores.append(abs(twins[int(overlap.argmax())].score - box.score))

    name = f"objects at this CPU's precision against fp32, {len(overlaps) + lost} boxes above 0.6"
    record(f"{name}: found again", f"{len(overlaps) / (len(overlaps) + lost):.2%}", "≥ 99 %")
    record(f"{name}: overlap, 5th percentile", f"{np.percentile(overlaps, 5):.3f}", "≥ 0.95")
    record(f"{name}: score moved by, 95th percentile", f"{np.percentile(scores, 95):.3f}", "≤ 0.03")
    assert lost <= 0.01 * len(overlaps)
    assert np.percentile(overlaps, 5) >= 0.95
    assert np.percentile(scores, 95) <= 0.03
