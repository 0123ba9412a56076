"""Detectors turn raw outputs into boxes of the picture they were given."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inference.parts import ROLES, model_for
from models.boxes import as_array, iou
from models.detectors.centerface import CenterFace
from models.detectors.yolo import FRAMES, Yolo
from models.labels import coco, label
from models.letterbox import frame_for, letterbox
from models.safety.open_nsfw import OpenNsfw
from models.session import Pixels, Raw
from models.weights import Weights


class Echo:
    """A session that keeps what it sees and answers with what it was told."""

    def __init__(self, *answers: Raw) -> None:
        self.answers = answers
        self.seen: list[Pixels] = []

    def __call__(self, pictures: Iterable[Pixels]) -> list[Raw]:
        self.seen += list(pictures)
        return [self.answers[index % len(self.answers)] for index in range(len(self.seen))]


def yolo_output(*rows: tuple[float, float, float, float, int, float]) -> Raw:
    """Raw YOLO output (1, 84, N) of rows center x, center y, width, height, class, score."""
    raw = np.zeros((1, 84, max(1, len(rows))), np.float32)
    for index, (x, y, width, height, kind, score) in enumerate(rows):
        raw[0, :4, index] = x, y, width, height
        raw[0, 4 + kind, index] = score
    return (raw,)


def yolo(*outputs: Raw, min_score: float = 0.25) -> tuple[Yolo, Echo]:
    session = Echo(*outputs)
    return Yolo(session, coco(), (min_score,) * 80), session


def test_a_red_picture_reaches_the_network_as_red_and_not_as_blue() -> None:
    detector, session = yolo(yolo_output())

    detector([Image.new("RGB", (640, 480), (255, 0, 0))])

    assert session.seen[0][240, 320].tolist() == [255, 0, 0]


def test_boxes_come_back_in_pixels_of_the_picture() -> None:
    detector, _ = yolo(yolo_output((320, 320, 320, 160, 16, 0.9)))

    (box,) = detector([Image.new("RGB", (1280, 1280))])[0]

    assert label(box.label_id).en == "Dog"
    assert (box.x1, box.y1, box.x2, box.y2) == (320, 480, 960, 800)


def test_the_grey_border_is_taken_off_again() -> None:
    detector, _ = yolo(yolo_output((320, 192, 640, 384, 0, 0.9)))

    (box,) = detector([Image.new("RGB", (640, 320))])[0]  # 32 rows of grey above and below

    assert (box.x1, box.y1, box.x2, box.y2) == (0, 0, 640, 320)


@pytest.mark.parametrize(("score", "count"), [(0.24, 0), (0.25, 1), (0.26, 1)])
def test_what_scores_below_the_limit_is_not_reported(score: float, count: int) -> None:
    detector, _ = yolo(yolo_output((100, 100, 50, 50, 2, score)))

    assert len(detector([Image.new("RGB", (640, 640))])[0]) == count


def test_the_shipped_limits_are_never_below_those_of_the_original(weights: Weights) -> None:
    entry = weights.registry.entry("yolo11n")

    assert min([entry.min_score, *entry.min_scores.values()]) >= 0.25


def test_two_boxes_of_one_dog_become_one_and_of_two_classes_stay_two() -> None:
    same = yolo_output((100, 100, 80, 80, 16, 0.9), (102, 100, 80, 80, 16, 0.6))
    different = yolo_output((100, 100, 80, 80, 16, 0.9), (102, 100, 80, 80, 56, 0.6))
    detector, _ = yolo(same, different)

    counts = [len(boxes) for boxes in detector([Image.new("RGB", (640, 640))] * 2)]

    assert counts == [1, 2]


def test_boxes_that_are_no_numbers_are_dropped() -> None:
    detector, _ = yolo(yolo_output((float("nan"), 5, 5, 5, 3, 0.9), (100, 100, 50, 50, 2, float("nan"))))

    assert detector([Image.new("RGB", (640, 640))]) == [()]


@pytest.mark.parametrize(
    ("size", "frame"),
    [
        ((1280, 960), (640, 480)),
        ((960, 1280), (480, 640)),
        ((1920, 1080), (640, 384)),
        ((500, 500), (640, 640)),
        ((2048, 2), (640, 384)),
    ],
)
def test_a_picture_is_seen_in_the_frame_that_wastes_least(
    size: tuple[int, int], frame: tuple[int, int]
) -> None:
    detector, session = yolo(yolo_output())

    detector([Image.new("RGB", size)])

    assert session.seen[0].shape == (frame[1], frame[0], 3)


def test_a_small_picture_is_looked_at_in_six_ways() -> None:
    detector, session = yolo(yolo_output())

    detector([Image.new("RGB", (200, 150))])

    sizes = [(pixels.shape[1], pixels.shape[0]) for pixels in session.seen]
    assert sizes == [(320, 256)] * 2 + [(416, 320)] * 2 + [(512, 384)] * 2


def test_what_a_mirrored_look_sees_on_the_left_is_on_the_right() -> None:
    at_the_left, nothing = yolo_output((80, 160, 80, 80, 16, 0.9)), yolo_output()
    detector, _ = yolo(nothing, at_the_left, nothing, nothing, nothing, nothing, min_score=0.1)

    (box,) = detector([Image.new("RGB", (320, 320))])[0]

    assert (box.x1, box.x2) == (200, 280)
    assert box.score == pytest.approx(0.15)


def test_pictures_of_all_sizes_in_one_batch_keep_their_own_boxes() -> None:
    outputs = [yolo_output((160, 160, 100, 100, kind, 0.9)) for kind in (2, *[16] * 6, 15)]
    detector, _ = yolo(*outputs)
    sizes = [(640, 640), (320, 320), (640, 640)]

    found = detector([Image.new("RGB", size) for size in sizes])

    assert [[label(box.label_id).en for box in boxes] for boxes in found] == [["Car"], ["Dog"], ["Cat"]]


def test_every_shape_fits_some_frame() -> None:
    for frames in FRAMES.values():
        for width in range(2, 900, 13):
            frame = frame_for(width, 450, frames)
            fit = letterbox(Image.new("RGB", (width, 450)), frame)
            assert fit.pixels.shape == (frame[1], frame[0], 3)


def test_a_peak_of_the_heat_map_becomes_a_face() -> None:
    heat, size, offset = (np.zeros((1, n, 160, 160), np.float32) for n in (1, 2, 2))
    heat[0, 0, 40, 80] = 0.9
    size[0, 0, 40, 80], size[0, 1, 40, 80] = np.log(20), np.log(10)  # height, width in quarters
    offset[0, 0, 40, 80], offset[0, 1, 40, 80] = 0.25, 0.5  # down, right in quarters
    detector = CenterFace(Echo((heat, size, offset)))

    (face,) = detector([Image.new("RGB", (640, 640))])[0]

    assert np.allclose([face.x1, face.y1, face.x2, face.y2], [304, 123, 344, 203], atol=0.01)


def test_the_safety_model_sees_the_middle_of_the_picture() -> None:
    session = Echo((np.array([[0.3, 0.7]], np.float32),))

    scores = OpenNsfw(session)([Image.new("RGB", (900, 300))])

    assert session.seen[0].shape == (224, 224, 3)
    assert scores == [pytest.approx(0.7)]


def test_the_safety_model_tells_red_from_blue(weights: Weights) -> None:
    """open_nsfw was trained on BGR: a skin-coloured picture must not look like a blue one to it."""
    skin, blue = (Image.new("RGB", (256, 256), color) for color in ((224, 172, 140), (140, 172, 224)))

    of_skin, of_blue = model_for(weights, "unsafe")([skin, blue])

    assert of_skin > 3 * of_blue


def test_real_weights_find_what_is_on_the_sample_photos(
    weights: Weights, sample: Callable[[str], Path]
) -> None:
    images = [Image.open(sample(name)).convert("RGB") for name in ("bus", "zidane", "cat")]

    objects = model_for(weights, "objects")(images)
    faces = model_for(weights, "faces")(images)
    unsafe = model_for(weights, "unsafe")(images)

    names = [[label(box.label_id).en for box in boxes] for boxes in objects]
    assert names[0].count("Bus") == 1
    assert names[0].count("Person") >= 3
    assert names[1].count("Person") == 2
    assert names[2] == ["Cat"]
    assert [len(boxes) for boxes in faces][:2] == [2, 2]
    assert max(unsafe) < 0.05


def test_bf16_or_what_this_cpu_prefers_finds_the_same_as_fp32(
    weights: Weights, sample: Callable[[str], Path]
) -> None:
    images = [Image.open(sample(name)).convert("RGB") for name in ("bus", "zidane", "cat")]

    for role in ROLES:
        fast, exact = (model_for(weights, role, precision=name)(images) for name in ("auto", "f32"))
        for a, b in zip(fast, exact, strict=True):
            if role == "unsafe":
                assert abs(a - b) < 0.02
                continue
            for box in (box for box in b if box.score > 0.55):
                twin = max(a, key=lambda one: float(iou(as_array([one]), as_array([box]))[0, 0]))
                assert twin.label_id == box.label_id
                assert iou(as_array([twin]), as_array([box]))[0, 0] >= 0.95
                assert abs(twin.score - box.score) < 0.03
