"""Files on Telegram's servers and the three names each has: file_id, file_unique_id and file_path."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tests.platforms.telegram import pictures
from tests.platforms.telegram.records import Json
from tests.platforms.telegram.refusals import bad

Kind = Literal["photo", "document", "sticker", "animation", "video", "thumbnail"]

MOST_DOWNLOAD = 20 * 1024 * 1024
MOST_UPLOAD = 50 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Stored:
    """A file, and the fields that describe it."""

    kind: Kind
    data: bytes
    file_id: str
    unique_id: str
    path: str
    about: Json  # width, height, file_name, mime_type, ...
    upload: bytes = b""  # of a photo: as it was sent

    def described(self) -> Json:
        """Return a PhotoSize, Document, Sticker or Animation."""
        names = {"file_id": self.file_id, "file_unique_id": self.unique_id, "file_size": len(self.data)}
        return names | self.about


class Files:
    """All files that one bot may name.

    Args:
        token: of the bot; another bot gets other ids for the same files.
    """

    def __init__(self, token: str) -> None:
        self._token = token
        self._by_id: dict[str, Stored] = {}
        self._by_path: dict[str, Stored] = {}
        self._photos: dict[str, list[Stored]] = {}  # all sizes of a photo by the id of each
        self._expired: set[str] = set()

    def add(self, kind: Kind, data: bytes, suffix: str, about: Json, upload: bytes = b"") -> Stored:
        """Keep a file."""
        number = len(self._by_id) + 1
        unique = _code(f"{kind}{number}".encode(), 12)
        file_id = _code(f"{self._token}{kind}{number}".encode(), 60)
        path = f"{kind}s/file_{number}.{suffix}"
        stored = Stored(kind, data, file_id, unique, path, about, upload)
        self._by_id[file_id] = self._by_path[path] = stored
        return stored

    def photo(self, data: bytes, sizes: Sequence[pictures.Scaled]) -> list[Stored]:
        """Keep a photo in all its sizes, the smallest first."""
        found = [
            self.add("photo", one.data, "jpg", {"width": one.width, "height": one.height}, data)
            for one in sizes
        ]
        self._photos |= {one.file_id: found for one in found}
        return found

    def thumbnail(self, data: bytes) -> Json:
        """Return the field with the preview of a picture file, nothing for what is no picture."""
        small = pictures.thumbnail(data)
        if not small:
            return {}
        stored = self.add("thumbnail", small.data, "jpg", {"width": small.width, "height": small.height})
        return {"thumbnail": stored.described()}

    def document(self, name: str, mime: str, data: bytes) -> Stored:
        """Keep a document under its name; pictures get a preview."""
        suffix = name.rpartition(".")[2] or "bin"
        about = {"file_name": name, "mime_type": mime}
        preview = self.thumbnail(data) if mime.startswith("image/") else {}
        return self.add("document", data, suffix, about | preview)

    def sizes(self, file_id: str) -> list[Stored]:
        """Return a photo again that has been here before, in all its sizes."""
        return self._photos[self.known(file_id, "photo").file_id]

    def known(self, file_id: str, kind: Kind | None = None) -> Stored:
        """Return a file by its id.

        Raises:
            Refused: nobody gave that id to this bot, or the file is of another kind.
        """
        stored = self._by_id.get(file_id)
        if not stored:
            text = "wrong file identifier/HTTP URL specified" if kind else "invalid file_id"
            raise bad(text)
        if kind and stored.kind != kind:
            raise bad(f"can't use file of type {stored.kind.title()} as {kind.title()}")
        return stored

    def ready(self, file_id: str) -> Json:
        """Return a File that can be downloaded now.

        Raises:
            Refused: it is unknown or larger than bots may download.
        """
        stored = self.known(file_id)
        if len(stored.data) > MOST_DOWNLOAD:
            raise bad("file is too big")
        self._expired.discard(stored.path)
        names = {"file_id": stored.file_id, "file_unique_id": stored.unique_id}
        return names | {"file_size": len(stored.data), "file_path": stored.path}

    def at(self, path: str) -> bytes | None:
        """Return the bytes at a path, None where there are none or the link is too old."""
        stored = self._by_path.get(path)
        return stored.data if stored and path not in self._expired else None

    def expire(self) -> None:
        """Let an hour pass: links that were given out lead nowhere, `getFile` gives new ones."""
        self._expired = set(self._by_path)


def _code(seed: bytes, length: int) -> str:
    digest = hashlib.sha512(seed).digest()
    return "A" + base64.urlsafe_b64encode(digest).decode()[: length - 1]
