"""Writers: a list of prompts in, for each one comment, in the same order."""

from __future__ import annotations

from typing import Protocol

from models.prompt import Prompt


class Writer(Protocol):
    """Writes comments."""

    def __call__(self, prompts: list[Prompt]) -> list[str]:
        """Return one comment for each prompt; the same prompt always gets the same comment."""
        ...
