"""The marked copy of a photo: boxes, labels, faces.  Pillow only; the photo itself is never changed.

A label must be readable on any photo: it lies on a plate of its class's colour, dark or light
letters are chosen by that colour, and plates avoid each other and the picture's edge.
"""

from __future__ import annotations

import colorsys
import io
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from models.labels import label
from models.prompt import is_drawn
from models.records import Analysis, Box, Emotion, Language

JPEG_QUALITY = 85
MIN_LETTERS, MAX_LETTERS = 14, 56  # pixels; a chat shows the picture a few hundred wide
WIDEST = 0.6  # share of the picture that a plate may span
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
DARK: Color = (20, 20, 20)


def draw(image: Image.Image, analysis: Analysis, font: Path, language: Language = "ko") -> bytes:
    """Return a JPEG of the photo with everything that was found marked on it.

    `image` is the upright RGB picture that `analysis` is about; it stays as it is.
    """
    sheet = _Sheet(image, font)
    boxes = sorted((box for box in analysis.boxes if is_drawn(box)), key=lambda box: -box.area)
    for box in boxes:
        sheet.frame(box, label_color(box.label_id), sheet.line)
    for face in analysis.faces:
        sheet.frame(face.box, FACE_COLOR, max(1, sheet.line // 2))
    sheet.keep_clear([face.box for face in analysis.faces])
    for face in analysis.faces:
        if face.emotion and (text := EXPRESSIONS[face.emotion][language]):
            sheet.plate(face.box, text, FACE_COLOR)
    for box in sorted(boxes, key=lambda box: -box.score)[:MAX_LABELS]:
        text = f"{label(box.label_id).name(language)} {box.score:.0%}"
        sheet.plate(box, text, label_color(box.label_id))
    return sheet.jpeg()


def shrink(image: Image.Image, side: int) -> bytes:
    """Return a JPEG of the picture whose longer side has at most `side` pixels."""
    small = image.copy()
    small.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)
    target = io.BytesIO()
    small.save(target, "JPEG", quality=JPEG_QUALITY)
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
    return DARK if is_light else (255, 255, 255)


class _Sheet:
    """A copy of the photo that is being drawn on; sizes in pixels follow from the photo's."""

    def __init__(self, image: Image.Image, font: Path) -> None:
        self._image = image.copy()
        self._pen = ImageDraw.Draw(self._image)
        self._taken: list[Area] = []
        long_side = max(image.size)
        self.line = min(max(round(long_side / 240), 1), 5)
        self._letters = min(max(round(long_side / 34), MIN_LETTERS), MAX_LETTERS)
        self._font = _font(font, self._letters)

    def frame(self, box: Box, color: Color, line: int) -> None:
        """Draw a frame that never leaves the picture, on a dark edge that shows on bright photos."""
        x1, y1 = max(0, round(box.x1)), max(0, round(box.y1))
        x2 = min(self._image.width, round(box.x2)) - 1
        y2 = min(self._image.height, round(box.y2)) - 1
        if x2 <= x1 or y2 <= y1:
            return
        if line > 1:
            self._pen.rectangle((x1, y1, x2, y2), outline=DARK, width=line + 1)
        self._pen.rectangle((x1, y1, x2, y2), outline=color, width=line)

    def keep_clear(self, boxes: list[Box]) -> None:
        """Let no plate cover these boxes."""
        self._taken += [(box.x1, box.y1, box.x2, box.y2) for box in boxes]

    def plate(self, box: Box, text: str, color: Color) -> None:
        """Write a label where it covers no other and stays inside; leave it out where it cannot."""
        left, top, right, bottom = self._font.getbbox(text)
        pad = max(2, self._letters // 4)
        area = self._free_area(box, right - left + 2 * pad, bottom - top + 2 * pad)
        if area is None:
            return
        self._taken.append(area)
        self._pen.rectangle((area[0], area[1], area[2] - 1, area[3] - 1), fill=color)
        corner = (area[0] + pad - left, area[1] + pad - top)
        self._pen.text(corner, text, fill=letters_on(color), font=self._font)

    def jpeg(self) -> bytes:
        """Return the sheet as a JPEG."""
        target = io.BytesIO()
        self._image.save(target, "JPEG", quality=JPEG_QUALITY)
        return target.getvalue()

    def _free_area(self, box: Box, width: float, height: float) -> Area | None:
        """Return the first place for a plate: above the box, inside its top, further down, below."""
        if width > WIDEST * self._image.width or height > WIDEST * self._image.height:
            return None  # it would hide more than it tells
        x = min(max(0.0, round(box.x1)), self._image.width - width)
        right = max(0.0, min(round(box.x2), self._image.width) - width)
        inside = [(side, round(box.y1) + step * height) for step in range(4) for side in (x, right)]
        inside += [(side, round(box.y2) - height) for side in (x, right)]
        for left, top in [(x, round(box.y1) - height), *inside, (x, round(box.y2))]:
            area = (left, top, left + width, top + height)
            is_inside = top >= 0 and area[3] <= self._image.height
            if is_inside and not any(_overlap(area, other) for other in self._taken):
                return area
        return None


@lru_cache(maxsize=32)
def _font(path: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), size)


def _overlap(a: Area, b: Area) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
