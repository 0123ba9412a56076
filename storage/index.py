"""The search rows of photos: what a photo can be found by, and how often each scope has it.

FTS5 only selects candidates.  Frequencies are counted per scope in `term`, because those of FTS5
are of all chats together: another chat's photos would change ranks here, and show.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from models.labels import label
from models.records import Analysis
from storage.sqlite import Connection
from storage.words import Tokenizer

ALL = ""  # the term that every photo has: its count is the number of photos in the scope


@dataclass(frozen=True, slots=True)
class Words:
    """What a photo can be found by: terms for each column of the search rows."""

    labels: tuple[str, ...] = ()
    morphemes: tuple[str, ...] = ()
    grams: tuple[str, ...] = ()

    @property
    def terms(self) -> set[str]:
        """Return the terms as `term` counts them; a column's letter keeps columns apart."""
        return {
            ALL,
            *self.labels,
            *(f"m{word}" for word in self.morphemes),
            *(f"g{gram}" for gram in self.grams),
        }


def label_term(label_id: int) -> str:
    """Return the term of a class."""
    return f"l{label_id}"


def words_of(tokenizer: Tokenizer, text: str, analysis: Analysis) -> Words:
    """Return what a photo can be found by: its poster's text, its caption, what was seen on it."""
    ids = sorted({box.label_id for box in analysis.boxes})
    written = tokenizer.words(text)
    described = tokenizer.words(analysis.caption)
    names = [word for found in ids for word in tokenizer.words(label(found).ko)]
    return Words(
        labels=tuple(label_term(found) for found in ids),
        morphemes=_unique(word.morphemes for word in (*written, *described)),
        grams=_unique(word.grams for word in (*written, *names)),
    )


def _unique(groups: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(term for group in groups for term in group))


def scope_term(scope: int) -> str:
    """Return the term by which a search stays inside a scope."""
    return f"s{scope}"


def learn(connection: Connection, photo: int, scope: int, words: Words) -> None:
    """Make a photo findable."""
    connection.execute(
        "INSERT INTO words (rowid, scope, labels, morphemes, grams) VALUES (?,?,?,?,?)",
        (photo, scope_term(scope), *map(" ".join, (words.labels, words.morphemes, words.grams))),
    )
    connection.executemany(
        "INSERT INTO term (scope, term, n) VALUES (?,?,1) ON CONFLICT DO UPDATE SET n = n + 1",
        [(scope, term) for term in words.terms],
    )


def forget(connection: Connection, photo: int, scope: int) -> bool:
    """Make a photo unfindable; return whether it was findable."""
    row = connection.execute(
        "SELECT labels, morphemes, grams FROM words WHERE rowid = ?", (photo,)
    ).fetchone()
    if row is None:
        return False
    terms = [(scope, term) for term in read_words(row["labels"], row["morphemes"], row["grams"]).terms]
    connection.executemany("DELETE FROM term WHERE scope = ? AND term = ? AND n = 1", terms)
    connection.executemany("UPDATE term SET n = n - 1 WHERE scope = ? AND term = ?", terms)
    connection.execute("DELETE FROM words WHERE rowid = ?", (photo,))
    return True


def read_words(labels: str, morphemes: str, grams: str) -> Words:
    """Return the words of a search row."""
    return Words(tuple(labels.split()), tuple(morphemes.split()), tuple(grams.split()))
