"""The corpus of comment patterns: sentences with slots, and when each is true.

Files are `models/comments/<language>/*.toml`; CONTRIBUTING.md tells how to write a pattern.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from models.records import Language

SLOT = re.compile(r"\{(\w+)(?::([^}]*))?\}")


@dataclass(frozen=True, slots=True)
class Pattern:
    """One sentence.  `when` are the tags that must hold, `slots` the facts it needs."""

    text: str
    when: frozenset[str]
    slots: frozenset[str]

    @property
    def is_question(self) -> bool:
        """Return whether it asks the poster something."""
        return "?" in self.text

    @property
    def skeleton(self) -> str:
        """Return the sentence without its slots: what makes two comments feel alike."""
        return SLOT.sub("_", self.text)


@cache
def patterns(language: Language) -> tuple[Pattern, ...]:
    """Return the whole corpus of one language."""
    folder = files("models").joinpath("comments", language)
    texts = sorted((file.name, file.read_text(encoding="utf-8")) for file in folder.iterdir())
    return tuple(pattern for _, text in texts for pattern in _read(text))


def _read(text: str) -> Iterator[Pattern]:
    for group in tomllib.loads(text)["group"]:
        when = frozenset(group["when"])
        for line in group["lines"]:
            yield Pattern(line, when, frozenset(slot.group(1) for slot in SLOT.finditer(line)))
