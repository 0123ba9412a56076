"""An analysis as other programs read it: the JSON of `try`, `post` and the web chat."""

from __future__ import annotations

from typing import Any

from models.labels import label
from models.records import Analysis, Box


def found_object(found: Analysis) -> dict[str, Any]:
    """Return what was found on a photo."""
    return {
        "width": found.width,
        "height": found.height,
        "objects": [
            {
                "label": label(box.label_id).en,
                "label_ko": label(box.label_id).ko,
                "score": box.score,
                "box": _sides(box),
            }
            for box in found.boxes
        ],
        "faces": [
            {
                "box": _sides(face.box),
                "emotion": face.emotion.name.lower() if face.emotion else None,
                "score": face.score or face.box.score,
            }
            for face in found.faces
        ],
        "caption": found.caption,
        "unsafe": None if found.unsafe is None else round(found.unsafe, 4),
        "models": list(found.models),
        "seconds": {stage: round(seconds, 4) for stage, seconds in found.seconds.items()},
        "degraded": list(found.degraded),
    }


def _sides(box: Box) -> list[float]:
    return [round(side, 1) for side in (box.x1, box.y1, box.x2, box.y2)]
