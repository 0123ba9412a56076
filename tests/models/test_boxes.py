"""Box arithmetic against slow oracles."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.boxes import as_array, covered, iou, scaled, suppress
from models.records import Box

Corner = tuple[int, int, int, int]
corners = st.tuples(*[st.integers(0, 12)] * 4)


def pixels(corner: Corner) -> set[tuple[int, int]]:
    """The unit squares inside a box."""
    x1, y1, x2, y2 = corner
    return {(x, y) for x in range(x1, x2) for y in range(y1, y2)}


@given(st.lists(corners, min_size=1, max_size=5), st.lists(corners, min_size=1, max_size=5))
def test_overlap_is_shared_pixels_over_all_pixels(a: list[Corner], b: list[Corner]) -> None:
    found = iou(np.array(a, np.float32), np.array(b, np.float32))

    for row, one in enumerate(a):
        for column, other in enumerate(b):
            either = pixels(one) | pixels(other)
            expected = len(pixels(one) & pixels(other)) / len(either) if either else 0.0
            assert abs(found[row, column] - expected) < 1e-5


@given(corners, corners)
def test_covered_is_the_share_of_the_first_box(a: Corner, b: Corner) -> None:
    found = covered(np.array([a], np.float32), np.array([b], np.float32))

    expected = len(pixels(a) & pixels(b)) / len(pixels(a)) if pixels(a) else 0.0
    assert abs(found[0, 0] - expected) < 1e-5


@given(st.lists(st.tuples(corners, st.floats(0, 1), st.integers(0, 1)), max_size=12))
def test_suppression_keeps_the_best_of_every_cluster(rows: list[tuple[Corner, float, int]]) -> None:
    boxes = np.array([row[0] for row in rows], np.float32).reshape(-1, 4)
    scores = np.array([row[1] for row in rows], np.float32)
    groups = np.array([row[2] for row in rows], np.intp)

    kept = suppress(boxes, scores, 0.5, groups)

    overlap = iou(boxes, boxes)
    assert list(scores[kept]) == sorted(scores[kept], reverse=True)
    for index in range(len(rows)):
        rivals = [k for k in kept if groups[k] == groups[index] and overlap[k, index] > 0.5]
        if index in kept:
            assert [k for k in rivals if k != index] == []
        else:
            assert any(scores[k] >= scores[index] for k in rivals)


def test_no_boxes_are_an_empty_array() -> None:
    assert as_array([]).shape == (0, 4)


def test_a_scaled_box_stays_inside_the_larger_picture() -> None:
    box = scaled(Box(1, 0.5, -3, 10, 700, 400), 2.0, 1280, 720)

    assert (box.x1, box.y1, box.x2, box.y2) == (0, 20, 1280, 720)
