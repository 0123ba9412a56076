"""The comment patterns as they ship: true by their tags, well-formed, kind, and each of its own build.

What a tag means is taken from `models.tags` by asking it about many small photos; what a sentence
may say is written down here as words.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

import models
from models.labels import labels
from models.records import Language
from models.writers.patterns import patterns
from tests.models.corpus_words import (
    CHEER,
    COUNTED,
    DOUBT_OF_A_THING,
    DOUBT_WORDS,
    FORBIDDEN,
    LAUGHING,
    UNCOUNTED,
    WORDS,
)
from tests.models.possible_tags import COLORS, TAGS, can_hold, tags_that_occur, words

COMMENTS = Path(models.__file__).parent / "comments"
LANGUAGES: tuple[Language, Language] = ("ko", "en")
SLOT = re.compile(r"\{([^}:]*)(?::([^}]*))?\}")

SLOTS = frozenset(words("thing thing2 thing3 count people color color2 top bottom hue1 hue2 hue3"))
ENGLISH_FORMS = {name: {"", "a", "count", "plural"} for name in ("thing", "thing2", "thing3")}

THINGS = frozenset({"things:1", "things:2", "things:3+", "things:any", "sure", "unsure"})
NAMED = frozenset({"color:any", "color:two", *(f"color:{name}" for name in COLORS)})


def gives(tag: str) -> frozenset[str]:
    """Return the slots that can be filled wherever a tag holds."""
    found: set[str] = set()
    if tag in THINGS or tag.startswith(("thing:", "kind:", "label:")):
        found |= {"thing", "count"}
    if tag in ("things:2", "things:3+"):
        found.add("thing2")
    if tag == "things:3+":
        found.add("thing3")
    if tag.startswith("people:") and tag not in ("people:0", "people:some"):
        found.add("people")
    if tag in NAMED:
        found.add("color")
    extra = {"color:two": {"color2"}, "color:top_bottom": {"top", "bottom"}}
    extra["color:mixed"] = {"hue1", "hue2", "hue3"}
    return frozenset(found | extra.get(tag, set()))


PAIRS = frozenset({"이/가", "을/를", "은/는", "과/와", "으로/로", "아/야", "이에요/예요"})
# 이 falls away after a vowel
ENDINGS = words("랑 네요 라니 라 고 나 면 라면 라는 라고 다 야 냐 니까 겠지 겠죠 래요 요")
INVARIANT = re.compile(  # what may follow a bare slot without a space
    r"(도|만|만으로|에|에서|에게|의|께|한테|끼리|까지|부터|하고|보다|처럼|마다|쯤|님|씨"
    r"|밖에|만큼|조차|마저|대로|말고|같이|들|쪽|인|인가|인가요|인지|일까요|일걸요|입니다)"
    r"(까지)?(도|만|는|은|요)?|뿐[가-힣]*"
)


@dataclass(frozen=True)
class Line:
    """One pattern and where it is written."""

    language: Language
    file: str
    number: int
    text: str
    when: frozenset[str]

    def __str__(self) -> str:
        return f"{self.language}/{self.file}:{self.number} {sorted(self.when)} {self.text}"

    @property
    def slots(self) -> list[tuple[str, str]]:
        """Return name and form of every slot."""
        return [(slot[1], slot[2] or "") for slot in SLOT.finditer(self.text)]

    @property
    def bare(self) -> str:
        """Return the sentence without its slots."""
        return SLOT.sub("", self.text)

    def filled(self, word: str) -> str:
        return SLOT.sub(word, self.text)


@cache
def lines(language: Language) -> tuple[Line, ...]:
    return tuple(line for path in sorted((COMMENTS / language).iterdir()) for line in _lines(path, language))


def _lines(path: Path, language: Language) -> Iterator[Line]:
    text = path.read_text(encoding="utf-8")
    rows = text.splitlines()
    at = 0
    for group in tomllib.loads(text)["group"]:
        for line in group["lines"]:
            at = next((row for row in range(at, len(rows)) if line in rows[row]), at)
            yield Line(language, path.name, at + 1, line, frozenset(group["when"]))


def expect_none(found: Iterable[Line]) -> None:
    """Fail with every line found, and where it is written."""
    wrong = [str(line) for line in found]
    assert not wrong, "\n".join(["", *wrong])


def test_the_known_tags_are_those_that_photos_have() -> None:
    occurring = {tag for tag in tags_that_occur() if not tag.startswith("label:")}
    assert occurring == TAGS


def test_every_spoken_class_has_its_label_tag() -> None:
    expected = {f"label:{kind.singular.lower().replace(' ', '_')}" for kind in labels() if kind.is_spoken}
    assert {tag for tag in tags_that_occur() if tag.startswith("label:")} == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_corpus_is_read_as_it_is_written(language: Language) -> None:
    written = Counter((line.text, line.when) for line in lines(language))
    assert Counter((pattern.text, pattern.when) for pattern in patterns(language)) == written


def test_there_are_enough_lines() -> None:
    assert len(lines("ko")) >= 400
    assert len(lines("en")) >= 200


def test_photos_of_people_only_have_120_korean_lines() -> None:
    people = [
        line
        for line in lines("ko")
        if "things:0" in line.when and any(t.startswith("people:") and t != "people:0" for t in line.when)
    ]
    assert len(people) >= 120


def test_photos_in_which_nothing_is_recognised_have_120_korean_lines() -> None:
    assert len([line for line in lines("ko") if {"things:0", "people:0"} <= line.when]) >= 120


@pytest.mark.parametrize("language", LANGUAGES)
def test_groups_ask_for_known_tags_only(language: Language) -> None:
    known = TAGS | tags_that_occur()
    expect_none(line for line in lines(language) if not line.when or line.when - known)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_group_can_come_true(language: Language) -> None:
    expect_none(line for line in lines(language) if not can_hold(line.when))


@pytest.mark.parametrize("language", LANGUAGES)
def test_lines_have_known_slots_only(language: Language) -> None:
    unknown = [line for line in lines(language) if {name for name, _ in line.slots} - SLOTS]
    expect_none(unknown)
    expect_none(line for line in lines(language) if re.search(r"[{}]", line.bare))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_slot_is_guaranteed_by_the_tags_of_its_group(language: Language) -> None:
    hollow = [
        line
        for line in lines(language)
        if {name for name, _ in line.slots} - frozenset().union(*(gives(tag) for tag in line.when))
    ]
    expect_none(hollow)


def test_korean_slots_carry_a_well_formed_pair_of_particles_or_nothing() -> None:
    pairs = PAIRS | {f"이{ending}/{ending}" for ending in ENDINGS}
    bad = [line for line in lines("ko") if {form for _, form in line.slots} - pairs - {""}]
    expect_none(bad)


def test_no_particle_that_changes_follows_a_bare_slot() -> None:
    followed = re.compile(r"\{\w+\}([가-힣]+)")
    bad = [
        line
        for line in lines("ko")
        if any(not INVARIANT.fullmatch(found[1]) for found in followed.finditer(line.text))
    ]
    expect_none(bad)


def test_no_word_is_glued_to_a_slot_with_its_particle() -> None:
    expect_none(line for line in lines("ko") if re.search(r"\{\w+:[^}]*\}[가-힣]", line.text))


def test_english_slots_have_forms_that_exist() -> None:
    bad = [
        line
        for line in lines("en")
        if any(form not in ENGLISH_FORMS.get(name, {""}) for name, form in line.slots)
    ]
    expect_none(bad)


def test_english_words_keep_their_distance_from_a_slot() -> None:
    glued = re.compile(r"\w\{|\}(?!'s\b)'?\w")
    expect_none(line for line in lines("en") if glued.search(line.text))


@pytest.mark.parametrize(("language", "shortest", "longest"), [("ko", 12, 80), ("en", 15, 140)])
def test_lines_are_neither_too_short_nor_too_long(language: Language, shortest: int, longest: int) -> None:
    bad = [line for line in lines(language) if not shortest <= len(line.filled("개구리")) <= longest]
    expect_none(bad)


@pytest.mark.parametrize("language", LANGUAGES)
def test_lines_are_tidy(language: Language) -> None:
    untidy = re.compile(r"^\s|\s$|\s\s|[\n\t]| [,.!?](?!\.)")
    expect_none(line for line in lines(language) if untidy.search(line.text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_line_is_written_twice(language: Language) -> None:
    counts = Counter(line.text for line in lines(language))
    expect_none(line for line in lines(language) if counts[line.text] > 1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_lines_have_the_same_skeleton(language: Language) -> None:
    def skeleton(line: Line) -> str:
        return re.sub(r"[^\w가-힣_ ]", "", line.filled("_")).strip().lower()

    counts = Counter(skeleton(line) for line in lines(language))
    expect_none(line for line in lines(language) if counts[skeleton(line)] > 1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_line_has_a_forbidden_word(language: Language) -> None:
    bad = [line for line in lines(language) if FORBIDDEN[language].search(line.bare)]
    expect_none(bad)


@pytest.mark.parametrize("language", LANGUAGES)
def test_sad_and_angry_faces_get_no_cheer(language: Language) -> None:
    grave = [line for line in lines(language) if {"emotion:sadness", "emotion:anger"} & line.when]
    assert len(grave) >= 10
    expect_none(line for line in grave if LAUGHING.search(line.text) or CHEER[language].search(line.bare))


@pytest.mark.parametrize("language", LANGUAGES)
def test_doubt_about_a_thing_is_for_things_in_doubt(language: Language) -> None:
    sure = [line for line in lines(language) if "unsure" not in line.when]
    expect_none(line for line in sure if DOUBT_OF_A_THING[language].search(line.text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_lines_for_things_in_doubt_say_the_doubt(language: Language) -> None:
    doubtful = [line for line in lines(language) if "unsure" in line.when]
    assert len(doubtful) >= 20
    expect_none(line for line in doubtful if not DOUBT_WORDS[language].search(line.bare))


@pytest.mark.parametrize("language", LANGUAGES)
def test_lines_for_something_counted_or_measured_say_it(language: Language) -> None:
    """Lines for any photo at all are free; `make proof` counts how rarely they are drawn."""

    def states(line: Line) -> bool:
        clues = [WORDS[language][tag] for tag in line.when if tag in WORDS[language]]
        return bool(line.slots) or any(re.search(clue, line.text.lower()) for clue in clues)

    without = [line for line in lines(language) if "things:0" in line.when]
    assert {"people.toml", "scenes.toml"} <= {line.file for line in without}
    free = {"things:0", "people:0", "people:some", "people:any"}
    expect_none(line for line in without if not set(line.when) <= free and not states(line))


@pytest.mark.parametrize("language", LANGUAGES)
def test_lines_about_a_thing_name_it(language: Language) -> None:
    about = [line for line in lines(language) if line.file in ("animals.toml", "things.toml")]
    expect_none(line for line in about if "thing" not in {name for name, _ in line.slots})


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_number_of_people_is_stated_where_they_need_not_be_counted(language: Language) -> None:
    def is_uncounted(line: Line) -> bool:
        return {tag for tag in line.when if tag.startswith("people:")} <= UNCOUNTED and bool(
            UNCOUNTED & line.when
        )

    uncounted = [line for line in lines(language) if is_uncounted(line)]
    assert len(uncounted) >= 20
    expect_none(line for line in uncounted if COUNTED[language].search(line.bare))


@pytest.mark.parametrize("language", LANGUAGES)
def test_colours_are_named_as_measured(language: Language) -> None:
    """A line of `color:red` speaks of red, and of no colour that was not measured."""
    named = {tag: WORDS[language][tag] for tag in (f"color:{name}" for name in COLORS)}
    groups = [line for line in lines(language) if line.file == "scenes.toml" and set(named) & line.when]
    wrong = [
        line
        for line in groups
        for tag in set(named) & line.when
        if not re.search(named[tag], line.text.lower()) and "color" not in {name for name, _ in line.slots}
    ]
    expect_none(wrong)
