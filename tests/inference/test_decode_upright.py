"""A photo stands upright once, whatever the camera, and its size is the upright one."""

from __future__ import annotations

import struct

import pytest
from PIL import Image

from inference.decode.policy import LONG_SIDE
from tests.inference.heic import heic
from tests.inference.photos import (
    ORIENTATION,
    STORED,
    UPRIGHT,
    UPRIGHT_SIZE,
    clean,
    color,
    corners,
    exif,
    saved,
    stored,
)

LARGE = (5600, 4200)  # a JPEG of this size is decoded at half of it
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description tiff:Orientation="6"/></x:xmpmeta>'


@pytest.mark.parametrize("orientation", STORED)
def test_a_png_of_any_orientation_becomes_the_same_upright_pixels(orientation: int) -> None:
    upright = clean(saved(stored(1), "PNG"))

    photo = clean(saved(stored(orientation), "PNG", exif=exif(orientation)))

    assert photo.image.size == UPRIGHT_SIZE
    assert photo.image.tobytes() == upright.image.tobytes()


@pytest.mark.parametrize("orientation", STORED)
@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "AVIF"])
def test_a_photo_of_any_orientation_stands_upright_exactly_once(
    kind: str,
    orientation: int,
) -> None:
    data = saved(stored(orientation), kind, exif=exif(orientation, maker="someone"))

    photo = clean(data)

    assert corners(photo.image) == UPRIGHT
    assert photo.image.size == UPRIGHT_SIZE


@pytest.mark.parametrize(("orientation", "turns"), [(1, 0), (3, 2), (6, 3), (8, 1)])
def test_an_iphone_photo_that_tells_its_orientation_twice_is_turned_once(
    orientation: int, turns: int
) -> None:
    data = heic(stored(orientation), turns=turns, exif=exif(orientation).tobytes())

    photo = clean(data)

    assert corners(photo.image) == UPRIGHT
    assert photo.original == photo.image.size == UPRIGHT_SIZE


@pytest.mark.parametrize("orientation", STORED)
@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_the_original_size_is_the_upright_one(kind: str, orientation: int) -> None:
    photo = clean(saved(stored(orientation), kind, exif=exif(orientation)))

    assert photo.original == UPRIGHT_SIZE


@pytest.mark.parametrize("orientation", [5, 6, 7, 8])
def test_the_sideways_orientations_swap_width_and_height(orientation: int) -> None:
    photo = clean(saved(Image.new("RGB", (40, 20)), "JPEG", exif=exif(orientation)))

    assert photo.image.size == (20, 40)


def test_the_lower_left_pixel_of_a_photo_of_orientation_6_is_the_upper_left_one() -> None:
    raw = Image.new("RGB", (40, 20))
    raw.putpixel((0, 19), (255, 255, 255))

    photo = clean(saved(raw, "PNG", exif=exif(6)))

    assert photo.image.size == (20, 40)
    assert color(photo.image, (0, 0)) == (255, 255, 255)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_large_photo_is_scaled_down_and_tells_its_original_size(kind: str) -> None:
    data = saved(Image.new("RGB", LARGE), kind)

    photo = clean(data)

    assert photo.image.size == (LONG_SIDE, LONG_SIDE * 3 // 4)
    assert photo.original == LARGE


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_large_sideways_photo_tells_its_upright_original_size(kind: str) -> None:
    data = saved(Image.new("RGB", LARGE), kind, exif=exif(6))

    photo = clean(data)

    assert photo.image.size == (LONG_SIDE * 3 // 4, LONG_SIDE)
    assert photo.original == (LARGE[1], LARGE[0])


def test_a_large_photo_keeps_its_corners() -> None:
    large = stored(6).resize((2500, 5000), Image.Resampling.NEAREST)

    photo = clean(saved(large, "JPEG", exif=exif(6)))

    assert corners(photo.image) == UPRIGHT


def test_a_photo_of_the_largest_side_is_not_scaled() -> None:
    photo = clean(saved(Image.new("L", (LONG_SIDE, 100)), "PNG"))

    assert photo.image.size == (LONG_SIDE, 100)


@pytest.mark.parametrize("orientation", [0, 9, 255, 65535])
def test_an_orientation_that_does_not_exist_means_as_it_lies(orientation: int) -> None:
    photo = clean(saved(stored(1), "PNG", exif=exif(orientation)))

    assert corners(photo.image) == UPRIGHT


def test_an_orientation_that_is_a_word_means_as_it_lies() -> None:
    entry = struct.pack("<HHHI4s", 1, ORIENTATION, 2, 4, b"six")
    block = b"Exif\x00\x00II*\x00\x08\x00\x00\x00" + entry + bytes(4)

    photo = clean(saved(stored(1), "JPEG", exif=block))

    assert corners(photo.image) == UPRIGHT


def test_an_orientation_in_xmp_alone_is_followed() -> None:
    photo = clean(saved(stored(6), "JPEG", xmp=XMP))

    assert corners(photo.image) == UPRIGHT


def test_an_orientation_in_exif_goes_before_the_one_in_xmp() -> None:
    photo = clean(saved(stored(8), "JPEG", exif=exif(8), xmp=XMP))

    assert corners(photo.image) == UPRIGHT
