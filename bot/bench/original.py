"""The original's way, with our weights: one photo after the other, fp32, its plot, one PNG.

The detectors see the full picture, as `predict` did; the plot goes through an array and back, as
ultralytics' `Annotator` does for labels that are not ASCII; the picture leaves as a Pillow PNG at
its default level.  The language model is the template writer, as everywhere in this run.
"""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from inference.decode.policy import prepare
from inference.draw import label_color, letters_on
from inference.engine import with_person
from inference.measure import measure
from inference.parts import ROLES, model_for
from models.labels import label
from models.prompt import make_prompt
from models.records import Analysis, Box, ChatRules
from models.weights import Weights
from models.writers.templates import TemplateWriter


class Original:
    """Answers photos one by one.

    Args:
        weights: the same that we use.
        form: "PNG", as the original, or "JPEG".
    """

    def __init__(self, weights: Weights, form: str) -> None:
        prepare()
        self._form = form
        self._models = {role: model_for(weights, role, precision="f32", streams=1) for role in ROLES}
        self._font = weights.verified(weights.registry.role("font")[0])
        self._writer = TemplateWriter()

    def answer(self, data: bytes) -> bytes:
        """Return the marked picture of one photo."""
        image = Image.open(io.BytesIO(data)).convert("RGB")
        boxes = self._models["objects"]([image])[0]
        faces = self._models["faces"]([image])[0]
        unsafe = self._models["unsafe"]([image])[0]
        found = Analysis(
            image.width,
            image.height,
            boxes,
            with_person(faces, boxes),
            measure(image),
            unsafe=unsafe,
        )
        self._writer([make_prompt(found, ChatRules(), "original")])
        marked = Image.fromarray(_plot(np.asarray(image), boxes, self._font))
        target = io.BytesIO()
        marked.save(target, self._form)
        return target.getvalue()


def _plot(pixels: np.ndarray, boxes: tuple[Box, ...], font: Path) -> np.ndarray:
    """Return the pixels (H, W, 3) with boxes and labels, line and letters sized as ultralytics does."""
    image = Image.fromarray(pixels)
    pen = ImageDraw.Draw(image)
    line = max(round(sum(image.size) / 2 * 0.003), 2)
    letters = ImageFont.truetype(str(font), max(round(sum(image.size) / 2 * 0.035), 12))
    for box in boxes:
        color = label_color(box.label_id)
        text = f"{label(box.label_id).ko} {box.score:.2f}"
        pen.rectangle((box.x1, box.y1, box.x2, box.y2), width=line, outline=color)
        _, _, width, height = letters.getbbox(text)
        top = max(0.0, box.y1 - height)
        pen.rectangle((box.x1, top, box.x1 + width + 1, top + height + 1), fill=color)
        pen.text((box.x1, top), text, fill=letters_on(color), font=letters)
    return np.asarray(image)
