"""The expression model: what it is shown, what it answers, and when nothing may be said."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from inference.parts import model_for
from models.detectors.expression import MIN_FACE, MIN_SCORE, Expression, cut, is_large_enough, visible
from models.labels import HUMAN_FACE
from models.records import Box, Emotion
from models.session import Pixels, Raw
from models.weights import Weights

EVEN = dict.fromkeys(Emotion, 0.2)


class Seen:
    """A session that keeps what it is shown, and answers with the number of the picture."""

    def __init__(self) -> None:
        self.pixels: list[Pixels] = []

    def __call__(self, pictures: Iterable[Pixels]) -> list[Raw]:
        self.pixels = list(pictures)
        rows = [np.eye(7, dtype=np.float32)[number % 7] for number in range(len(self.pixels))]
        return [(row[None],) for row in rows]


def face(x1: float, y1: float, x2: float, y2: float) -> Box:
    return Box(HUMAN_FACE, 0.9, x1, y1, x2, y2)


@pytest.mark.parametrize("size", [(48, 48), (500, 300), (7, 90), (1, 1)])
def test_a_crop_of_any_size_reaches_the_network_as_48_pixels_of_grey(size: tuple[int, int]) -> None:
    session = Seen()

    Expression(session)([Image.new("RGB", size, (255, 0, 0))])

    assert session.pixels[0].shape == (48, 48, 3)
    assert session.pixels[0].dtype == np.uint8
    assert np.unique(session.pixels[0]).tolist() == [76]  # ITU-R 601's grey of pure red, in all channels


def test_many_faces_are_answered_in_their_order() -> None:
    model = Expression(Seen())

    assert model.probabilities([Image.new("RGB", (60, 60))] * 16).argmax(axis=1).tolist() == [
        number % 7 for number in range(16)
    ]
    assert len(model([Image.new("RGB", (60, 60))] * 16)) == 16


def test_no_faces_are_no_answers() -> None:
    assert Expression(Seen())([]) == []
    assert Expression(Seen()).probabilities([]).shape == (0, 7)


@pytest.mark.parametrize(("score", "emotion"), [(0.59, None), (MIN_SCORE, Emotion.SADNESS)])
def test_a_doubtful_expression_is_none(score: float, emotion: Emotion | None) -> None:
    probabilities = dict.fromkeys(Emotion, (1 - score) / 4) | {Emotion.SADNESS: score}

    assert visible(probabilities) == (emotion, score)


def test_an_even_guess_is_none() -> None:
    assert visible(EVEN)[0] is None


@pytest.mark.parametrize(("width", "height", "is_large"), [(59, 90, False), (90, 59, False), (60, 60, True)])
def test_a_face_below_sixty_pixels_is_too_small_to_be_read(width: int, height: int, is_large: bool) -> None:
    assert MIN_FACE == 60
    assert is_large_enough(face(10, 10, 10 + width, 10 + height)) is is_large


def test_a_face_is_cut_as_a_square_around_it() -> None:
    image = Image.new("RGB", (400, 300))
    image.paste((255, 255, 255), (100, 60, 180, 160))

    square = cut(image, face(100, 60, 180, 160))

    assert square.size == (104, 104)
    rows, columns = np.nonzero(np.asarray(square)[:, :, 0])
    assert (columns.min(), columns.max()) == (12, 91)  # the middle, from left to right
    assert (rows.min(), rows.max()) == (5, 103)  # a little low, as in the training data


@given(st.floats(-50, 250), st.floats(-50, 250), st.floats(0, 300), st.floats(0, 300))
def test_whatever_box_a_detector_gives_the_cut_is_a_square_of_pixels(
    x: float, y: float, width: float, height: float
) -> None:
    x, y = min(max(x, 0.0), 199.0), min(max(y, 0.0), 149.0)  # detectors clip to the picture
    box = face(x, y, min(x + width, 200.0), min(y + height, 150.0))

    square = cut(Image.new("RGB", (200, 150), (9, 9, 9)), box)

    assert square.width == square.height >= 1
    assert square.getextrema() == ((9, 9), (9, 9), (9, 9))


def test_edges_of_the_picture_are_repeated_and_not_black() -> None:
    square = cut(Image.new("RGB", (100, 100), (200, 200, 200)), face(0, 0, 100, 100))

    assert square.getextrema() == ((200, 200), (200, 200), (200, 200))


def test_the_shipped_model_reads_a_smile_on_the_sample_photo_and_adds_up(
    weights: Weights, sample: Callable[[str], Path]
) -> None:
    image = Image.open(sample("zidane")).convert("RGB")
    (faces,) = model_for(weights, "faces")([image])
    crops = [cut(image, box) for box in faces]

    answers = model_for(weights, "expression")(crops)

    assert len(answers) == 2
    for answer in answers:
        assert set(answer) == set(Emotion)
        assert sum(answer.values()) == pytest.approx(1, abs=0.01)


def test_the_shipped_model_says_nearly_the_same_in_every_precision(
    weights: Weights, sample: Callable[[str], Path]
) -> None:
    image = Image.open(sample("zidane")).convert("RGB")
    (faces,) = model_for(weights, "faces")([image])
    crops = [cut(image, box) for box in faces] * 8

    fast, exact = (model_for(weights, "expression", precision=name)(crops) for name in ("auto", "f32"))

    for one, other in zip(fast, exact, strict=True):
        assert all(abs(one[emotion] - other[emotion]) < 0.03 for emotion in Emotion)


def test_the_shipped_model_reads_a_face_the_same_in_bad_light_and_in_the_mirror(
    weights: Weights, sample: Callable[[str], Path]
) -> None:
    image = Image.open(sample("zidane")).convert("RGB")
    (faces,) = model_for(weights, "faces")([image])
    crop = cut(image, faces[0])
    dark = crop.point(lambda value: value * 0.6)
    mirrored = crop.transpose(Image.Transpose.FLIP_LEFT_RIGHT)

    plain, *others = model_for(weights, "expression", precision="f32")([crop, dark, mirrored])

    for other in others:
        assert all(abs(plain[emotion] - other[emotion]) < 0.05 for emotion in Emotion)
