"""An answer as programs read it (one JSON object) and as people read it (a few lines)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.app import Answer
from bot.texts import say
from bot.wire import found_object
from models.records import Language


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
    found = found_object(outcome.answer.analysis)
    return {
        "file": outcome.file,
        **found,
        "comment": said(outcome.answer, language),
        "annotated": str(outcome.marked) if outcome.marked else None,
        "degraded": list(outcome.missing),
    }


def said(answer: Answer, language: Language) -> str:
    """Return what a chat would read: the comment, or the notice about an unsafe photo."""
    return say(language, "notice-unsafe") if answer.is_unsafe else answer.analysis.comment


def _things(found: dict[str, Any], language: Language) -> str:
    """Return what was found, in one line: "버스 · 사람 ×4 · 얼굴 2개"."""
    names = [thing["label_ko"] if language == "ko" else thing["label"] for thing in found["objects"]]
    words = [f"{name} ×{count}" if count > 1 else name for name, count in Counter(names).items()]
    if found["faces"]:
        words.append(say(language, "try-faces", count=len(found["faces"])))
    return " · ".join(words)


def printable(name: str) -> str:
    """Return a file name that cannot move the cursor or colour the terminal."""
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in name)


def as_text(found: dict[str, Any], language: Language) -> str:
    """Return the few lines that a person reads about one file, from its JSON object."""
    lines = [printable(found["file"])]
    if "error" in found:
        return f"{lines[0]}\n  ✗ {found['error']}\n"
    lines.append(f"  💬 {found['comment']}")
    lines += [f"  ! {say(language, f'note-{part}')}" for part in found["degraded"]]
    things = _things(found, language) or say(language, "try-nothing")
    lines.append(f"  {say(language, 'try-things')}: {things}")
    if found["caption"]:
        lines.append(f"  {say(language, 'try-alt')}: {found['caption']}")
    seconds = " ".join(f"{stage} {value:.3f}" for stage, value in found["seconds"].items())
    lines.append(f"  {found['width']}×{found['height']}, s: {seconds}")
    if found["annotated"]:
        lines.append(f"  {say(language, 'try-marked')}: {printable(found['annotated'])}")
    return "\n".join(lines) + "\n"
