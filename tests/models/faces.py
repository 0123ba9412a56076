"""Tiny data sets of faces, made on the spot."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from models.datasets.faces import Faces
from models.expressions import CLASSES


def make_faces(each: int = 6, *, seed: int = 0, copies: int = 0) -> Faces:
    """Return `each` faces of every class, told apart by a bright bar; the first also as copies."""
    random = np.random.default_rng(seed)
    pixels, labels, sources, is_copy = [], [], [], []
    for label, name in enumerate(CLASSES):
        for number in range(each):
            face = random.integers(40, 90, (48, 48)).astype(np.uint8)
            face[label * 6 : label * 6 + 8] = 220
            for copy in range(1 + (copies if number < 2 else 0)):
                pixels.append(np.roll(face, copy, axis=1))
                labels.append(label)
                sources.append(f"{name}_{number}")
                is_copy.append(copy > 0)
    return Faces(np.stack(pixels), np.array(labels), np.array(sources), np.array(is_copy))


def write_npz(path: Path, *, train: Faces, validation: Faces | None = None, **changed: Any) -> Path:
    """Write the faces as the shared npz is written; `changed` replaces arrays, None leaves one out."""
    arrays: dict[str, Any] = {"classes": np.array(CLASSES)}
    for part, faces in (("train", train), ("validation", validation or train)):
        arrays |= {f"{part}_x": faces.pixels, f"{part}_y": faces.labels}
        arrays |= {f"{part}_source": faces.sources, f"{part}_copy": faces.is_copy}
    kept = {name: value for name, value in (arrays | changed).items() if value is not None}
    np.savez(path, **kept)
    return path


def write_folder(path: Path, faces: Faces) -> Path:
    """Write the faces as PNG files in class folders."""
    for number, (pixels, label) in enumerate(zip(faces.pixels, faces.labels, strict=True)):
        folder = path / CLASSES[label]
        folder.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(folder / f"{number}.png")
    return path
