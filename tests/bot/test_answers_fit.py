"""Answers fit where they go: pictures in bytes, texts as the platform counts them."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from bot.answers import cut
from tests.bot.kitchen import MANY, Kitchen
from tests.bot.stands_in import open_store


@pytest.fixture
async def kitchen(tmp_path: Path) -> AsyncIterator[Kitchen]:
    store = open_store(tmp_path / "data")
    yield Kitchen(store)
    await asyncio.to_thread(store.close)


@pytest.mark.parametrize(
    ("most", "everything", "count"), [(20_000, MANY, 1), (MANY, 60_000, 4), (9_000, 20_000, 3)]
)
async def test_pictures_fit_where_they_go(kitchen: Kitchen, most: int, everything: int, count: int) -> None:
    kitchen.eyes.size = (640, 480)
    album = [await kitchen.photo(f"{n}") for n in range(count)]
    reply = await kitchen.answers.reply(album, most_bytes=most, all_bytes=everything)

    sizes = [len(picture.jpeg) for picture in reply.pictures]
    assert len(sizes) == count
    assert max(sizes) <= most
    assert sum(sizes) <= everything
    assert all(Image.open(io.BytesIO(picture.jpeg)).width > 60 for picture in reply.pictures)


def units(text: str) -> int:
    """Return the length of a text in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


WORDS = st.text(st.sampled_from("가나다abc👀🐕\u0301 \n"), max_size=120)


@pytest.mark.parametrize("size", [len, units])
@given(text=WORDS, most=st.integers(2, 60))
@example(text="👀" * 40, most=3)
@example(text=" \n " * 20, most=2)
@example(text="a\nb\nc\nd", most=4)
def test_a_text_that_is_cut_fits_and_is_the_beginning_of_what_it_was(
    size: object, text: str, most: int
) -> None:
    assert callable(size)
    found = cut(text, most, size)
    assert size(found) <= most
    if size(text) <= most:
        assert found == text
    else:
        assert found.endswith("…")
        assert text.startswith(found[:-1])


@pytest.mark.parametrize("size", [len, units])
@given(
    words=st.lists(st.text("가나ab🐕", min_size=1, max_size=6), min_size=2, max_size=30),
    most=st.integers(8, 40),
)
def test_a_text_is_cut_after_a_whole_word(size: object, words: list[str], most: int) -> None:
    assert callable(size)
    text = " ".join(words)
    found = cut(text, most, size)
    if found != text and size(words[0] + "…") <= most:
        kept = found[:-1].split(" ")
        assert kept == words[: len(kept)]
        assert size(" ".join(words[: len(kept) + 1]) + "…") > most  # and no earlier than it must be


def test_a_long_text_is_cut_without_reading_it_over_and_over() -> None:
    counted = 0

    def size(text: str) -> int:
        nonlocal counted
        counted += len(text)
        return len(text)

    assert len(cut("가나다 " * 20_000, 1_000, size)) <= 1_000
    assert counted < 20_000_000
