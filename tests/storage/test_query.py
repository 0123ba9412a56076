"""What a person asks for: the things, not the politeness around them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.labels import PERSONS, label, labels
from storage.index import label_term
from storage.query import MAX_CONCEPTS, MAX_GRAMS, concepts_of, names, unwanted_of
from storage.words import Tokenizer
from tests.storage.makers import BICYCLE, CAT, DOG


def written(tokenizer: Tokenizer, text: str) -> list[str]:
    return [concept.written for concept in concepts_of(tokenizer, text)]


def asked(tokenizer: Tokenizer, text: str) -> list[set[str]]:
    """Return the classes that each concept means."""
    return [set(concept.labels) for concept in concepts_of(tokenizer, text)]


@pytest.mark.parametrize(
    "text",
    [
        "개",
        "개 사진",
        "개 사진을 찾아 줘",
        "개 사진 좀 찾아 주세요",
        "개가 나오는 사진",
        "혹시 개 사진 있어?",
        "개를 찍은 사진 보여줘!!",
        "강아지",
        "dog",
        "Dogs",
        "photos of dogs please",
        "show me the dog",
        "멍멍이",
        unicodedata.normalize("NFD", "강아지 사진을 찾아 줘"),
    ],
)
@pytest.mark.parametrize("is_loaded", [True, False])
def test_a_dog_is_asked_for_in_many_ways(tokenizer: Tokenizer, text: str, is_loaded: bool) -> None:
    [classes] = asked(tokenizer if is_loaded else Tokenizer(), text)
    assert label_term(DOG) in classes


def test_each_thing_asked_for_is_a_concept(tokenizer: Tokenizer) -> None:
    assert [len(one) > 0 for one in asked(tokenizer, "개랑 고양이랑 자전거 사진")] == [True, True, True]
    for classes, one in zip(asked(tokenizer, "개와 cat 그리고"), (DOG, CAT), strict=False):
        assert label_term(one) in classes
    assert label_term(BICYCLE) in asked(tokenizer, "bike")[0]


def test_words_that_together_name_a_class_are_one_concept(tokenizer: Tokenizer) -> None:
    for text in ("christmas tree", "크리스마스 트리", "Christmas trees", "크리스마스트리"):
        [concept] = concepts_of(tokenizer, text)
        [found] = concept.labels
        assert label(int(found[1:])).en == "Christmas tree"


def test_people_are_found_by_every_class_of_people(tokenizer: Tokenizer) -> None:
    for text in ("사람", "person", "people", "사람들"):
        [classes] = asked(tokenizer, text)
        assert classes >= {label_term(one) for one in PERSONS}, text


def test_a_kind_means_all_its_members(tokenizer: Tokenizer) -> None:
    [classes] = asked(tokenizer, "동물")
    assert {label_term(DOG), label_term(CAT)} <= classes
    assert label_term(BICYCLE) not in classes


def test_every_name_and_alias_of_every_class_asks_for_it() -> None:
    early = Tokenizer()
    for one in labels():
        for name in (one.ko, one.en, *one.aliases_ko, *one.aliases_en):
            found = set().union(*asked(early, name))
            assert label_term(one.id) in found, (name, one.en)


def test_only_politeness_asks_for_what_it_says(tokenizer: Tokenizer) -> None:
    assert concepts_of(tokenizer, "사진 찾아 줘")
    assert concepts_of(tokenizer, "") == concepts_of(tokenizer, " ?!… 😀") == ()


def test_a_long_query_is_cut(tokenizer: Tokenizer) -> None:
    concepts = concepts_of(tokenizer, " ".join(f"낱말{chr(0xAC00 + n * 28)}" for n in range(90)))
    assert len(concepts) == MAX_CONCEPTS
    [concept] = concepts_of(tokenizer, "가나다라마바사아자차카타파하" * 9)
    assert len(concept.grams) <= MAX_GRAMS


@pytest.mark.parametrize("syllable", ["개", "말", "꽃", "책", "곰", "컵", "집", "배"])
def test_a_word_of_one_syllable_is_asked_for(tokenizer: Tokenizer, syllable: str) -> None:
    for loaded in (tokenizer, Tokenizer()):
        [concept] = concepts_of(loaded, syllable)
        assert concept.labels
        assert concept.grams == (syllable,)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_a_few_concepts(tokenizer: Tokenizer, text: str) -> None:
    concepts = concepts_of(tokenizer, text)
    assert len(concepts) <= MAX_CONCEPTS
    assert all(concept.written for concept in concepts)


def test_no_name_is_empty_and_every_class_exists() -> None:
    assert all(names())
    assert {one for ids in names().values() for one in ids} <= {one.id for one in labels()}


@pytest.mark.parametrize(
    "text", ["개 두마리", "개 두 마리", "개 2마리", "강아지사진찾아줘", "강아지사진", "강아지 하나만 보여줘"]
)
def test_counts_and_words_written_together_leave_the_dog(tokenizer: Tokenizer, text: str) -> None:
    first, *others = asked(tokenizer, text)

    assert label_term(DOG) in first
    assert not any(others)


def test_what_is_not_wanted_is_no_concept_but_known(tokenizer: Tokenizer) -> None:
    assert [concept.written for concept in concepts_of(tokenizer, "개 -사람 -cat")] == ["개"]
    assert [concept.written for concept in unwanted_of(tokenizer, "개 -사람 -cat")] == ["사람", "cat"]
    assert unwanted_of(tokenizer, "한강-공원 2026-11-20") == ()
