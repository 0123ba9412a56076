"""What cannot become a picture is refused by its kind; what can in part is answered in part."""

from __future__ import annotations

import random
import struct

import pytest
from PIL import Image

from inference.decode.formats import MAX_SCANS
from inference.decode.policy import MAX_BYTES, MAX_PIXELS, MAX_PIXELS_OF, MAX_SIDE
from models.errors import (
    BadPhoto,
    NotAPicture,
    TooManyBytes,
    TooManyPixels,
    TooThin,
    Undecodable,
)
from tests.inference.heic import heic
from tests.inference.hostile import (
    announcing,
    chunk,
    flat_png,
    gif_larger_than_its_screen,
    png,
    swollen_jpeg,
)
from tests.inference.photos import UPRIGHT, UPRIGHT_SIZE, busy, clean, color, exif, quadrants, saved

OTHER_FORMATS = {
    "text": "이건 사진이 아니에요".encode(),
    "nothing": b"",
    "one byte": b"\xff",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>',
    "svg with a head": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
    "html": b"<!doctype html><script>alert(1)</script>",
    "photoshop": b"8BPS\x00\x01" + bytes(6) + struct.pack(">HIIHH", 3, 9, 9, 8, 3) + bytes(400),
    "video": b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2" + bytes(64),
    "zip": b"PK\x03\x04" + bytes(64),
} | {
    kind.lower(): saved(busy(), kind)
    for kind in ("PDF", "EPS", "TIFF", "ICO", "JPEG2000", "PPM", "QOI", "TGA")
}

PICTURE = quadrants(UPRIGHT, UPRIGHT_SIZE)
LIARS = {kind: saved(busy(), kind) for kind in ("JPEG", "GIF", "BMP", "WEBP", "AVIF")} | {
    "HEIF": heic(PICTURE)
}

BROKEN_EXIF = {
    "words": b"Exif\x00\x00this is no EXIF block",
    "nothing": b"Exif\x00\x00",
    "far offset": b"Exif\x00\x00II*\x00\xff\xff\xff\xff",
    "endless": b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\xff\xff" + b"\x01\x12\x00\x03\xff\xff\xff\xff" * 20,
    "loop": b"Exif\x00\x00II*\x00" + struct.pack("<IHHHIII", 8, 1, 0x8825, 4, 1, 8, 0),
}


@pytest.mark.parametrize("name", OTHER_FORMATS)
def test_what_is_none_of_the_allowed_formats_is_not_a_picture(name: str) -> None:
    with pytest.raises(NotAPicture):
        clean(OTHER_FORMATS[name])


def test_a_refusal_says_what_was_found() -> None:
    with pytest.raises(NotAPicture, match="25504446"):
        clean(b"%PDF-1.7")


def test_more_bytes_than_allowed_are_refused() -> None:
    with pytest.raises(TooManyBytes) as refusal:
        clean(swollen_jpeg(31_000_000))

    assert refusal.value.data == {"found": 31.0, "megabytes": 30}


def test_as_many_bytes_as_allowed_are_read() -> None:
    photo = clean(swollen_jpeg(MAX_BYTES))

    assert photo.image.size == busy().size


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xd8\xff\xe0" + b"junk" * 50,
        saved(busy(), "JPEG")[:40],
        b"\x89PNG\r\n\x1a\n" + b"junk" * 50,
        png((9, 9), b"")[:33],
        b"GIF89a" + b"\xff" * 50,
        b"RIFF\x00\x01\x00\x00WEBPVP8 " + b"junk" * 50,
        b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"junk" * 50,
        b"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00mif1avif" + b"junk" * 50,
        b"BM" + b"junk" * 50,
    ],
    ids=["jpeg", "jpeg head", "png", "png head", "gif", "webp", "heic", "avif", "bmp"],
)
def test_junk_behind_the_first_bytes_of_a_picture_is_undecodable(data: bytes) -> None:
    with pytest.raises(Undecodable):
        clean(data)


@pytest.mark.parametrize("name", LIARS)
def test_more_pixels_than_allowed_are_refused_by_the_header_alone(name: str) -> None:
    with pytest.raises(TooManyPixels):
        clean(announcing(LIARS[name], (15_000, 15_000)))


@pytest.mark.parametrize("size", [(30_000, 30_000), (21_000, 10), (10, 21_000), (7_800, 7_800)])
def test_a_png_larger_than_allowed_is_refused_before_its_pixels_exist(size: tuple[int, int]) -> None:
    header_only = png(size, b"these are no pixels", depth=1)

    with pytest.raises(TooManyPixels) as refusal:
        clean(header_only)

    assert refusal.value.data == {"megapixels": MAX_PIXELS // 1_000_000, "side": MAX_SIDE}


def test_a_frame_larger_than_its_gif_is_refused() -> None:
    with pytest.raises(TooManyPixels):
        clean(gif_larger_than_its_screen((65_535, 65_535)))


@pytest.mark.parametrize("size", [(1, 50), (50, 1), (1, 1)])
def test_a_picture_thinner_than_two_pixels_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(TooThin) as refusal:
        clean(png(size, b"these are no pixels"))

    assert refusal.value.data == {"pixels": 2}


def test_a_bomb_with_a_bad_checksum_is_refused_for_its_size() -> None:
    bomb = png((30_000, 30_000), b"", before=[(b"gAMA", b"\x00\x00\x00\x01")])
    damaged = bomb.replace(
        chunk(b"gAMA", b"\x00\x00\x00\x01"), chunk(b"gAMA", b"\x00\x00\x00\x01")[:-1] + b"!"
    )

    with pytest.raises(TooManyPixels):
        clean(damaged)


def test_a_picture_of_the_longest_allowed_side_is_answered() -> None:
    photo = clean(flat_png((MAX_SIDE, 2)))

    assert photo.original == (MAX_SIDE, 2)


@pytest.mark.parametrize("name", BROKEN_EXIF)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_broken_exif_does_not_cost_the_photo(kind: str, name: str) -> None:
    block = BROKEN_EXIF[name]
    data = heic(PICTURE, exif=block) if kind == "HEIF" else saved(PICTURE, kind, exif=block)

    photo = clean(data)

    assert photo.image.size == UPRIGHT_SIZE
    assert not photo.is_partial


def test_exif_that_breaks_off_does_not_cost_an_avif() -> None:
    data = saved(PICTURE, "AVIF", exif=exif(1, maker="someone at home"))
    place = data.index(b"MM\x00*") if b"MM\x00*" in data else data.index(b"II*\x00")
    broken = data[: place + 8] + b"\xff" * 8 + data[place + 16 :]

    photo = clean(broken)

    assert photo.image.size == UPRIGHT_SIZE


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "BMP"])
def test_a_truncated_photo_is_answered_and_flagged_partial(kind: str) -> None:
    data = saved(busy((640, 480)), kind)

    photo = clean(data[: len(data) * 3 // 4])

    assert photo.is_partial
    assert photo.original == (640, 480)


def test_the_part_of_a_truncated_jpeg_that_came_is_shown() -> None:
    data = saved(busy((640, 480)), "JPEG")

    photo = clean(data[: len(data) * 3 // 4])

    whole = clean(data)
    assert photo.image.crop((0, 0, 640, 240)).tobytes() == whole.image.crop((0, 0, 640, 240)).tobytes()


def test_a_truncated_photo_is_turned_upright() -> None:
    data = saved(busy((640, 480)), "JPEG", exif=exif(6))

    photo = clean(data[: len(data) * 3 // 4])

    assert photo.image.size == photo.original == (480, 640)


@pytest.mark.parametrize(
    "data",
    [saved(PICTURE, "WEBP"), saved(PICTURE, "AVIF"), heic(PICTURE)],
    ids=["webp", "avif", "heic"],
)
def test_a_truncated_photo_of_which_no_pixel_comes_out_is_undecodable(data: bytes) -> None:
    with pytest.raises(Undecodable):
        clean(data[: len(data) * 3 // 4])


def test_a_second_truncated_photo_is_flagged_as_well() -> None:
    data = saved(busy(), "JPEG")
    clean(data[: len(data) * 3 // 4])

    photo = clean(data[: len(data) * 3 // 4])

    assert photo.is_partial


def test_a_png_damaged_in_the_middle_is_answered_in_part() -> None:
    data = bytearray(saved(busy((640, 480)), "PNG"))
    data[len(data) // 2] ^= 0xFF

    photo = clean(bytes(data))

    assert photo.is_partial
    assert color(photo.image) == color(busy((640, 480)))


def test_every_refusal_is_a_bad_photo_with_a_code_of_its_own() -> None:
    kinds = (NotAPicture, Undecodable, TooManyBytes, TooManyPixels, TooThin)

    assert all(issubclass(kind, BadPhoto) for kind in kinds)
    assert len({kind.code for kind in kinds}) == len(kinds)


def test_a_jpeg_of_endless_scans_is_refused_before_it_is_decoded() -> None:
    photo = saved(busy(), "JPEG", progressive=True)
    start = b"\xff\xda"
    scan = photo[photo.index(start) : photo.index(start, photo.index(start) + 2)]

    with pytest.raises(Undecodable, match="scans"):
        clean(photo[:-2] + scan * MAX_SCANS + photo[-2:])


def test_formats_that_are_decoded_whole_have_a_lower_limit_that_the_refusal_names() -> None:
    width = 8000
    photo = saved(Image.new("L", (width, MAX_PIXELS_OF["WEBP"] // width + 1)).convert("RGB"), "WEBP")

    with pytest.raises(TooManyPixels) as refusal:
        clean(photo)

    assert refusal.value.data["megapixels"] == 30


def test_a_video_behind_a_photo_is_not_taken_for_scans() -> None:
    video = random.Random(1).randbytes(20_000_000)

    picture = clean(saved(busy(), "JPEG") + video)

    assert not picture.is_partial
