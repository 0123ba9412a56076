"""The marked copy: readable, inside the picture, and the photo itself unchanged."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from inference.draw import FACE_COLOR, _Sheet, draw, label_color, letters_on
from models.labels import labels
from models.records import Analysis, Box, Emotion, Face
from models.weights import Weights

RED = (230, 20, 20)
DOG = next(label.id for label in labels() if label.en == "Dog")


@pytest.fixture(scope="module")
def font(weights: Weights) -> Path:
    return weights.verified(weights.registry.entry("nanum-gothic-bold"))


def analysis(size: tuple[int, int], *boxes: Box, faces: tuple[Face, ...] = ()) -> Analysis:
    return Analysis(*size, boxes=boxes, faces=faces)


def opened(jpeg: bytes) -> Image.Image:
    return Image.open(io.BytesIO(jpeg))


def test_the_copy_is_a_jpeg_of_the_same_size(font: Path) -> None:
    image = Image.new("RGB", (300, 200), RED)

    marked = opened(draw(image, analysis((300, 200), Box(DOG, 0.9, 50, 50, 200, 150)), font))

    assert (marked.format, marked.size) == ("JPEG", (300, 200))


def test_the_photo_itself_stays_as_it_is(font: Path) -> None:
    image = Image.new("RGB", (300, 200), RED)
    before = image.tobytes()

    draw(image, analysis((300, 200), Box(DOG, 0.9, 50, 50, 200, 150)), font)

    assert image.tobytes() == before


def test_a_red_photo_is_still_red(font: Path) -> None:
    image = Image.new("RGB", (300, 200), (255, 0, 0))

    red, green, blue = opened(draw(image, analysis((300, 200)), font)).getpixel((150, 100))  # type: ignore[misc]

    assert red > 200
    assert max(green, blue) < 40


def test_a_box_is_drawn_in_the_colour_of_its_class(font: Path) -> None:
    image = Image.new("RGB", (600, 400), "white")

    marked = opened(draw(image, analysis((600, 400), Box(DOG, 0.9, 100, 100, 500, 300)), font))
    edge = np.asarray(marked)[200, 98:104].astype(int)

    assert min(np.abs(edge - label_color(DOG)).sum(axis=1)) < 90  # JPEG blurs thin lines


def test_the_korean_label_is_written_on_its_plate(font: Path) -> None:
    image = Image.new("RGB", (600, 400), "white")

    marked = opened(draw(image, analysis((600, 400), Box(DOG, 0.9, 100, 200, 500, 380)), font))
    plate = np.asarray(marked)[183:199, 102:160].astype(int)

    is_plate = np.abs(plate - label_color(DOG)).sum(axis=2) < 90
    is_ink = np.abs(plate - letters_on(label_color(DOG))).sum(axis=2) < 150
    assert is_plate.mean() > 0.3
    assert is_ink.mean() > 0.05


def test_an_expression_is_shown_and_a_neutral_face_gets_no_words(font: Path) -> None:
    image = Image.new("RGB", (600, 400), (90, 90, 90))
    box = Box(264, 0.9, 200, 150, 400, 350)

    smiling = np.asarray(
        opened(draw(image, analysis((600, 400), faces=(Face(box, Emotion.HAPPINESS, 0.9),)), font))
    )
    neutral = np.asarray(
        opened(draw(image, analysis((600, 400), faces=(Face(box, Emotion.NEUTRAL, 0.9),)), font))
    )

    def yellow(pixels: np.ndarray) -> int:
        return int((np.abs(pixels.astype(int) - FACE_COLOR).sum(axis=2) < 60).sum())

    assert yellow(smiling) > yellow(neutral) + 500


def test_a_crowd_keeps_its_labels_apart_inside_and_off_the_faces(font: Path) -> None:
    sheet = _Sheet(Image.new("RGB", (800, 600), "white"), font)
    faces = [Box(264, 0.9, 30 + 90 * index, 40, 70 + 90 * index, 90) for index in range(8)]
    sheet.keep_clear(faces)

    for index in range(30):
        sheet.plate(Box(381, 0.9, 20 + 25 * index, 20, 120 + 25 * index, 500), "사람 90%", RED)

    plates = sheet._taken
    assert len(plates) > len(faces) + 8
    for number, (x1, y1, x2, y2) in enumerate(plates):
        assert 0 <= x1 < x2 <= 800
        assert 0 <= y1 < y2 <= 600
        for left, top, right, bottom in plates[:number]:
            assert x2 <= left or right <= x1 or y2 <= top or bottom <= y1


def test_a_plate_that_would_hide_a_tiny_photo_is_left_out(font: Path) -> None:
    sheet = _Sheet(Image.new("RGB", (60, 80)), font)

    sheet.plate(Box(381, 0.9, 5, 5, 50, 70), "사람 90%", RED)

    assert sheet._taken == []


@settings(deadline=None, max_examples=60)
@given(
    width=st.integers(2, 700),
    height=st.integers(2, 700),
    corners=st.lists(st.tuples(*[st.floats(-50, 750)] * 4), max_size=5),
    label_id=st.integers(0, 600),
)
def test_any_box_on_any_size_can_be_drawn(
    font: Path, width: int, height: int, corners: list[tuple[float, float, float, float]], label_id: int
) -> None:
    boxes = [Box(label_id, 0.5, *corner) for corner in corners]
    faces = tuple(Face(box, Emotion.PANIC, 0.9) for box in boxes[:2])

    marked = opened(
        draw(Image.new("RGB", (width, height)), analysis((width, height), *boxes, faces=faces), font)
    )

    assert marked.size == (width, height)


def test_letters_are_readable_on_every_class_colour() -> None:
    for label in labels():
        plate, ink = np.array(label_color(label.id)), np.array(letters_on(label_color(label.id)))

        contrast = abs(float((plate - ink) @ np.array([0.299, 0.587, 0.114])))

        assert contrast > 100, label.en


def test_neighbouring_classes_have_colours_far_apart() -> None:
    person, bus = (
        np.array(label_color(next(x.id for x in labels() if x.en == name))) for name in ("Person", "Bus")
    )

    assert np.abs(person - bus).sum() > 100
