"""Models that stand in for real ones: they count, sleep, fail and hang on demand."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from PIL import Image

from inference.batcher import Model
from inference.decode.pool import CleanPhoto
from inference.parts import Part
from models.labels import HUMAN_FACE, PERSON
from models.records import Box


@dataclass
class Recorder:
    """A model that notes every batch, and that no two batches ever overlap."""

    work: Callable[[Any], Any] = lambda item: item
    seconds: float = 0.0
    batches: list[list[Any]] = field(default_factory=list)
    threads: set[str] = field(default_factory=set)
    overlaps: int = 0
    _inside: int = 0

    def __call__(self, items: list[Any]) -> list[Any]:
        self._inside += 1
        self.overlaps += self._inside > 1
        self.threads.add(threading.current_thread().name)
        self.batches.append(list(items))
        time.sleep(self.seconds)
        try:
            return [self.work(item) for item in items]
        finally:
            self._inside -= 1


def person(width: int, height: int, score: float = 0.9) -> Box:
    """A person who fills the picture."""
    return Box(PERSON, score, 0, 0, width, height)


def see_people(image: Image.Image) -> tuple[Box, ...]:
    """One person, as large as the picture."""
    return (person(image.width, image.height),)


def see_face(image: Image.Image) -> tuple[Box, ...]:
    """One face in the middle."""
    return (
        Box(HUMAN_FACE, 0.9, image.width * 0.4, image.height * 0.4, image.width * 0.6, image.height * 0.6),
    )


def part(model: Model | None = None, *, load: Callable[[], Model] | None = None, limit: int = 4) -> Part:
    """A part of the engine around a stand-in model."""
    return Part("fake@00000000", load or (lambda: model or Recorder()), limit)


def clean_photo(
    color: tuple[int, int, int] = (200, 30, 30), size: tuple[int, int] = (320, 240)
) -> CleanPhoto:
    """A decoded photo of one colour."""
    return CleanPhoto(Image.new("RGB", size, color), bytes(color), size, is_partial=False, seconds=0.001)
