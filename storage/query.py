"""What a query asks for: concepts, each with every way a photo can have it.

"강아지 사진 좀 찾아 줘" is one concept: the class Dog, the morpheme 강아지, the bigrams 강아 and 아지.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from models.labels import PERSON, PERSONS, labels
from storage.index import label_term
from storage.words import Tokenizer, Word, normal, singular

MAX_QUERY = 200  # characters
MAX_CONCEPTS = 8
MAX_GRAMS = 8  # of one concept
MAX_WORDS = 4  # of a label's name

# What people say to a search rather than look for.
POLITE_WORDS = """
사진 사진들 사진을 사진이 찾아 찾아줘 찾아봐 찾아주세요 찾기 보여 보여줘 보여주세요 줘 주세요 줄래 좀
있는 있던 있어 있나 나오는 나온 나와 찍은 찍힌 그 거 것 걸 중에 중 혹시 올린 올렸던
찾 주 보이 보 있 나오 찍 찍히 올리
photo photos picture pictures image images find show me us my the a an of with in on at to for
and or please is are was were there any some where
"""
POLITE = frozenset(POLITE_WORDS.split())
AMBIGUOUS = {"Car": ("차",)}  # names of two classes, which the table of labels keeps apart
UNWANTED = re.compile(r"(?:^|(?<=\s))[-\u2212\u2013](\w\S*)")


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing asked for: `written` as it was typed, and its terms in each column.

    `is_name` is False for what things do or are like; a photo may lack that and still be meant.
    """

    written: str
    labels: tuple[str, ...]
    morphemes: tuple[str, ...]
    grams: tuple[str, ...]
    is_name: bool = True


def concepts_of(tokenizer: Tokenizer, text: str, *, wanted: bool = True) -> tuple[Concept, ...]:
    """Return what a query asks for, at most `MAX_CONCEPTS`; nothing for a text without words."""
    text = UNWANTED.sub(" ", text[:MAX_QUERY]) if wanted else text
    words = list(tokenizer.words(text))
    asked = list(_concepts(words, is_polite=True)) or list(_concepts(words, is_polite=False))
    return tuple(asked)[:MAX_CONCEPTS]


def unwanted_of(tokenizer: Tokenizer, text: str) -> tuple[Concept, ...]:
    """Return what a query wants none of: "-사람"."""
    return concepts_of(tokenizer, " ".join(UNWANTED.findall(text[:MAX_QUERY])), wanted=False)


def _is_polite(word: Word) -> bool:
    if word.written in POLITE or word.stem in POLITE:
        return True
    return word.is_small and _key(word.stem) not in names()  # Kiwi may take a dog (개) for a counter


def _concepts(words: list[Word], *, is_polite: bool) -> Iterator[Concept]:
    """Yield concepts; words that together name a class are one ("chest of drawers").

    `is_polite` leaves out what people say to a search rather than look for.
    """
    start = 0
    while start < len(words):
        length, found = _longest_name(words[start:])
        if not found and words[start].parts:  # written together: "강아지사진"
            words = [*words[:start], *words[start].parts, *words[start + 1 :]]
            continue
        if length > 1 or not (is_polite and _is_polite(words[start])):
            yield _concept(words[start : start + length], found)
        start += length


def _longest_name(words: list[Word]) -> tuple[int, tuple[int, ...]]:
    """Return how many of the first words name a class, and which classes; 1 and none if they do not."""
    for length in range(min(MAX_WORDS, len(words)), 0, -1):
        parts = [word.written for word in words[: length - 1]]
        for last in dict.fromkeys((words[length - 1].written, words[length - 1].stem)):
            if found := names().get(_key("".join([*parts, last]))):
                return length, found
    return 1, ()


def _concept(words: list[Word], found: tuple[int, ...]) -> Concept:
    morphemes = dict.fromkeys(part for word in words for part in word.morphemes)
    pairs = dict.fromkeys(gram for word in words for gram in word.grams)
    return Concept(
        written=" ".join(word.stem for word in words),
        labels=tuple(label_term(label_id) for label_id in found),
        morphemes=tuple(morphemes),
        grams=tuple(pairs)[:MAX_GRAMS],
        is_name=bool(found) or any(word.is_name for word in words),
    )


def _key(name: str) -> str:
    """Return a name as it is looked up: without spaces and signs, English in the singular."""
    return singular("".join(sign for sign in normal(name) if sign.isalnum()))


@cache
def names() -> dict[str, tuple[int, ...]]:
    """Return the classes that each name or alias means; a kind (animal, vehicle) means all of its own."""
    found: dict[str, set[int]] = {}
    for one in labels():
        also = AMBIGUOUS.get(one.en, ())
        for name in (one.en, one.en.split(" (")[0], one.ko, *one.aliases_en, *one.aliases_ko, *also):
            found.setdefault(_key(name), set()).add(one.id)
    for one in labels():
        members = {other.id for other in labels() if other.kind == one.en.casefold()}
        members |= PERSONS if one.id == PERSON else set()
        for name in (one.en, one.ko, *one.aliases_en, *one.aliases_ko):
            found[_key(name)] |= members
    return {name: tuple(sorted(ids)) for name, ids in found.items() if name}
