"""The template writer: the pattern that fits a photo, chosen by the photo, filled with its facts.

The same photo always gets the same comment; two photos hardly ever do, because each photo draws
from everything that is true of it.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Callable

from models.korean import counted, with_particle
from models.prompt import Prompt, Thing, together
from models.records import Language
from models.tags import hues, main_colors, main_thing, tags
from models.writers.patterns import SLOT, Pattern, patterns

COLOR_NAMES: dict[str, dict[Language, str]] = {
    "black": {"ko": "검은빛", "en": "black"},
    "gray": {"ko": "회색빛", "en": "gray"},
    "white": {"ko": "하얀빛", "en": "white"},
    "red": {"ko": "빨간빛", "en": "red"},
    "orange": {"ko": "주황빛", "en": "orange"},
    "brown": {"ko": "갈색빛", "en": "brown"},
    "beige": {"ko": "베이지빛", "en": "beige"},
    "yellow": {"ko": "노란빛", "en": "yellow"},
    "green": {"ko": "초록빛", "en": "green"},
    "sky": {"ko": "하늘빛", "en": "light blue"},
    "blue": {"ko": "파란빛", "en": "blue"},
    "purple": {"ko": "보랏빛", "en": "purple"},
    "pink": {"ko": "분홍빛", "en": "pink"},
}

MANY = 2  # people of whom not all are clear: they are called many

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")

COMMON = frozenset({"things:0", "people:0", "people:any", "people:some", "things:any", "sure"})

SENTENCE = re.compile(r"(?:^|[.!?] )[a-z]")  # its first letter, where a slot may stand

Fill = Callable[[str], str]
"""Gives a slot's words for the form that a pattern asks for ("이/가", "a", "count", "")."""


class TemplateWriter:
    """Writes comments from the corpus."""

    tag = "templates"

    def __call__(self, prompts: list[Prompt]) -> list[str]:
        """Return one comment for each prompt; the same prompt always gets the same comment."""
        return [fill(choose(prompt), prompt) for prompt in prompts]


def choose(prompt: Prompt) -> Pattern:
    """Return the pattern for a photo.

    Every fitting pattern draws a number that only it and the photo decide, and the best draw
    wins; a pattern whose conditions say more about the photo draws better.  So a new pattern
    changes few old answers.

    Raises:
        LookupError: no pattern fits, which is a hole in the corpus.
    """
    fitting = candidates(prompt)
    if not fitting:
        raise LookupError(f"no {prompt.language} pattern for {sorted(tags(prompt))}")
    return min(fitting, key=lambda pattern: _draw(pattern, prompt.seed))


def candidates(prompt: Prompt) -> list[Pattern]:
    """Return every pattern that is true of a photo; expressions, where seen, come before all else."""
    found = tags(prompt)
    slots = fills(prompt).keys()
    fitting = [
        pattern
        for pattern in patterns(prompt.language)
        if pattern.when <= found and pattern.slots <= slots and (prompt.questions or not pattern.is_question)
    ]
    if prompt.emotions:
        first = f"emotion:{prompt.emotions[0].name.lower()}"
        fitting = [pattern for pattern in fitting if first in pattern.when] or fitting
    for leading in ("unsure", "thing:aside"):  # doubt is always told, a trifle never the topic
        if leading in found:
            fitting = [pattern for pattern in fitting if leading in pattern.when] or fitting
    if prompt.things:  # name what is there
        fitting = [pattern for pattern in fitting if pattern.slots & {"thing", "count"}] or fitting
    return fitting


def _draw(pattern: Pattern, seed: str) -> float:
    """Return an exponential random number with the pattern's weight as its rate."""
    digest = hashlib.blake2b(f"{seed}\n{pattern.text}".encode(), digest_size=8).digest()
    uniform = (int.from_bytes(digest) + 1) / 2**64
    return -math.log(uniform) / sum(map(_worth, pattern.when))


def _worth(tag: str) -> float:
    """Return how much a condition says about a photo: its shape, or what most have, hardly anything."""
    return 0.05 if tag in COMMON or tag.startswith("shape:") else 1.0


def fill(pattern: Pattern, prompt: Prompt) -> str:
    """Return the pattern's sentence with the photo's facts in its slots."""
    slots = fills(prompt)
    text = SLOT.sub(lambda slot: slots[slot.group(1)](slot.group(2) or ""), pattern.text)
    return SENTENCE.sub(lambda start: start.group().upper(), text)


def fills(prompt: Prompt) -> dict[str, Fill]:
    """Return the slots that can be filled for a photo."""
    found: dict[str, Fill] = {}
    if prompt.things:
        main = main_thing(prompt)
        others = [thing for thing in prompt.things if thing is not main and thing.is_sure]
        for name, thing in zip(("thing", "thing2", "thing3"), (main, *others), strict=False):
            found[name] = words(thing, prompt.language)
        found["count"] = _particle(counted(main.count, main.label.counter))
    if prompt.is_counted or together(prompt) >= MANY:
        found["people"] = _people(len(prompt.people) if prompt.is_counted else 0, prompt.language)
    if prompt.measures is not None:
        named = dict(zip(("color", "color2"), main_colors(prompt.measures), strict=False))
        named |= {"top": prompt.measures.top, "bottom": prompt.measures.bottom}
        named |= dict(zip(("hue1", "hue2", "hue3"), hues(prompt.measures), strict=False))
        found |= {slot: _color(name, prompt.language) for slot, name in named.items() if name}
    return found


def _particle(word: str) -> Fill:
    return lambda form: with_particle(word, form) if form else word


def _plain(word: str) -> Fill:
    return lambda _form: word


def _color(name: str, language: Language) -> Fill:
    word = COLOR_NAMES[name][language]
    return _particle(word) if language == "ko" else _plain(word)


def _people(count: int, language: Language) -> Fill:
    """Return the words for a number of people, 0 for many that nobody could count."""
    if language == "ko":
        return _particle(counted(count, "분") if count else "여러 분")
    if not count:
        return _plain("several people")
    return _plain("one person" if count == 1 else f"{english_number(count)} people")


def words(thing: Thing, language: Language) -> Fill:
    """Return what gives the words for a thing in the form that is asked for."""
    return _particle(thing.label.ko) if language == "ko" else _english(thing)


def english_number(count: int) -> str:
    """Return a small number in words, a large one in digits."""
    return NUMBERS[count] if count < len(NUMBERS) else str(count)


def _english(thing: Thing) -> Fill:
    """Return the forms of a thing: "dog", "a dog", "two dogs", "dogs"; "bread" has but one."""
    one, many = thing.label.singular, thing.label.plural
    if not thing.label.is_countable:
        return _plain(one)
    article = "an" if one[0] in "aeiou" and not one.startswith("uni") else "a"
    number = f"{english_number(thing.count)} {one if thing.count == 1 else many}"
    forms = {"": one, "a": f"{article} {one}", "count": number, "plural": many}
    return lambda form: forms[form]
