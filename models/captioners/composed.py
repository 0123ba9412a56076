"""A caption composed from what was counted and measured; nothing in it is guessed.

It names people by number only, things by name and number, then the colour and the shape.
"""

from __future__ import annotations

from models.korean import with_particle
from models.prompt import Prompt, Thing, together
from models.records import Language
from models.tags import is_mono, main_colors
from models.writers.templates import COLOR_NAMES, english_number, words

LIMIT = 125  # characters of a short alt text
THINGS = 4

SHAPES: dict[Language, tuple[str, str, str]] = {
    "ko": ("가로로 긴", "세로로 긴", "정사각형에 가까운"),
    "en": ("landscape", "portrait", "square"),
}


def compose(prompt: Prompt) -> str:
    """Return the caption of a photo in the prompt's language, at most 125 characters."""
    things = [thing for thing in prompt.things if thing.is_sure][:THINGS]
    write = _korean if prompt.language == "ko" else _english
    caption = write(prompt, things)
    while len(caption) > LIMIT and things:
        things.pop()
        caption = write(prompt, things)
    return caption


def _shape(prompt: Prompt) -> str:
    ratio = prompt.width / prompt.height
    wide, tall, square = SHAPES[prompt.language]
    return square if 0.92 <= ratio <= 1.08 else wide if ratio > 1 else tall


def _color(prompt: Prompt) -> str:
    """Return the words for the main colour, "" where there is none to name."""
    if prompt.measures is None:
        return ""
    if is_mono(prompt.measures):
        return "흑백" if prompt.language == "ko" else "black-and-white"
    named = main_colors(prompt.measures)
    return COLOR_NAMES[named[0]][prompt.language] if named else ""


def _korean(prompt: Prompt, things: list[Thing]) -> str:
    many = "" if together(prompt) < 2 else " 여러 명"
    people = f" {len(prompt.people)}명" if prompt.is_counted else many
    names = [f"사람{people}"] if prompt.people else []
    names += [f"{thing.label.ko} {thing.count}{thing.label.counter}" for thing in things]
    color, shape = _color(prompt), _shape(prompt)
    look = "흑백의 " if color == "흑백" else f"{with_particle(color, '이/가')} 많은 " if color else ""
    if not names:
        return f"{look}{shape} 사진."
    listed = "".join(with_particle(name, "과/와") + " " for name in names[:1] if len(names) > 1)
    listed += ", ".join(names[1:] if len(names) > 1 else names)
    return f"{look}{shape} 사진에 {with_particle(listed, '이/가')} 있습니다."


def _english(prompt: Prompt, things: list[Thing]) -> str:
    people = len(prompt.people)
    vague = "a person" if together(prompt) < 2 else "several people"
    number = f"{english_number(people)} {'person' if people == 1 else 'people'}"
    names = [number if prompt.is_counted else vague] if people else []
    names += [words(thing, "en")("count") for thing in things]
    look = ", ".join(word for word in (_color(prompt), _shape(prompt)) if word)
    article = "An" if look[0] in "aeiou" else "A"
    if not names:
        return f"{article} {look} photo."
    listed = ", ".join(names[:-1]) + (" and " if len(names) > 1 else "") + names[-1]
    return f"{article} {look} photo with {listed}."
