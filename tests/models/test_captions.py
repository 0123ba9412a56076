"""The composed caption says what was counted and measured, and nothing else."""

from __future__ import annotations

from models.captioners.composed import LIMIT, compose
from models.labels import PERSON, labels
from models.prompt import make_prompt
from models.records import Analysis, Box, ChatRules, Language, Measures

IDS = {label.en: label.id for label in labels()}


def measures(*colors: tuple[str, float], saturation: float = 0.5) -> Measures:
    return Measures(640, 480, 0.5, 0.4, 0.0, saturation, 0.3, 0.2, 0.0, 0.0, colors, "", "")


def caption(*boxes: Box, language: Language = "ko", colors: tuple[tuple[str, float], ...] = ()) -> str:
    analysis = Analysis(640, 480, boxes=boxes, measures=measures(*colors))
    return compose(make_prompt(analysis, ChatRules(language=language), "seed"))


def box(name: str, x: float = 0, score: float = 0.9) -> Box:
    return Box(IDS[name], score, x, 100, x + 100, 300)


def test_people_and_things_are_counted_in_korean() -> None:
    text = caption(box("Person"), box("Person", 200), box("Bus", 300), colors=(("blue", 0.4),))

    assert text == "파란빛이 많은 가로로 긴 사진에 사람 2명과 버스 1대가 있습니다."


def test_people_and_things_are_counted_in_english() -> None:
    text = caption(box("Person"), box("Dog", 200), box("Dog", 400), language="en")

    assert text == "A landscape photo with one person and two dogs."


def test_a_crowd_is_not_given_a_number() -> None:
    crowd = [Box(PERSON, 0.3 + index / 20, index * 60, 100, index * 60 + 50, 300) for index in range(8)]

    assert "여러 명" in caption(*crowd)
    assert "several people" in caption(*crowd, language="en")


def test_a_doubtful_thing_is_not_in_the_caption() -> None:
    assert "개" not in caption(box("Dog", score=0.5))


def test_nothing_recognised_leaves_colour_and_shape() -> None:
    assert caption(colors=(("green", 0.6),)) == "초록빛이 많은 가로로 긴 사진."


def test_a_long_list_is_cut_to_what_a_short_alt_text_holds() -> None:
    names = [
        "Kitchen & dining room table",
        "Luggage and bags",
        "Traffic light",
        "Musical keyboard",
        "Refrigerator",
    ]

    for language in ("ko", "en"):
        assert len(caption(*(box(name) for name in names), language=language)) <= LIMIT


def test_one_doubtful_person_is_neither_counted_nor_several() -> None:
    person = Box(PERSON, 0.3, 0, 0, 200, 400)

    assert caption(person) == "가로로 긴 사진에 사람이 있습니다."
    assert caption(person, language="en") == "A landscape photo with a person."
