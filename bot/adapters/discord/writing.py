"""Text as Discord wants it: nothing in it is markup, nothing unfolds, and it is not too long."""

from __future__ import annotations

import re

from discord.utils import escape_markdown

MOST = 2000  # characters of a message; counted as UTF-16 has them, which is never fewer
LINK = re.compile(r"https?://[^\s<>]*[^\s<>.,:;!?\"')\]]")
POINTING = re.compile(r"<(?=[@#:/]|a:|t:|id:)")  # begins a mention, an emoji, a time …
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029\ud800-\udfff]")
MORE = "…"


def written(text: str, most: int = MOST) -> str:
    """Return a text as a message: escaped, links without preview, cut at a word where it is too long."""
    clean = CONTROL.sub("", text).strip()
    whole = escaped(clean)
    if length(whole) <= most:
        return whole
    keep = len(clean)
    while length(whole) > most:
        keep -= max(1, (length(whole) - most) // 2)
        whole = escaped(_cut(clean, keep)) + MORE
    return whole


def escaped(text: str) -> str:
    """Return a text that Discord shows letter by letter."""
    parts, end = [], 0
    for link in LINK.finditer(text):
        parts += [_literal(text[end : link.start()]), f"<{link.group()}>"]
        end = link.end()
    return "".join([*parts, _literal(text[end:])])


def length(text: str) -> int:
    """Return how many UTF-16 units a text has."""
    return len(text.encode("utf-16-le")) // 2


def _literal(text: str) -> str:
    text = POINTING.sub(r"\\<", escape_markdown(text, ignore_links=False))
    return text.replace("](", r"\](")  # a link under other words, also where the link is the next part


def _cut(text: str, most: int) -> str:
    """Return the beginning of a text, up to the end of a word if it has any."""
    head = text[: max(0, most)]
    at_word = head.rpartition(" ")[0].rstrip()
    return at_word if len(at_word) > most // 2 else head.rstrip()
