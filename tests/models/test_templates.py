"""The template writer: always a comment, always true, the same for the same photo."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from inference.measure import COLORS as MEASURED
from models.labels import PERSONS, label, labels
from models.prompt import Prompt, Thing, make_prompt, together
from models.records import Analysis, Box, ChatRules, Emotion, Face, Language, Measures
from models.tags import tags
from models.writers.patterns import Pattern, patterns
from models.writers.templates import COLOR_NAMES, TemplateWriter, candidates, choose, fill, fills

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


@EXAMPLES
@given(prompt=prompts())
def test_every_photo_gets_one_comment(prompt: Prompt) -> None:
    assert written(prompt)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("emotion", list(Emotion))
@pytest.mark.parametrize("is_asking", [True, False])
def test_a_bare_face_gets_a_comment(language: Language, emotion: Emotion, is_asking: bool) -> None:
    seen = Analysis(WIDTH, HEIGHT, faces=(Face(Box(264, 0.9, 0, 0, 90, 90), emotion, 0.9),))
    assert written(make_prompt(seen, ChatRules(language=language, questions=is_asking), "seed"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [(64, 64), (2048, 40), (40, 2048)])
def test_a_photo_without_measures_gets_a_comment(language: Language, size: tuple[int, int]) -> None:
    assert written(make_prompt(Analysis(*size), ChatRules(language=language, questions=False), "seed"))


@EXAMPLES
@given(prompt=prompts())
def test_no_comment_shows_its_seams(prompt: Prompt) -> None:
    comment = comment_on(prompt)
    assert not re.search(r"[{}]|\s\s|^\s|\s$|\s[,.!?]|None", comment), comment


@EXAMPLES
@given(prompt=prompts(language="en"))
def test_english_sentences_begin_with_a_capital(prompt: Prompt) -> None:
    comment = comment_on(prompt)
    first = next(letter for letter in comment if letter.isalnum())
    assert not first.islower(), comment
    assert not re.search(r"(?<!\.)[.!?] [a-z]", comment), comment


@EXAMPLES
@given(found=st.lists(prompts(), max_size=3))
def test_comments_come_in_the_order_of_the_prompts(found: list[Prompt]) -> None:
    assume(all(candidates(prompt) for prompt in found))
    assert TemplateWriter()(found) == [written(prompt) for prompt in found]


@pytest.mark.parametrize("name", MEASURED)
def test_every_colour_that_is_measured_has_a_name_in_both_languages(name: str) -> None:
    assert set(COLOR_NAMES[name]) == {"ko", "en"}


# ── particles ─────────────────────────────────────────────────────────────────────────────────


def with_josa(word: str, pair: str) -> str:
    """Return a word with its particle, by Unicode's decomposition of its last letter."""
    if not pair:
        return word
    after_consonant, after_vowel = pair.split("/")
    final = unicodedata.normalize("NFD", word[-1])[2:]
    takes_vowel_form = not final or (final == "\u11af" and after_consonant.startswith("으로"))
    return word + (after_vowel if takes_vowel_form else after_consonant)


def expected_text(pattern: Pattern, prompt: Prompt) -> str:
    words = {name: form("") for name, form in fills(prompt).items()}
    return SLOT.sub(lambda slot: with_josa(words[slot[1]], slot[2] or ""), pattern.text)


@EXAMPLES
@given(prompt=prompts(language="ko"))
def test_every_particle_fits_the_word_before_it(prompt: Prompt) -> None:
    pattern = chosen(prompt)
    assert fill(pattern, prompt) == expected_text(pattern, prompt)


@pytest.mark.parametrize("name", ["Dog", "Bear", "Horse", "Bicycle", "Ball", "Table tennis racket"])
def test_every_korean_pattern_fits_every_word_before_it(name: str) -> None:
    prompt = one_thing(name, language="ko")
    can_be_filled = [found for found in patterns("ko") if slots_of(found) <= fills(prompt).keys()]
    assert len(can_be_filled) > 100
    wrong = [found.text for found in can_be_filled if fill(found, prompt) != expected_text(found, prompt)]
    assert wrong == []


def test_every_spoken_class_can_stand_before_a_particle() -> None:
    thing = [fills(one_thing(label(index).en, language="ko"))["thing"] for index in SPOKEN]
    wrong = [form("") for form in thing if form("으로/로") != with_josa(form(""), "으로/로")]
    assert wrong == []


# ── what may be said ──────────────────────────────────────────────────────────────────────────


def names_of(thing: Thing, language: Language) -> set[str]:
    if language == "ko":
        return {thing.label.ko}
    return {thing.label.singular.lower(), thing.label.plural.lower()}


@EXAMPLES
@given(prompt=prompts())
def test_people_are_never_called_by_a_class(prompt: Prompt) -> None:
    assert not SILENT_WORDS.search(comment_on(prompt).lower())


@EXAMPLES
@given(analysis=analyses(), language=st.sampled_from(LANGUAGES))
def test_only_spoken_things_of_the_photo_fill_a_slot(analysis: Analysis, language: Language) -> None:
    prompt = make_prompt(analysis, ChatRules(language=language), "seed")
    spoken = {label(box.label_id).name(language) for box in analysis.boxes if label(box.label_id).is_spoken}
    filled = {form("") for name, form in fills(prompt).items() if name.startswith("thing")}
    assert filled <= spoken
    if not prompt.people:  # an animal where a person may be is left out
        assert bool(filled) == bool(spoken)


def main_of(prompt: Prompt) -> Thing:
    """Return what the comment should speak of: the first sure thing, else the first."""
    assume(prompt.things)  # an animal where a person may be is left out
    return next((thing for thing in prompt.things if thing.is_sure), prompt.things[0])


@EXAMPLES
@given(prompt=prompts(with_faces=False, least=1))
def test_a_thing_that_may_be_spoken_of_is_named(prompt: Prompt) -> None:
    comment = written(prompt).lower()
    assert any(name in comment for name in names_of(main_of(prompt), prompt.language)), comment


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("emotion", [emotion for emotion in Emotion if emotion is not Emotion.NEUTRAL])
def test_a_sure_thing_beside_an_expression_is_named_too(language: Language, emotion: Emotion) -> None:
    dog = Box(160, 0.95, 0, 0, 400, 400)
    seen = Analysis(WIDTH, HEIGHT, (dog,), (Face(Box(264, 0.9, 0, 0, 90, 90), emotion, 0.9),))
    prompt = make_prompt(seen, ChatRules(language=language), "seed")
    assert all("thing" in slots_of(pattern) for pattern in candidates(prompt))
    assert all(f"emotion:{emotion.name.lower()}" in pattern.when for pattern in candidates(prompt))


@EXAMPLES
@given(prompt=prompts(least=1, scores=DOUBTFUL))
def test_a_doubtful_thing_is_never_stated(prompt: Prompt) -> None:
    assert not main_of(prompt).is_sure
    for pattern in candidates(prompt):
        assert "unsure" in pattern.when or not slots_of(pattern) & {"thing", "thing2", "thing3", "count"}


@EXAMPLES
@given(prompt=prompts())
def test_only_sure_things_stand_beside_the_main_one(prompt: Prompt) -> None:
    sure = {thing.label.name(prompt.language) for thing in prompt.things if thing.is_sure}
    others = {fills(prompt)[name]("") for name in ("thing2", "thing3") if name in fills(prompt)}
    assert others <= sure


@EXAMPLES
@given(prompt=prompts())
def test_a_number_of_people_is_said_only_of_people_who_could_be_counted(prompt: Prompt) -> None:
    people = fills(prompt).get("people")
    if people is None or prompt.is_counted:
        return
    assert people("") in ("여러 분", "a whole group of people")
    assert together(prompt) >= 2


BESIDE = {
    "nothing": [],
    "a sure dog": [Box(160, 0.95, 0, 0, 400, 400)],
    "a doubtful dog": [Box(160, 0.3, 0, 0, 400, 400)],
    "a trifle": [Box(381, 0.9, 300, 0, 600, 700), Box(54, 0.9, 0, 0, 100, 100)],
    "a doubtful trifle": [Box(381, 0.9, 300, 0, 600, 700), Box(54, 0.3, 0, 0, 100, 100)],
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("emotion", [Emotion.SADNESS, Emotion.ANGER])
@pytest.mark.parametrize("beside", list(BESIDE))
def test_a_sad_or_angry_face_is_met_with_care_whatever_else_is_there(
    language: Language, emotion: Emotion, beside: str
) -> None:
    """A doubtful dog or a small book beside a sad face must not turn the answer into a joke."""
    seen = Analysis(WIDTH, HEIGHT, tuple(BESIDE[beside]), (Face(Box(264, 0.9, 0, 0, 90, 90), emotion, 0.9),))
    prompt = make_prompt(seen, ChatRules(language=language), "seed")
    careless = [p.text for p in candidates(prompt) if f"emotion:{emotion.name.lower()}" not in p.when]
    assert careless == []


@EXAMPLES
@given(prompt=prompts())
def test_everything_that_a_pattern_asks_for_is_true_of_the_photo(prompt: Prompt) -> None:
    assert chosen(prompt).when <= tags(prompt)


@EXAMPLES
@given(prompt=prompts(questions=False))
def test_a_chat_without_questions_is_asked_none(prompt: Prompt) -> None:
    assert "?" not in comment_on(prompt)


def test_a_chat_with_questions_is_asked_some() -> None:
    seen = Analysis(WIDTH, HEIGHT, (Box(160, 0.9, 0, 0, 300, 300),))
    asked = [written(make_prompt(seen, ChatRules(), str(seed))) for seed in range(50)]
    assert any("?" in comment for comment in asked)


# ── English forms ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "count", "form", "expected"),
    [
        *(("Dog", 1, "a", "a dog"), ("Umbrella", 1, "a", "an umbrella"), ("Dog", 2, "count", "two dogs")),
        *(
            ("Dog", 1, "count", "one dog"),
            ("Knife", 3, "count", "three knives"),
            ("Dog", 12, "count", "12 dogs"),
        ),
        *(
            ("Broccoli", 2, "count", "broccoli"),
            ("Scissors", 1, "a", "scissors"),
            ("Mouse", 1, "plural", "mice"),
        ),
        *(("Christmas tree", 1, "a", "a Christmas tree"), ("Unicycle", 1, "a", "a unicycle")),
        *(("French fries", 1, "a", "French fries"), ("French fries", 2, "count", "French fries")),
        *(("Sheep", 1, "a", "a sheep"), ("Sheep", 2, "count", "two sheep"), ("Deer", 1, "a", "a deer")),
        *(("Fish", 1, "a", "a fish"), ("Garden Asparagus", 1, "a", "garden asparagus")),
    ],
)
def test_an_english_thing_takes_the_form_it_is_asked_for(
    name: str, count: int, form: str, expected: str
) -> None:
    assert fills(one_thing(name, count))["thing"](form) == expected


# ── the same photo, the same comment ──────────────────────────────────────────────────────────


@EXAMPLES
@given(prompt=prompts())
def test_the_same_photo_gets_the_same_comment_twice(prompt: Prompt) -> None:
    assert comment_on(prompt) == comment_on(prompt)


SEVERAL = """
import json
from models.prompt import make_prompt
from models.records import Analysis, Box, ChatRules, Measures
from models.writers.templates import TemplateWriter
look = Measures(1000, 800, .5, .7, .4, .4, .95, .5, .3, .3, (("red", .4), ("sky", .3)), "red", "sky")
boxes = [Box(160, .9, 0, 0, 300, 300), Box(42, .8, 500, 0, 700, 300), Box(381, .9, 300, 0, 400, 300)]
photos = [Analysis(1000, 800, tuple(boxes[:n]), measures=look) for n in range(4)]
rules = [ChatRules(language="ko"), ChatRules(language="en")]
found = [make_prompt(photo, rule, str(seed)) for photo in photos for rule in rules for seed in range(20)]
print(json.dumps(TemplateWriter()(found)))
"""


def test_the_same_photo_gets_the_same_comment_in_every_process() -> None:
    answers = []
    for seed in ("0", "1", "4711"):
        done = subprocess.run(
            [sys.executable, "-c", SEVERAL],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            timeout=60,
        )
        answers.append(json.loads(done.stdout))
    assert len(answers[0]) == 160
    assert answers[0] == answers[1] == answers[2]


def everyday_photos() -> dict[str, Analysis]:
    """Return photos of the sorts that people post most."""
    look = Measures(
        width=WIDTH, height=HEIGHT, brightness=0.5, contrast=0.45, warmth=0.1, saturation=0.3, sharpness=0.5,
        detail=0.2, light_x=0.0, light_y=0.0, colors=(("green", 0.4), ("gray", 0.2)), top="", bottom="",
    )  # fmt: skip
    person, dog = Box(381, 0.9, 400, 100, 600, 700), Box(160, 0.9, 100, 300, 400, 700)
    second, chair = Box(381, 0.9, 650, 110, 840, 700), Box(104, 0.8, 700, 400, 900, 700)
    return {
        "nothing": Analysis(WIDTH, HEIGHT, measures=look),
        "one person": Analysis(WIDTH, HEIGHT, (person,), measures=look),
        "two people": Analysis(WIDTH, HEIGHT, (person, second), measures=look),
        "a dog": Analysis(WIDTH, HEIGHT, (dog,), measures=look),
        "a chair": Analysis(WIDTH, HEIGHT, (chair,), measures=look),
        "a dog and a person": Analysis(WIDTH, HEIGHT, (dog, person), measures=look),
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sort", list(everyday_photos()))
def test_200_photos_of_one_sort_get_at_least_15_different_comments(sort: str, language: Language) -> None:
    rules = ChatRules(language=language)
    alike = [make_prompt(everyday_photos()[sort], rules, str(seed)) for seed in range(200)]
    assert len(set(TemplateWriter()(alike))) >= 15


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_new_pattern_takes_few_photos_and_changes_no_other_answer(
    language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = ChatRules(language=language)
    seen = everyday_photos()["a dog and a person"]
    alike = [make_prompt(seen, rules, str(seed)) for seed in range(400)]
    before = [choose(prompt) for prompt in alike]
    new = Pattern("{thing}!", frozenset({"sure", "label:dog", "thing:one"}), frozenset({"thing"}))
    corpus = (new, *patterns(language))
    monkeypatch.setattr("models.writers.templates.patterns", lambda _language: corpus)
    after = [choose(prompt) for prompt in alike]
    changed = [now for was, now in zip(before, after, strict=True) if was != now]
    assert set(changed) == {new}
    assert len(changed) <= 0.1 * len(alike)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pattern_that_says_more_of_the_photo_comes_more_often(
    language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    vague = Pattern("A", frozenset({"things:0", "light:dark"}), frozenset())
    precise = Pattern("B", frozenset({"things:0", "light:dark", "color:mono", "space:plain"}), frozenset())
    monkeypatch.setattr("models.writers.templates.patterns", lambda _language: (vague, precise))
    dark = Measures(WIDTH, HEIGHT, 0.1, 0.4, 0.0, 0.0, 0.5, 0.0, 0.0, 0.0, (), "", "")
    seen = Analysis(WIDTH, HEIGHT, measures=dark)
    alike = [make_prompt(seen, ChatRules(language=language), str(seed)) for seed in range(400)]
    share = [choose(prompt) for prompt in alike].count(precise) / len(alike)
    assert 0.6 < share < 0.9


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_hole_in_the_corpus_is_told(language: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.writers.templates.patterns", lambda _language: ())
    with pytest.raises(LookupError, match="things:0"):
        written(make_prompt(Analysis(WIDTH, HEIGHT), ChatRules(language=language), "seed"))
