"""Text under pictures, counted and marked as Telegram does."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.telegram.captions import CAPTION_UNITS, caption, units

WORDS = st.text(st.sampled_from("가나 다\n👨‍👩‍👧😀a~"), max_size=900)


def quoted(text: str, offset: int, length: int) -> str:
    """Return what an entity marks."""
    data = text.encode("utf-16-le")
    return data[2 * offset : 2 * (offset + length)].decode("utf-16-le")


def test_length_is_counted_in_utf_16() -> None:
    assert [units(text) for text in ("가나", "😀", "👨‍👩‍👧", "")] == [2, 2, 8, 0]


def test_the_description_stands_folded_under_the_text() -> None:
    said = caption("찰칵! 😀", "강아지")

    (quote,) = said.entities
    assert said.text == "찰칵! 😀\n강아지"
    assert quote.type == "expandable_blockquote"
    assert quoted(said.text, quote.offset, quote.length) == "강아지"


def test_without_a_text_the_description_stands_alone() -> None:
    said = caption("", "강아지")

    assert said.text == "강아지"
    assert (said.entities[0].offset, said.entities[0].length) == (0, 3)


def test_without_a_description_nothing_is_marked() -> None:
    assert caption("찰칵!", "").entities == ()


def test_the_text_goes_before_the_description() -> None:
    said = caption("가 " * 600, "강아지 " * 100)

    assert said.entities == ()
    assert said.text.endswith("가…")


def test_the_description_gets_the_room_that_is_left() -> None:
    said = caption("가" * 900, "강아지 " * 100)

    (quote,) = said.entities
    assert units(said.text) > 1000
    assert quoted(said.text, quote.offset, quote.length).endswith("강아지…")


@given(WORDS, WORDS)
def test_no_caption_is_too_long_or_marked_beside_the_description(text: str, alt: str) -> None:
    said = caption(text, alt)

    assert units(said.text) <= CAPTION_UNITS
    for quote in said.entities:
        marked = quoted(said.text, quote.offset, quote.length)
        assert said.text.endswith(marked)
        assert marked.rstrip("…").strip() in alt
