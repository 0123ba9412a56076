"""An answer as programs read it (one JSON object) and as people read it (a few lines)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.app import Answer
from bot.texts import say
from models.labels import label
from models.records import Analysis, Language


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file: an answer and where its marked copy lies, or an error.

    `is_unwritten` tells that there is a marked copy which could not be written.
    """

    file: str
    answer: Answer | None = None
    marked: Path | None = None
    error: str = ""
    is_unwritten: bool = False

    @property
    def is_whole(self) -> bool:
        """Return whether everything that was asked for came out."""
        return not self.error and not self.is_unwritten

    @property
    def missing(self) -> tuple[str, ...]:
        """Return every part that is missing from the answer."""
        parts = self.answer.analysis.degraded if self.answer else ()
        return (*parts, "annotated") if self.is_unwritten else parts


def as_object(outcome: Outcome, language: Language) -> dict[str, Any]:
    """Return the JSON object of one file, as other programs read it."""
    if outcome.answer is None:
        return {"file": outcome.file, "error": outcome.error}
    found = outcome.answer.analysis
    return {
        "file": outcome.file,
        "width": found.width,
        "height": found.height,
        "objects": [
            {
                "label": label(box.label_id).en,
                "label_ko": label(box.label_id).ko,
                "score": box.score,
                "box": [round(side, 1) for side in (box.x1, box.y1, box.x2, box.y2)],
            }
            for box in found.boxes
        ],
        "faces": [
            {
                "box": [round(side, 1) for side in (face.box.x1, face.box.y1, face.box.x2, face.box.y2)],
                "emotion": face.emotion.name.lower() if face.emotion else None,
                "score": face.score or face.box.score,
            }
            for face in found.faces
        ],
        "caption": found.caption,
        "comment": said(outcome.answer, language),
        "unsafe": None if found.unsafe is None else round(found.unsafe, 4),
        "annotated": str(outcome.marked) if outcome.marked else None,
        "models": list(found.models),
        "seconds": {stage: round(seconds, 4) for stage, seconds in found.seconds.items()},
        "degraded": list(outcome.missing),
    }


def said(answer: Answer, language: Language) -> str:
    """Return what a chat would read: the comment, or the notice about an unsafe photo."""
    return say(language, "notice-unsafe") if answer.is_unsafe else answer.analysis.comment


def _things(found: Analysis, language: Language) -> str:
    """Return what was found, in one line: "버스 · 사람 ×4 · 얼굴 2개"."""
    names = [label(box.label_id).name(language) for box in found.boxes]
    words = [f"{name} ×{count}" if count > 1 else name for name, count in Counter(names).items()]
    if found.faces:
        words.append(say(language, "try-faces", count=len(found.faces)))
    return " · ".join(words)


def printable(name: str) -> str:
    """Return a file name that cannot move the cursor or colour the terminal."""
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in name)


def as_text(outcome: Outcome, language: Language) -> str:
    """Return the few lines that a person reads about one file."""
    if outcome.answer is None:
        return f"{printable(outcome.file)}\n  ✗ {outcome.error}\n"
    found = outcome.answer.analysis
    seconds = " ".join(f"{stage} {value:.3f}" for stage, value in found.seconds.items())
    lines = [printable(outcome.file), f"  💬 {said(outcome.answer, language)}"]
    lines += [f"  ! {say(language, f'note-{part}')}" for part in outcome.missing]
    things = _things(found, language) or say(language, "try-nothing")
    lines.append(f"  {say(language, 'try-things')}: {things}")
    if found.caption:
        lines.append(f"  {say(language, 'try-alt')}: {found.caption}")
    lines.append(f"  {found.width}×{found.height}, s: {seconds}")
    if outcome.marked:
        lines.append(f"  {say(language, 'try-marked')}: {printable(str(outcome.marked))}")
    return "\n".join(lines) + "\n"
