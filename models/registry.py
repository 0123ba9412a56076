"""The registry: which files exist, what they are for, and where each may come from."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

SOURCE_FIELDS = {
    "own": {"member"},
    "url": {"url"},
    "hub": {"repo", "revision", "member"},
    "wheel": {"package", "version", "member"},
    "npm": {"package", "version", "member"},
}


@dataclass(frozen=True, slots=True)
class Source:
    """One place a file may come from; which fields are set depends on `kind`."""

    kind: str
    member: str = ""
    url: str = ""
    repo: str = ""
    revision: str = ""
    package: str = ""
    version: str = ""
    python: str = ""
    platform: str = ""

    def __str__(self) -> str:
        """Return the source as a person would name it."""
        if self.kind == "url":
            return self.url
        if self.kind == "own":
            return f"models/weights/{self.member}"
        if self.kind == "hub":
            return f"hub {self.repo}@{self.revision[:8]} {self.member}"
        carrier = "PyPI" if self.kind == "wheel" else "npm"
        return f"{carrier} {self.package} {self.version}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of the registry: weights, a font or a sample photo.

    `min_score` is the score below which a detector reports nothing, 0.25 as in the originals;
    `min_scores` are those of single labels, by English name.
    """

    key: str
    about: str
    licence: str
    author: str
    name: str
    bytes: int
    sha256: str
    sources: tuple[Source, ...]
    module: str = ""
    labels: str = ""
    limits: str = ""
    min_score: float = 0.25
    min_scores: dict[str, float] = field(default_factory=dict)

    @property
    def tag(self) -> str:
        """Return `name@sha8`, by which an analysis names the models it used."""
        return f"{self.key}@{self.sha256[:8]}"


@dataclass(frozen=True, slots=True)
class Registry:
    """All entries by key, and for each role the preference list of keys."""

    entries: dict[str, Entry]
    roles: dict[str, tuple[str, ...]]

    def entry(self, key: str) -> Entry:
        """Return one entry.

        Raises:
            KeyError: no such entry; the message names all there are.
        """
        if key not in self.entries:
            raise KeyError(f"no entry {key!r}, there are: {', '.join(sorted(self.entries))}")
        return self.entries[key]

    def role(self, name: str) -> tuple[Entry, ...]:
        """Return the entries for a role, best first; empty for a role that has none yet."""
        return tuple(self.entries[key] for key in self.roles[name])


def load_registry(text: str | None = None) -> Registry:
    """Read the registry, by default the one that ships.

    Raises:
        ValueError: a table that does not say all it must, named with what is wrong.
    """
    if text is None:
        text = files("models").joinpath("registry.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(text)
    lacking = {"file", "roles"} - tables.keys()
    if lacking:
        raise ValueError(f"the registry has no table {sorted(lacking)}")
    entries = {key: _entry(key, table) for key, table in tables["file"].items()}
    roles = {name: tuple(keys) for name, keys in tables["roles"].items()}
    for name, keys in roles.items():
        unknown = [key for key in keys if key not in entries]
        if unknown:
            known = ", ".join(entries)
            raise ValueError(f"role {name!r} names {unknown}, which are no entries; there are: {known}")
    return Registry(entries, roles)


def _entry(key: str, table: dict[str, Any]) -> Entry:
    fields = {name: value for name, value in table.items() if name != "source"}
    sources = tuple(_source(key, source) for source in table.get("source", ()))
    try:
        entry = Entry(key=key, sources=sources, **fields)
    except TypeError as error:
        raise ValueError(f"registry entry {key!r}: {error}") from error
    if not re.fullmatch("[0-9a-f]{64}", entry.sha256) or not sources:
        raise ValueError(f"registry entry {key!r} needs a sha256 of 64 digits 0-9a-f and a source")
    return entry


def _source(key: str, table: dict[str, str]) -> Source:
    kind = table.get("kind", "")
    missing = SOURCE_FIELDS.get(kind, {"kind"}) - table.keys()
    if kind not in SOURCE_FIELDS or missing:
        allowed = ", ".join(SOURCE_FIELDS)
        raise ValueError(f"source of {key!r}: kind {kind!r} (allowed: {allowed}) lacks {sorted(missing)}")
    try:
        return Source(**table)
    except TypeError as error:
        raise ValueError(f"source of {key!r}: {error}") from error
