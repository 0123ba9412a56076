"""Makers of good picture files, and the decoder with the settings that a worker gives it."""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageCms

from inference.decode import policy
from inference.decode.policy import Clean
from inference.decode.pool import CleanPhoto
from models.errors import BadPhoto
from tests.inference.heic import heic

ORIENTATION = 0x0112
GPS = 0x8825

RED, GREEN, BLUE, YELLOW = (220, 30, 30), (30, 190, 30), (30, 30, 220), (230, 220, 20)
LETTERS = {"R": RED, "G": GREEN, "B": BLUE, "Y": YELLOW}

UPRIGHT = "RGBY"  # top left, top right, bottom left, bottom right
UPRIGHT_SIZE = (128, 64)

# How the corners of that picture lie in a file of each orientation.  From the EXIF standard, which
# names the side of the scene that the first row and the first column of the file show.
STORED = {
    1: "RGBY",  # top, left
    2: "GRYB",  # top, right
    3: "YBGR",  # bottom, right
    4: "BYRG",  # bottom, left
    5: "RBGY",  # left, top
    6: "GYRB",  # right, top
    7: "YGBR",  # right, bottom
    8: "BRYG",  # left, bottom
}


def clean(data: bytes) -> Clean:
    """Decode in this process as a worker does, and leave the settings of this process alone."""
    pixels = Image.MAX_IMAGE_PIXELS
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a worker talks to nobody
            policy.prepare()
            return policy.decode(data)
    finally:
        Image.MAX_IMAGE_PIXELS = pixels


def outcome(data: bytes) -> Clean | BadPhoto:
    """Return the sound picture or the refusal; any other end of decoding is an error."""
    try:
        photo = clean(data)
    except BadPhoto as refusal:
        return refusal
    check_sound(photo)
    return photo


def check_sound(photo: Clean) -> None:
    assert photo.image.mode == "RGB"
    assert max(photo.image.size) <= policy.LONG_SIDE
    with Image.open(io.BytesIO(photo.jpeg), formats=("JPEG",)) as again:
        again.load()
        assert again.size == photo.image.size


def shows(photo: CleanPhoto, data: bytes) -> bool:
    """Tell whether the pool has answered with what these bytes show."""
    expected = clean(data)
    return photo.image.tobytes() == expected.image.tobytes() and photo.jpeg == expected.jpeg


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def exif(orientation: int = 1, *, maker: str = "", area: str = "") -> Image.Exif:
    """Return an EXIF block with these values and nothing else."""
    block = Image.Exif()
    block[ORIENTATION] = orientation
    if maker:
        block[0x010F] = maker
    if area:
        block.get_ifd(GPS)[28] = area  # GPSAreaInformation
    return block


def quadrants(corners: str, size: tuple[int, int]) -> Image.Image:
    """Return a picture of four plain quarters, by letter: top left, top right, bottom left, bottom right."""
    width, height = size[0] // 2, size[1] // 2
    image = Image.new("RGB", size)
    for place, letter in enumerate(corners):
        image.paste(
            Image.new("RGB", (width, height), LETTERS[letter]), (place % 2 * width, place // 2 * height)
        )
    return image


def stored(orientation: int) -> Image.Image:
    """Return the upright test picture as a camera of this orientation would store it."""
    width, height = UPRIGHT_SIZE
    return quadrants(STORED[orientation], (height, width) if orientation >= 5 else (width, height))


def corners(image: Image.Image) -> str:
    """Name the four quarters of a picture by the letters of the nearest colors."""
    width, height = image.size
    places = [(x, y) for y in (height // 4, height * 3 // 4) for x in (width // 4, width * 3 // 4)]
    return "".join(
        min(LETTERS, key=lambda letter: far(color(image, place), LETTERS[letter])) for place in places
    )


def color(image: Image.Image, place: tuple[int, int] = (0, 0)) -> tuple[int, int, int]:
    found = image.getpixel(place)
    assert isinstance(found, tuple)
    return (int(found[0]), int(found[1]), int(found[2]))


def far(one: tuple[int, int, int], other: tuple[int, int, int]) -> int:
    """Return the largest difference of two colors in any channel."""
    return max(abs(a - b) for a, b in zip(one, other, strict=True))


def swapping_profile() -> bytes:
    """Return a color profile in which red means blue and blue means red."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile.replace(b"rXYZ", b"....").replace(b"bXYZ", b"rXYZ").replace(b"....", b"bXYZ")


def busy(size: tuple[int, int] = (64, 48)) -> Image.Image:
    """Return a small picture with something in every part of it, always the same."""
    red = Image.linear_gradient("L").resize(size)
    green = red.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    blue = Image.radial_gradient("L").resize(size)
    return Image.merge("RGB", (red, green, blue))


def samples() -> dict[str, bytes]:
    """Return one small good file of every allowed format, and of some modes of them."""
    image = busy()
    second = image.transpose(Image.Transpose.ROTATE_180)
    long = busy((3000, 20))
    tags = exif(6, maker="someone", area="somewhere")
    profile = swapping_profile()
    return {
        "jpeg": saved(image, "JPEG", exif=tags, icc_profile=profile, comment=b"hello"),
        "jpeg progressive": saved(image, "JPEG", progressive=True),
        "jpeg cmyk": saved(image.convert("CMYK"), "JPEG"),
        "png": saved(image, "PNG", exif=tags, icc_profile=profile),
        "png palette": saved(image.quantize(16), "PNG", transparency=b"\x00\x80"),
        "png alpha": saved(image.convert("RGBA"), "PNG"),
        "png grey": saved(image.convert("L"), "PNG", transparency=7),
        "apng": saved(image, "PNG", save_all=True, append_images=[second]),
        "webp": saved(image, "WEBP", exif=tags, icc_profile=profile),
        "webp large animated": saved(long, "WEBP", save_all=True, append_images=[long]),
        "webp lossless": saved(image.convert("RGBA"), "WEBP", lossless=True),
        "gif": saved(image.quantize(16), "GIF", transparency=3, comment=b"hello"),
        "gif animated": saved(image, "GIF", save_all=True, append_images=[second]),
        "avif": saved(image, "AVIF", exif=tags, icc_profile=profile),
        "heic": heic(quadrants(UPRIGHT, UPRIGHT_SIZE), turns=1, exif=tags.tobytes()),
        "heic burst": heic(quadrants(UPRIGHT, (2112, 32)), photos=2),
        "bmp": saved(image, "BMP"),
        "bmp palette": saved(image.quantize(16), "BMP"),
    }
