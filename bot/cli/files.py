"""Photos on this disk: which files are meant, reading them, and where their marked copies go."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from inference.decode.policy import check_bytes
from models.errors import NoRoom

# What counts as a photo where a folder is given; our own copies do not.
SUFFIXES = frozenset([".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif", ".heic", ".heif", ".bmp"])
OUR_COPY = re.compile(r"-marked(-\d+)?\.jpg$")
NAME_BYTES = 200  # of a marked copy's name; a file system allows 255 with what is added


def expand(names: Iterable[str]) -> Iterator[str]:
    """Yield files in order; a folder stands for the photos in it, by name."""
    for name in names:
        yield from _photos_in(name) if os.path.isdir(name) else [name]  # noqa: PTH112 - never raises


def _photos_in(folder: str) -> list[str]:
    """Return the photos of a folder by name; the folder itself where it has none, to be told so."""
    try:
        names = sorted(os.listdir(folder))  # noqa: PTH208 - keeps names that are no text
    except OSError:
        names = []
    photos = [name for name in names if Path(name).suffix.lower() in SUFFIXES and not OUR_COPY.search(name)]
    return [str(Path(folder) / name) for name in photos] or [folder]


def read_photo(path: Path) -> bytes:
    """Return a file's bytes, unless it is refused for its size or kind anyway.

    Raises:
        TooManyBytes: it is larger than what is read.
        OSError: it is no file, or may not be read.
    """
    found = path.stat()
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError
    if not stat.S_ISREG(found.st_mode):  # a pipe or a device might never end
        raise OSError(errno.EINVAL, "not a regular file")
    check_bytes(found.st_size)
    return path.read_bytes()


def make_folder(out: Path) -> None:
    """Make the folder for marked copies.

    Raises:
        NoRoom: it cannot be made.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or "?"
        message = f"cannot write into {out}: {reason}; choose another folder with --out"
        raise NoRoom(message, path=str(out), reason=reason) from error


def marked_names(files: Iterable[str], out: Path) -> dict[str, Path]:
    """Return where each marked copy goes; two photos of one name get two, no photo is overwritten."""
    taken = {os.path.realpath(file) for file in files}
    numbers: Counter[str] = Counter()
    names: dict[str, Path] = {}
    for file in dict.fromkeys(files):
        stem = os.fsencode(Path(file).stem)[:NAME_BYTES].decode(errors="ignore") or "photo"
        while True:
            numbers[stem] += 1
            number = f"-{numbers[stem]}" if numbers[stem] > 1 else ""
            path = out / f"{stem}-marked{number}.jpg"
            if os.path.realpath(path) not in taken:
                break
        taken.add(os.path.realpath(path))
        names[file] = path
    return names


def write_copy(path: Path, data: bytes) -> None:
    """Write a marked copy all at once; a link of that name is replaced, never followed.

    Raises:
        OSError: it cannot be written.
    """
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as file:
        try:
            file.write(data)
            file.flush()
            Path(file.name).chmod(0o644)
            Path(file.name).replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                Path(file.name).unlink()
            raise
