"""Makers of files that nobody should send: bombs, liars, polyglots, the largest that are allowed."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable

from PIL import Image

from tests.inference.photos import busy, saved, swapping_profile

CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # samples of a pixel, by PNG color type
COLOR_TYPES = {"L": 0, "RGB": 2, "P": 3, "LA": 4, "RGBA": 6}

CANARY = b"CANARY"
LARGEST_SIDE = 7681  # squared: 59 megapixels, 60 are allowed

Chunk = tuple[bytes, bytes]


def chunk(kind: bytes, body: bytes) -> bytes:
    """Return one PNG chunk with a good checksum."""
    return struct.pack(">I4s", len(body), kind) + body + struct.pack(">I", zlib.crc32(kind + body))


def png(
    size: tuple[int, int],
    pixels: bytes,
    *,
    color_type: int = 0,
    depth: int = 8,
    before: Iterable[Chunk] = (),
) -> bytes:
    """Return a PNG of these compressed rows, with any chunks before them."""
    header = struct.pack(">IIBBBBB", *size, depth, color_type, 0, 0, 0)
    chunks = [(b"IHDR", header), *before, (b"IDAT", pixels), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(kind, body) for kind, body in chunks)


def flat_png(size: tuple[int, int], mode: str = "L", *, depth: int = 8) -> bytes:
    """Return a PNG of rows that are each of one byte, written without holding the picture."""
    color_type = COLOR_TYPES[mode]
    row = bytes((size[0] * CHANNELS[color_type] * depth + 7) // 8)
    packer = zlib.compressobj(1)
    rows = [packer.compress(b"\x00" + row.replace(b"\x00", bytes((y % 256,)))) for y in range(size[1])]
    palette = [(b"PLTE", bytes(range(256)) * 3)] if mode == "P" else []
    body = b"".join(rows) + packer.flush()
    return png(size, body, color_type=color_type, depth=depth, before=palette)


def small_png(value: bytes, *, color_type: int = 0, depth: int = 8, before: Iterable[Chunk] = ()) -> bytes:
    """Return a PNG of 4x3 pixels that all have these bytes."""
    row = b"\x00" + value * 4
    return png((4, 3), zlib.compress(row * 3), color_type=color_type, depth=depth, before=before)


def announcing(data: bytes, size: tuple[int, int]) -> bytes:
    """Return a small file of `saved` whose header lies about its width and height."""
    wide, high = size
    if data.startswith(b"\xff\xd8"):
        return _overwrite(data, data.index(b"\xff\xc0") + 5, struct.pack(">HH", high, wide))
    if data.startswith(b"GIF"):
        return _overwrite(data, 6, struct.pack("<HH", wide, high))
    if data.startswith(b"BM"):
        return _overwrite(data, 18, struct.pack("<ii", wide, high))
    if data.startswith(b"RIFF"):
        return _overwrite(data, data.index(b"\x9d\x01\x2a") + 3, struct.pack("<HH", wide, high))
    return _overwrite(data, data.index(b"ispe") + 8, struct.pack(">II", wide, high))


def _overwrite(data: bytes, place: int, new: bytes) -> bytes:
    return data[:place] + new + data[place + len(new) :]


def gif_of_many_frames(frames: int, size: tuple[int, int]) -> bytes:
    """Return a GIF whose first frame is red and whose others are all the same blue one."""
    red, blue = Image.new("RGB", size, (255, 0, 0)), Image.new("RGB", size, (0, 0, 255))
    pair = saved(red, "GIF", save_all=True, append_images=[blue], duration=20)
    second = pair.rindex(b"\x21\xf9\x04")  # the control block that begins a frame
    return pair[:second] + pair[second:-1] * (frames - 1) + b";"


def gif_larger_than_its_screen(size: tuple[int, int]) -> bytes:
    """Return a GIF whose screen is small and whose frame claims to be this large."""
    data = saved(busy((16, 16)).quantize(4), "GIF")
    frame = data.index(b",\x00\x00\x00\x00\x10\x00\x10\x00")
    return _overwrite(data, frame + 5, struct.pack("<HH", *size))


def swollen_jpeg(length: int) -> bytes:
    """Return a good JPEG followed by zeros, so many bytes in all."""
    data = saved(busy(), "JPEG")
    return data + bytes(length - len(data))


def with_archive(data: bytes) -> bytes:
    """Return the file with a zip behind it: a picture to one reader, an archive to another."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as target:
        target.writestr("CANARY.txt", b"CANARY in an archive")
    return data + archive.getvalue()


def tagged_profile() -> bytes:
    """Return a color profile with our canary where it names its maker."""
    profile = swapping_profile()
    return profile.replace(b"lcms", b"CANA") + CANARY


def jpeg_segments(jpeg: bytes) -> list[int]:
    """Return the markers of a JPEG in order, and check that nothing follows its end."""
    markers, place = [], 0
    while place < len(jpeg):
        assert jpeg[place] == 0xFF, f"no marker at {place}"
        marker = jpeg[place + 1]
        markers.append(marker)
        place += 2
        if marker in (0xD8, 0xD9):
            continue
        place += int.from_bytes(jpeg[place : place + 2], "big")
        if marker == 0xDA:
            place = _end_of_scan(jpeg, place)
    assert markers[0] == 0xD8
    assert markers[-1] == 0xD9
    assert markers.count(0xD9) == 1
    return markers


def _end_of_scan(jpeg: bytes, place: int) -> int:
    """Return where the next marker is: neither a stuffed byte nor a restart."""
    while jpeg[place] != 0xFF or jpeg[place + 1] == 0 or 0xD0 <= jpeg[place + 1] <= 0xD7:
        place += 1
    return place
