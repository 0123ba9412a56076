"""Particles and numbers, checked against Unicode's own decomposition of a syllable."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.korean import counted, final_consonant, native_number, with_particle

SYLLABLES = st.characters(min_codepoint=ord("가"), max_codepoint=ord("힣"))
WORDS = st.text(SYLLABLES, min_size=1, max_size=6)
PAIRS = [
    *("이/가", "을/를", "은/는", "과/와", "이랑/랑", "이에요/예요", "이네요/네요", "이라니/라니"),
    *("이라/라", "이고/고", "아/야", "이나/나", "이면/면"),
]
RIEUL = "\u11af"  # the final consonant ㄹ as Unicode writes it

# The numbers as one counts with them; before a noun some of them get shorter.
UNITS = ["", "하나", "둘", "셋", "넷", "다섯", "여섯", "일곱", "여덟", "아홉"]
TENS = ["", "열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔"]
SHORTER = [("하나", "한"), ("둘", "두"), ("셋", "세"), ("넷", "네"), ("스물", "스무")]


def last_jamo(word: str) -> str:
    """Return the final consonant of a word as Unicode decomposes it, "" for none."""
    parts = unicodedata.normalize("NFD", word[-1])
    return parts[2:]


def expected_particle(word: str, pair: str) -> str:
    """Return the particle by the rule of a grammar book."""
    after_consonant, after_vowel = pair.split("/")
    final = last_jamo(word)
    if after_consonant.startswith("으로") and final == RIEUL:
        return after_vowel
    return after_consonant if final else after_vowel


def number_before_a_noun(count: int) -> str:
    word = TENS[count // 10] + UNITS[count % 10]
    for long, short in SHORTER:
        if word.endswith(long):
            return word.removesuffix(long) + short
    return word


@settings(deadline=None, derandomize=True, max_examples=400)
@given(word=WORDS, pair=st.sampled_from(PAIRS))
def test_the_particle_follows_the_last_letter(word: str, pair: str) -> None:
    assert with_particle(word, pair) == word + expected_particle(word, pair)


@settings(deadline=None, derandomize=True, max_examples=400)
@given(word=WORDS, pair=st.sampled_from(["으로/로", "으로서/로서", "으로도/로도"]))
def test_ro_stands_after_a_vowel_and_after_rieul(word: str, pair: str) -> None:
    assert with_particle(word, pair) == word + expected_particle(word, pair)


def test_every_syllable_has_the_final_consonant_that_unicode_gives_it() -> None:
    syllables = [chr(code) for code in range(ord("가"), ord("힣") + 1)]
    wrong = [s for s in syllables if bool(final_consonant(s)) != bool(last_jamo(s))]
    assert len(syllables) == 11172
    assert wrong == []


@pytest.mark.parametrize(
    ("word", "pair", "expected"),
    [
        *(("곰", "이/가", "곰이"), ("고양이", "이/가", "고양이가"), ("말", "으로/로", "말로")),
        *(("곰", "으로/로", "곰으로"), ("차", "으로/로", "차로"), ("말", "이/가", "말이")),
        *(("닭", "을/를", "닭을"), ("개", "이에요/예요", "개예요"), ("두 분", "과/와", "두 분과")),
    ],
)
def test_well_known_words_get_their_particle(word: str, pair: str, expected: str) -> None:
    assert with_particle(word, pair) == expected


@pytest.mark.parametrize("word", ["", "dog", "개2", "ㄱ", "고양이 ", "개!", "ㅏ", "犬", "\ud7a4", "\uabff"])
def test_a_word_that_does_not_end_in_a_syllable_is_refused(word: str) -> None:
    with pytest.raises(ValueError, match="Hangul"):
        with_particle(word, "이/가")


@settings(deadline=None, derandomize=True, max_examples=200)
@given(letter=st.characters(blacklist_categories=["Cs"]).filter(lambda c: not "가" <= c <= "힣"))
def test_no_letter_outside_the_syllables_has_a_final_consonant(letter: str) -> None:
    with pytest.raises(ValueError, match="Hangul"):
        final_consonant("개" + letter)


@pytest.mark.parametrize("count", range(1, 100))
def test_native_numbers_stand_as_before_a_noun(count: int) -> None:
    assert native_number(count) == number_before_a_noun(count)


@pytest.mark.parametrize(
    ("count", "word"),
    [
        (1, "한"),
        (4, "네"),
        (10, "열"),
        (11, "열한"),
        (20, "스무"),
        (21, "스물한"),
        (34, "서른네"),
        (99, "아흔아홉"),
    ],
)
def test_native_numbers_that_everybody_knows(count: int, word: str) -> None:
    assert native_number(count) == word


@pytest.mark.parametrize("count", [0, 100, 101, 12345])
def test_numbers_without_a_native_word_are_digits(count: int) -> None:
    assert native_number(count) == str(count)


def test_a_count_is_a_number_and_a_counting_noun() -> None:
    assert counted(2, "마리") == "두 마리"
    assert counted(20, "분") == "스무 분"
