"""The tags that photos can have, and which of them at once, asked of `models.tags` itself.

A photo has parts that do not depend on each other (who is in it, its things, its light, its
shape …).  Each part is varied over a grid of small photos; tags can hold at once when each part
of them does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import combinations, product

from models.labels import labels
from models.prompt import make_prompt
from models.records import Analysis, Box, ChatRules, Emotion, Face, Measures
from models.tags import tags


def words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


COLORS = words("red orange yellow green blue purple pink brown white")
KINDS = words(
    "animal bag book building clothing drink electronics food furniture home instrument kitchen office "
    "other plant sport street tool toy vehicle"
)
PLAIN_TAGS = words(
    """
    people:0 people:1 people:2 people:3-4 people:some people:crowd people:any people:many
    people:close people:far people:left people:center people:right people:side_by_side people:spread
    things:0 things:1 things:2 things:3+ things:any sure unsure
    thing:one thing:few thing:many thing:close thing:far thing:left thing:center thing:right thing:aside
    light:dark light:bright light:warm light:cool light:contrast light:soft
    light:from_left light:from_right light:top
    color:any color:two color:top_bottom color:mixed color:vivid color:muted color:mono
    space:plain space:busy focus:crisp focus:soft
    shape:portrait shape:landscape shape:square shape:wide shape:tall
    emotion:happiness emotion:sadness emotion:anger emotion:panic
    """
)
TAGS = frozenset({*PLAIN_TAGS, *(f"color:{name}" for name in COLORS), *(f"kind:{kind}" for kind in KINDS)})


def _tags(analysis: Analysis) -> frozenset[str]:
    return tags(make_prompt(analysis, ChatRules(), "seed"))


def _measures(
    *,
    light: tuple[float, float, float, float] = (0.5, 0.45, 0.0, 0.0),
    tone: tuple[float, float] = (0.3, 0.1),
    texture: tuple[float, float] = (0.2, 0.5),
    colors: tuple[tuple[str, float], ...] = (),
    ends: tuple[str, str] = ("", ""),
) -> Measures:
    return Measures(
        width=600, height=400, brightness=light[0], contrast=light[1], light_x=light[2], light_y=light[3],
        saturation=tone[0], warmth=tone[1], detail=texture[0], sharpness=texture[1],
        colors=colors, top=ends[0], bottom=ends[1],
    )  # fmt: skip


def _photo(
    boxes: Iterable[Box] = (), measures: Measures | None = None, size: tuple[int, int] = (600, 400)
) -> Analysis:
    return Analysis(*size, boxes=tuple(boxes), measures=measures)


def _row(
    label_id: int, count: int, left: float, side: float, *, gap: float = 1.1, score: float = 0.95
) -> list[Box]:
    """Return boxes of one size in a row; `left` and `side` are parts of a picture of 600 x 400."""
    width, height = side * 600, side * 400
    starts = [left * 600 + index * width * gap for index in range(count)]
    return [Box(label_id, score, x, 100, x + width, 100 + height) for x in starts]


def _people_photos() -> Iterator[Analysis]:
    counts, lefts, sides, gaps = (
        (0, 1, 2, 3, 4, 5, 9),
        (0.0, 0.17, 0.45, 0.8),
        (0.1, 0.3, 0.75),
        (0.5, 1.1, 3.0),
    )
    for count, left, side, gap, score in product(counts, lefts, sides, gaps, (0.95, 0.3)):
        yield _photo(_row(381, count, left, side, gap=gap, score=score))


def _thing_photos() -> Iterator[Analysis]:
    """Yield dogs alone and books beside somebody, with up to three pieces of furniture."""
    counts, lefts, sides, scores = (1, 2, 4, 5), (0.0, 0.17, 0.45, 0.75), (0.1, 0.3, 0.65), (0.3, 0.5, 0.95)
    somebody = Box(381, 0.9, 560, 0, 600, 400)
    furniture = [Box(kind, 0.9, 0, 0, 9, 9) for kind in (104, 136, 34)]
    yield _photo()
    for count, left, side, score, others in product(counts, lefts, sides, scores, range(4)):
        yield _photo([*_row(160, count, left, side, gap=0.3, score=score), *furniture[:others]])
        yield _photo([*_row(54, count, left, side, gap=0.3, score=score), *furniture[:others], somebody])


def _color_photos() -> Iterator[Analysis]:
    shares = [(), (0.9,), (0.6, 0.3), (0.36, 0.33), (0.35, 0.3), (0.21, 0.21, 0.21), (0.13, 0.12, 0.11)]
    names = [*COLORS, "sky", "beige", "red", "green"]
    starts = [names[at:] + names[:at] for at in range(len(names))]
    palettes = [tuple(zip(start, share, strict=False)) for start in starts for share in shares]
    tones = product((0.01, 0.1, 0.3, 0.8), (-0.9, 0.0, 0.9))
    for tone, palette, ends in product(tones, palettes, (("", ""), ("blue", "green"))):
        yield _photo(measures=_measures(tone=tone, colors=palette, ends=ends))


def _light_photos() -> Iterator[Analysis]:
    for light in product((0.1, 0.5, 0.9), (0.1, 0.45, 0.9), (-0.5, 0.0, 0.5), (-0.5, 0.5)):
        yield _photo(measures=_measures(light=light))


def _texture_photos() -> Iterator[Analysis]:
    for texture in product((0.01, 0.3, 0.9), (0.1, 0.5, 1.0)):
        yield _photo(measures=_measures(texture=texture))


def _shape_photos() -> Iterator[Analysis]:
    yield from (_photo(size=(width, 1000)) for width in (300, 700, 1000, 1500, 3000))


def _kind_photos() -> Iterator[Analysis]:
    yield from (_photo([Box(kind.id, 0.95, 0, 0, 90, 90)]) for kind in labels())


def _emotion_photos() -> Iterator[Analysis]:
    some = [found for count in range(3) for found in combinations(Emotion, count)]
    for shown in some:
        yield Analysis(600, 400, faces=tuple(Face(Box(264, 0.9, 0, 0, 9, 9), one, 0.9) for one in shown))


PARTS = {
    ("people:",): _people_photos,
    ("things:", "thing:", "sure", "unsure"): _thing_photos,
    ("kind:", "label:"): _kind_photos,
    ("light:warm", "light:cool", "color:"): _color_photos,
    ("light:",): _light_photos,
    ("space:", "focus:"): _texture_photos,
    ("shape:",): _shape_photos,
    ("emotion:",): _emotion_photos,
}


def _part(tag: str) -> tuple[str, ...]:
    """Return the independent part of a photo that a tag speaks of: the longest beginning wins."""
    found = [(len(start), part) for part in PARTS for start in part if tag.startswith(start)]
    return max(found)[1]


@cache
def possible() -> dict[tuple[str, ...], frozenset[frozenset[str]]]:
    """Return for each independent part of a photo the sets of its tags that can hold at once."""
    return {
        part: frozenset(frozenset(tag for tag in _tags(photo) if _part(tag) == part) for photo in photos())
        for part, photos in PARTS.items()
    }


@cache
def can_hold(when: frozenset[str]) -> bool:
    """Return whether some photo has all these tags at once."""
    if "thing:aside" in when and when & {"people:0", "kind:animal"}:  # beside people, and no animal
        return False
    parts = {_part(tag) for tag in when}
    return all(
        any({tag for tag in when if _part(tag) == part} <= held for held in possible()[part])
        for part in parts
    )


@cache
def tags_that_occur() -> frozenset[str]:
    return frozenset(tag for sets in possible().values() for held in sets for tag in held)
