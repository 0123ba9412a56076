"""What a picture measures is what a person would say of it."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFilter

from inference.measure import COLORS, measure


def split(top: tuple[int, int, int], bottom: tuple[int, int, int]) -> Image.Image:
    """A picture of two halves, one above the other."""
    image = Image.new("RGB", (200, 200), top)
    ImageDraw.Draw(image).rectangle((0, 100, 200, 200), fill=bottom)
    return image


@pytest.mark.parametrize(
    ("color", "name"),
    [
        ((220, 20, 30), "red"),
        ((240, 140, 20), "orange"),
        ((250, 220, 40), "yellow"),
        ((30, 150, 50), "green"),
        ((30, 60, 200), "blue"),
        ((150, 200, 240), "sky"),
        ((120, 40, 180), "purple"),
        ((250, 150, 180), "pink"),
        ((110, 70, 35), "brown"),
        ((225, 205, 175), "beige"),
        ((10, 10, 12), "black"),
        ((128, 128, 128), "gray"),
        ((250, 250, 250), "white"),
    ],
)
def test_a_plain_colour_has_its_everyday_name(color: tuple[int, int, int], name: str) -> None:
    found = measure(Image.new("RGB", (120, 80), color))

    assert found.colors == ((name, 1.0),)


def test_upper_and_lower_colours_are_told_apart() -> None:
    found = measure(split((150, 200, 240), (30, 150, 50)))

    assert (found.top, found.bottom) == ("sky", "green")


def test_a_dark_picture_is_dark_and_a_bright_one_bright() -> None:
    dark, bright = (measure(Image.new("L", (90, 90), grey).convert("RGB")) for grey in (20, 235))

    assert dark.brightness < 0.1
    assert bright.brightness > 0.9


def test_orange_light_is_warm_and_blue_light_cold() -> None:
    warm = measure(Image.new("RGB", (90, 90), (200, 140, 80)))
    cold = measure(Image.new("RGB", (90, 90), (80, 140, 200)))

    assert warm.warmth > 0.3
    assert cold.warmth < -0.3


def test_light_from_the_right_and_from_above_is_noticed() -> None:
    ramp = Image.fromarray(np.tile(np.linspace(0, 255, 200, dtype=np.uint8), (200, 1))).convert("RGB")

    assert measure(ramp).light_x > 0.4
    assert measure(ramp.rotate(90)).light_y > 0.4


def test_a_blurred_picture_is_softer_than_the_sharp_one() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (300, 300, 3), np.uint8)
    sharp = Image.fromarray(noise)

    assert measure(sharp.filter(ImageFilter.GaussianBlur(4))).sharpness < measure(sharp).sharpness / 2


def test_an_empty_wall_has_no_detail_and_a_crowded_picture_has_much() -> None:
    board = Image.fromarray((np.indices((64, 64)).sum(0) % 2 * 255).astype(np.uint8)).convert("RGB")

    assert measure(Image.new("RGB", (64, 64), "beige")).detail == 0
    assert measure(board).detail > 0.9


@settings(deadline=None, max_examples=60)
@given(width=st.integers(2, 400), height=st.integers(2, 400), seed=st.integers(0, 9))
def test_every_size_measures_without_a_warning_and_within_its_bounds(
    width: int, height: int, seed: int
) -> None:
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = measure(Image.fromarray(pixels))

    for value in (found.brightness, found.saturation, found.sharpness, found.detail):
        assert 0 <= value <= 1
    for value in (found.light_x, found.light_y):
        assert -1 <= value <= 1
    assert all(name in COLORS and 0 < share <= 1 for name, share in found.colors)
