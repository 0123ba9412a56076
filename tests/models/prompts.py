"""Photos of every kind, as hypothesis draws them, and what the writer makes of one."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import assume, settings
from hypothesis import strategies as st

from inference.measure import COLORS as MEASURED
from models.labels import PERSONS, labels
from models.prompt import Prompt, make_prompt
from models.records import Analysis, Box, ChatRules, Emotion, Face, Language, Measures
from models.writers.patterns import Pattern
from models.writers.templates import TemplateWriter, candidates, choose, fill

ROOT = Path(__file__).resolve().parents[2]
SLOT = re.compile(r"\{(\w+)(?::([^}]*))?\}")
SILENT_WORDS = re.compile(
    r"(?<!눈)사람|남자|여자|소년|소녀|의류|\b(man|men|woman|women|boys?|girls?|clothing)\b"
)
EXAMPLES = settings(deadline=None, derandomize=True, max_examples=150)
LANGUAGES: tuple[Language, Language] = ("ko", "en")

SPOKEN = [kind.id for kind in labels() if kind.is_spoken]
SILENT = [kind.id for kind in labels() if not kind.is_spoken and kind.id not in PERSONS]
COCO_LIKE = [
    160,
    96,
    99,
    104,
    452,
    562,
    42,
    78,
    57,
    255,
    472,
    597,
]  # what small detectors report

# ── photos ────────────────────────────────────────────────────────────────────────────────────

WIDTH, HEIGHT = 1000, 800
PLACES = [  # x1, y1, x2, y2: tiny to filling, left to right, side by side
    *((0, 0, 20, 20), (0, 0, 1000, 800), (100, 100, 300, 700), (310, 110, 500, 690), (800, 100, 990, 700)),
    *((350, 200, 650, 600), (50, 50, 130, 120), (480, 380, 520, 420), (900, 700, 960, 790), (0, 0, 400, 800)),
]
SCORES = [0.25, 0.39, 0.4, 0.45, 0.5, 0.59, 0.6, 0.7, 0.8, 0.95, 1.0]
DOUBTFUL = [0.25, 0.39, 0.4, 0.45, 0.49]
UNIT = [0.0, 0.05, 0.2, 0.26, 0.4, 0.55, 0.7, 0.95, 1.0]
SIGNED = [-1.0, -0.3, -0.1, 0.0, 0.1, 0.3, 1.0]


def boxes_of(label_ids: list[int], most: int, scores: list[float]) -> st.SearchStrategy[list[Box]]:
    """Return one to `most` boxes of one class somewhere in a picture of 1000 x 800."""
    found = st.lists(st.tuples(st.sampled_from(scores), st.sampled_from(PLACES)), min_size=1, max_size=most)
    return st.builds(
        lambda kind, places: [Box(kind, score, *place) for score, place in places],
        st.sampled_from(label_ids),
        found,
    )


@st.composite
def measures(draw: st.DrawFn) -> Measures:
    names = draw(st.lists(st.sampled_from(MEASURED), unique=True, max_size=6))
    shares = sorted((draw(st.sampled_from(UNIT[1:])) for _ in names), reverse=True)
    scale = max(1.0, sum(shares))
    unit, signed = st.sampled_from(UNIT), st.sampled_from(SIGNED)
    return Measures(
        width=WIDTH,
        height=HEIGHT,
        brightness=draw(unit),
        contrast=draw(unit),
        warmth=draw(signed),
        saturation=draw(unit),
        sharpness=draw(unit),
        detail=draw(unit),
        light_x=draw(signed),
        light_y=draw(signed),
        colors=tuple((name, share / scale) for name, share in zip(names, shares, strict=True)),
        top=draw(st.sampled_from(("", *MEASURED))),
        bottom=draw(st.sampled_from(("", *MEASURED))),
    )


FACES = st.lists(
    st.builds(
        lambda emotion, score: Face(Box(264, 0.9, 0, 0, 90, 90), emotion, score),
        st.sampled_from([None, *Emotion]),
        st.sampled_from([0.3, 0.59, 0.6, 0.95]),
    ),
    max_size=3,
)
SOME_PEOPLE = st.lists(boxes_of(sorted(PERSONS), 1, SCORES), max_size=12)


@st.composite
def analyses(
    draw: st.DrawFn, *, with_faces: bool = True, least: int = 0, scores: list[float] = SCORES
) -> Analysis:
    """Return what models may find: 0 to 12 people, 0 to 4 kinds of things, spoken of or not.

    `least` is the number of spoken things that are surely among them.
    """
    kinds = [boxes_of(of, 6, scores) for of in (COCO_LIKE, SPOKEN, SILENT)]
    spoken = draw(st.lists(kinds[0] | kinds[1], min_size=least, max_size=3))
    things = [*spoken, *draw(st.lists(kinds[2], max_size=1))]
    return Analysis(
        width=draw(st.sampled_from([WIDTH, 2 * WIDTH])),
        height=draw(st.sampled_from([HEIGHT, 1000, 2048])),
        boxes=tuple(box for group in (*draw(SOME_PEOPLE), *things) for box in group),
        faces=tuple(draw(FACES)) if with_faces else (),
        measures=draw(st.none() | measures()),
    )


@st.composite
def prompts(
    draw: st.DrawFn,
    *,
    language: Language | None = None,
    questions: bool | None = None,
    with_faces: bool = True,
    least: int = 0,
    scores: list[float] = SCORES,
) -> Prompt:
    spoken: Language = draw(st.sampled_from(LANGUAGES)) if language is None else language
    rules = ChatRules(
        language=spoken,
        questions=draw(st.booleans()) if questions is None else questions,
        emotion=draw(st.booleans()),
    )
    analysis = draw(analyses(with_faces=with_faces, least=least, scores=scores))
    return make_prompt(analysis, rules, str(draw(st.integers(0, 2**32))))


def written(prompt: Prompt) -> str:
    (comment,) = TemplateWriter()([prompt])
    return comment


def chosen(prompt: Prompt) -> Pattern:
    """Return the pattern of a photo; that there is one is a test of its own."""
    assume(candidates(prompt))
    return choose(prompt)


def comment_on(prompt: Prompt) -> str:
    return fill(chosen(prompt), prompt)


def slots_of(pattern: Pattern) -> set[str]:
    return {slot[1] for slot in SLOT.finditer(pattern.text)}


def one_thing(name: str, count: int = 1, language: Language = "en") -> Prompt:
    """Return a photo of nothing but `count` of one thing."""
    kind = next(kind for kind in labels() if kind.en == name)
    found = tuple(Box(kind.id, 0.95, 100 * n, 0, 100 * n + 90, 90) for n in range(count))
    return make_prompt(Analysis(WIDTH, HEIGHT, found), ChatRules(language=language), "seed")


# ── every photo gets a comment ────────────────────────────────────────────────────────────────
