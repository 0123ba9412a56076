"""The one vocabulary: 601 Open Images classes with Korean and English names, keyed by class.

`openimages.csv` was written for this project.  Detectors map what they find onto these ids
(`coco.csv` for COCO's 80 classes), so prompt, drawing, alt text and search share one table.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from models.records import Language

PERSON = 381
PERSONS = frozenset({63, 216, 322, 381, 594})  # boy, girl, man, person, woman
HUMAN_FACE = 264
UNCOUNTABLE = "-"  # in the column `plural`


@dataclass(frozen=True, slots=True)
class Label:
    """One class: names, what people call it, and how to speak of it.

    `is_spoken` is False for what a comment never names (people, body parts, clothing as such).
    `kind` groups classes (animal, food, …), `counter` is the Korean counting noun, `plural` the
    English plural in lower case.  What is not countable in English (bread, scissors) stands
    without article and number.
    """

    id: int
    en: str
    ko: str
    aliases_en: tuple[str, ...]
    aliases_ko: tuple[str, ...]
    is_spoken: bool
    kind: str
    counter: str
    plural: str
    is_countable: bool

    def name(self, language: Language) -> str:
        """Return the name as it stands inside a sentence."""
        return self.ko if language == "ko" else self.singular

    @property
    def singular(self) -> str:
        """Return the English name for the middle of a sentence: "dog", but "Christmas tree"."""
        return _singular(self.en)


_PROPER = ("Christmas", "French")  # keep their capital inside a sentence


def _singular(en: str) -> str:
    name = en.split(" (", maxsplit=1)[0]
    return name if name.startswith(_PROPER) else name.lower()


def _plural(singular: str, written: str) -> str:
    """Return the plural: the written one, where the table has one, else by rule."""
    if written:
        return singular if written == UNCOUNTABLE else written
    if singular.endswith(("s", "x", "z", "ch", "sh")):
        return singular + "es"
    if singular.endswith("y") and singular[-2:-1] not in "aeiou":
        return singular[:-1] + "ies"
    return singular + "s"


def _split(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split("|") if part)


def _read(row: dict[str, str]) -> Label:
    return Label(
        id=int(row["id"]),
        en=row["en"],
        ko=row["ko"],
        aliases_en=_split(row["aliases_en"]),
        aliases_ko=_split(row["aliases_ko"]),
        is_spoken=row["spoken"] == "yes",
        kind=row["kind"],
        counter=row["counter"],
        plural=_plural(_singular(row["en"]), row["plural"]),
        is_countable=row["plural"] != UNCOUNTABLE,
    )


def _rows(name: str) -> list[dict[str, str]]:
    text = files(__name__).joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def labels() -> tuple[Label, ...]:
    """Return all 601 labels, indexed by id."""
    return tuple(_read(row) for row in _rows("openimages.csv"))


@cache
def coco() -> tuple[int, ...]:
    """Return the label id of each of COCO's 80 classes, indexed by COCO's own index."""
    return tuple(int(row["id"]) for row in _rows("coco.csv"))


def label(label_id: int) -> Label:
    """Return one label.

    Raises:
        IndexError: `label_id` is not 0..600.
    """
    if label_id < 0:
        raise IndexError(f"label {label_id}, allowed are 0..{len(labels()) - 1}")
    return labels()[label_id]
