"""One line of `chalkak doctor`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: what was found, and what to do where it is not well."""

    what: str
    is_well: bool
    found: str
    fix: str = ""
