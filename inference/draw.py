"""The marked copy of a photo: boxes, labels, faces.  Pillow only; the photo itself is never changed.

A label must be readable on any photo: it lies on a plate of its class's colour, dark or light
letters are chosen by that colour, and plates avoid each other and the picture's edge.
"""

from __future__ import annotations

import colorsys
import io
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from models.labels import label
from models.prompt import is_drawn
from models.records import Analysis, Box, Emotion, Face, Language

JPEG_QUALITY = 85
MIN_LETTERS, MAX_LETTERS = 12, 40  # pixels
MAX_LABELS = 24  # of a crowd only the best boxes are named
GOLDEN = 0.618034  # neighbouring label ids get hues far apart

EXPRESSIONS: dict[Emotion, dict[Language, str]] = {
    Emotion.HAPPINESS: {"ko": "웃는 얼굴", "en": "smiling face"},
    Emotion.SADNESS: {"ko": "슬픈 표정", "en": "sad expression"},
    Emotion.ANGER: {"ko": "화난 표정", "en": "angry expression"},
    Emotion.PANIC: {"ko": "놀란 표정", "en": "startled expression"},
    Emotion.NEUTRAL: {"ko": "", "en": ""},
}

Color = tuple[int, int, int]
Area = tuple[float, float, float, float]

FACE_COLOR: Color = (255, 214, 10)


@dataclass(frozen=True, slots=True)
class _Style:
    """Sizes that depend on the picture, in pixels."""

    letters: int
    line: int
    font: ImageFont.FreeTypeFont


def draw(image: Image.Image, analysis: Analysis, font: Path, language: Language = "ko") -> bytes:
    """Return a JPEG of the photo with everything that was found marked on it.

    `image` is the upright RGB picture that `analysis` is about; it stays as it is.
    """
    marked = image.copy()
    style = _style(image.size, font)
    pen = ImageDraw.Draw(marked)
    boxes = sorted((box for box in analysis.boxes if is_drawn(box)), key=lambda box: -box.area)
    for box in boxes:
        _frame(pen, box, label_color(box.label_id), style.line, marked.size)
    for face in analysis.faces:
        _frame(pen, face.box, FACE_COLOR, max(1, style.line // 2), marked.size)
    taken: list[Area] = []
    for face in analysis.faces:
        _face_plate(pen, face, style, taken, marked.size, language)
    for box in sorted(boxes, key=lambda box: -box.score)[:MAX_LABELS]:
        text = f"{label(box.label_id).name(language)} {box.score:.0%}"
        _plate(pen, box, text, label_color(box.label_id), style, taken, marked.size)
    target = io.BytesIO()
    marked.save(target, "JPEG", quality=JPEG_QUALITY)
    return target.getvalue()


def label_color(label_id: int) -> Color:
    """Return the colour of a class: always the same, and unlike its neighbours."""
    hue = label_id * GOLDEN % 1
    red, green, blue = colorsys.hsv_to_rgb(hue, 0.75, 0.95)
    return round(red * 255), round(green * 255), round(blue * 255)


def letters_on(color: Color) -> Color:
    """Return black or white, whichever is easier to read on a colour."""
    red, green, blue = color
    is_light = 0.299 * red + 0.587 * green + 0.114 * blue > 140
    return (20, 20, 20) if is_light else (255, 255, 255)


@lru_cache(maxsize=32)
def _font(path: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), size)


def _style(size: tuple[int, int], font: Path) -> _Style:
    letters = min(max(round(max(size) / 42), MIN_LETTERS), MAX_LETTERS)
    line = min(max(round(max(size) / 240), 1), 5)
    return _Style(letters, line, _font(font, letters))


def _frame(pen: ImageDraw.ImageDraw, box: Box, color: Color, line: int, size: tuple[int, int]) -> None:
    """Draw a frame that never leaves the picture, on a thin dark edge that shows on bright photos."""
    x1, y1 = max(0, round(box.x1)), max(0, round(box.y1))
    x2, y2 = min(size[0], round(box.x2)) - 1, min(size[1], round(box.y2)) - 1
    if x2 <= x1 or y2 <= y1:
        return
    if line > 1:
        pen.rectangle((x1, y1, x2, y2), outline=(20, 20, 20), width=line + 1)
    pen.rectangle((x1, y1, x2, y2), outline=color, width=line)


def _face_plate(
    pen: ImageDraw.ImageDraw,
    face: Face,
    style: _Style,
    taken: list[Area],
    size: tuple[int, int],
    language: Language,
) -> None:
    if face.emotion and (text := EXPRESSIONS[face.emotion][language]):
        _plate(pen, face.box, text, FACE_COLOR, style, taken, size)


def _plate(
    pen: ImageDraw.ImageDraw,
    box: Box,
    text: str,
    color: Color,
    style: _Style,
    taken: list[Area],
    size: tuple[int, int],
) -> None:
    """Write a label where it covers no other and stays inside; leave it out where it cannot."""
    left, top, right, bottom = style.font.getbbox(text)
    pad = max(2, style.letters // 4)
    width, height = right - left + 2 * pad, bottom - top + 2 * pad
    area = _free_area(box, width, height, taken, size)
    if area is None:
        return
    taken.append(area)
    pen.rectangle((area[0], area[1], area[2] - 1, area[3] - 1), fill=color)
    pen.text((area[0] + pad - left, area[1] + pad - top), text, fill=letters_on(color), font=style.font)


def _free_area(
    box: Box, width: float, height: float, taken: list[Area], size: tuple[int, int]
) -> Area | None:
    """Return the first place for a plate: above the box, inside its top, further down, below it."""
    if width > size[0] or height > size[1]:
        return None
    x = min(max(0.0, round(box.x1)), size[0] - width)
    right = max(0.0, min(round(box.x2), size[0]) - width)
    inside = [(side, round(box.y1) + step * height) for step in range(4) for side in (x, right)]
    for left, top in [(x, round(box.y1) - height), *inside, (x, round(box.y2))]:
        area = (left, top, left + width, top + height)
        if top >= 0 and area[3] <= size[1] and not any(_overlap(area, other) for other in taken):
            return area
    return None


def _overlap(a: Area, b: Area) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
