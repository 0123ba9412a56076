"""The same photo gets the same comment, and two photos hardly ever do."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from hypothesis import given

from models.prompt import Prompt, make_prompt
from models.records import Analysis, Box, ChatRules, Language, Measures
from models.writers.patterns import Pattern, patterns
from models.writers.templates import TemplateWriter, choose
from tests.models.prompts import (
    EXAMPLES,
    HEIGHT,
    LANGUAGES,
    ROOT,
    WIDTH,
    comment_on,
    prompts,
    written,
)


@EXAMPLES
@given(prompt=prompts())
def test_the_same_photo_gets_the_same_comment_twice(prompt: Prompt) -> None:
    assert comment_on(prompt) == comment_on(prompt)


SEVERAL = """
import json
from models.prompt import make_prompt
from models.records import Analysis, Box, ChatRules, Measures
from models.writers.templates import TemplateWriter
look = Measures(1000, 800, .5, .7, .4, .4, .95, .5, .3, .3, (("red", .4), ("sky", .3)), "red", "sky")
boxes = [Box(160, .9, 0, 0, 300, 300), Box(42, .8, 500, 0, 700, 300), Box(381, .9, 300, 0, 400, 300)]
photos = [Analysis(1000, 800, tuple(boxes[:n]), measures=look) for n in range(4)]
rules = [ChatRules(language="ko"), ChatRules(language="en")]
found = [make_prompt(photo, rule, str(seed)) for photo in photos for rule in rules for seed in range(20)]
print(json.dumps(TemplateWriter()(found)))
"""


def test_the_same_photo_gets_the_same_comment_in_every_process() -> None:
    answers = []
    for seed in ("0", "1", "4711"):
        done = subprocess.run(
            [sys.executable, "-c", SEVERAL],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            timeout=60,
        )
        answers.append(json.loads(done.stdout))
    assert len(answers[0]) == 160
    assert answers[0] == answers[1] == answers[2]


def everyday_photos() -> dict[str, Analysis]:
    """Return photos of the sorts that people post most."""
    look = Measures(
        width=WIDTH, height=HEIGHT, brightness=0.5, contrast=0.45, warmth=0.1, saturation=0.3, sharpness=0.5,
        detail=0.2, light_x=0.0, light_y=0.0, colors=(("green", 0.4), ("gray", 0.2)), top="", bottom="",
    )  # fmt: skip
    person, dog = Box(381, 0.9, 400, 100, 600, 700), Box(160, 0.9, 100, 300, 400, 700)
    second, chair = Box(381, 0.9, 650, 110, 840, 700), Box(104, 0.8, 700, 400, 900, 700)
    return {
        "nothing": Analysis(WIDTH, HEIGHT, measures=look),
        "one person": Analysis(WIDTH, HEIGHT, (person,), measures=look),
        "two people": Analysis(WIDTH, HEIGHT, (person, second), measures=look),
        "a dog": Analysis(WIDTH, HEIGHT, (dog,), measures=look),
        "a chair": Analysis(WIDTH, HEIGHT, (chair,), measures=look),
        "a dog and a person": Analysis(WIDTH, HEIGHT, (dog, person), measures=look),
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sort", list(everyday_photos()))
def test_200_photos_of_one_sort_get_at_least_15_different_comments(sort: str, language: Language) -> None:
    rules = ChatRules(language=language)
    alike = [make_prompt(everyday_photos()[sort], rules, str(seed)) for seed in range(200)]
    assert len(set(TemplateWriter()(alike))) >= 15


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_new_pattern_takes_few_photos_and_changes_no_other_answer(
    language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = ChatRules(language=language)
    seen = everyday_photos()["a dog and a person"]
    alike = [make_prompt(seen, rules, str(seed)) for seed in range(400)]
    before = [choose(prompt) for prompt in alike]
    new = Pattern("{thing}!", frozenset({"sure", "label:dog", "thing:one"}), frozenset({"thing"}))
    corpus = (new, *patterns(language))
    monkeypatch.setattr("models.writers.templates.patterns", lambda _language: corpus)
    after = [choose(prompt) for prompt in alike]
    changed = [now for was, now in zip(before, after, strict=True) if was != now]
    assert set(changed) == {new}
    assert len(changed) <= 0.1 * len(alike)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pattern_that_says_more_of_the_photo_comes_more_often(
    language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    vague = Pattern("A", frozenset({"things:0", "light:dark"}), frozenset())
    precise = Pattern("B", frozenset({"things:0", "light:dark", "color:mono", "space:plain"}), frozenset())
    monkeypatch.setattr("models.writers.templates.patterns", lambda _language: (vague, precise))
    dark = Measures(WIDTH, HEIGHT, 0.1, 0.4, 0.0, 0.0, 0.5, 0.0, 0.0, 0.0, (), "", "")
    seen = Analysis(WIDTH, HEIGHT, measures=dark)
    alike = [make_prompt(seen, ChatRules(language=language), str(seed)) for seed in range(400)]
    share = [choose(prompt) for prompt in alike].count(precise) / len(alike)
    assert 0.6 < share < 0.9


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_hole_in_the_corpus_is_told(language: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.writers.templates.patterns", lambda _language: ())
    with pytest.raises(LookupError, match="things:0"):
        written(make_prompt(Analysis(WIDTH, HEIGHT), ChatRules(language=language), "seed"))
