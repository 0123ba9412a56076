"""What the first bytes of a file announce, and how many passes a JPEG asks for; nothing is decoded."""

from __future__ import annotations

from models.errors import NotAPicture

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF", "HEIF", "BMP")
MAX_SCANS = 100  # of a progressive JPEG; an ordinary one has ten, and each costs a pass over all pixels

START_OF_SCAN, END_OF_IMAGE = 0xDA, 0xD9  # markers of a JPEG, each after 0xff
STANDALONE = frozenset({0x00, 0x01, *range(0xD0, 0xD9)})  # without a length: escapes, restarts, start

_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1")
_AVIF_BRANDS = (b"avif", b"avis")


def sniff(data: bytes) -> str:
    """Return the format that the first bytes announce, one of `FORMATS`.

    Raises:
        NotAPicture: none of them.
    """
    head = bytes(data[:32])
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    if head[4:8] == b"ftyp":
        return _sniff_boxes(head)
    if head.startswith(b"BM"):
        return "BMP"
    raise NotAPicture(f"first bytes {head[:8].hex() or 'none'}, allowed are {', '.join(FORMATS)}")


def _sniff_boxes(head: bytes) -> str:
    brand = head[8:12]
    if brand in _AVIF_BRANDS or any(name in head for name in _AVIF_BRANDS):
        return "AVIF"
    if brand in _HEIF_BRANDS:
        return "HEIF"
    raise NotAPicture(f"container brand {brand!r}, allowed are AVIF and HEIF")


def scans(data: bytes) -> int:
    """Return how many scans the first picture of a JPEG file has; what follows it may be a video."""
    count, at = 0, 2
    while 0 <= (at := data.find(b"\xff", at)) < len(data) - 1 and count <= MAX_SCANS:
        marker = data[at + 1]
        if marker == END_OF_IMAGE:
            break
        count += marker == START_OF_SCAN
        if marker == 0xFF:  # a fill byte
            at += 1
        elif marker in STANDALONE:
            at += 2
        else:
            at += 2 + int.from_bytes(data[at + 2 : at + 4])
    return count
