"""The template writer: always a comment, well formed, with the right particles."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from inference.measure import COLORS as MEASURED
from models.labels import label
from models.prompt import Prompt, make_prompt
from models.records import Analysis, Box, ChatRules, Emotion, Face, Language
from models.writers.patterns import Pattern, patterns
from models.writers.templates import COLOR_NAMES, TemplateWriter, candidates, fill, fills
from tests.models.prompts import (
    EXAMPLES,
    HEIGHT,
    LANGUAGES,
    SLOT,
    SPOKEN,
    WIDTH,
    chosen,
    comment_on,
    one_thing,
    prompts,
    slots_of,
    written,
)


@EXAMPLES
@given(prompt=prompts())
def test_every_photo_gets_one_comment(prompt: Prompt) -> None:
    assert written(prompt)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("emotion", list(Emotion))
@pytest.mark.parametrize("is_asking", [True, False])
def test_a_bare_face_gets_a_comment(language: Language, emotion: Emotion, is_asking: bool) -> None:
    seen = Analysis(WIDTH, HEIGHT, faces=(Face(Box(264, 0.9, 0, 0, 90, 90), emotion, 0.9),))
    assert written(make_prompt(seen, ChatRules(language=language, questions=is_asking), "seed"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [(64, 64), (2048, 40), (40, 2048)])
def test_a_photo_without_measures_gets_a_comment(language: Language, size: tuple[int, int]) -> None:
    assert written(make_prompt(Analysis(*size), ChatRules(language=language, questions=False), "seed"))


@EXAMPLES
@given(prompt=prompts())
def test_no_comment_shows_its_seams(prompt: Prompt) -> None:
    comment = comment_on(prompt)
    assert not re.search(r"[{}]|\s\s|^\s|\s$|\s[,.!?]|None", comment), comment


@EXAMPLES
@given(prompt=prompts(language="en"))
def test_english_sentences_begin_with_a_capital(prompt: Prompt) -> None:
    comment = comment_on(prompt)
    first = next(letter for letter in comment if letter.isalnum())
    assert not first.islower(), comment
    assert not re.search(r"(?<!\.)[.!?] [a-z]", comment), comment


@EXAMPLES
@given(found=st.lists(prompts(), max_size=3))
def test_comments_come_in_the_order_of_the_prompts(found: list[Prompt]) -> None:
    assume(all(candidates(prompt) for prompt in found))
    assert TemplateWriter()(found) == [written(prompt) for prompt in found]


@pytest.mark.parametrize("name", MEASURED)
def test_every_colour_that_is_measured_has_a_name_in_both_languages(name: str) -> None:
    assert set(COLOR_NAMES[name]) == {"ko", "en"}


# ── particles ─────────────────────────────────────────────────────────────────────────────────


def with_josa(word: str, pair: str) -> str:
    """Return a word with its particle, by Unicode's decomposition of its last letter."""
    if not pair:
        return word
    after_consonant, after_vowel = pair.split("/")
    final = unicodedata.normalize("NFD", word[-1])[2:]
    takes_vowel_form = not final or (final == "\u11af" and after_consonant.startswith("으로"))
    return word + (after_vowel if takes_vowel_form else after_consonant)


def expected_text(pattern: Pattern, prompt: Prompt) -> str:
    words = {name: form("") for name, form in fills(prompt).items()}
    return SLOT.sub(lambda slot: with_josa(words[slot[1]], slot[2] or ""), pattern.text)


@EXAMPLES
@given(prompt=prompts(language="ko"))
def test_every_particle_fits_the_word_before_it(prompt: Prompt) -> None:
    pattern = chosen(prompt)
    assert fill(pattern, prompt) == expected_text(pattern, prompt)


@pytest.mark.parametrize("name", ["Dog", "Bear", "Horse", "Bicycle", "Ball", "Table tennis racket"])
def test_every_korean_pattern_fits_every_word_before_it(name: str) -> None:
    prompt = one_thing(name, language="ko")
    can_be_filled = [found for found in patterns("ko") if slots_of(found) <= fills(prompt).keys()]
    assert len(can_be_filled) > 100
    wrong = [found.text for found in can_be_filled if fill(found, prompt) != expected_text(found, prompt)]
    assert wrong == []


def test_every_spoken_class_can_stand_before_a_particle() -> None:
    thing = [fills(one_thing(label(index).en, language="ko"))["thing"] for index in SPOKEN]
    wrong = [form("") for form in thing if form("으로/로") != with_josa(form(""), "으로/로")]
    assert wrong == []


# ── what may be said ──────────────────────────────────────────────────────────────────────────
