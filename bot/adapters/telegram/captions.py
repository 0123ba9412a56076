"""Text as Telegram counts and marks it: UTF-16 units, entities instead of markup, cuts at a word."""

from __future__ import annotations

from dataclasses import dataclass

from telegram import MessageEntity

from bot.answers import cut

TEXT_UNITS = 4096  # of a message
CAPTION_UNITS = 1024  # of a picture
LEAST_ALT_UNITS = 24  # less of a description is none
BREAK = "\n"


@dataclass(frozen=True, slots=True)
class Caption:
    """A text and what is marked in it."""

    text: str = ""
    entities: tuple[MessageEntity, ...] = ()


def units(text: str) -> int:
    """Return the length of a text as Telegram counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def caption(text: str, alt: str) -> Caption:
    """Return what stands under a picture: the text, and below it the description, folded up.

    The text goes before: the description gets the room that is left.
    """
    text = cut(text, CAPTION_UNITS, units)
    room = CAPTION_UNITS - units(text) - (units(BREAK) if text else 0)
    if not alt or room < LEAST_ALT_UNITS:
        return Caption(text)
    start = text + BREAK if text else ""
    alt = cut(alt, room, units)
    quote = MessageEntity(MessageEntity.EXPANDABLE_BLOCKQUOTE, units(start), units(alt))
    return Caption(start + alt, (quote,))
