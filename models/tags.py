"""The conditions of comment patterns: short words for what is true of one photo.

Every word is listed in CONTRIBUTING.md.  The borders below are what the patterns' sentences
mean: "가까이" is a third of the picture, "어둑한" a mean brightness below 0.28, and so on.
"""

from __future__ import annotations

from collections.abc import Iterator

from models.prompt import Prompt, Thing, together
from models.records import Box, Measures

CLOSE, FAR = 0.35, 0.06  # share of the picture
CLOSE_PERSON = 0.5  # a person standing in full fills a third
LEFT, RIGHT = 0.37, 0.63  # of the width
ASIDE = 0.06  # share of the picture below which a thing beside people is not the topic
DOMINANT, SECOND = 0.28, 0.15  # share of the picture that makes a colour the first or second to name
PLAIN_DOMINANT, PLAIN_SECOND = 0.6, 0.4  # white and brown lie behind almost everything
PLAIN = frozenset({"black", "gray", "white", "brown", "beige"})
DULL = frozenset({"black", "gray"})  # nobody is glad to hear of these
VAGUE = {"sky": "blue", "beige": "brown"}  # colour words without patterns of their own


def tags(prompt: Prompt) -> frozenset[str]:
    """Return all conditions that hold for a photo."""
    found = {*_people(prompt), *_things(prompt), *_shape(prompt.width, prompt.height)}
    found |= {f"emotion:{emotion.name.lower()}" for emotion in prompt.emotions}
    if prompt.measures is not None:
        found |= {*_light(prompt.measures), *_colors(prompt.measures), *_texture(prompt.measures)}
    return frozenset(found)


def main_colors(measures: Measures) -> tuple[str, ...]:
    """Return the one or two colours that a sentence may call dominant, most striking first."""
    shares = [(name, share) for name, share in measures.colors if name not in DULL]
    first = [name for name, share in shares if share >= (PLAIN_DOMINANT if name in PLAIN else DOMINANT)]
    if not first:
        return ()
    second = [name for name, share in shares if share >= (PLAIN_SECOND if name in PLAIN else SECOND)]
    return tuple(dict.fromkeys((*_striking(first), *_striking(second))))[:2]


def hues(measures: Measures) -> tuple[str, ...]:
    """Return all colours worth naming, most striking first."""
    return _striking([name for name, _ in measures.colors if name not in DULL])


def _striking(names: list[str]) -> tuple[str, ...]:
    return tuple(sorted(names, key=lambda name: name in PLAIN))


def is_mono(measures: Measures) -> bool:
    """Return whether the picture is black and white."""
    return measures.saturation < 0.06 and abs(measures.warmth) < 0.08


def _people(prompt: Prompt) -> Iterator[str]:
    count = len(prompt.people)
    if not count:
        yield "people:0"
        return
    yield "people:any"
    yield from _distance("people", prompt.people[0].area / (prompt.width * prompt.height), CLOSE_PERSON)
    if prompt.is_counted:
        yield f"people:{count}" if count < 3 else "people:3-4"
    else:
        yield "people:crowd" if together(prompt) >= 2 else "people:some"
    yield from _where(prompt)


def _where(prompt: Prompt) -> Iterator[str]:
    """Yield where people are: one person's side, two beside each other, many across the frame."""
    xs = [box.center[0] / prompt.width for box in prompt.people]
    if len(xs) == 1 and prompt.is_counted:
        yield f"people:{_side(xs[0])}"
    if len(xs) == 2 and prompt.is_counted and _is_side_by_side(*prompt.people):
        yield "people:side_by_side"
    if together(prompt) >= 3:
        yield "people:many"
        if min(xs) < 1 / 3 and max(xs) > 2 / 3:
            yield "people:spread"


def _is_side_by_side(a: Box, b: Box) -> bool:
    """Return whether two boxes stand at one height, alike in size and close to each other."""
    tall, small = max(a.y2 - a.y1, b.y2 - b.y1), min(a.y2 - a.y1, b.y2 - b.y1)
    width = max(a.x2 - a.x1, b.x2 - b.x1)
    gap = max(a.x1, b.x1) - min(a.x2, b.x2)
    level = abs(a.center[1] - b.center[1]) < 0.3 * tall
    apart = abs(a.center[0] - b.center[0]) > 0.35 * width
    return level and apart and small > 0.6 * tall and gap < 0.6 * width


def _things(prompt: Prompt) -> Iterator[str]:
    sure = [thing for thing in prompt.things if thing.is_sure]
    count = max(len(sure), min(1, len(prompt.things)))
    yield f"things:{count}" if count < 3 else "things:3+"
    if not count:
        return
    main = main_thing(prompt)
    yield "things:any"
    yield "sure" if main.is_sure else "unsure"
    yield f"kind:{main.label.kind}"
    yield f"label:{main.label.singular.lower().replace(' ', '_')}"
    yield "thing:one" if main.count == 1 else "thing:few" if main.count < 5 else "thing:many"
    if prompt.people and main.share < ASIDE and main.label.kind != "animal":
        yield "thing:aside"
    yield from _distance("thing", main.share)
    if main.count == 1:
        yield f"thing:{_side(main.x)}"


def main_thing(prompt: Prompt) -> Thing:
    """Return the thing a comment speaks of first: a sure one where there is one."""
    return next((thing for thing in prompt.things if thing.is_sure), prompt.things[0])


def _distance(what: str, share: float, close: float = CLOSE) -> Iterator[str]:
    if share >= close:
        yield f"{what}:close"
    if share <= FAR:
        yield f"{what}:far"


def _side(x: float) -> str:
    return "left" if x < LEFT else "right" if x > RIGHT else "center"


def _shape(width: int, height: int) -> Iterator[str]:
    ratio = width / height
    if 0.92 <= ratio <= 1.08:
        yield "shape:square"
    else:
        yield "shape:landscape" if ratio > 1 else "shape:portrait"
    if ratio >= 1.9:
        yield "shape:wide"
    if ratio <= 0.55:
        yield "shape:tall"


def _light(measures: Measures) -> Iterator[str]:
    if measures.brightness < 0.28:
        yield "light:dark"
    if measures.brightness > 0.66:
        yield "light:bright"
    if measures.warmth > 0.3 and not is_mono(measures):
        yield "light:warm"
    if measures.warmth < -0.15 and not is_mono(measures):
        yield "light:cool"
    if measures.contrast > 0.6:
        yield "light:contrast"
    if measures.contrast < 0.3:
        yield "light:soft"
    if abs(measures.light_x) > 0.15:
        yield "light:from_right" if measures.light_x > 0 else "light:from_left"
    if measures.light_y > 0.22:
        yield "light:top"


def _colors(measures: Measures) -> Iterator[str]:
    if is_mono(measures):
        yield "color:mono"
        return
    named = main_colors(measures)
    if named:
        yield "color:any"
        yield f"color:{VAGUE.get(named[0], named[0])}"
    elif len(hues(measures)) >= 3 and hues(measures)[1] not in PLAIN:
        yield "color:mixed"
    if len(named) == 2 and not PLAIN & set(named):
        yield "color:two"
    halves = {measures.top, measures.bottom} - PLAIN - {""}
    if len(halves) == 2:
        yield "color:top_bottom"
    if measures.saturation > 0.5:
        yield "color:vivid"
    if measures.saturation < 0.2:
        yield "color:muted"


def _texture(measures: Measures) -> Iterator[str]:
    if measures.detail < 0.1:
        yield "space:plain"
    if measures.detail > 0.42:
        yield "space:busy"
    if measures.sharpness > 0.47:
        yield "focus:crisp"
    if measures.sharpness < 0.12:
        yield "focus:soft"
