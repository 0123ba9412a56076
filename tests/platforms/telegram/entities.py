"""Texts with entities: HTML read strictly, commands and mentions found, lengths in UTF-16 code units."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.platforms.telegram.records import Json
from tests.platforms.telegram.refusals import Refused, bad

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
CHARACTERS = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}

MARK = re.compile(
    r"<(?P<end>/?)(?P<tag>[^<>\s/]*)(?P<rest>[^<>]*)>|&(?P<name>#x?[0-9a-fA-F]+|[a-z]+);|<(?P<open>[^\s>]*)"
)
ATTRIBUTE = re.compile(r"""([a-z-]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?""")
FOUND = {
    "bot_command": re.compile(r"(?<![\w/])/[a-zA-Z0-9_]{1,64}(?:@[a-zA-Z]\w{2,31})?(?![\w/])"),
    "mention": re.compile(r"(?<![\w`])@[a-zA-Z]\w{3,31}\b"),
    "url": re.compile(r"https?://[^\s<>\"]+"),
    "hashtag": re.compile(r"(?<![\w&])#\w*[^\W\d]\w*"),
}


def units(text: str) -> int:
    """Return the length that Telegram counts."""
    return len(text.encode("utf-16-le")) // 2


def cut(text: str, entity: Json) -> str:
    """Return the part of a text that an entity covers."""
    raw = text.encode("utf-16-le")
    start = 2 * int(entity["offset"])
    return raw[start : start + 2 * int(entity["length"])].decode("utf-16-le")


def read(text: str, mode: str, given: list[Json] | None = None) -> tuple[str, list[Json]]:
    """Return a text without its markup, and all its entities.

    Raises:
        Refused: the markup is wrong, or the mode is none that the stand-in knows.
    """
    if mode.lower() not in ("", "html"):
        raise bad("unsupported parse_mode")
    plain, entities = _Html(text).read() if mode else (text, list(given or []))
    plain, entities = _trimmed(plain, entities)
    return plain, sorted([*entities, *_found(plain, entities)], key=lambda e: (e["offset"], -e["length"]))


def _trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    plain = text.strip()
    gone, most = units(text) - units(text.lstrip()), units(plain)
    kept = []
    for one in entities:
        start = max(0, one["offset"] - gone)
        length = min(most, one["offset"] - gone + one["length"]) - start
        if length > 0:
            kept.append(one | {"offset": start, "length": length})
    return plain, kept


def _found(text: str, entities: list[Json]) -> Iterator[Json]:
    taken = [(e["offset"], e["offset"] + e["length"]) for e in entities if e["type"] in ("code", "pre")]
    for kind, pattern in FOUND.items():
        for match in pattern.finditer(text):
            start = units(text[: match.start()])
            if not any(first <= start < last for first, last in taken):
                yield {"type": kind, "offset": start, "length": units(match.group())}


@dataclass(slots=True)
class _Open:
    tag: str
    start: int
    entity: Json


@dataclass(slots=True)
class _Html:
    """Reads one text."""

    text: str
    plain: str = ""
    open: list[_Open] = field(default_factory=list)
    entities: list[Json] = field(default_factory=list)

    def read(self) -> tuple[str, list[Json]]:
        at = 0
        for mark in MARK.finditer(self.text):
            self.plain += self.text[at : mark.start()]
            self._mark(mark)
            at = mark.end()
        self.plain += self.text[at:]
        if self.open:
            raise _wrong(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        return self.plain, self.entities

    def _mark(self, mark: re.Match[str]) -> None:
        if mark["name"]:
            self.plain += _character(mark["name"]) or mark.group()
        elif mark["open"] is not None:
            self._unclosed(mark)
        elif mark["end"]:
            self._end(mark["tag"].lower(), self._offset(mark))
        else:
            self._begin(mark["tag"].lower(), mark["rest"], self._offset(mark))

    def _begin(self, tag: str, rest: str, offset: int) -> None:
        if tag not in TAGS:
            raise _wrong(f'Unsupported start tag "{tag}" at byte offset {offset}')
        attributes = {name: value.strip("\"'") for name, value in ATTRIBUTE.findall(rest)}
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise _wrong(f'Tag "span" must have class "tg-spoiler" at byte offset {offset}')
        self.open.append(_Open(tag, units(self.plain), _entity(tag, attributes)))

    def _end(self, tag: str, offset: int) -> None:
        if not self.open:
            raise _wrong(f"Unexpected end tag at byte offset {offset}")
        opened = self.open.pop()
        if tag and tag != opened.tag:
            raise _wrong(
                f'Unmatched end tag at byte offset {offset}, expected "</{opened.tag}>", found "</{tag}>"'
            )
        length = units(self.plain) - opened.start
        if length and opened.entity:
            self.entities.append(opened.entity | {"offset": opened.start, "length": length})

    def _unclosed(self, mark: re.Match[str]) -> None:
        tag, offset = mark["open"].lower(), self._offset(mark)
        if mark.end() == len(self.text) or tag in TAGS:
            raise _wrong(f"Unclosed start tag at byte offset {offset}")
        raise _wrong(f'Unsupported start tag "{tag}" at byte offset {offset}')

    def _offset(self, mark: re.Match[str]) -> int:
        return len(self.text[: mark.start()].encode())


def _entity(tag: str, attributes: dict[str, str]) -> Json:
    if tag == "a":
        url = attributes.get("href", "")
        return {"type": "text_link", "url": url} if url else {}
    if tag == "tg-emoji":
        return {"type": "custom_emoji", "custom_emoji_id": attributes.get("emoji-id", "")}
    if tag == "blockquote" and "expandable" in attributes:
        return {"type": "expandable_blockquote"}
    return {"type": TAGS[tag]}


def _character(name: str) -> str:
    if not name.startswith("#"):
        return CHARACTERS.get(name, "")
    digits, radix = (name[2:], 16) if name[1] in "xX" else (name[1:], 10)
    number = int(digits, radix) if re.fullmatch(r"[0-9]+" if radix == 10 else r"[0-9a-fA-F]+", digits) else 0
    return chr(number) if 0 < number < 0x10FFFF else ""


def _wrong(why: str) -> Refused:
    return bad(f"can't parse entities: {why}")
