"""What is visible on faces: only on large ones, only where it is wanted, only when it is sure."""

from __future__ import annotations

import asyncio
from typing import Any

from PIL import Image

from inference.device import Device
from inference.engine import Engine
from models.labels import HUMAN_FACE, PERSON
from models.records import Box, ChatRules, Emotion
from models.writers.templates import TemplateWriter
from tests.inference.fakes import Recorder, clean_photo, part

SIZE = (400, 400)
SURE = {emotion: 0.9 if emotion is Emotion.HAPPINESS else 0.025 for emotion in Emotion}
UNSURE = dict.fromkeys(Emotion, 0.2)


def everybody(_: Image.Image) -> tuple[Box, ...]:
    return (Box(PERSON, 0.9, 0, 0, *SIZE),)


def faces_of(*sides: float) -> Recorder:
    """Faces of so many pixels, in a row."""
    boxes = tuple(Box(HUMAN_FACE, 0.9, 100 * n, 0, 100 * n + side, side) for n, side in enumerate(sides))
    return Recorder(lambda _: boxes)


class Looking:
    """An engine on a device of its own, whose faces and expressions are given."""

    def __init__(self, faces: Recorder, expression: Recorder) -> None:
        parts = {
            "objects": part(Recorder(everybody)),
            "faces": part(faces),
            "unsafe": part(Recorder(lambda _: 0.0)),
            "expression": part(expression),
        }
        self.engine = Engine(parts, TemplateWriter(), device=Device())

    async def emotions(self, rules: ChatRules) -> tuple[list[Emotion | None], tuple[str, ...]]:
        found = await self.engine.analyse(clean_photo(size=SIZE), rules)
        await asyncio.to_thread(self.engine.stop)
        return [face.emotion for face in found.faces], found.degraded


async def test_large_faces_are_read_and_small_ones_are_not() -> None:
    expression = Recorder(lambda _: SURE)

    emotions, _ = await Looking(faces_of(90, 59, 60), expression).emotions(ChatRules())

    assert emotions == [Emotion.HAPPINESS, None, Emotion.HAPPINESS]
    assert sum(map(len, expression.batches)) == 2


async def test_what_is_not_sure_is_not_said() -> None:
    emotions, degraded = await Looking(faces_of(90), Recorder(lambda _: UNSURE)).emotions(ChatRules())

    assert (emotions, degraded) == ([None], ())


async def test_a_chat_that_wants_none_is_not_even_looked_at() -> None:
    expression = Recorder(lambda _: SURE)

    emotions, _ = await Looking(faces_of(90, 90), expression).emotions(ChatRules(emotion=False))

    assert emotions == [None, None]
    assert expression.batches == []


async def test_when_the_part_fails_the_answer_goes_out_and_says_so_once() -> None:
    def fails(_: Any) -> dict[Emotion, float]:
        raise ValueError("planted")

    emotions, degraded = await Looking(faces_of(90, 90, 90), Recorder(fails)).emotions(ChatRules())

    assert emotions == [None, None, None]
    assert degraded == ("expression",)
