"""Nothing but pixels leaves the decoder: no place, no name, no comment, no second file."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from tests.inference.heic import heic
from tests.inference.hostile import CANARY, jpeg_segments, tagged_profile, with_archive
from tests.inference.photos import busy, clean, exif, quadrants, saved

TAGS = exif(6, maker="CANARY maker", area="CANARY at home")
XMP = "<x:xmpmeta xmlns:x='adobe:ns:meta/'>CANARY</x:xmpmeta>"
PLAIN = {0xD8, 0xE0, 0xDB, 0xC0, 0xC4, 0xDA, 0xD9}  # start, JFIF, tables, frame, tables, scan, end
TWO = {"save_all": True, "append_images": [busy().rotate(90)]}


def png_text() -> PngInfo:
    text = PngInfo()
    text.add_text("Comment", "CANARY plain")
    text.add_text("Packed", "CANARY packed", zip=True)
    text.add_itxt("XML:com.adobe.xmp", XMP)
    return text


TELLING = {
    "jpeg exif": saved(busy(), "JPEG", exif=TAGS),
    "jpeg xmp": saved(busy(), "JPEG", xmp=XMP.encode()),
    "jpeg comment": saved(busy(), "JPEG", comment=b"CANARY"),
    "jpeg profile": saved(busy(), "JPEG", icc_profile=tagged_profile()),
    "jpeg with a second photo": saved(busy(), "MPO", exif=TAGS, **TWO),
    "jpeg with a zip behind": with_archive(saved(busy(), "JPEG")),
    "grey jpeg": saved(busy().convert("L"), "JPEG", exif=TAGS, comment=b"CANARY"),
    "cmyk jpeg": saved(busy().convert("CMYK"), "JPEG", exif=TAGS, comment=b"CANARY"),
    "png exif": saved(busy(), "PNG", exif=TAGS),
    "png text": saved(busy(), "PNG", pnginfo=png_text()),
    "png profile": saved(busy(), "PNG", icc_profile=tagged_profile()),
    "png with alpha and profile": saved(busy().convert("RGBA"), "PNG", icc_profile=tagged_profile()),
    "png with a zip behind": with_archive(saved(busy(), "PNG")),
    "large png": saved(busy((3000, 100)), "PNG", exif=TAGS, pnginfo=png_text()),
    "webp": saved(busy(), "WEBP", exif=TAGS, xmp=XMP.encode(), icc_profile=tagged_profile()),
    "gif comment": saved(busy().quantize(8), "GIF", comment=b"CANARY"),
    "gif with a zip behind": with_archive(saved(busy().quantize(8), "GIF")),
    "avif": saved(busy(), "AVIF", exif=TAGS, xmp=XMP.encode(), icc_profile=tagged_profile()),
    "heic": heic(quadrants("RGBY", (64, 64)), exif=TAGS.tobytes()),
    "bmp with a zip behind": with_archive(saved(busy(), "BMP")),
}


@pytest.mark.parametrize("name", TELLING)
def test_the_files_of_this_test_do_tell_something(name: str) -> None:
    packed = name in {"png profile", "png with alpha and profile"}  # PNG compresses a profile

    assert packed or CANARY in TELLING[name]


@pytest.mark.parametrize("name", TELLING)
def test_the_clean_jpeg_has_no_segment_that_could_tell_anything(name: str) -> None:
    photo = clean(TELLING[name])

    assert set(jpeg_segments(photo.jpeg)) <= PLAIN


@pytest.mark.parametrize("name", TELLING)
def test_no_word_of_the_file_survives(name: str) -> None:
    photo = clean(TELLING[name])

    assert CANARY not in photo.jpeg
    assert b"PK\x03\x04" not in photo.jpeg


@pytest.mark.parametrize("name", TELLING)
def test_a_reader_finds_no_tags_in_the_clean_jpeg(name: str) -> None:
    photo = clean(TELLING[name])

    with Image.open(io.BytesIO(photo.jpeg)) as again:
        assert dict(again.getexif()) == {}
        assert set(again.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize("name", TELLING)
def test_the_picture_carries_nothing_beside_its_pixels(name: str) -> None:
    photo = clean(TELLING[name])

    assert photo.image.info == {}
    assert dict(photo.image.getexif()) == {}
