"""What a writer is told: expressions first, things by confidence, never who people are (E10-E13)."""

from __future__ import annotations

import random
from itertools import permutations

import pytest

from models.labels import HUMAN_FACE, PERSONS, label, labels
from models.prompt import (
    CLEAR,
    COUNTED,
    MAX_EXACT,
    MIN_PERSON,
    SHOWN_EMOTION,
    SURE,
    emotions,
    is_drawn,
    keywords,
    make_prompt,
    together,
)
from models.records import Analysis, Box, ChatRules, Emotion, Face
from models.writers.patterns import patterns
from models.writers.templates import TemplateWriter, candidates, fill

IDS = {kind.en: kind.id for kind in labels()}
NEVER_SPOKEN = ("Person", "Human face", "Man", "Woman", "Boy", "Girl", "Clothing")


def box(name: str, score: float = 0.9, *, at: float = 0.0, side: float = 40.0) -> Box:
    return Box(IDS[name], score, at, 0.0, at + side, side)


def face(emotion: Emotion | None, score: float = 0.9) -> Face:
    return Face(box("Human face"), emotion, score)


def photo(boxes: tuple[Box, ...] = (), faces: tuple[Face, ...] = ()) -> Analysis:
    return Analysis(640, 480, boxes, faces)


def comment(analysis: Analysis, rules: ChatRules | None = None) -> str:
    return TemplateWriter()([make_prompt(analysis, rules or ChatRules(), "seed")])[0]


# E10


def words_of(seen: Analysis) -> str:
    """The originals' input for a photo in a chat that decided nothing."""
    return keywords(make_prompt(seen, ChatRules(), "seed"))


def test_a_hat_and_a_startled_face_are_all_that_a_portrait_says() -> None:
    seen = photo((box("Human face"), box("Hat"), box("Man"), box("Boy")), (face(Emotion.PANIC),))
    assert words_of(seen) == "당황, 모자"


# E11


@pytest.mark.parametrize("name", NEVER_SPOKEN)
@pytest.mark.parametrize("position", range(3))
def test_what_is_never_spoken_reaches_no_keyword_in_any_position(name: str, position: int) -> None:
    boxes = [box("Hat", 0.8), box("Tree", 0.6)]
    boxes.insert(position, box(name, (0.9, 0.7, 0.5)[position]))
    assert words_of(photo(tuple(boxes))) == "모자, 나무"


@pytest.mark.parametrize("name", NEVER_SPOKEN)
def test_what_is_never_spoken_leaves_no_keyword_when_it_is_alone(name: str) -> None:
    assert words_of(photo((box(name),))) == ""


@pytest.mark.parametrize("name", NEVER_SPOKEN)
def test_what_is_never_spoken_is_no_thing_of_a_prompt(name: str) -> None:
    prompt = make_prompt(photo((box(name), box("Hat"))), ChatRules(), "seed")
    assert [thing.label.en for thing in prompt.things] == ["Hat"]


def test_no_silent_class_reaches_a_keyword() -> None:
    silent = tuple(Box(kind.id, 0.9, 0, 0, 10, 10) for kind in labels() if not kind.is_spoken)
    assert len(silent) > len(NEVER_SPOKEN)
    assert words_of(photo(silent)) == ""


# E12


def test_two_happy_faces_and_three_trees_are_named_once_each() -> None:
    trees = tuple(box("Tree", score, at=100 * score) for score in (0.9, 0.8, 0.7))
    assert (
        words_of(photo(trees, (face(Emotion.HAPPINESS, 0.9), face(Emotion.HAPPINESS, 0.8)))) == "기쁨, 나무"
    )


def test_expressions_come_before_things_however_sure_the_things_are() -> None:
    seen = photo((box("Dog", 0.99),), (face(Emotion.SADNESS, 0.61),))
    assert words_of(seen) == "슬픔, 개"


def test_things_come_by_confidence_in_whatever_order_they_were_found() -> None:
    boxes = (box("Dog", 0.6), box("Hat", 0.9), box("Tree", 0.7), box("Dog", 0.3))
    assert {words_of(photo(order)) for order in permutations(boxes)} == {"모자, 나무, 개"}


def test_expressions_come_by_confidence_in_whatever_order_they_were_found() -> None:
    faces = (face(Emotion.ANGER, 0.7), face(Emotion.HAPPINESS, 0.95), face(Emotion.PANIC, 0.8))
    assert {words_of(photo((), order)) for order in permutations(faces)} == {"기쁨, 당황, 분노"}


def test_a_thing_is_placed_by_its_best_box() -> None:
    seen = photo((box("Tree", 0.3), box("Dog", 0.5), box("Tree", 0.8)))
    assert words_of(seen) == "나무, 개"


def test_of_equally_sure_things_the_more_prominent_comes_first() -> None:
    names = ["Hat", "Tree", "Car", "Cake", "Dog"]
    expected = ", ".join(label(IDS[name]).ko for name in reversed(names))
    assert words_of(photo(tuple(box(name) for name in names))) == expected


def test_the_prompt_does_not_depend_on_the_order_of_the_boxes() -> None:
    boxes = [box("Dog", 0.91), box("Hat", 0.82), box("Person", 0.73), box("Dog", 0.64), box("Car", 0.55)]
    first = make_prompt(photo(tuple(boxes)), ChatRules(), "seed")
    random.Random(1).shuffle(boxes)
    assert make_prompt(photo(tuple(boxes)), ChatRules(), "seed") == first


# E13


def test_nothing_seen_means_no_keywords_at_all() -> None:
    assert words_of(photo()) == ""


@pytest.mark.parametrize("language", ["ko", "en"])
def test_nothing_seen_gets_a_comment_from_our_patterns_all_the_same(language: str) -> None:
    rules = ChatRules(language="ko" if language == "ko" else "en")
    prompt = make_prompt(photo(), rules, "seed")
    written = comment(photo(), rules)
    assert written in {fill(pattern, prompt) for pattern in candidates(prompt)}
    assert set(candidates(prompt)) <= set(patterns(rules.language))


def test_a_face_that_says_nothing_leaves_no_keyword() -> None:
    assert words_of(photo((box("Human face"),), (face(None),))) == ""


# Expressions


@pytest.mark.parametrize("emotion", [e for e in Emotion if e is not Emotion.NEUTRAL])
def test_an_expression_is_spoken_of_from_the_border_on(emotion: Emotion) -> None:
    assert emotions(photo((), (face(emotion, SHOWN_EMOTION),))) == (emotion,)
    assert SHOWN_EMOTION == 0.6


@pytest.mark.parametrize("emotion", list(Emotion))
def test_a_doubtful_expression_is_not_spoken_of(emotion: Emotion) -> None:
    assert emotions(photo((), (face(emotion, 0.599),))) == ()
    assert words_of(photo((), (face(emotion, 0.599),))) == ""


def test_a_neutral_face_is_not_spoken_of() -> None:
    seen = photo((box("Hat"),), (face(Emotion.NEUTRAL, 0.99),))
    assert words_of(seen) == "모자"
    assert make_prompt(seen, ChatRules(), "seed").emotions == ()


def test_a_neutral_face_does_not_hide_another_one() -> None:
    assert emotions(photo((), (face(Emotion.NEUTRAL, 0.99), face(Emotion.ANGER, 0.7)))) == (Emotion.ANGER,)


def test_a_chat_that_switched_expressions_off_gets_none() -> None:
    seen = photo((box("Hat"),), (face(Emotion.HAPPINESS),))
    assert make_prompt(seen, ChatRules(emotion=True), "seed").emotions == (Emotion.HAPPINESS,)
    assert make_prompt(seen, ChatRules(emotion=False), "seed").emotions == ()


@pytest.mark.parametrize("emotion", [e for e in Emotion if e is not Emotion.NEUTRAL])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_chat_that_switched_expressions_off_reads_the_comment_of_the_bare_photo(
    emotion: Emotion, language: str
) -> None:
    rules = ChatRules(emotion=False, language="ko" if language == "ko" else "en")
    seen = (box("Person", side=300.0),)
    assert comment(photo(seen, (face(emotion),)), rules) == comment(photo(seen), rules)


# Things and people


def test_a_thing_counts_every_credible_box() -> None:
    seen = photo((box("Dog", 0.9), box("Dog", COUNTED), box("Dog", COUNTED - 0.01)))
    assert make_prompt(seen, ChatRules(), "seed").things[0].count == 2


def test_a_single_doubtful_thing_is_still_one() -> None:
    assert make_prompt(photo((box("Dog", 0.3),)), ChatRules(), "seed").things[0].count == 1


@pytest.mark.parametrize(
    ("name", "border"),
    [("Hat", SURE), ("Dog", SURE), ("Cat", SURE), ("Horse", SURE), ("Bear", SURE)],
)
def test_a_thing_is_sure_from_its_border_on(name: str, border: float) -> None:
    below, above = (
        make_prompt(photo((box(name, score),)), ChatRules(), "seed").things[0]
        for score in (border - 0.001, border)
    )
    assert not below.is_sure
    assert above.is_sure


def test_a_friend_speaks_of_the_dog_before_the_chair() -> None:
    prompt = make_prompt(photo((box("Chair", 0.9), box("Dog", 0.6))), ChatRules(), "seed")
    assert [thing.label.en for thing in prompt.things] == ["Dog", "Chair"]


def test_the_place_and_size_of_a_thing_are_those_of_its_largest_box() -> None:
    seen = photo((Box(IDS["Dog"], 0.9, 0, 0, 10, 10), Box(IDS["Dog"], 0.5, 320, 0, 640, 480)))
    thing = make_prompt(seen, ChatRules(), "seed").things[0]
    assert thing.share == pytest.approx(0.5)
    assert thing.x == pytest.approx(0.75)


@pytest.mark.parametrize("person", sorted(PERSONS))
def test_every_person_class_counts_as_one_of_the_people(person: int) -> None:
    seen = photo((Box(person, 0.9, 0, 0, 100, 200),))
    assert len(make_prompt(seen, ChatRules(), "seed").people) == 1


def test_people_come_largest_first() -> None:
    small, large = box("Person", 0.9, side=50), box("Man", 0.6, side=90)
    assert make_prompt(photo((small, large)), ChatRules(), "seed").people == (large, small)


def test_doubtful_people_do_not_count_beside_credible_ones() -> None:
    seen = photo((box("Person", 0.9, side=50), box("Person", 0.3, side=90)))
    assert [person.score for person in make_prompt(seen, ChatRules(), "seed").people] == [0.9]


def test_one_doubtful_person_is_still_one() -> None:
    seen = photo((box("Person", 0.3, side=50), box("Person", 0.31, side=40)))
    assert [person.score for person in make_prompt(seen, ChatRules(), "seed").people] == [0.3]


def people_are_counted(*boxes: Box) -> bool:
    return make_prompt(photo(boxes), ChatRules(), "seed").is_counted


def test_clear_people_are_counted() -> None:
    assert people_are_counted(box("Person", CLEAR, side=90), box("Woman", 0.9, at=100, side=90))


def test_nobody_is_not_counted() -> None:
    assert not people_are_counted(box("Dog"))


def test_people_are_not_counted_while_one_of_them_is_doubtful() -> None:
    assert not people_are_counted(box("Person", 0.9, side=90), box("Person", CLEAR - 0.01, at=100, side=90))


def test_people_are_not_counted_while_one_of_them_is_tiny() -> None:
    tiny = (MIN_PERSON * 640 * 480) ** 0.5 - 1
    assert not people_are_counted(box("Person", 0.9, side=90), box("Person", 0.9, at=100, side=tiny))


def test_a_crowd_is_not_counted() -> None:
    row = [box("Person", 0.9, at=90 * place, side=80) for place in range(MAX_EXACT + 1)]
    assert people_are_counted(*row[:-1])
    assert not people_are_counted(*row)


def test_the_prompt_carries_what_the_chat_decided() -> None:
    prompt = make_prompt(photo(), ChatRules(language="en", questions=False), "a seed")
    assert (prompt.language, prompt.questions, prompt.seed) == ("en", False, "a seed")


def test_faces_are_drawn_by_themselves() -> None:
    assert not is_drawn(Box(HUMAN_FACE, 0.9, 0, 0, 10, 10))
    assert is_drawn(box("Dog"))


def test_doubtful_people_are_not_drawn() -> None:
    assert is_drawn(box("Person", COUNTED))
    assert not is_drawn(box("Person", COUNTED - 0.01))
    assert is_drawn(box("Dog", COUNTED - 0.01))


def test_an_animal_where_a_person_may_be_is_not_spoken_of() -> None:
    seen = photo((box("Person", 0.3, side=100), box("Dog", 0.8, side=95)))

    assert make_prompt(seen, ChatRules(), "seed").things == ()


def test_an_animal_beside_a_person_is_spoken_of() -> None:
    seen = photo((box("Person", 0.9, side=100), box("Dog", 0.8, at=80, side=100)))

    assert [thing.label.en for thing in make_prompt(seen, ChatRules(), "seed").things] == ["Dog"]


def test_a_passer_by_is_neither_counted_nor_together() -> None:
    seen = photo((box("Person", 0.9, side=200), box("Person", 0.9, at=300, side=60)))
    prompt = make_prompt(seen, ChatRules(), "seed")

    assert not prompt.is_counted
    assert together(prompt) == 1
