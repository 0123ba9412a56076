"""The engine: a clean photo in, an `Analysis` out.

Detectors, faces, safety and measuring work side by side; each model has a deadline and a circuit
breaker, and an answer goes out without the part that failed.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from PIL import Image

from inference.batcher import Batcher
from inference.breaker import Breaker
from inference.decode.pool import CleanPhoto
from inference.device import Device
from inference.measure import measure
from inference.parts import Part
from models.boxes import as_array, covered, scaled
from models.captioners.composed import compose
from models.detectors.expression import cut, is_large_enough, visible
from models.errors import Busy, Late, ModelFailed, ServiceError, Stopped
from models.labels import PERSONS
from models.prompt import make_prompt
from models.records import Analysis, Box, ChatRules, Emotion, Face, Measures
from models.writers import Writer

log = logging.getLogger(__name__)

VIEW = 640  # pixels of the longer side of what the models look at
ROOM = 64  # photos inside the engine at one time
PART_SECONDS = 15.0  # then the answer goes out without the part
INSIDE_PERSON = 0.6  # share of a face that must lie in a person's box; dogs pass as faces

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class _Lane:
    """What one part needs at run time."""

    part: Part
    batcher: Batcher[Any, Any]
    breaker: Breaker


class Engine:
    """Analyses photos with the models of one device.

    Args:
        parts: the model of each role; a role that is absent is simply not part of the answer.
        writer: writes the comment.
        device: the thread that runs the models.
        room: photos that may be inside at one time; more are refused with their place.
        part_seconds: deadline of each part.
    """

    def __init__(
        self,
        parts: Mapping[str, Part],
        writer: Writer,
        *,
        device: Device | None = None,
        room: int = ROOM,
        part_seconds: float = PART_SECONDS,
    ) -> None:
        self._device = device or Device()
        self._writer = writer
        self._room = room
        self._part_seconds = part_seconds
        self._inside = 0
        self._lanes = {
            role: _Lane(part, self._device.add(role, part.load, limit=part.limit, room=room), Breaker())
            for role, part in parts.items()
        }

    async def analyse(
        self, photo: CleanPhoto, rules: ChatRules, *, chat: str = "", is_backfill: bool = False
    ) -> Analysis:
        """Return everything that is known about a photo.

        `chat` is who it is fair to; `is_backfill` work waits for people who are waiting.

        Raises:
            Busy: too many photos are inside; `data["place"]` is how many wait before.
            Stopped: the engine is shutting down.
        """
        if self._inside >= self._room:
            raise Busy(f"{self._inside} photos inside, the limit is {self._room}", place=self._inside)
        self._inside += 1
        try:
            return await self._analyse(photo, rules, chat, is_backfill=is_backfill)
        finally:
            self._inside -= 1

    async def warm(self) -> None:
        """Load every model now, so that no photo has to wait for one or is blamed for a crash of one."""
        blank = Image.new("RGB", (VIEW, VIEW))
        for role in self._lanes:
            await self._ask(role, blank, _Report(seconds={}), chat="", is_backfill=False)

    async def _analyse(
        self, photo: CleanPhoto, rules: ChatRules, chat: str, *, is_backfill: bool
    ) -> Analysis:
        report = _Report(seconds={"decode": photo.seconds})
        view = await asyncio.to_thread(view_of, photo.image)

        def ask(role: str) -> Awaitable[Any]:
            return self._ask(role, view, report, chat=chat, is_backfill=is_backfill)

        objects, faces, unsafe, measures = await asyncio.gather(
            ask("objects"), ask("faces"), ask("unsafe"), _measures(photo, view, report)
        )
        factor = photo.image.width / view.width
        boxes = _back(objects or (), factor, photo.image)
        found = with_person(_back(faces or (), factor, photo.image), boxes)
        if rules.emotion:
            found = await self._read(found, photo.image, report, chat=chat, is_backfill=is_backfill)
        analysis = Analysis(
            width=photo.image.width,
            height=photo.image.height,
            boxes=boxes,
            faces=found,
            measures=measures,
            unsafe=unsafe,
            models=self._answered(report),
            seconds=report.seconds,
            degraded=(*report.failed, *(("partial",) if photo.is_partial else ())),
        )
        return self._written(analysis, rules, photo)

    async def _read(
        self, faces: tuple[Face, ...], image: Image.Image, report: _Report, *, chat: str, is_backfill: bool
    ) -> tuple[Face, ...]:
        """Return the faces with what is visible on those that are large enough to be read."""
        large = [face for face in faces if is_large_enough(face.box)]
        if "expression" not in self._lanes or not large:
            return faces
        cuts = await asyncio.to_thread(lambda: [cut(image, face.box) for face in large])
        asked = (self._ask("expression", one, report, chat=chat, is_backfill=is_backfill) for one in cuts)
        read = dict(zip(map(id, large), await asyncio.gather(*asked), strict=True))
        return tuple(_with_expression(face, read.get(id(face))) for face in faces)

    async def _ask(
        self, role: str, view: Image.Image, report: _Report, *, chat: str, is_backfill: bool
    ) -> Any:  # noqa: ANN401 - each role has its own answer
        """Return a part's answer, or None after noting that it is missing."""
        lane = self._lanes.get(role)
        if lane is None:
            return None
        if not lane.breaker.allows():
            report.miss(role)
            return None
        try:
            answer = await report.timed(role, self._run(lane, view, chat, is_backfill=is_backfill))
        except Stopped:
            raise
        except ServiceError as error:
            lane.breaker.failed()
            report.miss(role)
            log.warning("part missing part=%s error=%s", role, error)
            return None
        lane.breaker.succeeded()
        return answer

    async def _run(self, lane: _Lane, view: Image.Image, chat: str, *, is_backfill: bool) -> Any:  # noqa: ANN401
        seconds = self._part_seconds
        future = self._device.put(lane.batcher, view, chat=chat, seconds=seconds, is_backfill=is_backfill)
        try:
            answer = await asyncio.wait_for(asyncio.wrap_future(future), seconds)
        except TimeoutError as error:
            self._device.give_up(future)
            raise Late(f"{lane.batcher.name} gave no answer in {seconds} s") from error
        if isinstance(answer, float) and not 0 <= answer <= 1:  # so is NaN
            raise ModelFailed(f"{lane.batcher.name} gave {answer}, a score is 0..1")
        return answer

    def _answered(self, report: _Report) -> tuple[str, ...]:
        """Return the tags of the models that had something to do and did it."""
        done = report.seconds.keys() - set(report.failed)
        return tuple(lane.part.tag for role, lane in self._lanes.items() if role in done)

    def _written(self, analysis: Analysis, rules: ChatRules, photo: CleanPhoto) -> Analysis:
        """Return the analysis with its caption and comment; an unsafe photo gets neither."""
        if analysis.unsafe is not None and analysis.unsafe >= rules.unsafe_threshold:
            return analysis
        started = time.perf_counter()
        prompt = make_prompt(analysis, rules, hashlib.sha256(photo.jpeg).hexdigest())
        written = replace(analysis, caption=compose(prompt))
        try:
            written = replace(written, comment=self._writer([prompt])[0])
        except (LookupError, ValueError) as error:  # a hole in the corpus must not cost the answer
            log.error("no comment error=%r", error)
            written = replace(written, degraded=(*written.degraded, "comment"))
        analysis.seconds["write"] = time.perf_counter() - started
        return written

    def stop(self) -> None:
        """Answer what waits with `Stopped` and end the device thread."""
        self._device.stop()


@dataclass(slots=True)
class _Report:
    """How long each part of one photo took, and which are missing."""

    seconds: dict[str, float]
    failed: list[str] = field(default_factory=list)

    def miss(self, part: str) -> None:
        """Note that a part is missing, once for all faces."""
        if part not in self.failed:
            self.failed.append(part)

    async def timed(self, stage: str, work: Awaitable[Value]) -> Value:
        started = time.perf_counter()
        value = await work
        self.seconds[stage] = time.perf_counter() - started
        return value


def view_of(image: Image.Image) -> Image.Image:
    """Return the picture as the models look at it: at most 640 pixels long."""
    scale = VIEW / max(image.size)
    if scale >= 1:
        return image
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.BILINEAR, reducing_gap=1.0)


def _with_expression(face: Face, probabilities: dict[Emotion, float] | None) -> Face:
    """Return a face with what is visible on it, without where nobody could tell."""
    if probabilities is None:
        return face
    emotion, score = visible(probabilities)
    return replace(face, emotion=emotion, score=round(score, 4)) if emotion else face


async def _measures(photo: CleanPhoto, view: Image.Image, report: _Report) -> Measures | None:
    try:
        measures = await report.timed("measure", asyncio.to_thread(measure, view))
    except (ValueError, ArithmeticError, MemoryError) as error:
        report.failed.append("measure")
        log.warning("part missing part=measure error=%r", error)
        return None
    return replace(measures, width=photo.image.width, height=photo.image.height)


def _back(boxes: tuple[Box, ...], factor: float, image: Image.Image) -> tuple[Box, ...]:
    """Return boxes of the view as boxes of the photo."""
    return tuple(scaled(box, factor, image.width, image.height) for box in boxes)


def with_person(faces: tuple[Box, ...], boxes: tuple[Box, ...]) -> tuple[Face, ...]:
    """Return the faces that lie on a person."""
    people = [box for box in boxes if box.label_id in PERSONS]
    if not faces or not people:
        return ()
    inside = covered(as_array(faces), as_array(people)).max(axis=1)  # (faces,)
    return tuple(Face(box) for box, share in zip(faces, inside, strict=True) if share >= INSIDE_PERSON)
