"""Every format and every kind of pixel becomes the RGB picture that a person would see."""

from __future__ import annotations

import struct

import pytest
from PIL import Image

from inference.decode import formats
from tests.inference.heic import heic
from tests.inference.hostile import small_png
from tests.inference.photos import (
    GREEN,
    RED,
    UPRIGHT,
    UPRIGHT_SIZE,
    busy,
    clean,
    color,
    corners,
    far,
    quadrants,
    samples,
    saved,
    swapping_profile,
)

WHITE, BLACK = (255, 255, 255), (0, 0, 0)
LOSSY = 12  # of 255, that a lossy format may change a plain color


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("JPEG", saved(quadrants(UPRIGHT, UPRIGHT_SIZE), "JPEG")),
        ("PNG", saved(quadrants(UPRIGHT, UPRIGHT_SIZE), "PNG")),
        ("WEBP", saved(quadrants(UPRIGHT, UPRIGHT_SIZE), "WEBP")),
        ("GIF", saved(quadrants(UPRIGHT, UPRIGHT_SIZE), "GIF")),
        ("AVIF", saved(quadrants(UPRIGHT, UPRIGHT_SIZE), "AVIF")),
        ("HEIF", heic(quadrants(UPRIGHT, UPRIGHT_SIZE))),
        ("BMP", saved(quadrants(UPRIGHT, UPRIGHT_SIZE), "BMP")),
    ],
)
def test_every_allowed_format_is_recognized_and_decoded(kind: str, data: bytes) -> None:
    photo = clean(data)

    assert formats.sniff(data) == kind
    assert corners(photo.image) == UPRIGHT
    assert photo.image.size == photo.original == UPRIGHT_SIZE
    assert not photo.is_partial


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_mode_becomes_rgb_of_the_same_size(mode: str) -> None:
    data = saved(Image.new(mode, (37, 21)), "PNG")

    photo = clean(data)

    assert photo.image.mode == "RGB"
    assert photo.image.size == photo.original == (37, 21)


def test_the_clean_jpeg_shows_what_the_pixels_show() -> None:
    photo = clean(saved(quadrants(UPRIGHT, UPRIGHT_SIZE), "PNG"))

    again = clean(photo.jpeg)

    assert again.image.size == photo.image.size
    assert corners(again.image) == corners(photo.image)


def test_a_grey_picture_keeps_its_shade() -> None:
    assert color(clean(small_png(b"\x64")).image) == (100, 100, 100)


def test_a_picture_of_bits_is_black_and_white() -> None:
    photo = clean(saved(Image.new("1", (8, 8), 1), "PNG"))

    assert color(photo.image) == WHITE


def test_sixteen_bit_grey_is_scaled() -> None:
    photo = clean(small_png(struct.pack(">H", 32896), depth=16))

    assert color(photo.image) == (128, 128, 128)


@pytest.mark.parametrize(("value", "shade"), [(0, 0), (257, 1), (25700, 100), (65535, 255)])
def test_sixteen_bit_grey_is_not_clipped(value: int, shade: int) -> None:
    photo = clean(small_png(struct.pack(">H", value), depth=16))

    assert color(photo.image) == (shade, shade, shade)


def test_sixteen_bit_color_is_scaled() -> None:
    photo = clean(small_png(struct.pack(">HHH", 32896, 0, 65535), color_type=2, depth=16))

    assert color(photo.image) == (128, 0, 255)


def test_the_transparent_parts_of_rgba_are_white() -> None:
    photo = clean(small_png(b"\xc8\x00\x00\x00", color_type=6))

    assert color(photo.image) == WHITE


def test_a_half_transparent_color_is_mixed_with_white() -> None:
    photo = clean(small_png(b"\xff\x00\x00\x80", color_type=6))

    assert far(color(photo.image), (255, 127, 127)) <= 1


def test_an_opaque_color_with_alpha_stays_itself() -> None:
    photo = clean(small_png(bytes((*RED, 255)), color_type=6))

    assert color(photo.image) == RED


def test_the_transparent_parts_of_grey_with_alpha_are_white() -> None:
    photo = clean(small_png(b"\x00\x00", color_type=4))

    assert color(photo.image) == WHITE


def test_a_palette_gives_its_colors() -> None:
    photo = clean(small_png(b"\x01", color_type=3, before=[(b"PLTE", bytes((*RED, *GREEN)))]))

    assert color(photo.image) == GREEN


def test_the_transparent_entry_of_a_palette_is_white() -> None:
    palette = [(b"PLTE", bytes((*RED, *GREEN))), (b"tRNS", b"\x00")]

    photo = clean(small_png(b"\x00", color_type=3, before=palette))

    assert color(photo.image) == WHITE


def test_the_opaque_entries_of_a_transparent_palette_keep_their_colors() -> None:
    palette = [(b"PLTE", bytes((*RED, *GREEN))), (b"tRNS", b"\x00")]

    photo = clean(small_png(b"\x01", color_type=3, before=palette))

    assert color(photo.image) == GREEN


def test_a_half_transparent_entry_of_a_palette_is_mixed_with_white() -> None:
    palette = [(b"PLTE", bytes((255, 0, 0, *GREEN))), (b"tRNS", b"\x80\xff")]

    photo = clean(small_png(b"\x00", color_type=3, before=palette))

    assert far(color(photo.image), (255, 127, 127)) <= 1


def test_more_transparency_than_a_palette_can_have_does_not_cost_the_photo() -> None:
    palette = [(b"PLTE", bytes((*RED, *GREEN))), (b"tRNS", b"\xff" * 300)]

    photo = clean(small_png(b"\x01", color_type=3, before=palette))

    assert color(photo.image) == GREEN


def test_the_transparent_color_of_a_gif_is_white() -> None:
    data = saved(Image.new("P", (9, 9), 0), "GIF", transparency=0)

    assert color(clean(data).image) == WHITE


def test_a_cmyk_jpeg_shows_its_colors() -> None:
    photo = clean(saved(Image.new("CMYK", (32, 32), (0, 255, 255, 0)), "JPEG"))

    assert far(color(photo.image), (255, 0, 0)) <= LOSSY


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_the_color_profile_of_a_photo_is_applied(kind: str) -> None:
    data = saved(Image.new("RGB", (32, 32), RED), kind, icc_profile=swapping_profile())

    red, _, blue = color(clean(data).image)

    assert blue > red + 100


def test_a_profile_is_applied_below_transparency_too() -> None:
    data = saved(Image.new("RGBA", (32, 32), (*RED, 255)), "PNG", icc_profile=swapping_profile())

    red, _, blue = color(clean(data).image)

    assert blue > red + 100


@pytest.mark.parametrize(
    "profile",
    [b"not a profile", b"\x00" * 128, swapping_profile()[:200], swapping_profile() + bytes(5_000_000)],
    ids=["junk", "zeros", "cut off", "too large"],
)
def test_a_bad_color_profile_costs_nothing(profile: bytes) -> None:
    plain = saved(busy(), "JPEG")
    profiled = saved(busy(), "JPEG", icc_profile=profile)

    photo = clean(profiled)

    assert photo.image.tobytes() == clean(plain).image.tobytes()
    assert not photo.is_partial


def test_a_color_profile_on_a_grey_picture_costs_nothing() -> None:
    data = saved(Image.new("L", (32, 32), 100), "PNG", icc_profile=swapping_profile())

    assert color(clean(data).image) == (100, 100, 100)


@pytest.mark.parametrize("name", samples())
def test_decoding_the_same_file_twice_gives_the_same_picture(name: str) -> None:
    data = samples()[name]

    first, second = clean(data), clean(data)

    assert first.image.tobytes() == second.image.tobytes()
    assert first.jpeg == second.jpeg
