"""Korean grammar that templates need: particles by the last letter, native numbers, counting."""

from __future__ import annotations

FIRST, LAST = ord("가"), ord("힣")
RIEUL = 8  # index of the final consonant ㄹ

ONES = ("", "한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉")
TENS = ("", "열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔")


def final_consonant(word: str) -> int:
    """Return the index of the last syllable's final consonant, 0 where there is none.

    Raises:
        ValueError: the word does not end in a Hangul syllable, so no particle can be chosen.
    """
    code = ord(word[-1]) if word else 0
    if not FIRST <= code <= LAST:
        raise ValueError(f"{word!r} does not end in a Hangul syllable")
    return (code - FIRST) % 28


def with_particle(word: str, pair: str) -> str:
    """Return the word with the right one of a pair "after consonant/after vowel".

    >>> with_particle("곰", "이/가"), with_particle("고양이", "이/가"), with_particle("말", "으로/로")
    ('곰이', '고양이가', '말로')
    """
    after_consonant, after_vowel = pair.split("/")
    final = final_consonant(word)
    if final == RIEUL and after_consonant == "으" + after_vowel and after_vowel.startswith("로"):
        return word + after_vowel
    return word + (after_consonant if final else after_vowel)


def native_number(count: int) -> str:
    """Return a number as it stands before a counting noun: 한, 두, … 스무, 스물한; from 100 on digits."""
    if not 1 <= count <= 99:
        return str(count)
    if count == 20:
        return "스무"
    return TENS[count // 10] + ONES[count % 10]


def counted(count: int, counter: str) -> str:
    """Return "두 마리", "세 개"."""
    return f"{native_number(count)} {counter}"
