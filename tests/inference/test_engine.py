"""The engine answers every photo, each with its own findings, whatever its parts do."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

from inference.device import Device
from inference.engine import Engine, view_of
from inference.parts import Part
from models.errors import Busy
from models.labels import labels
from models.prompt import Prompt
from models.records import Box, ChatRules
from models.writers.templates import TemplateWriter
from tests.inference.fakes import Recorder, clean_photo, part, see_face, see_people

MakeEngine = Callable[..., Engine]
RULES = ChatRules()
DOG = next(label.id for label in labels() if label.en == "Dog")


@pytest.fixture
async def make_engine() -> AsyncIterator[MakeEngine]:
    made: list[Engine] = []

    def make(parts: dict[str, Part], **options: Any) -> Engine:
        device = Device(patience=options.pop("patience", 10.0))
        made.append(Engine(parts, TemplateWriter(), device=device, **options))
        return made[-1]

    yield make
    for engine in made:
        await asyncio.to_thread(engine.stop)


def dog(image: Image.Image, score: float = 0.9) -> tuple[Box, ...]:
    """One dog whose place tells the picture's colour."""
    red = image.getpixel((0, 0))[0]  # type: ignore[index]  # RGB gives a tuple
    return (Box(DOG, score, red, 0, image.width, image.height),)


async def test_a_photo_gets_boxes_faces_safety_caption_and_comment(make_engine: MakeEngine) -> None:
    engine = make_engine(
        {
            "objects": part(Recorder(lambda image: dog(image) + see_people(image))),
            "faces": part(Recorder(see_face)),
            "unsafe": part(Recorder(lambda _: 0.01)),
        }
    )

    found = await engine.analyse(clean_photo(), RULES)

    assert [box.label_id for box in found.boxes] == [DOG, 381]
    assert len(found.faces) == 1
    assert found.unsafe == 0.01
    assert "개" in found.comment
    assert "개 1마리" in found.caption
    assert found.degraded == ()
    assert {"decode", "objects", "faces", "unsafe", "measure", "write"} <= found.seconds.keys()


async def test_ten_photos_at_once_each_get_their_own_labels_and_the_loop_stays_awake(
    make_engine: MakeEngine,
) -> None:
    model = Recorder(dog, seconds=1.0)
    engine = make_engine({"objects": part(model)})
    photos = [clean_photo((red, 0, 0)) for red in range(10, 110, 10)]

    work = asyncio.gather(*(engine.analyse(photo, RULES) for photo in photos))
    longest = 0.0
    while not work.done():
        before = time.perf_counter()
        await asyncio.sleep(0.01)
        longest = max(longest, time.perf_counter() - before)

    assert [found.boxes[0].x1 for found in await work] == list(range(10, 110, 10))
    assert longest < 0.2
    assert model.overlaps == 0


async def test_each_model_is_made_once_over_twenty_photos(make_engine: MakeEngine) -> None:
    made: list[str] = []

    def load() -> Recorder:
        made.append("model")
        return Recorder(dog)

    engine = make_engine({"objects": part(load=load)})
    assert not made

    for _ in range(20):
        await engine.analyse(clean_photo(), RULES)

    assert made == ["model"]


@pytest.mark.parametrize("role", ["objects", "faces", "unsafe"])
async def test_a_part_that_raises_is_left_out_and_named(make_engine: MakeEngine, role: str) -> None:
    def fail(_: object) -> object:
        raise RuntimeError("broken")

    works = {"objects": see_people, "faces": see_face, "unsafe": lambda _: 0.0}
    parts = {name: part(Recorder(fail if name == role else work)) for name, work in works.items()}
    engine = make_engine(parts)

    found = await engine.analyse(clean_photo(), RULES)

    assert found.degraded == (role,)
    assert found.comment


async def test_an_unsafe_score_that_is_no_number_counts_as_missing(make_engine: MakeEngine) -> None:
    engine = make_engine({"unsafe": part(Recorder(lambda _: float("nan")))})

    found = await engine.analyse(clean_photo(), RULES)

    assert found.unsafe is None
    assert found.degraded == ("unsafe",)


async def test_a_part_that_hangs_is_left_out_and_the_others_go_on(make_engine: MakeEngine) -> None:
    gate = threading.Event()
    engine = make_engine(
        {
            "faces": part(lambda items: [gate.wait(9) for _ in items]),
            "objects": part(Recorder(dog)),
        },
        part_seconds=0.3,
        patience=0.1,
    )

    first = await engine.analyse(clean_photo(), RULES)
    second = await engine.analyse(clean_photo(), RULES)

    assert "faces" in first.degraded
    assert second.degraded == ("faces",)
    assert second.boxes
    gate.set()


async def test_a_part_that_failed_three_times_is_not_asked_again(make_engine: MakeEngine) -> None:
    asked: list[int] = []

    def fail(_: object) -> object:
        asked.append(1)
        raise RuntimeError("broken")

    engine = make_engine({"objects": part(Recorder(fail))})

    for _ in range(6):
        assert (await engine.analyse(clean_photo(), RULES)).degraded == ("objects",)

    assert len(asked) == 3


async def test_more_photos_than_there_is_room_for_are_refused_with_their_place(
    make_engine: MakeEngine,
) -> None:
    engine = make_engine({"objects": part(Recorder(dog, seconds=0.05))}, room=3)

    results = await asyncio.gather(
        *(engine.analyse(clean_photo(), RULES) for _ in range(5)), return_exceptions=True
    )

    refused = [result for result in results if isinstance(result, Busy)]
    assert len(refused) == 2
    assert all(refusal.data["place"] == 3 for refusal in refused)


async def test_room_is_given_back_after_an_answer(make_engine: MakeEngine) -> None:
    engine = make_engine({"objects": part(Recorder(dog))}, room=1)

    for _ in range(3):
        await engine.analyse(clean_photo(), RULES)


async def test_a_face_without_a_person_is_not_believed(make_engine: MakeEngine) -> None:
    engine = make_engine({"objects": part(Recorder(dog)), "faces": part(Recorder(see_face))})

    found = await engine.analyse(clean_photo(), RULES)

    assert found.faces == ()


async def test_an_unsafe_photo_gets_no_comment_and_no_caption(make_engine: MakeEngine) -> None:
    engine = make_engine({"objects": part(Recorder(dog)), "unsafe": part(Recorder(lambda _: 0.95))})

    found = await engine.analyse(clean_photo(), RULES)

    assert (found.comment, found.caption) == ("", "")


async def test_boxes_come_back_in_pixels_of_the_photo_not_of_the_models_view(
    make_engine: MakeEngine,
) -> None:
    engine = make_engine({"objects": part(Recorder(see_people))})

    found = await engine.analyse(clean_photo(size=(2000, 1000)), RULES)

    box = found.boxes[0]
    assert (box.x1, box.y1, box.x2, box.y2) == (0, 0, 2000, 1000)


async def test_a_partly_damaged_photo_says_so(make_engine: MakeEngine) -> None:
    engine = make_engine({})

    found = await engine.analyse(replace(clean_photo(), is_partial=True), RULES)

    assert found.degraded == ("partial",)


async def test_nothing_recognised_still_gets_a_comment_about_the_photo(make_engine: MakeEngine) -> None:
    engine = make_engine({"objects": part(Recorder(lambda _: ()))})

    found = await engine.analyse(clean_photo((20, 160, 30)), RULES)

    assert found.comment
    assert "초록빛" in found.caption


async def test_the_same_photo_gets_the_same_comment(make_engine: MakeEngine) -> None:
    engine = make_engine({"objects": part(Recorder(dog))})

    comments = {(await engine.analyse(clean_photo(), RULES)).comment for _ in range(3)}

    assert len(comments) == 1


def test_the_models_view_is_at_most_640_pixels_long_and_keeps_the_shape() -> None:
    sizes = [view_of(Image.new("RGB", size)).size for size in [(1280, 960), (100, 50), (2048, 2)]]

    assert sizes == [(640, 480), (100, 50), (640, 1)]


async def test_a_writer_without_words_costs_the_comment_and_not_the_answer() -> None:
    def speechless(prompts: list[Prompt]) -> list[str]:
        raise LookupError("no pattern")

    engine = Engine({"objects": part(Recorder(dog))}, speechless)

    found = await engine.analyse(clean_photo(), RULES)

    assert found.boxes
    assert found.caption
    assert (found.comment, found.degraded) == ("", ("comment",))
    await asyncio.to_thread(engine.stop)


async def test_failures_long_apart_do_not_add_up(make_engine: MakeEngine) -> None:
    outcomes = iter([True, True, False, True, True, False])

    def work(_: object) -> object:
        if next(outcomes):
            raise RuntimeError("now and then")
        return ()

    engine = make_engine({"objects": part(Recorder(work))})

    degraded = [(await engine.analyse(clean_photo(), RULES)).degraded for _ in range(6)]

    assert degraded == [("objects",), ("objects",), (), ("objects",), ("objects",), ()]


async def test_only_models_that_answered_are_named(make_engine: MakeEngine) -> None:
    def fail(_: object) -> object:
        raise RuntimeError("broken")

    engine = make_engine(
        {
            "objects": Part("good@11111111", lambda: Recorder(dog)),
            "unsafe": Part("bad@22222222", lambda: Recorder(fail)),
        }
    )

    assert (await engine.analyse(clean_photo(), RULES)).models == ("good@11111111",)
