"""The one vocabulary: 601 classes, each with a name of its own in two languages (E09)."""

from __future__ import annotations

import re
from collections import Counter
from itertools import chain

import pytest

from models.labels import HUMAN_FACE, PERSON, PERSONS, coco, label, labels

KINDS = frozenset(
    [
        "animal",
        "bag",
        "body",
        "book",
        "building",
        "clothing",
        "drink",
        "electronics",
        "food",
        "furniture",
        "home",
        "instrument",
        "kitchen",
        "office",
        "other",
        "person",
        "plant",
        "sport",
        "street",
        "tool",
        "toy",
        "vehicle",
    ]
)
COUNTERS = frozenset(
    [
        "가닥",
        "개",
        "곳",
        "권",
        "그루",
        "그릇",
        "대",
        "마리",
        "명",
        "문",
        "발",
        "벌",
        "병",
        "송이",
        "자루",
        "잔",
        "장",
        "점",
        "접시",
        "조각",
        "채",
        "척",
        "켤레",
        "통",
        "판",
    ]
)
HANGUL_WORDS = re.compile(r"[가-힣]+( [가-힣]+)*")
CLOTHING = 115

# name, plural and the name in the middle of a sentence
TRICKY = [
    ("Person", "person", "people"),
    ("Knife", "knife", "knives"),
    ("Goose", "goose", "geese"),
    ("Mouse", "mouse", "mice"),
    ("Computer mouse", "computer mouse", "computer mice"),
    ("Sheep", "sheep", "sheep"),
    ("Cattle", "cattle", "cattle"),
    ("Wine glass", "wine glass", "wine glasses"),
    ("Toothbrush", "toothbrush", "toothbrushes"),
    ("Butterfly", "butterfly", "butterflies"),
    ("Toy", "toy", "toys"),
    ("Tomato", "tomato", "tomatoes"),
    ("Scarf", "scarf", "scarves"),
    ("Snowman", "snowman", "snowmen"),
    ("Scissors", "scissors", "scissors"),
    ("Broccoli", "broccoli", "broccoli"),
    ("Box", "box", "boxes"),
    ("Volleyball (Ball)", "volleyball", "volleyballs"),
    ("Bow and arrow", "bow and arrow", "bows and arrows"),
    ("Chest of drawers", "chest of drawers", "chests of drawers"),
    ("Christmas tree", "Christmas tree", "Christmas trees"),
    ("French horn", "French horn", "French horns"),
]


def _repeated(words: list[str]) -> list[str]:
    return [word for word, count in Counter(words).items() if count > 1]


def test_there_are_601_labels_numbered_without_a_gap() -> None:
    assert [kind.id for kind in labels()] == list(range(601))


def test_no_two_classes_share_a_korean_name() -> None:
    assert _repeated([kind.ko for kind in labels()]) == []


def test_no_two_classes_share_a_korean_name_even_without_spaces() -> None:
    assert _repeated([kind.ko.replace(" ", "") for kind in labels()]) == []


def test_korean_names_are_hangul_words_with_single_spaces() -> None:
    assert [kind.ko for kind in labels() if not HANGUL_WORDS.fullmatch(kind.ko)] == []


def test_no_two_classes_share_an_english_name() -> None:
    assert _repeated([kind.en.lower() for kind in labels()]) == []


def test_no_two_classes_share_the_english_name_inside_a_sentence() -> None:
    assert _repeated([kind.singular.lower() for kind in labels()]) == []


def test_no_two_classes_share_an_english_plural() -> None:
    assert _repeated([kind.plural.lower() for kind in labels()]) == []


def test_no_name_is_blank_or_padded() -> None:
    names = list(chain.from_iterable((kind.en, kind.ko, kind.singular, kind.plural) for kind in labels()))
    assert [name for name in names if not name or name != name.strip()] == []


def test_korean_aliases_never_name_another_class() -> None:
    names = {kind.ko.replace(" ", ""): kind.id for kind in labels()}
    wrong = [
        (kind.ko, alias)
        for kind in labels()
        for alias in kind.aliases_ko
        if names.get(alias.replace(" ", ""), kind.id) != kind.id
    ]
    assert wrong == []


def test_english_aliases_never_name_another_class() -> None:
    names = {name.lower(): kind.id for kind in labels() for name in (kind.en, kind.singular, kind.plural)}
    wrong = [
        (kind.en, alias)
        for kind in labels()
        for alias in kind.aliases_en
        if names.get(alias.lower(), kind.id) != kind.id
    ]
    assert wrong == []


@pytest.mark.parametrize("language", ["en", "ko"])
def test_no_alias_belongs_to_two_classes(language: str) -> None:
    aliases = [
        alias
        for kind in labels()
        for alias in {word.lower() for word in getattr(kind, f"aliases_{language}")}
    ]
    assert _repeated(aliases) == []


def test_aliases_are_neither_blank_nor_padded() -> None:
    aliases = chain.from_iterable((*kind.aliases_en, *kind.aliases_ko) for kind in labels())
    assert [alias for alias in aliases if not alias or alias != alias.strip()] == []


def test_persons_are_never_spoken() -> None:
    assert {kind.en for kind in labels() if kind.kind == "person"} == {
        "Person",
        "Man",
        "Woman",
        "Boy",
        "Girl",
    }
    assert [kind.en for kind in labels() if kind.kind == "person" and kind.is_spoken] == []


def test_the_constants_of_people_name_the_right_classes() -> None:
    assert label(PERSON).en == "Person"
    assert label(HUMAN_FACE).en == "Human face"
    assert {label(person).kind for person in PERSONS} == {"person"}
    assert len(PERSONS) == 5


def test_parts_of_the_body_are_never_spoken() -> None:
    assert [kind.en for kind in labels() if kind.kind == "body" and kind.is_spoken] == []


def test_every_human_class_is_a_part_of_the_body() -> None:
    humans = [kind for kind in labels() if kind.en.startswith("Human ")]
    assert len(humans) == 13
    assert {kind.kind for kind in humans} == {"body"}


def test_clothing_as_such_is_never_spoken() -> None:
    assert label(CLOTHING).en == "Clothing"
    assert not label(CLOTHING).is_spoken


def test_kinds_come_from_the_closed_list() -> None:
    assert {kind.kind for kind in labels()} == KINDS


def test_counters_come_from_the_closed_list() -> None:
    assert {kind.counter for kind in labels()} == COUNTERS


def test_animals_and_people_have_counters_of_their_own() -> None:
    assert {kind.counter for kind in labels() if kind.kind == "animal"} == {"마리"}
    assert {kind.counter for kind in labels() if kind.kind == "person"} == {"명"}


def test_the_80_classes_of_coco_map_to_80_different_labels() -> None:
    assert len(coco()) == 80
    assert len(set(coco())) == 80


@pytest.mark.parametrize(
    ("index", "name"),
    [
        *((0, "Person"), (16, "Dog"), (19, "Cattle"), (32, "Ball"), (41, "Mug"), (58, "Houseplant")),
        *(
            (63, "Laptop"),
            (64, "Computer mouse"),
            (67, "Mobile phone"),
            (77, "Teddy bear"),
            (79, "Toothbrush"),
        ),
    ],
)
def test_coco_classes_map_to_what_they_show(index: int, name: str) -> None:
    assert label(coco()[index]).en == name


def test_every_class_of_coco_but_the_person_is_spoken() -> None:
    assert [label(index).en for index in coco() if not label(index).is_spoken] == ["Person"]


@pytest.mark.parametrize(("name", "singular", "plural"), TRICKY, ids=[name for name, _, _ in TRICKY])
def test_english_has_the_right_singular_and_plural(name: str, singular: str, plural: str) -> None:
    kind = next(kind for kind in labels() if kind.en == name)
    assert (kind.singular, kind.plural) == (singular, plural)


def test_a_name_without_a_plural_of_its_own_is_written_alike_twice() -> None:
    """ "french fries" beside "French fries" would count as a plural and give "a French fries"."""
    alike = [kind for kind in labels() if kind.singular.lower() == kind.plural.lower()]
    assert [kind.en for kind in alike if kind.singular != kind.plural] == []


def test_the_name_inside_a_sentence_has_no_brackets() -> None:
    assert [kind.en for kind in labels() if "(" in kind.singular + kind.plural] == []


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_label_gives_its_name_in_the_language_asked_for(language: str) -> None:
    dog = label(160)
    assert dog.name("ko" if language == "ko" else "en") == {"ko": "개", "en": "dog"}[language]


@pytest.mark.parametrize("label_id", [-1, 601])
def test_a_label_that_does_not_exist_is_refused(label_id: int) -> None:
    with pytest.raises(IndexError):
        label(label_id)
