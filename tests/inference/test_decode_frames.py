"""Of an animation, a burst or an album in one file the first picture is answered."""

from __future__ import annotations

import pytest
from PIL import Image

from inference.decode.policy import LONG_SIDE
from tests.inference.heic import heic
from tests.inference.hostile import gif_of_many_frames
from tests.inference.photos import BLUE, RED, UPRIGHT, clean, color, corners, far, quadrants, saved

LARGE = (4096, 100)
LOSSY = 12  # of 255, that a lossy format may change a plain color


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "AVIF"])
def test_an_animation_is_answered_with_its_first_frame(kind: str) -> None:
    first, second = Image.new("RGB", (32, 32), RED), Image.new("RGB", (32, 32), BLUE)
    data = saved(first, kind, save_all=True, append_images=[second, second])

    photo = clean(data)

    assert far(color(photo.image), RED) <= LOSSY


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "AVIF"])
def test_a_large_animation_is_scaled_down(kind: str) -> None:
    first, second = Image.new("RGB", LARGE, RED), Image.new("RGB", LARGE, BLUE)
    data = saved(first, kind, save_all=True, append_images=[second])

    photo = clean(data)

    assert photo.image.size == (LONG_SIDE, 50)
    assert far(color(photo.image), RED) <= LOSSY


@pytest.mark.parametrize(("size", "scaled"), [((96, 64), (96, 64)), ((4096, 64), (2048, 32))])
def test_of_a_burst_in_one_heic_the_first_is_answered(size: tuple[int, int], scaled: tuple[int, int]) -> None:
    photo = clean(heic(quadrants(UPRIGHT, size), photos=3))

    assert corners(photo.image) == UPRIGHT
    assert photo.image.size == scaled
    assert photo.original == size


def test_of_several_photos_in_one_jpeg_the_first_is_answered() -> None:
    first, second = Image.new("RGB", (32, 32), RED), Image.new("RGB", (64, 64), BLUE)
    data = saved(first, "MPO", save_all=True, append_images=[second])

    photo = clean(data)

    assert far(color(photo.image), RED) <= LOSSY


def test_a_gif_of_401_large_frames_is_answered_with_frame_one() -> None:
    photo = clean(gif_of_many_frames(401, (2000, 2000)))

    assert color(photo.image, (1000, 1000)) == (255, 0, 0)
    assert photo.original == (2000, 2000)
