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
from itertools import combinations, product
from pathlib import Path

import pytest

import models
from models.labels import labels
from models.prompt import make_prompt
from models.records import Analysis, Box, ChatRules, Emotion, Face, Language, Measures
from models.tags import tags
from models.writers.patterns import patterns

COMMENTS = Path(models.__file__).parent / "comments"
LANGUAGES: tuple[Language, Language] = ("ko", "en")
SLOT = re.compile(r"\{([^}:]*)(?::([^}]*))?\}")

# ── what a group may ask for ──────────────────────────────────────────────────────────────────

COLORS = "red orange yellow green blue purple pink brown black white gray".split()
KINDS = (
    "animal bag book building clothing drink electronics food furniture home instrument kitchen office "
    "other plant sport street tool toy vehicle"
).split()
TAGS = (
    frozenset(
        """
    people:0 people:1 people:2 people:3-4 people:some people:crowd people:any people:many
    people:close people:far people:left people:center people:right people:side_by_side people:spread
    things:0 things:1 things:2 things:3+ things:any sure unsure
    thing:one thing:few thing:many thing:close thing:far thing:left thing:center thing:right
    light:dark light:bright light:warm light:cool light:contrast light:soft
    light:from_left light:from_right light:top
    color:any color:two color:top_bottom color:mixed color:vivid color:muted color:mono
    space:plain space:busy focus:crisp focus:soft
    shape:portrait shape:landscape shape:square shape:wide shape:tall
    emotion:happiness emotion:sadness emotion:anger emotion:panic
    """.split()
    )
    | {f"color:{name}" for name in COLORS}
    | {f"kind:{kind}" for kind in KINDS}
)

SLOTS = frozenset("thing thing2 thing3 count people color color2 top bottom hue1 hue2 hue3".split())
FACTS = SLOTS  # a slot is filled by something counted or measured
ENGLISH_FORMS = {"thing": {"", "a", "count", "plural"}, "thing2": {"", "a", "count", "plural"}}
ENGLISH_FORMS["thing3"] = ENGLISH_FORMS["thing2"]

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


# ── what a sentence may say ───────────────────────────────────────────────────────────────────

PAIRS = frozenset({"이/가", "을/를", "은/는", "과/와", "으로/로", "아/야", "이에요/예요"})
ENDINGS = frozenset(  # 이 falls away after a vowel
    "랑 네요 라니 라 고 나 면 라면 라는 라고 다 야 냐 니까 겠지 겠죠 래요 요 든 며 란 던".split()
)
INVARIANT = re.compile(  # what may follow a bare slot without a space
    r"(도|만|에|에서|에게|의|께|한테|끼리|까지|부터|하고|보다|처럼|마다|쯤|님|씨"
    r"|인|인가|인가요|인지|일까요|일걸요|입니다)(도|만|는|은|요)?(으?로는)?"
)

FORBIDDEN: dict[Language, re.Pattern[str]] = {
    "ko": re.compile(
        r"(?<!눈)사람|가족|(?<!주)연인|커플|부부|애인|남친|여친|친구분|아이(?!스|디어|콘|템)|아기|어린이|꼬마"
        r"|소년|소녀|남자|여자|남성|여성|아저씨|아줌마|아가씨|할머니|할아버지|엄마|아빠|노인|청년"
        r"|의류|예쁘|예뻐|예쁜|예쁨|이쁘|이쁜|잘생|못생|미인|미남|미녀|몸매|피부|외모|키가|날씬|뚱뚱|살찐|나이|젊|늙"
        r"|얼굴이|감지|인식|포착|화면|당신|(?<![예마미기])술(?!래)|취한|다이어트|장례|죽(음|었|은|을)|병원|정치|종교"
    ),
    "en": re.compile(
        r"\b(man|men|woman|women|boys?|girls?|lad(y|ies)|gentlem[ae]n|guys?|kids?|child|children(?!'s book)"
        r"|bab(y|ies)|toddlers?|teens?|famil(y|ies)|couples?|lovers?|boyfriends?|girlfriends?|husband|wife"
        r"|wives|mom|dad|mother|father|grand(ma|pa)|elderly|beautiful|pretty (?!much)|handsome|ugly|gorgeous"
        r"|fat|skinny|chubby|slim|sexy|hot (guy|girl)|race|gender|drunk|beer|vodka|diet|dead|death|died|sick"
        r"|politic\w*|religio\w*|church)\b",
        re.IGNORECASE,
    ),
}

CHEER: dict[Language, re.Pattern[str]] = {
    "ko": re.compile(r"[!！]|[ㅋㅎ]{2}|우와|신나|축하|만세|최고|하하|깔깔|반가"),
    "en": re.compile(
        r"!|\b(ha(ha)+|lol|yay|hooray|congrat\w*|awesome|woo\w*|party|hilarious)\b", re.IGNORECASE
    ),
}
LAUGHING = re.compile("[😀-😆😉😋😎😜😝😛🤣🤪🥳🎉🎊🎈🙌👏🏆🥇🕺💃🤩😹😸😺😁🤭😏😇🎂🪩]")

DOUBT_OF_A_THING: dict[Language, re.Pattern[str]] = {
    "ko": re.compile(
        r"\{thing[^}]*\}(인지 |일까요, 아닐까요|인가 싶|인 척| 비슷| 같기도| 반, 물음표|\(추정\)|…\?)"
        r"|\{thing[^}]*\} (맞(나|다면|으면|는지|죠|아요)|아니(면|라면|에요))|(?<!설마 )\{thing\}인가요"
        r"|\{thing:으로/로\} 보이|\{thing:을/를\} 닮은|아마도|긴가민가|확실하진|확실치|가물가물"
    ),
    "en": re.compile(
        r"\b(might|may|could) be \{thing|\b(maybe|probably:?|possibly|something like|look like) \{thing|perhaps\?"
        r"|best guess|not sure|is it \{thing|did I really see|I'm wrong|percent sure|only a hunch|half lowered",
        re.IGNORECASE,
    ),
}

DOUBT_WORDS: dict[Language, re.Pattern[str]] = {
    "ko": re.compile(
        r"\?|혹시|아마|같|맞|틀리|틀려|틀렸|아니|아닌|물음표|정답|추리|추정|퀴즈|확신|연필로|닮은|척하는|시험하고|작아져"
        r"|어렴풋|느낌적인|가능성|글쎄|비슷|모르겠|모를|상상|반올림|궁금|떨리|본인 확인|착각|찍을게요|빗나가도|조마조마"
        r"|가물|인지|다수결|헷갈|보였다 말았다|온 거라면"
    ),
    "en": re.compile(
        r"\?|question mark|\b(might|may|could|maybe|guess\w*|probably|possibly|perhaps|seem\w*|look like|wrong"
        r"|unless|pencil|bet|hunch|percent sure|squint\w*|no idea|warm-up|either|potato|courage"
        r"|fingers crossed|smells like|detector|mystery)\b",
        re.IGNORECASE,
    ),
}

# For each tag, the words one of which a sentence needs in order to say that it holds.
KO_WORDS = {
    "people:1": "한 분|혼자|독사진|한 명|1인",
    "people:2": "두 분|둘|2인|이인|한 분 더",
    "people:3-4": "여럿|여러 분|셋",
    "people:crowd": "여럿|여러 분|다 같이|북적",
    "people:many": "여럿|여러 분|셋|다 같이",
    "people:left": "왼쪽|왼편",
    "people:right": "오른쪽|오른편",
    "people:center": "가운데|한복판|정중앙",
    "people:close": "가까|코앞|바로 앞|성큼",
    "people:far": "멀리|멀찍|저만치|저편|작게|조그맣",
    "people:side_by_side": "나란",
    "people:spread": "왼쪽|끝에서 끝|퍼져",
    "light:dark": "어둑|어둡|어두|어둠|밝기 볼륨|빛을 딱 필요한 만큼",
    "light:bright": "환하|환한|밝|빛",
    "light:warm": "따뜻|따스|따끈|웜톤|포근",
    "light:cool": "서늘|차가|시원|쿨톤",
    "light:contrast": "그늘|명암|어두|어둠",
    "light:soft": "부드|보드|순한|순하|그늘|명암|잔잔|고르|둥글|차이가 크지",
    "light:from_left": "왼쪽",
    "light:from_right": "오른쪽",
    "light:top": "위쪽|위가|위로|위에서|윗자리",
    "color:mono": "흑백|무채색|흑과 백|바둑돌 색",
    "color:vivid": "쨍|선명|진한|진해|진하|채도|색들|물감",
    "color:muted": "차분|나직|순한|순하|색",
    "color:mixed": "색",
    "color:red": "빨간빛",
    "color:orange": "주황빛",
    "color:yellow": "노란빛",
    "color:green": "초록빛",
    "color:blue": "파란빛",
    "color:purple": "보랏빛",
    "color:pink": "분홍빛",
    "color:brown": "갈색빛",
    "color:black": "검은빛",
    "color:white": "하얀빛|하얗",
    "color:gray": "회색빛",
    "space:plain": "여백|빈자리|빈 데|비워|널찍",
    "space:busy": "빼곡|볼거리|볼 게|촘촘|꽉|디테일|알차|쉴 틈",
    "focus:crisp": "또렷|선명|초점|윤곽",
    "focus:soft": "번진|번져|몽글|초점|윤곽|부드|보드|둥글",
    "shape:portrait": "세로",
    "shape:landscape": "가로|옆으로",
    "shape:square": "네모|정사각|가로세로",
    "shape:wide": "옆으로|가로",
    "shape:tall": "길쭉|세로|위에서 아래|위아래|기다란",
}
EN_WORDS = {
    "people:1": "one person|just one|headcount: one|one whole person",
    "people:2": "two people",
    "people:many": "three or more",
    "people:left": "left",
    "people:right": "right",
    "people:center": "middle|center",
    "people:close": "close|near",
    "people:far": "far|distan|way out|way off|over there",
    "people:side_by_side": "side by side|next to each other|right next",
    "people:spread": "left",
    "light:dark": "dark|dim|low light|lights are low|light is saving",
    "light:bright": "bright|light",
    "light:warm": "warm",
    "light:cool": "cool",
    "light:contrast": "contrast|shade",
    "light:soft": "soft|gentle|low contrast",
    "light:from_left": "left",
    "light:from_right": "right",
    "light:top": "up top|upper|upstairs",
    "color:mono": "black|no color|gr[ae]y",
    "color:vivid": "color",
    "color:muted": "color|muted|tones",
    "space:plain": "space|empty|empti|room|nothing",
    "space:busy": "detail|so much to look at|busy",
    "focus:crisp": "crisp|sharp",
    "focus:soft": "soft|fuzzy|blur",
    "shape:portrait": "taller|upright",
    "shape:landscape": "wider|sideways|more width",
    "shape:square": "square|equal sides",
    "shape:wide": "wide|long",
    "shape:tall": "tall",
    **{f"color:{name}": name for name in COLORS},
}
WORDS: dict[Language, dict[str, str]] = {"ko": KO_WORDS, "en": EN_WORDS}

# A number of people in words, which nobody may say of people who were not counted.
COUNTED: dict[Language, re.Pattern[str]] = {
    "ko": re.compile(r"[한두세네] 분|다섯 분|혼자|독사진|둘이|셋이|넷이|[1-9]인용"),
    "en": re.compile(r"\b((one|single) person|(two|three|four|five|\d+) people)\b", re.IGNORECASE),
}
UNCOUNTED = frozenset({"people:any", "people:some", "people:close", "people:far"})


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


# ── the tags that can come true, asked of `models.tags` ───────────────────────────────────────


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
        (0.1, 0.3, 0.65),
        (0.5, 1.1, 3.0),
    )
    for count, left, side, gap, score in product(counts, lefts, sides, gaps, (0.95, 0.3)):
        yield _photo(_row(381, count, left, side, gap=gap, score=score))


def _thing_photos() -> Iterator[Analysis]:
    counts, lefts, sides, scores = (1, 2, 4, 5), (0.0, 0.17, 0.45, 0.75), (0.1, 0.3, 0.65), (0.3, 0.5, 0.95)
    yield _photo()
    for count, left, side, score, others in product(counts, lefts, sides, scores, range(4)):
        boxes = _row(160, count, left, side, gap=0.3, score=score)
        yield _photo([*boxes, *(Box(90 + 14 * n, 0.9, 0, 0, 9, 9) for n in range(others))])


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
    parts = {_part(tag) for tag in when}
    return all(
        any({tag for tag in when if _part(tag) == part} <= held for held in possible()[part])
        for part in parts
    )


@cache
def tags_that_occur() -> frozenset[str]:
    return frozenset(tag for sets in possible().values() for held in sets for tag in held)


# ── tests ─────────────────────────────────────────────────────────────────────────────────────


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
@pytest.mark.parametrize("file", ["people.toml", "scenes.toml"])
def test_lines_without_a_thing_state_something_counted_or_measured(language: Language, file: str) -> None:
    def states(line: Line) -> bool:
        words = (WORDS[language][tag] for tag in line.when if tag in WORDS[language])
        return any(name in FACTS for name, _ in line.slots) or any(
            re.search(w, line.text.lower()) for w in words
        )

    expect_none(line for line in lines(language) if line.file == file and not states(line))


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
    words = {tag: WORDS[language][tag] for tag in (f"color:{name}" for name in COLORS)}
    groups = [line for line in lines(language) if line.file == "scenes.toml" and set(words) & line.when]
    wrong = [
        line
        for line in groups
        for tag in set(words) & line.when
        if not re.search(words[tag], line.text.lower()) and "color" not in {name for name, _ in line.slots}
    ]
    expect_none(wrong)
