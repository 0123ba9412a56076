"""The records every package speaks: frozen, slotted, standard library only.

One word per idea: a *photo* is what somebody posted, a *box* where something is, a *caption* the
neutral description (it is also the alt text), a *comment* the chatty answer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Literal

Language = Literal["ko", "en"]


class Emotion(Enum):
    """A visible expression; one enum for data sets, detectors, prompts and texts.

    The values are the Korean names.  The class the original called panic, surprised and 공포 in
    turn is 당황 in its own data, so it is here.
    """

    ANGER = "분노"
    SADNESS = "슬픔"
    PANIC = "당황"
    HAPPINESS = "기쁨"
    NEUTRAL = "무표정"  # seen, never spoken of


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was said.  Ids are text, whatever the platform makes of them."""

    platform: str
    server: str
    chat: str
    topic: str = ""
    is_private: bool = False
    is_nsfw: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """Who said it."""

    platform: str
    id: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A photo as it arrived, before anybody looked at its bytes."""

    place: Place
    message: str
    attachment: str
    author: Person
    sent_at: datetime
    text: str = ""
    spoiler: bool = False
    album: str = ""
    source: str = ""  # what its adapter needs to fetch the bytes again, never an address
    reply_to: str = ""  # the message that the answer replies to, where it is another
    is_first_frame: bool = False  # of something that moves only the first picture is looked at


@dataclass(frozen=True, slots=True)
class Box:
    """Something found in a picture.

    `label_id` is a class of `models.labels` (Open Images, 0..600), `score` is 0..1, the corners
    are pixels of the upright picture with `x2` and `y2` outside the box.
    """

    label_id: int
    score: float
    x1: float
    y1: float
    x2: float
    y2: float

    @property
    def area(self) -> float:
        """Return the area in square pixels, 0 for an empty box."""
        return max(0.0, self.x2 - self.x1) * max(0.0, self.y2 - self.y1)

    @property
    def center(self) -> tuple[float, float]:
        """Return the middle of the box as x, y in pixels."""
        return (self.x1 + self.x2) / 2, (self.y1 + self.y2) / 2


@dataclass(frozen=True, slots=True)
class Face:
    """A face and what is visible on it; `emotion` is None where nothing may be said."""

    box: Box
    emotion: Emotion | None = None
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Measures:
    """What a picture measures, without any model.  Every number is 0..1 unless stated.

    `warmth` is -1 (blue light) .. 1 (orange light).  `colors` are (name, share of the picture),
    largest first, names from `inference.measure`.  `light_x` is the brightness of the right half
    minus the left, `light_y` of the upper third minus the lower, both -1..1.  `detail` is the
    share of pixels that belong to an edge, `sharpness` the strength of the finest edges.
    """

    width: int
    height: int
    brightness: float
    contrast: float
    warmth: float
    saturation: float
    sharpness: float
    detail: float
    light_x: float
    light_y: float
    colors: tuple[tuple[str, float], ...]
    top: str
    bottom: str


@dataclass(frozen=True, slots=True)
class Analysis:
    """Everything that is known about one photo.

    `width` and `height` are pixels of the upright clean picture, in which all boxes live.
    `unsafe` is None when the safety model could not answer; `embedding` is None without an
    encoder.  `models` are `name@sha8` of those that answered.  `seconds` maps a stage to the wall time
    from asking to its answer, waiting for its turn included.  `degraded` names every part that is
    missing from this answer.
    """

    width: int
    height: int
    boxes: tuple[Box, ...] = ()
    faces: tuple[Face, ...] = ()
    measures: Measures | None = None
    caption: str = ""
    comment: str = ""
    unsafe: float | None = None
    embedding: bytes | None = None
    models: tuple[str, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict)
    degraded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A photo that a search found, and why."""

    photo: str
    place: Place
    message: str
    sent_at: datetime
    author: Person
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class ChatRules:
    """What a chat has decided about its answers."""

    mode: Literal["auto", "mention", "off"] = "mention"
    language: Language = "ko"
    tone: Literal["polite", "casual"] = "polite"
    questions: bool = True
    emotion: bool = True
    annotate: bool = True
    retention_days: int = 90
    unsafe_threshold: float = 0.8
    writer: str = "auto"
