"""Text to search terms: Korean morphemes and syllable bigrams, English words without their plural.

Kiwi knows morphemes but takes a second to load; until then bigrams alone answer.  Every term is
made of letters and digits only, so that nothing a person types means anything to FTS5.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest
from typing import Any

MAX_TEXT = 2_000  # characters of a text that are indexed
WORD = re.compile(r"[^\W_]+")
STRANGE = re.compile("[\ud800-\udfff\U00010000-\U0010ffff]")  # Kiwi counts and cuts these in halves
HANGUL = re.compile(r"[가-힣]+")
HANGUL_OR_REST = re.compile(r"[가-힣]+|[^가-힣]+")

# What carries meaning: things by name, and what they do or are like.
NAMING = frozenset({"NNG", "NNP", "XR", "SL", "SN", "SH"})  # nouns, roots, foreign words, numbers
TELLING = frozenset({"VV", "VA", "MAG"})  # verbs, adjectives, adverbs
PARTICLE = re.compile(
    r"(?<=[가-힣])(이랑|에서|한테|처럼|까지|부터|하고|으로|이나|을|를|은|는|이|가|와|과|랑|도|에|의|로|만|나)$"
)


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text: as written, without its particle, its morphemes and its bigrams.

    `is_name` is False where it only tells what things do or are like, `is_small` is True where it
    means nothing by itself ("두 마리", "그").  `parts` are the words that were written together.
    """

    written: str
    stem: str
    morphemes: tuple[str, ...]
    grams: tuple[str, ...]
    is_name: bool = True
    is_small: bool = False
    parts: tuple[Word, ...] = ()


def normal(text: str) -> str:
    """Return a text as it is compared: composed, in lower case, at most `MAX_TEXT` characters."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text[:MAX_TEXT]).casefold())


def grams(word: str) -> tuple[str, ...]:
    """Return the syllable bigrams of the Korean in a word; a syllable that stands alone is itself one."""
    found: list[str] = []
    for run in HANGUL.findall(word):
        found += [run] if len(run) == 1 else [run[start : start + 2] for start in range(len(run) - 1)]
    return tuple(dict.fromkeys(found))


def singular(word: str) -> str:
    """Return an English word without a regular plural: dogs, boxes, puppies."""
    if len(word) < 4 or not word.isascii() or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("xes", "ches", "shes", "sses")):
        return word[:-2]
    return word.removesuffix("s")


@cache
def _kiwi() -> Any:  # noqa: ANN401 - Kiwi has no types
    """Return the one Kiwi of this process: it takes a second and 270 MB."""
    from kiwipiepy import Kiwi  # noqa: PLC0415 - a service that only decodes needs none

    kiwi = Kiwi(num_workers=1, load_multi_dict=False)
    kiwi.tokenize("찰칵")  # the first one takes half a second
    return kiwi


_KIWI_LOCK = threading.Lock()  # loading, and one text at a time


class Tokenizer:
    """Takes texts apart.  `load` may take a second and is called from any thread, once or often."""

    def __init__(self) -> None:
        self._kiwi: Any = None

    def load(self) -> None:
        """Load the morphemes, unless they are loaded."""
        with _KIWI_LOCK:
            self._kiwi = _kiwi()

    @property
    def is_loaded(self) -> bool:
        """Return whether morphemes are known already."""
        return self._kiwi is not None

    def words(self, text: str) -> tuple[Word, ...]:
        """Return the words of a text, in order."""
        text = normal(text)
        spans = [(found.start(), found.end()) for found in WORD.finditer(text)]
        tokens = self._tokens(text)
        return tuple(self._word(text, start, end, tokens) for start, end in spans)

    def _word(self, text: str, start: int, end: int, tokens: list[Any]) -> Word:
        written = text[start:end]
        inside = [token for token in tokens if start <= token.start and token.end <= end]
        telling = [token for token, after in zip_longest(inside, inside[1:]) if _tells(token, after)]
        if not telling:
            stem = PARTICLE.sub("", written)
            return Word(written, stem, tuple(_latin(written)), grams(stem), is_small=bool(inside))
        stem = text[start : max(token.end for token in telling)]
        parts = tuple(_part(token) for token in telling)
        morphemes = tuple(dict.fromkeys(part.morphemes[0] for part in parts))
        is_name = any(part.is_name for part in parts)
        return Word(written, stem, morphemes, grams(stem), is_name, parts=parts if len(parts) > 1 else ())

    def _tokens(self, text: str) -> list[Any]:
        """Return Kiwi's tokens with letters or digits; none before it is loaded."""
        if self._kiwi is None:
            return []
        with _KIWI_LOCK:
            found = self._kiwi.tokenize(STRANGE.sub(" ", text))  # as long as before
        return [token for token in found if WORD.fullmatch(token.form)]


def _tells(token: Any, after: Any) -> bool:  # noqa: ANN401 - Kiwi has no types
    """Return whether a token carries meaning; a number before its counter ("2마리") does not."""
    is_count = (
        _kind(token) == "SN" and after is not None and _kind(after) == "NNB" and after.start == token.end
    )
    return _kind(token) in NAMING | TELLING and not is_count


def _part(token: Any) -> Word:  # noqa: ANN401
    form = token.form
    return Word(form, form, (singular(form),), grams(form), _kind(token) in NAMING)


def _kind(token: Any) -> str:  # noqa: ANN401 - Kiwi has no types
    return str(token.tag).split("-")[0]  # VV-I is an irregular VV


def _latin(word: str) -> Iterator[str]:
    """Yield the parts of a word that are not Korean."""
    for part in HANGUL_OR_REST.findall(word):
        if not HANGUL.fullmatch(part):
            yield singular(part)
