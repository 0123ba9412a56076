"""From an analysis to what a writer is told: things, people, expressions, light and colour.

A `Prompt` holds facts only.  `keywords` is the originals' text input ("당황, 모자"); `tags` are the
conditions under which a comment pattern is true.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from models.boxes import as_array, iou
from models.labels import HUMAN_FACE, PERSONS, Label, label
from models.records import Analysis, Box, ChatRules, Emotion, Language, Measures

SAME_PLACE = 0.45  # overlap from which an animal and a person may be one and the same
SURE = 0.55  # a thing below this score is spoken of with doubt
COUNTED = 0.4  # further boxes of a kind count from this score on
CLEAR = 0.5  # a person at least this sure is certainly one
MAX_EXACT = 4  # more people than this are never counted aloud: crowds hide half of themselves
MIN_PERSON = 0.01  # share of the picture of a person who can be counted
COMPANION = 0.2  # share of the largest person's area below which another is a passer-by
SHOWN_EMOTION = 0.6  # an expression below this score is not spoken of

# What a friend would speak of first when several things are in the picture.
PROMINENCE = {
    "animal": 2.0,
    "food": 1.5,
    "vehicle": 1.4,
    "sport": 1.4,
    "toy": 1.4,
    "instrument": 1.4,
    "drink": 1.2,
    "street": 0.8,
    "furniture": 0.7,
    "clothing": 0.7,
}


@dataclass(frozen=True, slots=True)
class Thing:
    """One kind of thing in the picture.

    `score` is that of its best box, `count` how many boxes are credible, `share` the part of the
    picture that its largest box fills, 0..1, `x` where the middle of that box is, 0 left .. 1 right.
    """

    label: Label
    score: float
    count: int
    share: float
    x: float

    @property
    def is_sure(self) -> bool:
        """Return whether it may be stated as a fact."""
        return self.score >= SURE


@dataclass(frozen=True, slots=True)
class Prompt:
    """The facts a comment may use.  `things` come best first, `people` largest first.

    `is_counted` tells whether the number of people may be said: on captioned photos the bare
    number of boxes was right for one person in nine of ten, for three or more hardly ever.
    """

    things: tuple[Thing, ...]
    people: tuple[Box, ...]
    is_counted: bool
    emotions: tuple[Emotion, ...]
    width: int
    height: int
    measures: Measures | None
    seed: str
    language: Language = "ko"
    questions: bool = True


def make_prompt(analysis: Analysis, rules: ChatRules, seed: str) -> Prompt:
    """Return what may be said about a photo; `seed` is the same for the same photo."""
    size = analysis.width * analysis.height
    spoken = _by_label(_without_people_as_animals(analysis.boxes))
    things = [_thing(boxes, analysis.width, size) for boxes in spoken.values()]
    things.sort(key=lambda thing: -thing.score * PROMINENCE.get(thing.label.kind, 1.0))
    return Prompt(
        things=tuple(things),
        people=_people(analysis.boxes),
        is_counted=_is_counted(analysis.boxes, size),
        emotions=emotions(analysis) if rules.emotion else (),
        width=analysis.width,
        height=analysis.height,
        measures=analysis.measures,
        seed=seed,
        language=rules.language,
        questions=rules.questions,
    )


def keywords(prompt: Prompt) -> str:
    """Return the originals' input of a text model: expressions, then things, by score, once each.

    People, faces and clothing as such are never in it.  It is empty when nothing is left, and
    then no text model is asked.
    """
    best = sorted(prompt.things, key=lambda thing: -thing.score)
    names = [*(emotion.value for emotion in prompt.emotions), *(thing.label.ko for thing in best)]
    return ", ".join(names)


def emotions(analysis: Analysis) -> tuple[Emotion, ...]:
    """Return the expressions that may be spoken of, best first, once each."""
    faces = sorted(analysis.faces, key=lambda face: -face.score)
    shown = [face.emotion for face in faces if face.emotion and face.score >= SHOWN_EMOTION]
    return tuple(dict.fromkeys(emotion for emotion in shown if emotion is not Emotion.NEUTRAL))


def _without_people_as_animals(boxes: tuple[Box, ...]) -> tuple[Box, ...]:
    """Leave out every animal where a person may be: to call a person a dog is not a small mistake."""
    people = [box for box in boxes if box.label_id in PERSONS]
    animals = [box for box in boxes if label(box.label_id).kind == "animal"]
    if not people or not animals:
        return boxes
    overlap = iou(as_array(animals), as_array(people)).max(axis=1)  # (animals,)
    doubtful = {box for box, most in zip(animals, overlap, strict=True) if most > SAME_PLACE}
    return tuple(box for box in boxes if box not in doubtful)


def _by_label(boxes: tuple[Box, ...]) -> dict[int, list[Box]]:
    """Return the boxes of each spoken label, best first."""
    found: dict[int, list[Box]] = defaultdict(list)
    for box in sorted(boxes, key=lambda box: -box.score):
        if label(box.label_id).is_spoken:
            found[box.label_id].append(box)
    return found


def _thing(boxes: list[Box], width: int, size: int) -> Thing:
    largest = max(boxes, key=lambda box: box.area)
    count = max(1, sum(box.score >= COUNTED for box in boxes))
    kind = label(boxes[0].label_id)
    return Thing(kind, boxes[0].score, count, largest.area / size, largest.center[0] / width)


def _people(boxes: tuple[Box, ...]) -> tuple[Box, ...]:
    """Return the people that count, largest first; one doubtful person is still one."""
    people = sorted((box for box in boxes if box.label_id in PERSONS), key=lambda box: -box.area)
    credible = [box for box in people if box.score >= COUNTED]
    return tuple(credible or people[:1])


def _is_counted(boxes: tuple[Box, ...], size: int) -> bool:
    """Return whether every person is clear, large enough, and neither doubtful nor passing by."""
    people = [box for box in boxes if box.label_id in PERSONS]
    if not 0 < len(people) <= MAX_EXACT:
        return False
    least = max(MIN_PERSON * size, COMPANION * max(box.area for box in people))
    return all(box.score >= CLEAR and box.area >= least for box in people)


def together(prompt: Prompt) -> int:
    """Return how many people are of comparable size: one, when the others are far behind."""
    if not prompt.people:
        return 0
    least = COMPANION * prompt.people[0].area
    return sum(box.area >= least for box in prompt.people)


def is_drawn(box: Box) -> bool:
    """Return whether a box belongs on the marked picture: faces are drawn by themselves."""
    return box.label_id != HUMAN_FACE and (box.label_id not in PERSONS or box.score >= COUNTED)
