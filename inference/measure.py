"""What a picture measures without any model: colours, brightness, warmth, sharpness, shape.

Everything is computed on a small view, because a comment says "파란빛", not "RGB 31, 84, 201".
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.records import Measures

SIDE = 64  # pixels, at least, of the longer side of the view that is measured
MIN_SHARE = 0.08  # of the picture; smaller patches of colour are not named
THIN = 4  # pixels: thirds and edges need a few
MIDDLE = 256  # pixels a side of the part that tells sharpness
EDGE = 24.0  # grey levels between neighbours that make an edge

Floats = NDArray[np.float32]

COLORS = (
    *("black", "gray", "white", "red", "orange", "brown", "beige"),
    *("yellow", "green", "sky", "blue", "purple", "pink"),
)


def measure(image: Image.Image) -> Measures:
    """Measure an upright RGB picture; `width` and `height` are those of `image`."""
    view = np.asarray(_small(image), np.float32)  # (h, w, 3)
    size = (view.shape[1], view.shape[0])
    grey = view @ np.array([0.299, 0.587, 0.114], np.float32)  # (h, w)
    names = color_names(view)
    third = max(1, size[1] // 3)
    half = max(1, size[0] // 2)
    red, blue = float(view[..., 0].mean()), float(view[..., 2].mean())
    return Measures(
        width=image.width,
        height=image.height,
        brightness=_rounded(grey.mean() / 255),
        contrast=_rounded(grey.std() / 128),
        warmth=_rounded((red - blue) / max(red + blue, 1.0) * 2),
        saturation=_rounded(_saturation(view).mean()),
        sharpness=_sharpness(image),
        detail=_detail(grey),
        light_x=_rounded((grey[:, -half:].mean() - grey[:, :half].mean()) / 255),
        light_y=_rounded((grey[:third].mean() - grey[-third:].mean()) / 255),
        colors=_shares(names),
        top=_main(names[:third]),
        bottom=_main(names[-third:]),
    )


def _small(image: Image.Image) -> Image.Image:
    """Return the picture at 64 to 127 pixels, and never thinner than `THIN`."""
    factor = max(1, max(image.size) // SIDE)
    width, height = (min(factor, max(1, side // THIN)) for side in image.size)
    small = image.reduce((width, height))
    size = (max(THIN, small.width), max(THIN, small.height))
    return small if small.size == size else small.resize(size, Image.Resampling.NEAREST)


def _rounded(value: float | np.floating) -> float:
    return round(float(value), 3)


def _saturation(view: Floats) -> Floats:
    high, low = view.max(axis=2), view.min(axis=2)
    return np.asarray(np.divide(high - low, high, out=np.zeros_like(high), where=high > 0), np.float32)


def _hue(view: Floats) -> Floats:
    """Return the hue of each pixel in degrees, 0..360, as (h, w)."""
    red, green, blue = view[..., 0], view[..., 1], view[..., 2]
    high, low = view.max(axis=2), view.min(axis=2)
    spread = np.where(high > low, high - low, 1.0)
    hue = np.where(
        high == red,
        (green - blue) / spread % 6,
        np.where(high == green, (blue - red) / spread + 2, (red - green) / spread + 4),
    )
    return np.asarray(hue * 60, np.float32)


def color_names(view: Floats) -> NDArray[np.intp]:
    """Return for each pixel of an RGB view (h, w, 3), 0..255, the index of its name in `COLORS`.

    The borders were drawn by eye: dark is black before it is any colour, pale is white or grey,
    dim orange is brown and pale orange beige, and a pale or bright blue is what Korean calls 하늘색.
    """
    hue, saturation, value = _hue(view), _saturation(view), view.max(axis=2) / 255
    is_warm = (hue >= 14) & (hue < 48)
    rules: list[tuple[str, NDArray[np.bool_]]] = [
        ("black", value < 0.2),
        ("black", (value < 0.3) & (saturation < 0.35)),
        ("white", (saturation < 0.12) & (value > 0.82)),
        ("gray", saturation < 0.15),
        ("beige", is_warm & (saturation < 0.45) & (value > 0.62)),
        ("brown", is_warm & ((value < 0.66) | (saturation < 0.5))),
        ("brown", ((hue < 14) | (hue >= 345)) & (value < 0.4)),
        ("pink", ((hue < 14) | (hue >= 345)) & (saturation < 0.5) & (value > 0.7)),
        ("red", (hue < 14) | (hue >= 345)),
        ("orange", hue < 40),
        ("yellow", hue < 66),
        ("green", hue < 165),
        ("sky", (hue < 235) & (value > 0.62) & (saturation < 0.6)),
        ("blue", hue < 255),
        ("purple", hue < 292),
    ]
    indices = [np.full(hue.shape, COLORS.index(name)) for name, _ in rules]
    pink = COLORS.index("pink")
    return np.select([where for _, where in rules], indices, default=pink).astype(np.intp)


def _shares(names: NDArray[np.intp]) -> tuple[tuple[str, float], ...]:
    counts = np.bincount(names.ravel(), minlength=len(COLORS)) / names.size
    order = np.argsort(-counts, kind="stable")
    return tuple((COLORS[i], round(float(counts[i]), 3)) for i in order if counts[i] >= MIN_SHARE)


def _main(names: NDArray[np.intp]) -> str:
    """Return the colour of a part of the picture, or "" where none covers half of it."""
    counts = np.bincount(names.ravel(), minlength=len(COLORS)) / names.size
    best = int(counts.argmax())
    return COLORS[best] if counts[best] >= 0.5 else ""


def _detail(grey: Floats) -> float:
    """Return the share of edge pixels of the small view."""
    return _rounded((_steps(grey) > EDGE).mean())


def _sharpness(image: Image.Image) -> float:
    """Return how strong the strongest hundredth of the edges in the middle is, 0..1.

    Edges are looked at as the picture is, because a small view makes every picture sharp.
    """
    left, top = (max(0, (side - MIDDLE) // 2) for side in image.size)
    right, bottom = min(image.width, left + MIDDLE), min(image.height, top + MIDDLE)
    steps = _steps(np.asarray(image.crop((left, top, right, bottom)).convert("L"), np.float32))
    return _rounded(np.percentile(steps, 99) / 255) if steps.size else 0.0


def _steps(grey: Floats) -> Floats:
    """Return for each pixel the larger of its differences to the right and downwards, grey levels."""
    across = np.abs(np.diff(grey, axis=1))[:-1]
    down = np.abs(np.diff(grey, axis=0))[:, :-1]
    return np.asarray(np.maximum(across, down), np.float32)
