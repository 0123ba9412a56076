"""What a text is found by: Korean without its particles, English without its plural, no signs."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.words import WORD, Tokenizer, grams, normal, singular


def morphemes(tokenizer: Tokenizer, text: str) -> set[str]:
    return {part for word in tokenizer.words(text) for part in word.morphemes}


def stems(tokenizer: Tokenizer, text: str) -> list[str]:
    return [word.stem for word in tokenizer.words(text)]


@pytest.mark.parametrize(
    "particle", ["가", "를", "는", "와", "도", "의", "에", "랑", "하고", "처럼", "까지", "부터", "한테", "만"]
)
def test_a_particle_does_not_change_what_a_word_is_found_by(tokenizer: Tokenizer, particle: str) -> None:
    assert stems(tokenizer, f"고양이{particle}") == ["고양이"]
    assert morphemes(tokenizer, f"고양이{particle} 봤어") >= {"고양이"}


@pytest.mark.parametrize("written", ["강아지를", "강아지가", "강아지랑", "강아지에서"])
def test_before_morphemes_are_loaded_particles_go_by_their_form(written: str) -> None:
    early = Tokenizer()
    assert not early.is_loaded
    [word] = early.words(written)
    assert (word.stem, word.morphemes, word.grams) == ("강아지", (), ("강아", "아지"))


@pytest.mark.parametrize(
    ("plural", "one"),
    [
        ("dogs", "dog"),
        ("boxes", "box"),
        ("puppies", "puppy"),
        ("benches", "bench"),
        ("dishes", "dish"),
        ("glasses", "glass"),
        ("bus", "bus"),
        ("glass", "glass"),
        ("tennis", "tennis"),
        ("octopus", "octopus"),
        ("gas", "gas"),
        ("개들", "개들"),
    ],
)
def test_a_regular_plural_is_its_singular(plural: str, one: str) -> None:
    assert singular(plural) == one


def test_english_words_are_found_in_either_number_and_case(tokenizer: Tokenizer) -> None:
    for text in ("Dogs", "dog", "DOG", "dogs!"):
        assert morphemes(tokenizer, text) == {"dog"}
        assert Tokenizer().words(text)[0].morphemes == ("dog",)


def test_decomposed_text_is_the_same_text(tokenizer: Tokenizer) -> None:
    text = "고양이랑 Café에서 놀았다"
    assert tokenizer.words(unicodedata.normalize("NFD", text)) == tokenizer.words(text)
    assert "café" in morphemes(tokenizer, text)


def test_words_keep_their_place_behind_signs_that_are_wide(tokenizer: Tokenizer) -> None:
    plain = tokenizer.words("강아지 산책을 자전거로")
    wide = tokenizer.words("😀👨‍👩‍👧 강아지 🐕🐕 산책을 🚲 자전거로 💛")
    assert wide == plain
    assert [word.morphemes for word in plain] == [("강아지",), ("산책",), ("자전거",)]


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("강아지", ("강아", "아지")),
        ("개", ("개",)),
        ("고기고기", ("고기", "기고")),
        ("abc", ()),
        ("3번출구", ("번출", "출구")),
        ("가a나", ("가", "나")),
        ("", ()),
    ],
)
def test_bigrams_are_of_korean_syllables(word: str, found: tuple[str, ...]) -> None:
    assert grams(word) == found


def test_a_word_of_two_languages_is_found_by_both(tokenizer: Tokenizer) -> None:
    assert morphemes(tokenizer, "usb케이블") >= {"usb", "케이블"}
    assert Tokenizer().words("usb케이블")[0].morphemes == ("usb",)


def test_very_long_texts_are_read_to_a_limit_only(tokenizer: Tokenizer) -> None:
    words = tokenizer.words("가나 " * 5_000)
    assert 0 < len(words) <= 1_000
    assert len(normal("ﷺ" * 9_000)) <= 2_000 * 18  # one sign may become eighteen


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300))
def test_every_term_of_any_text_is_letters_and_digits_only(tokenizer: Tokenizer, text: str) -> None:
    for word in (*tokenizer.words(text), *Tokenizer().words(text)):
        for term in (*word.morphemes, *word.grams):
            assert WORD.fullmatch(term), (text, term)
        assert word.stem
        assert word.written.startswith(word.stem)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=100))
def test_text_that_was_made_comparable_stays_as_it_is(text: str) -> None:
    once = normal(text)
    assert normal(once) == once


def test_half_a_character_is_read_over(tokenizer: Tokenizer) -> None:
    assert morphemes(tokenizer, "강아지 \ud83d 산책") == {"강아지", "산책"}
