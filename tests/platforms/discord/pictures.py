"""What Discord finds out about a file that somebody uploads."""

from __future__ import annotations

import io
import mimetypes
import re
import unicodedata
from pathlib import PurePath

from PIL import Image

from tests.platforms.discord.things import Attachment

SPOILER = "SPOILER_"


def attached(
    number: int, filename: str, data: bytes, *, description: str | None = None, is_spoiler: bool = False
) -> Attachment:
    """Return an upload as an attachment: its name made harmless, its kind guessed, its size measured."""
    name = cleansed(filename)
    kind, _ = mimetypes.guess_type(name)
    made = Attachment(number, name, data, kind, description)
    made.size = measured(data) if (kind or "").startswith("image/") else None
    made.is_spoiler = is_spoiler or name.startswith(SPOILER)
    made.title = PurePath(filename.removeprefix(SPOILER)).stem if name != filename else None
    return made


def cleansed(filename: str) -> str:
    """Return what is left of a name: letters and digits of ASCII, and little else."""
    prefix = SPOILER if filename.startswith(SPOILER) else ""
    path = PurePath(filename.removeprefix(SPOILER))
    plain = unicodedata.normalize("NFKD", re.sub(r"\s+", "_", path.stem)).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^\w.\-]", "", plain).strip("._")
    return f"{prefix}{stem or 'unknown'}{re.sub(r'[^A-Za-z0-9.]', '', path.suffix)}"


def measured(data: bytes) -> tuple[int, int] | None:
    """Return width and height of a picture, None of what is none."""
    try:
        with Image.open(io.BytesIO(data)) as picture:
            return picture.size
    except Exception:  # noqa: BLE001 - hostile files raise anything, and then it has no size
        return None
