"""A writer of small HEIC files, as iPhones send them: no library that we may install encodes HEVC.

The picture is cut into blocks of 32x32; each is one slice whose pixels lie there uncompressed
(I_PCM), so that the only arithmetic coding needed is the same two bytes before and after them.
"""

from __future__ import annotations

import struct

from PIL import Image

BLOCK = 32
STILL = 0x70000000  # compatible with the profiles main, main 10 and main still picture
BEFORE_PIXELS = b"\x86\x80"  # one part (first bin, not equal to what is likely), then pcm_flag, aligned
AFTER_PIXELS = b"\xfe\x80"  # end_of_slice_segment_flag, aligned


class _Bits:
    """Bits of a parameter set, most significant first."""

    def __init__(self) -> None:
        self._text = ""

    def fixed(self, value: int, width: int) -> _Bits:
        self._text += format(value, f"0{width}b")
        return self

    def flags(self, text: str) -> _Bits:
        self._text += text
        return self

    def golomb(self, *values: int) -> _Bits:
        """Write Exp-Golomb codes; signed zero and unsigned zero are the same bit."""
        for value in values:
            digits = format(value + 1, "b")
            self._text += "0" * (len(digits) - 1) + digits
        return self

    def bytes(self) -> bytes:
        text = self._text + "1"
        text += "0" * (-len(text) % 8)
        return int(text, 2).to_bytes(len(text) // 8, "big")


def heic(image: Image.Image, *, turns: int = 0, exif: bytes = b"", photos: int = 1) -> bytes:
    """Return an RGB picture, a multiple of 32 pixels on each side, as HEIC.

    Args:
        image: the picture as it is stored.
        turns: quarter turns counter-clockwise that the file asks its reader for.
        exif: what the EXIF item of the first photo holds, none where empty.
        photos: how many photos the file holds, all the same, as a burst does.
    """
    parameters = {32: _video(), 33: _sequence(image.size), 34: _picture()}
    pixels = b"".join(struct.pack(">I", len(unit)) + unit for unit in _slices(image))
    items = [(b"hvc1", pixels)] * photos
    if exif:
        items.append((b"Exif", struct.pack(">I", 6) + exif))
    head = _box(b"ftyp", b"heic\x00\x00\x00\x00mif1heic")
    start = len(head) + len(_meta(image.size, parameters, turns, items, 0)) + 8
    return (
        head
        + _meta(image.size, parameters, turns, items, start)
        + _box(b"mdat", *(body for _, body in items))
    )


def _unit(kind: int, body: bytes) -> bytes:
    """Return one NAL unit, with the bytes that keep it from looking like a start code."""
    out = bytearray((kind << 1, 1))
    zeros = 0
    for byte in body:
        if zeros >= 2 and byte <= 3:
            out.append(3)
            zeros = 0
        out.append(byte)
        zeros = zeros + 1 if byte == 0 else 0
    return bytes(out)


def _profile(bits: _Bits) -> _Bits:
    bits.fixed(3, 8).fixed(STILL, 32)  # main still picture
    return bits.flags("1001").fixed(0, 44).fixed(30, 8)  # progressive, frames only; level 1


def _video() -> bytes:
    bits = _Bits().fixed(0, 4).fixed(3, 2).fixed(0, 9).flags("1").fixed(0xFFFF, 16)
    return _unit(32, _profile(bits).flags("1").golomb(0, 0, 0).fixed(0, 6).golomb(0).flags("00").bytes())


def _sequence(size: tuple[int, int]) -> bytes:
    bits = _profile(_Bits().fixed(0, 7).flags("1"))
    bits.golomb(0, 1, *size).flags("0").golomb(0, 0, 4).flags("1").golomb(0, 0, 0)  # 4:2:0, 8 bits
    bits.golomb(2, 0, 0, 3, 0, 0).flags("0001")  # blocks of 32, never split; of the tools only PCM
    bits.fixed(7, 4).fixed(7, 4).golomb(2, 0).flags("1")  # 8 bits, blocks of 32, no loop filter
    return _unit(33, bits.golomb(0).flags("00000").bytes())


def _picture() -> bytes:
    bits = _Bits().golomb(0, 0).flags("0000000").golomb(0, 0, 0).flags("000").golomb(0, 0).flags("000000")
    return _unit(34, bits.flags("010100").golomb(0).flags("00").bytes())  # deblocking is off


def _slices(image: Image.Image) -> list[bytes]:
    places = [(x, y) for y in range(0, image.height, BLOCK) for x in range(0, image.width, BLOCK)]
    width = (len(places) - 1).bit_length()
    units = []
    for number, (x, y) in enumerate(places):
        bits = _Bits().flags("10" if number == 0 else "00").golomb(0)
        bits = bits.fixed(number, width) if number else bits
        head = bits.golomb(2, 0).bytes()  # an I slice
        planes = image.crop((x, y, x + BLOCK, y + BLOCK)).convert("YCbCr").split()
        halves = [plane.resize((BLOCK // 2, BLOCK // 2)).tobytes() for plane in planes[1:]]
        units.append(_unit(19, head + BEFORE_PIXELS + planes[0].tobytes() + b"".join(halves) + AFTER_PIXELS))
    return units


def _box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def _full(kind: bytes, *parts: bytes, flags: int = 0) -> bytes:
    return _box(kind, struct.pack(">I", flags), *parts)


def _meta(
    size: tuple[int, int],
    parameters: dict[int, bytes],
    turns: int,
    items: list[tuple[bytes, bytes]],
    start: int,
) -> bytes:
    places, entries, about = b"", b"", b""
    for number, (kind, body) in enumerate(items, 1):
        places += struct.pack(">HHHII", number, 0, 1, start, len(body))
        start += len(body)
        entries += _full(b"infe", struct.pack(">HH4s", number, 0, kind), b"\x00", flags=0x02000000)
        if kind == b"Exif":
            about = _full(b"iref", _box(b"cdsc", struct.pack(">HHH", number, 1, 1)))
    count = struct.pack(">H", len(items))
    photos = sum(kind == b"hvc1" for kind, _ in items)
    return _full(
        b"meta",
        _full(b"hdlr", b"\x00" * 4 + b"pict" + b"\x00" * 13),
        _full(b"pitm", struct.pack(">H", 1)),
        _full(b"iloc", b"\x44\x00", count, places),
        _full(b"iinf", count, entries),
        about,
        _properties(size, parameters, turns, photos),
    )


def _properties(size: tuple[int, int], parameters: dict[int, bytes], turns: int, photos: int) -> bytes:
    config = b"\x01\x03" + struct.pack(">I", STILL) + b"\x90\x00\x00\x00\x00\x00\x1e"
    config += b"\xf0\x00\xfc\xfd\xf8\xf8\x00\x00\x0f\x03"
    for kind, unit in parameters.items():
        config += struct.pack(">BHH", 0x80 | kind, 1, len(unit)) + unit
    full_range = b"nclx" + struct.pack(">HHHB", 1, 13, 6, 0x80)  # as JPEG has it
    properties = _box(
        b"ipco",
        _box(b"hvcC", config),
        _full(b"ispe", struct.pack(">II", *size)),
        _box(b"colr", full_range),
        _box(b"irot", bytes((turns,))),
    )
    uses = [struct.pack(">HB", number + 1, 4) + b"\x81\x82\x83\x84" for number in range(photos)]
    return _box(b"iprp", properties, _full(b"ipma", struct.pack(">I", photos), *uses))
