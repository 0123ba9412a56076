"""`/find`: candidates from FTS5 inside the scopes, scored with the frequencies of those scopes."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

from models.labels import label
from models.records import Analysis, Hit, Language
from storage.index import ALL, label_term, read_words, scope_term
from storage.query import Concept, concepts_of, unwanted_of
from storage.records import SELECT, Photo, photo_of
from storage.sqlite import Connection
from storage.words import WORD, Tokenizer, grams, normal

Outcome = Literal["found", "maybe", "none"]

CANDIDATES = 400  # of each selection, newest first
LABEL, MORPHEME, GRAMS = 1.0, 0.9, 0.6  # how sure a match in each column is
TELLS = 0.25  # weight of what things do or are like, beside what they are
ENOUGH_GRAMS = 0.5  # share of a word's bigrams below which it is another word
FOUND, MAYBE = 0.5, 0.3  # share of what was asked for, weighted by how rare it is


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to a query: how sure it is, and the photos, best first."""

    outcome: Outcome
    hits: tuple[Hit, ...] = ()
    photos: tuple[Photo, ...] = ()


@dataclass(frozen=True, slots=True)
class _Match:
    photo: int
    score: float
    is_exact: bool
    concepts: tuple[Concept, ...]


def find(
    connection: Connection,
    tokenizer: Tokenizer,
    text: str,
    scopes: Collection[int],
    *,
    limit: int = 10,
    language: Language = "ko",
) -> Found:
    """Return the photos of `scopes` that a text asks for; it never looks outside of them."""
    concepts = concepts_of(tokenizer, text)
    if not concepts or not scopes:
        return Found("none")
    unwanted = unwanted_of(tokenizer, text)
    rows = _candidates(connection, concepts, scopes)
    weights = _weights(connection, concepts, scopes)
    matches = [
        _match(number, columns, concepts, weights)
        for number, columns in rows.items()
        if not _has_any(columns, unwanted)
    ]
    best = sorted((match for match in matches if match.score >= MAYBE), key=lambda m: (-m.score, -m.photo))
    if not best:
        return Found("none")
    is_found = best[0].score > FOUND and best[0].is_exact
    photos = tuple(_photo(connection, match.photo) for match in best[:limit])
    hits = tuple(_hit(photo, match, language) for photo, match in zip(photos, best, strict=False))
    return Found("found" if is_found else "maybe", hits, photos)


def _candidates(
    connection: Connection, concepts: tuple[Concept, ...], scopes: Collection[int]
) -> dict[int, tuple[str, str, str]]:
    """Return the search rows that may match: those that have everything, then those that have anything."""
    inside = _either(scope_term(scope) for scope in sorted(scopes))
    each = [_any_of(concept) for concept in concepts]
    rows: dict[int, tuple[str, str, str]] = {}
    for joined in dict.fromkeys((" AND ".join(each), " OR ".join(each))):
        found = connection.execute(
            "SELECT rowid, labels, morphemes, grams FROM words WHERE words MATCH ?"
            " ORDER BY rowid DESC LIMIT ?",
            (f"scope:({inside}) AND ({joined})", CANDIDATES),
        )
        rows.update({row["rowid"]: (row["labels"], row["morphemes"], row["grams"]) for row in found})
    return rows


def _any_of(concept: Concept) -> str:
    """Return the FTS5 expression of a concept; every term is quoted and has no sign of its own."""
    columns = (("labels", concept.labels), ("morphemes", concept.morphemes), ("grams", concept.grams))
    parts = [f"{column}:({_either(terms)})" for column, terms in columns if terms]
    return f"({' OR '.join(parts)})" if parts else 'labels:"none"'


def _either(terms: Iterable[str]) -> str:
    return " OR ".join(f'"{term}"' for term in terms)


def _weights(connection: Connection, concepts: tuple[Concept, ...], scopes: Collection[int]) -> list[float]:
    """Return how much each concept tells, from how many photos of the scopes have it."""
    asked = [(_terms(concept), [f"g{gram}" for gram in concept.grams]) for concept in concepts]
    wanted = sorted({ALL, *(term for pair in asked for terms in pair for term in terms)})
    marks, places = ",".join("?" * len(wanted)), ",".join("?" * len(scopes))
    rows = connection.execute(
        f"SELECT term, sum(n) AS n FROM term WHERE scope IN ({places}) AND term IN ({marks}) GROUP BY term",  # noqa: S608
        (*scopes, *wanted),
    )
    counts = {row["term"]: int(row["n"]) for row in rows}
    total = counts.get(ALL, 0)
    frequencies = [_frequency(counts, *pair) for pair in asked]
    weights = [math.log1p((total - n + 0.5) / (n + 0.5)) for n in frequencies]
    # What nobody here has tells nothing about who is meant: it must not outweigh what somebody has.
    most = max((weight for weight, n in zip(weights, frequencies, strict=True) if n), default=math.inf)
    weights = [min(weight, most) for weight in weights]
    factors = [1.0 if concept.is_name else TELLS for concept in concepts]
    return [weight * factor for weight, factor in zip(weights, factors, strict=True)]


def _frequency(counts: dict[str, int], exact: list[str], loose: list[str]) -> int:
    """Return how many photos have a concept, else how many look like it."""
    n = max((counts.get(term, 0) for term in exact), default=0)
    return n or min((counts.get(term, 0) for term in loose), default=0)


def _terms(concept: Concept) -> list[str]:
    return [*concept.labels, *(f"m{word}" for word in concept.morphemes)]


def _match(
    number: int, columns: tuple[str, str, str], concepts: tuple[Concept, ...], weights: list[float]
) -> _Match:
    has = read_words(*columns)
    labels, morphemes, grams = set(has.labels), set(has.morphemes), set(has.grams)
    got, is_exact, matched = 0.0, False, []
    for concept, weight in zip(concepts, weights, strict=True):
        sure, is_sure = _sureness(concept, labels, morphemes, grams)
        got += weight * sure
        is_exact = is_exact or is_sure
        matched += [concept] if sure else []
    return _Match(number, got / sum(weights), is_exact, tuple(matched))


def _has_any(columns: tuple[str, str, str], unwanted: tuple[Concept, ...]) -> bool:
    """Return whether a photo certainly has something that nobody wants to see."""
    has = read_words(*columns)
    found = (_sureness(concept, set(has.labels), set(has.morphemes), set()) for concept in unwanted)
    return any(is_sure for _, is_sure in found)


def _sureness(concept: Concept, labels: set[str], morphemes: set[str], grams: set[str]) -> tuple[float, bool]:
    """Return how sure a photo has a concept, 0..1, and whether by more than looking alike."""
    if labels.intersection(concept.labels):
        return LABEL, True
    if concept.morphemes and morphemes.issuperset(concept.morphemes):
        return MORPHEME, True
    share = sum(gram in grams for gram in concept.grams) / max(1, len(concept.grams))
    return (GRAMS * share, False) if share >= ENOUGH_GRAMS else (0.0, False)


def _photo(connection: Connection, number: int) -> Photo:
    return photo_of(connection.execute(f"{SELECT} WHERE photo.id = ?", (number,)).fetchone())


def _hit(photo: Photo, match: _Match, language: Language) -> Hit:
    return Hit(
        photo=photo.id,
        place=photo.place,
        message=photo.message,
        sent_at=photo.sent_at,
        author=photo.author,
        score=round(match.score, 4),
        reason=_reason(photo, match.concepts, language),
    )


def _reason(photo: Photo, concepts: tuple[Concept, ...], language: Language) -> str:
    """Return why a photo was found: what is seen on it ("자전거 · 개 2마리"), what was written (“산책”)."""
    wanted = {term for concept in concepts for term in concept.labels}
    seen = _seen(photo.analysis, wanted, language) if photo.analysis else []
    reasons = [*seen, *_quoted(photo, concepts)] or _alike(photo, concepts, language)
    reasons = reasons or [concept.written for concept in concepts]  # the caption says it
    return " · ".join(dict.fromkeys(reasons))


def _seen(analysis: Analysis, wanted: set[str], language: Language) -> list[str]:
    counts = Counter(box.label_id for box in analysis.boxes if label_term(box.label_id) in wanted)
    return [_counted(label_id, count, language) for label_id, count in counts.items()]


def _counted(label_id: int, count: int, language: Language) -> str:
    one = label(label_id)
    if count == 1 or (language == "en" and not one.is_countable):
        return one.name(language)
    return f"{one.ko} {count}{one.counter}" if language == "ko" else f"{count} {one.plural}"


def _alike(photo: Photo, concepts: tuple[Concept, ...], language: Language) -> list[str]:
    """Return what looks like a word that was asked for: a slip of the finger found it."""
    asked = [set(concept.grams) for concept in concepts if concept.grams]
    ids = {box.label_id for box in photo.analysis.boxes} if photo.analysis else set()
    seen = {label_term(found) for found in ids if _is_alike(label(found).ko, asked)}
    named = _seen(photo.analysis, seen, language) if photo.analysis else []
    return named + [f"“{word}”" for word in WORD.findall(photo.text) if _is_alike(normal(word), asked)]


def _is_alike(word: str, asked: list[set[str]]) -> bool:
    has = set(grams(word))
    return any(len(has & wanted) >= ENOUGH_GRAMS * len(wanted) for wanted in asked)


def _quoted(photo: Photo, concepts: tuple[Concept, ...]) -> list[str]:
    """Return the words of the poster's text that were asked for, as written."""
    written = WORD.findall(photo.text)
    found = []
    for concept in concepts:
        parts = (concept.written, *concept.morphemes)
        found += [f"“{word}”" for word in written if any(part in normal(word) for part in parts if part)][:2]
    return found
