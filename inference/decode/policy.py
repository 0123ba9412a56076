"""What is allowed to become a picture, and how.  Pure functions; run them in a worker only.

The rules follow from 17,246 broken and hostile files: the type is sniffed, never believed; one
format is offered to the decoder; sizes are checked before pixels exist; strict first, tolerant
second; the first frame only; turned upright once; pixels rebuilt, so that no metadata, trailer
or second file survives.
"""

from __future__ import annotations

import io
import math
import warnings
from dataclasses import dataclass

import pi_heif
from PIL import Image, ImageCms, ImageFile
from PIL import _imaging as imaging

from inference.decode.formats import MAX_SCANS, scans, sniff
from models.errors import (
    BadPhoto,
    DecodeMemory,
    TooManyBytes,
    TooManyPixels,
    TooThin,
    Undecodable,
)

MAX_BYTES = 30_000_000
MAX_PIXELS = 60_000_000
MAX_PIXELS_OF = {
    "WEBP": 30_000_000,
    "AVIF": 40_000_000,
    "HEIF": 50_000_000,
}  # decoded whole, more eats 500 MB
MAX_SIDE = 20_000
MIN_SIDE = 2
LONG_SIDE = 2048  # pixels of the longer side of the clean picture
MAX_PROFILE_BYTES = 4_000_000
JPEG_QUALITY = 88
STRIP = 64  # rows of the result that a very large picture is made smaller by at a time
KEPT_BLOCKS = 8  # of 16 MB that Pillow reuses: fresh pages cost more than decoding into old ones
ORIENTATION = 0x0112  # EXIF tag
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
SWAPPING = frozenset({5, 6, 7, 8})  # orientations that exchange width and height

TOLERANT = frozenset({"JPEG", "PNG", "GIF", "BMP"})  # a part of these may come out; others turn black


@dataclass(frozen=True, slots=True)
class Clean:
    """A picture that may go on.

    `image` is RGB, upright, at most 2048 pixels long; `jpeg` the same picture encoded without
    metadata; `original` the upright width and height before scaling; `is_partial` is True when
    the file was damaged and part of the picture is missing.
    """

    image: Image.Image
    jpeg: bytes
    original: tuple[int, int]
    is_partial: bool


def prepare() -> None:
    """Set the process up for decoding: HEIF, the pixel limit, warnings that are errors."""
    pi_heif.register_heif_opener(thumbnails=False)
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    imaging.set_blocks_max(KEPT_BLOCKS)


def check_bytes(size: int) -> None:
    """Refuse a file that is larger than what is read.

    Raises:
        TooManyBytes: it is.
    """
    if size > MAX_BYTES:
        found = math.ceil(size / 100_000) / 10  # rounded up: "30.0 of 30 MB" would puzzle
        message = f"{size} bytes, the limit is {MAX_BYTES}"
        raise TooManyBytes(message, found=found, megabytes=MAX_BYTES // 1_000_000)


def decode(data: bytes) -> Clean:
    """Turn untrusted bytes into a clean picture.

    Raises:
        BadPhoto: one of its kinds, each with what was found and what is allowed.
    """
    check_bytes(len(data))
    kind = sniff(data)
    if kind == "JPEG" and scans(data) > MAX_SCANS:
        raise Undecodable(f"more than {MAX_SCANS} scans in one JPEG")
    try:
        return _clean(*_pixels(data, kind))
    except BadPhoto:
        raise
    except MemoryError as error:
        raise DecodeMemory(f"{kind} needs more memory than a decoder may have") from error
    except Exception as error:  # hostile pixels must end as a refusal, whatever they trip over
        raise Undecodable(f"{kind}: pixels came out, but no picture: {error!r}") from error


def reopen(jpeg: bytes) -> Image.Image:
    """Return the pixels of a JPEG that `decode` made, for example long ago.

    Raises:
        Undecodable: these bytes are none of ours.
    """
    try:
        image = Image.open(io.BytesIO(jpeg), formats=("JPEG",))
        if max(image.size) > LONG_SIDE or image.mode != "RGB":
            raise Undecodable(f"{image.size} {image.mode} is no clean picture")
        image.load()
    except BadPhoto:
        raise
    except Exception as error:  # as in `decode`: the bytes may have been damaged on the disk
        raise Undecodable(f"clean JPEG: {error!r}") from error
    image.info = {}
    return image


def _clean(image: Image.Image, is_partial: bool) -> Clean:
    width, height = image.info["original"]
    orientation = _orientation(image)
    clean = _turn(_to_rgb(image), orientation)
    clean.info = {}  # pixels only: Pillow would write a comment or a profile it finds here
    original = (height, width) if orientation in SWAPPING else (width, height)
    return Clean(clean, _jpeg(clean), original, is_partial)


def _pixels(data: bytes, kind: str) -> tuple[Image.Image, bool]:
    """Return the loaded first frame, at most about twice `LONG_SIDE`, and whether it is partial."""
    try:
        return _load(data, kind), False
    except (TooManyPixels, TooThin, MemoryError):
        raise
    except Exception as error:  # decoders raise anything; see `_tolerant`
        if kind not in TOLERANT:
            raise Undecodable(f"{kind}: {error!r}") from error
        return _tolerant(data, kind, error), True


def _tolerant(data: bytes, kind: str, strict: Exception) -> Image.Image:
    """Decode what can be decoded of a damaged file.

    Pillow's decoders leak ValueError, SyntaxError, RuntimeError, IndexError, TypeError and more
    besides OSError, so any of them means: no pixels.
    """
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        return _load(data, kind)
    except (TooManyPixels, TooThin, MemoryError):
        raise
    except Exception as error:  # see above
        raise Undecodable(f"{kind}: {strict!r}, tolerantly {error!r}") from error
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = False


def _load(data: bytes, kind: str) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(data), formats=(kind,))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many(str(error)) from error
    _check_size(*image.size, MAX_PIXELS_OF.get(kind, MAX_PIXELS))
    image.info["original"] = image.size
    if kind == "JPEG":
        image.draft("RGB", (LONG_SIDE, LONG_SIDE))  # DCT scaling: less time, less memory
    image.load()
    return image


def _check_size(width: int, height: int, most: int) -> None:
    if max(width, height) > MAX_SIDE or width * height > most:
        raise _too_many(f"{width}x{height} pixels, the limit is {most} and {MAX_SIDE} a side", most)
    if min(width, height) < MIN_SIDE:
        raise TooThin(f"{width}x{height} pixels, the least is {MIN_SIDE} a side", pixels=MIN_SIDE)


def _too_many(message: str, most: int = MAX_PIXELS) -> TooManyPixels:
    return TooManyPixels(message, megapixels=most // 1_000_000, side=MAX_SIDE)


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(ORIENTATION, 1))
    except Exception:  # noqa: BLE001 - a broken EXIF block means: as it lies
        return 1


def _turn(image: Image.Image, orientation: int) -> Image.Image:
    return image.transpose(TURNS[orientation]) if orientation in TURNS else image


def _to_rgb(image: Image.Image) -> Image.Image:
    """Return the picture as RGB of at most `LONG_SIDE`, in sRGB, transparency over white."""
    image = _shrink(_reduce(image))
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        image = _over_white(image)
    return _to_srgb(image)


def _eight_bits(image: Image.Image) -> Image.Image:
    """Scale 16-bit grey to 8 bits (Pillow alone would clip) and unfold palettes and bits."""
    if image.mode.startswith("I"):
        if isinstance(clear := image.info.get("transparency"), int):
            image.info["transparency"] = clear // 257
        scaled = image.convert("I").point(lambda value: value * (1 / 257))
        return scaled.convert("L")
    if image.mode == "P":
        alphas = image.info.get("transparency")
        if isinstance(alphas, bytes):
            image.info["transparency"] = alphas[:256]  # a palette has no more entries
        return image.convert("RGBA" if "transparency" in image.info else "RGB")
    return image.convert("L") if image.mode == "1" else image


def _reduce(image: Image.Image) -> Image.Image:
    """Return the picture in 8 bits, a very large one a whole number of times smaller.

    In strips: the largest allowed picture at once would need its memory three times.
    """
    factor = int(max(image.size) / (1.5 * LONG_SIDE))
    if factor < 2:
        return _eight_bits(image)
    width, height = image.size
    rows = STRIP * factor
    strips = (
        _eight_bits(image.crop((0, top, width, min(top + rows, height)))).reduce(factor)
        for top in range(0, height, rows)
    )
    first = next(strips)
    small = Image.new(first.mode, (first.width, -(-height // factor)))
    small.info = dict(first.info)
    small.paste(first)
    for number, strip in enumerate(strips, 1):
        small.paste(strip, (0, number * STRIP))
    return small


def _shrink(image: Image.Image) -> Image.Image:
    if max(image.size) <= LONG_SIDE:
        return image
    scale = LONG_SIDE / max(image.size)
    width, height = (max(1, round(side * scale)) for side in image.size)
    # Not `thumbnail`: a HEIF of several photos loads itself again, in its own size, at any touch.
    return image.resize((width, height), Image.Resampling.BICUBIC, reducing_gap=2.0)


def _over_white(image: Image.Image) -> Image.Image:
    rgba = image.convert("RGBA")
    paper = Image.new("RGBA", rgba.size, "white")
    paper.alpha_composite(rgba)
    paper.info["icc_profile"] = image.info.get("icc_profile")
    return paper.convert("RGB")


def _to_srgb(image: Image.Image) -> Image.Image:
    """Convert by the embedded profile where it is sane, plainly where it is not."""
    profile = image.info.get("icc_profile")
    if not profile or len(profile) > MAX_PROFILE_BYTES or b"sRGB" in profile[:4096]:
        return image.convert("RGB")
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        target = ImageCms.createProfile("sRGB")
        converted = ImageCms.profileToProfile(image, source, target, outputMode="RGB")
    except Exception:  # noqa: BLE001 - a lying profile must not cost the photo
        return image.convert("RGB")
    return converted if converted is not None else image.convert("RGB")


def _jpeg(image: Image.Image) -> bytes:
    target = io.BytesIO()
    image.save(target, "JPEG", quality=JPEG_QUALITY)
    return target.getvalue()
