"""What the store gives back, and how an analysis becomes text and is read again."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from models.records import Analysis, Box, Emotion, Face, Language, Measures, Person, Place
from storage.sqlite import Row

State = Literal["received", "ready", "analysed", "answered", "refused", "quarantined"]
Flight = Literal["", "shared", "alone"]


@dataclass(frozen=True, slots=True)
class Picture:
    """A clean JPEG as the decoder made it; `width` and `height` are its pixels."""

    jpeg: bytes
    width: int
    height: int
    is_partial: bool = False


@dataclass(frozen=True, slots=True)
class Accepted:
    """What became of a photo that was handed in: its id, and whether it was known or deleted before."""

    photo: str
    is_new: bool
    is_deleted: bool = False


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo as it is remembered.

    `seq` orders the photos of all chats by arrival, `change` is the number of the last thing that
    happened to it.  `error` is the code of a text for the person, `error_data` its
    values.  A *silent* photo is kept and found
    without an answer.  A *doubtful* one may have been answered: a process ended in between.
    `reply_to` is the message to reply to, `placeholder` one that the answer takes the place of.
    """

    id: str
    seq: int
    scope: int
    place: Place
    author: Person
    message: str
    attachment: str
    album: str
    text: str
    language: Language
    sent_at: datetime
    answered_at: datetime | None
    state: State
    flight: Flight
    tries: int
    is_hidden: bool
    is_spoiler: bool
    is_first_frame: bool
    is_silent: bool
    is_doubtful: bool
    source: str
    reply_to: str
    placeholder: str
    width: int
    height: int
    is_partial: bool
    analysis: Analysis | None
    error: str
    error_data: dict[str, str | int | float]
    reply: str
    change: int


@dataclass(frozen=True, slots=True)
class Gone:
    """A photo that was deleted, for those who have seen it."""

    id: str
    change: int


@dataclass(frozen=True, slots=True)
class Unsaid:
    """An answer of ours that is to be taken back, since its photo was deleted.

    `message` is what it replied to; `reply` is "" where nobody knows whether it was sent.
    """

    id: int
    place: Place
    message: str
    reply: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a deletion removed, by store."""

    photos: int = 0
    pictures: int = 0
    words: int = 0
    answers: int = 0

    def __add__(self, other: Receipt) -> Receipt:
        """Return what both removed."""
        return Receipt(
            self.photos + other.photos,
            self.pictures + other.pictures,
            self.words + other.words,
            self.answers + other.answers,
        )


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep removed because its time was over."""

    photos: int = 0
    backups: int = 0


# One row per photo with its place and author; pictures are never joined.
SELECT = """
SELECT photo.*, scope.platform, server, chat, topic, is_private, is_nsfw, person.key, person.name
FROM photo JOIN scope ON scope.id = photo.scope JOIN person ON person.id = photo.author
"""


def photo_of(row: Row) -> Photo:
    """Return the photo of a row of `SELECT`."""
    place = Place(
        platform=row["platform"],
        server=row["server"],
        chat=row["chat"],
        topic=row["topic"],
        is_private=bool(row["is_private"]),
        is_nsfw=bool(row["is_nsfw"]),
    )
    error, _, data = (row["error"] or "").partition(" ")
    return Photo(
        id=row["code"],
        seq=row["id"],
        scope=row["scope"],
        place=place,
        author=Person(row["platform"], row["key"], row["name"]),
        message=row["message"],
        attachment=row["attachment"],
        album=row["album"],
        text=row["text"],
        language=row["language"],
        sent_at=moment(row["sent_at"]),
        answered_at=moment(row["answered_at"]) if row["answered_at"] else None,
        state=row["state"],
        flight=row["flight"],
        tries=row["tries"],
        is_hidden=bool(row["is_hidden"]),
        is_spoiler=bool(row["is_spoiler"]),
        is_first_frame=bool(row["is_first_frame"]),
        is_silent=bool(row["is_silent"]),
        is_doubtful=bool(row["is_doubtful"]),
        source=row["source"],
        reply_to=row["reply_to"] or row["message"],
        placeholder=row["placeholder"],
        width=row["width"] or 0,
        height=row["height"] or 0,
        is_partial=bool(row["is_partial"]),
        analysis=loads(row["analysis"]) if row["analysis"] else None,
        error=error,
        error_data=json.loads(data or "{}"),
        reply=row["reply"] or "",
        change=row["change"],
    )


def moment(milliseconds: int) -> datetime:
    """Return the moment that a column of the database names."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def dumps(analysis: Analysis) -> str:
    """Return an analysis as text."""
    fields: dict[str, Any] = asdict(analysis)
    fields["embedding"] = None  # vectors have a table of their own, as soon as there are any
    for face in fields["faces"]:
        face["emotion"] = face["emotion"].name if face["emotion"] else None
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


def loads(text: str) -> Analysis:
    """Return the analysis that `dumps` wrote."""
    fields: dict[str, Any] = json.loads(text)
    measures = fields["measures"]
    if measures:
        measures["colors"] = tuple((name, share) for name, share in measures["colors"])
    fields |= {
        "boxes": tuple(Box(**box) for box in fields["boxes"]),
        "faces": tuple(
            Face(Box(**face["box"]), Emotion[face["emotion"]] if face["emotion"] else None, face["score"])
            for face in fields["faces"]
        ),
        "measures": Measures(**measures) if measures else None,
        "models": tuple(fields["models"]),
        "degraded": tuple(fields["degraded"]),
    }
    return Analysis(**fields)
