"""Faces with a named expression: from an npz file, or from a folder of class folders.

A data set has two parts, "train" and "validation".  In an npz these are the arrays `train_x`
(N, 48, 48) uint8, `train_y` (N,), and, where there are any, `train_copy` and `train_source`; the same
for `validation`; `classes` names the classes.  A folder holds `train/` and `validation/`, or the
class folders themselves, which then stand for either part.
"""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.expressions import CLASSES

Part = Literal["train", "validation"]
SIDE = 48  # pixels
SUFFIXES = frozenset([".png", ".jpg", ".jpeg", ".bmp", ".webp"])
MAX_PIXELS = 40_000_000


class BadData(ValueError):
    """A data set cannot be read; the message says what was found and what is allowed."""


@dataclass(frozen=True, slots=True)
class Faces:
    """Grey faces and what they show.

    `pixels` (N, 48, 48) uint8, `labels` (N,) int64 indices of `CLASSES`, `sources` (N,) text: faces that
    share one were made from one photo, `is_copy` (N,) bool: made from another by shifting or so.
    """

    pixels: NDArray[np.uint8]
    labels: NDArray[np.int64]
    sources: NDArray[np.str_]
    is_copy: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.labels)

    def at(self, index: NDArray[Any]) -> Faces:
        """Return the faces of an index or mask, in its order."""
        return Faces(self.pixels[index], self.labels[index], self.sources[index], self.is_copy[index])

    def originals(self) -> Faces:
        """Return the faces that are no copies."""
        return self.at(~self.is_copy)

    def sha256(self) -> str:
        """Return the SHA-256 over pixels, labels, sources and copies: which data this is."""
        digest = hashlib.sha256()
        for array in (self.pixels, self.labels, self.is_copy):
            digest.update(np.ascontiguousarray(array).tobytes())
        digest.update("\n".join(self.sources.tolist()).encode())
        return digest.hexdigest()


def load_faces(path: Path, part: Part) -> Faces:
    """Read one part of a data set.

    Raises:
        BadData: it cannot be read, or does not hold what it must.
    """
    if path.is_dir():
        return _from_folder(path, part)
    if not path.is_file():
        raise BadData(f"{path} does not exist; a data set is an .npz file or a folder of class folders")
    return _from_npz(path, part)


def _from_npz(path: Path, part: Part) -> Faces:
    arrays = _arrays(path, part)
    lacking = [name for name in ("classes", f"{part}_x", f"{part}_y") if name not in arrays]
    if lacking:
        raise BadData(f"{path} lacks {', '.join(lacking)}")
    pixels, count = arrays[f"{part}_x"], len(arrays[f"{part}_x"])
    sources = arrays.get(f"{part}_source", np.arange(count).astype(np.str_))
    is_copy = arrays.get(f"{part}_copy", np.zeros(count, np.bool_))
    if pixels.dtype != np.uint8 or pixels.shape[1:] != (SIDE, SIDE):
        found = f"{pixels.dtype} {pixels.shape}"
        raise BadData(f"{part}_x of {path} is {found}; grey faces are uint8 (N, {SIDE}, {SIDE})")
    columns = (arrays[f"{part}_y"], sources, is_copy)
    if {len(pixels)} != {column.size for column in columns}:
        sizes = ", ".join(str(column.size) for column in columns)
        raise BadData(f"{path} has {count} faces in {part}_x, but {sizes} labels, sources and copies")
    labels = _in_our_order(path, arrays["classes"], arrays[f"{part}_y"])
    return _checked(Faces(pixels, labels, sources.astype(np.str_), is_copy.astype(np.bool_)), path)


def _arrays(path: Path, part: Part) -> dict[str, NDArray[Any]]:
    """Return the arrays of one part, and the names of the classes."""
    try:
        with path.open("rb") as raw, zipfile.ZipFile(raw), np.load(raw, allow_pickle=False) as file:
            wanted = [name for name in file.files if name == "classes" or name.startswith(f"{part}_")]
            return {name: file[name] for name in wanted}
    except (OSError, ValueError, EOFError, KeyError, zlib.error, zipfile.BadZipFile) as error:
        raise BadData(f"{path} is no .npz file of plain arrays: {error}") from error


def _in_our_order(path: Path, names: NDArray[Any], labels: NDArray[Any]) -> NDArray[np.int64]:
    """Return labels as indices of `CLASSES`, whatever order the file has its classes in."""
    strangers = sorted(set(map(str, names.tolist())) - set(CLASSES))
    if strangers:
        raise BadData(f"{path} has classes {strangers}; there are: {', '.join(CLASSES)}")
    if not np.issubdtype(labels.dtype, np.integer) or (len(labels) and not 0 <= labels.min() <= labels.max()):
        raise BadData(f"{path} has labels that are no class numbers")
    if len(labels) and labels.max() >= len(names):
        raise BadData(f"{path} has the label {labels.max()}, but only {len(names)} classes")
    ours = np.array([CLASSES.index(str(name)) for name in names], np.int64)
    return np.asarray(ours[labels], np.int64)


def _from_folder(path: Path, part: Part) -> Faces:
    root = path / part if (path / part).is_dir() else path
    files = [(file, index) for index, name in enumerate(CLASSES) for file in _files_of(root / name)]
    strangers = sorted(folder.name for folder in root.iterdir() if folder.is_dir())
    strangers = [name for name in strangers if name not in CLASSES and name not in ("train", "validation")]
    if strangers:
        raise BadData(f"{root} has folders {strangers}; class folders are: {', '.join(CLASSES)}")
    if not files:
        raise BadData(f"{root} has no pictures in class folders; those are: {', '.join(CLASSES)}")
    pixels = np.stack([_grey(file) for file, _ in files])
    sources = np.array([str(file.relative_to(root)) for file, _ in files])
    labels = np.array([index for _, index in files], np.int64)
    return _checked(Faces(pixels, labels, sources, np.zeros(len(files), np.bool_)), path)


def _files_of(folder: Path) -> Iterator[Path]:
    yield from (file for file in sorted(folder.glob("*")) if file.suffix.lower() in SUFFIXES)


def _grey(file: Path) -> NDArray[np.uint8]:
    try:
        with Image.open(file) as image:
            if image.width * image.height > MAX_PIXELS:
                raise BadData(f"{file} has {image.width}x{image.height} pixels, too many for a face")
            return grey_face(image)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise BadData(f"{file} is no picture that can be read: {error}") from error


def grey_face(image: Image.Image) -> NDArray[np.uint8]:
    """Return a picture of a face as (48, 48) uint8 grey."""
    grey = image.convert("L")
    sized = grey if grey.size == (SIDE, SIDE) else grey.resize((SIDE, SIDE), Image.Resampling.BILINEAR)
    return np.asarray(sized, np.uint8)


def _checked(faces: Faces, path: Path) -> Faces:
    if not len(faces):
        raise BadData(f"{path} has no faces")
    return faces


def hold_out(faces: Faces, share: float, seed: int) -> tuple[Faces, Faces]:
    """Return the faces to learn from, and those held out to choose by.

    Held out are originals only, about `share` of every class.  Faces of one source, and faces
    with the same pixels, stay on one side, also by way of others: no copy of a face that is
    held out is learned from.
    """
    groups = _families(faces)
    chosen: set[int] = set()
    random = np.random.default_rng(seed)
    for index in range(len(CLASSES)):
        here = np.unique(groups[(faces.labels == index) & ~faces.is_copy])
        chosen.update(random.permutation(here)[: round(share * len(here))].tolist())
    is_out = np.isin(groups, sorted(chosen))
    return faces.at(~is_out), faces.at(is_out & ~faces.is_copy)


def _families(faces: Faces) -> NDArray[np.int64]:
    """Return a number for each face, the same for all that share a source or their pixels."""
    parent = list(range(len(faces)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    for keys in (faces.sources.tolist(), _prints(faces.pixels)):
        first: dict[Any, int] = {}
        for index, key in enumerate(keys):
            parent[root(index)] = root(first.setdefault(key, index))
    return np.array([root(index) for index in range(len(faces))], np.int64)


def _prints(pixels: NDArray[np.uint8]) -> Iterable[bytes]:
    return (hashlib.sha256(face.tobytes()).digest() for face in pixels)


def also_in(faces: Faces, others: Faces) -> NDArray[np.bool_]:
    """Return which of `faces` have exactly the pixels of one of the others."""
    known = set(_prints(others.pixels))
    return np.array([face in known for face in _prints(faces.pixels)], np.bool_)
