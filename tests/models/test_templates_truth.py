"""What a comment says is true of its photo, and kind."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from models.labels import label
from models.prompt import Prompt, Thing, make_prompt, together
from models.records import Analysis, Box, ChatRules, Emotion, Face, Language
from models.tags import tags
from models.writers.templates import candidates, fills
from tests.models.prompts import (
    DOUBTFUL,
    EXAMPLES,
    HEIGHT,
    LANGUAGES,
    SILENT_WORDS,
    WIDTH,
    analyses,
    chosen,
    comment_on,
    one_thing,
    prompts,
    slots_of,
    written,
)


def names_of(thing: Thing, language: Language) -> set[str]:
    if language == "ko":
        return {thing.label.ko}
    return {thing.label.singular.lower(), thing.label.plural.lower()}


@EXAMPLES
@given(prompt=prompts())
def test_people_are_never_called_by_a_class(prompt: Prompt) -> None:
    assert not SILENT_WORDS.search(comment_on(prompt).lower())


@EXAMPLES
@given(analysis=analyses(), language=st.sampled_from(LANGUAGES))
def test_only_spoken_things_of_the_photo_fill_a_slot(analysis: Analysis, language: Language) -> None:
    prompt = make_prompt(analysis, ChatRules(language=language), "seed")
    spoken = {label(box.label_id).name(language) for box in analysis.boxes if label(box.label_id).is_spoken}
    filled = {form("") for name, form in fills(prompt).items() if name.startswith("thing")}
    assert filled <= spoken
    if not prompt.people:  # an animal where a person may be is left out
        assert bool(filled) == bool(spoken)


def main_of(prompt: Prompt) -> Thing:
    """Return what the comment should speak of: the first sure thing, else the first."""
    assume(prompt.things)  # an animal where a person may be is left out
    return next((thing for thing in prompt.things if thing.is_sure), prompt.things[0])


@EXAMPLES
@given(prompt=prompts(with_faces=False, least=1))
def test_a_thing_that_may_be_spoken_of_is_named(prompt: Prompt) -> None:
    comment = written(prompt).lower()
    assert any(name in comment for name in names_of(main_of(prompt), prompt.language)), comment


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("emotion", [emotion for emotion in Emotion if emotion is not Emotion.NEUTRAL])
def test_a_sure_thing_beside_an_expression_is_named_too(language: Language, emotion: Emotion) -> None:
    dog = Box(160, 0.95, 0, 0, 400, 400)
    seen = Analysis(WIDTH, HEIGHT, (dog,), (Face(Box(264, 0.9, 0, 0, 90, 90), emotion, 0.9),))
    prompt = make_prompt(seen, ChatRules(language=language), "seed")
    assert all("thing" in slots_of(pattern) for pattern in candidates(prompt))
    assert all(f"emotion:{emotion.name.lower()}" in pattern.when for pattern in candidates(prompt))


@EXAMPLES
@given(prompt=prompts(least=1, scores=DOUBTFUL))
def test_a_doubtful_thing_is_never_stated(prompt: Prompt) -> None:
    assert not main_of(prompt).is_sure
    for pattern in candidates(prompt):
        assert "unsure" in pattern.when or not slots_of(pattern) & {"thing", "thing2", "thing3", "count"}


@EXAMPLES
@given(prompt=prompts())
def test_only_sure_things_stand_beside_the_main_one(prompt: Prompt) -> None:
    sure = {thing.label.name(prompt.language) for thing in prompt.things if thing.is_sure}
    others = {fills(prompt)[name]("") for name in ("thing2", "thing3") if name in fills(prompt)}
    assert others <= sure


@EXAMPLES
@given(prompt=prompts())
def test_a_number_of_people_is_said_only_of_people_who_could_be_counted(prompt: Prompt) -> None:
    people = fills(prompt).get("people")
    if people is None or prompt.is_counted:
        return
    assert people("") in ("여러 분", "several people")
    assert together(prompt) >= 2


BESIDE = {
    "nothing": [],
    "a sure dog": [Box(160, 0.95, 0, 0, 400, 400)],
    "a doubtful dog": [Box(160, 0.3, 0, 0, 400, 400)],
    "a trifle": [Box(381, 0.9, 300, 0, 600, 700), Box(54, 0.9, 0, 0, 100, 100)],
    "a doubtful trifle": [Box(381, 0.9, 300, 0, 600, 700), Box(54, 0.3, 0, 0, 100, 100)],
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("emotion", [Emotion.SADNESS, Emotion.ANGER])
@pytest.mark.parametrize("beside", list(BESIDE))
def test_a_sad_or_angry_face_is_met_with_care_whatever_else_is_there(
    language: Language, emotion: Emotion, beside: str
) -> None:
    """A doubtful dog or a small book beside a sad face must not turn the answer into a joke."""
    seen = Analysis(WIDTH, HEIGHT, tuple(BESIDE[beside]), (Face(Box(264, 0.9, 0, 0, 90, 90), emotion, 0.9),))
    prompt = make_prompt(seen, ChatRules(language=language), "seed")
    careless = [p.text for p in candidates(prompt) if f"emotion:{emotion.name.lower()}" not in p.when]
    assert careless == []


@EXAMPLES
@given(prompt=prompts())
def test_everything_that_a_pattern_asks_for_is_true_of_the_photo(prompt: Prompt) -> None:
    assert chosen(prompt).when <= tags(prompt)


@EXAMPLES
@given(prompt=prompts(questions=False))
def test_a_chat_without_questions_is_asked_none(prompt: Prompt) -> None:
    assert "?" not in comment_on(prompt)


def test_a_chat_with_questions_is_asked_some() -> None:
    seen = Analysis(WIDTH, HEIGHT, (Box(160, 0.9, 0, 0, 300, 300),))
    asked = [written(make_prompt(seen, ChatRules(), str(seed))) for seed in range(50)]
    assert any("?" in comment for comment in asked)


# ── English forms ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "count", "form", "expected"),
    [
        *(("Dog", 1, "a", "a dog"), ("Umbrella", 1, "a", "an umbrella"), ("Dog", 2, "count", "two dogs")),
        *(
            ("Dog", 1, "count", "one dog"),
            ("Knife", 3, "count", "three knives"),
            ("Dog", 12, "count", "12 dogs"),
        ),
        *(
            ("Broccoli", 2, "count", "broccoli"),
            ("Scissors", 1, "a", "scissors"),
            ("Mouse", 1, "plural", "mice"),
        ),
        *(("Christmas tree", 1, "a", "a Christmas tree"), ("Unicycle", 1, "a", "a unicycle")),
        *(("French fries", 1, "a", "French fries"), ("French fries", 2, "count", "French fries")),
        *(("Sheep", 1, "a", "a sheep"), ("Sheep", 2, "count", "two sheep"), ("Deer", 1, "a", "a deer")),
        *(("Fish", 1, "a", "a fish"), ("Garden Asparagus", 1, "a", "garden asparagus")),
    ],
)
def test_an_english_thing_takes_the_form_it_is_asked_for(
    name: str, count: int, form: str, expected: str
) -> None:
    assert fills(one_thing(name, count))["thing"](form) == expected


# ── the same photo, the same comment ──────────────────────────────────────────────────────────
