"""What an answer says in both languages, what it shows, and that it fits where it goes."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from bot import answers as module
from bot.answers import ALT, Answers, cut
from bot.texts import say
from inference.decode.pool import CleanPhoto
from models.errors import BAD_PHOTOS
from models.records import Analysis, Box, ChatRules, Language
from storage.records import Photo, Picture, State
from storage.store import Store
from tests.bot.chatting import Eyes, photo
from tests.bot.stands_in import open_store
from tests.bot.test_door import Clock

DOG, CAT, PERSON = 160, 96, 381
LANGUAGES: tuple[Language, ...] = ("ko", "en")
MANY = 10_000_000


class Drawing(Eyes):
    """Opens the pictures that it drew itself, and shrinks them for good."""

    async def reopen(self, jpeg: bytes) -> CleanPhoto:
        image = Image.open(io.BytesIO(jpeg)) if len(jpeg) > 1_000 else Image.new("RGB", (64, 48))
        return CleanPhoto(image.convert("RGB"), jpeg, image.size, is_partial=False, seconds=0.0)

    async def small(self, photo: CleanPhoto, side: int) -> bytes:
        target = io.BytesIO()
        image = photo.image.copy()
        image.thumbnail((side, side))
        image.save(target, "JPEG", quality=85)
        return target.getvalue()


class Kitchen:
    """A store with photos that were looked at, and answers from it."""

    def __init__(self, store: Store) -> None:
        self.store, self.eyes = store, Drawing()
        self.answers = Answers(store, self.eyes, lambda _: ChatRules())
        self._number = 0

    async def photo(
        self,
        comment: str = "찰칵!",
        *labels: int,
        language: Language = "ko",
        caption: str = "사진 설명",
        unsafe: float | None = 0.0,
        degraded: tuple[str, ...] = (),
        is_partial: bool = False,
        is_first_frame: bool = False,
        is_spoiler: bool = False,
    ) -> Photo:
        """Return a photo that was seen."""
        from dataclasses import replace

        self._number += 1
        arrived = replace(photo(f"{self._number}"), is_first_frame=is_first_frame, spoiler=is_spoiler)
        [accepted] = await self.store.receive([arrived], language)
        kept = Picture(b"\xff\xd8" + accepted.photo.encode(), 64, 48, is_partial=is_partial)
        assert await self.store.keep(accepted.photo, kept)
        boxes = tuple(Box(one, 0.9, 1, 1, 20, 20) for one in labels)
        seen = Analysis(
            64, 48, boxes=boxes, comment=comment, caption=caption, unsafe=unsafe, degraded=degraded
        )
        await self.store.save(await self.found(accepted.photo), seen, is_hidden=(unsafe or 0) > 0.7)
        return await self.found(accepted.photo)

    async def refused(
        self,
        error: str = "undecodable",
        *,
        language: Language = "ko",
        state: State = "refused",
        **data: str | float,
    ) -> Photo:
        """Return a photo that could not be looked at."""
        self._number += 1
        [accepted] = await self.store.receive([photo(f"{self._number}")], language)
        await self.store.put_aside(accepted.photo, state, error, data)
        return await self.found(accepted.photo)

    async def found(self, code: str) -> Photo:
        found = await self.store.photo(code)
        assert found
        return found

    async def text(self, *photos: Photo) -> str:
        return (await self.answers.reply(photos, most_bytes=MANY, all_bytes=MANY)).text


@pytest.fixture
async def kitchen(tmp_path: Path) -> AsyncIterator[Kitchen]:
    store = open_store(tmp_path / "data")
    yield Kitchen(store)
    await asyncio.to_thread(store.close)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(module, "time", found)
    return found


# One photo


@pytest.mark.parametrize("language", LANGUAGES)
async def test_one_photo_has_its_comment_and_its_marked_copy(kitchen: Kitchen, language: Language) -> None:
    one = await kitchen.photo("귀여워요!", DOG, language=language, is_spoiler=True)
    reply = await kitchen.answers.reply([one], most_bytes=MANY, all_bytes=MANY)

    assert (reply.text, reply.language) == ("귀여워요!", language)
    [shown] = reply.pictures
    assert (shown.name, shown.alt, shown.is_spoiler) == ("chalkak-1.jpg", "사진 설명", True)
    assert Image.open(io.BytesIO(shown.jpeg)).format == "JPEG"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_an_unsafe_photo_is_neither_shown_nor_spoken_of(kitchen: Kitchen, language: Language) -> None:
    one = await kitchen.photo("secret", DOG, unsafe=0.95, language=language, is_first_frame=True)
    reply = await kitchen.answers.reply([one], most_bytes=MANY, all_bytes=MANY)

    assert (reply.text, reply.pictures) == (say(language, "notice-unsafe"), ())


async def test_a_photo_that_nobody_checked_for_safety_is_spoken_of_and_not_shown(kitchen: Kitchen) -> None:
    one = await kitchen.photo("귀여워요!", unsafe=None, degraded=("unsafe",))
    reply = await kitchen.answers.reply([one], most_bytes=MANY, all_bytes=MANY)

    assert reply.text == f"귀여워요!\n{say('ko', 'note-unsafe')}"
    assert reply.pictures == ()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", sorted(BAD_PHOTOS))
async def test_who_posted_what_cannot_be_read_hears_why(
    kitchen: Kitchen, language: Language, code: str
) -> None:
    values = {"found": 60, "megabytes": 50, "megapixels": 90, "side": 9000, "pixels": 2, "seconds": 5}
    text = await kitchen.text(await kitchen.refused(code, language=language, **values))

    assert text == say(language, f"error-{code}", **values)
    assert not re.search(r"[{}$]", text)


async def test_a_reason_that_lacks_its_values_still_makes_a_sentence(kitchen: Kitchen) -> None:
    assert await kitchen.text(await kitchen.refused("too-many-bytes")) == say("ko", "error-quarantined")


async def test_something_is_said_even_where_there_were_no_words(kitchen: Kitchen) -> None:
    """A platform takes no message without any text, and the note is not said twice in an hour."""
    for _ in range(2):
        one = await kitchen.photo("", unsafe=None, degraded=("comment", "unsafe"))
        text = await kitchen.text(one)
        assert text.strip()
        assert text == text.strip()


async def test_of_what_moves_it_is_said_that_only_the_first_picture_was_seen(kitchen: Kitchen) -> None:
    one = await kitchen.photo("귀여워요!", is_first_frame=True)
    assert await kitchen.text(one) == f"귀여워요!\n{say('ko', 'note-first-frame')}"


async def test_a_photo_that_was_deleted_meanwhile_is_not_shown(kitchen: Kitchen) -> None:
    one = await kitchen.photo()
    await kitchen.store.erase([one.id])
    assert (await kitchen.answers.reply([one], most_bytes=MANY, all_bytes=MANY)).pictures == ()


async def test_a_description_is_never_longer_than_a_platform_takes_and_never_empty(kitchen: Kitchen) -> None:
    for caption in ("강아지 " * 900, "", "가" * 5_000):
        one = await kitchen.photo(caption=caption)
        reply = await kitchen.answers.reply([one], most_bytes=MANY, all_bytes=MANY)
        assert 0 < len(reply.pictures[0].alt) <= ALT


# Albums


@pytest.mark.parametrize("language", LANGUAGES)
async def test_an_album_has_the_comment_on_its_richest_photo_and_what_is_on_all(
    kitchen: Kitchen, language: Language
) -> None:
    album = [
        await kitchen.photo("하나", DOG, language=language),
        await kitchen.photo("둘", DOG, CAT, PERSON, language=language),
        await kitchen.photo("셋", language=language),
    ]
    reply = await kitchen.answers.reply(album, most_bytes=MANY, all_bytes=MANY)

    first, _, rest = reply.text.partition("\n\n")
    assert first == "둘"
    assert "3" in rest
    dog, cat = ("개", "고양이") if language == "ko" else ("dog", "cat")
    assert dog in rest
    assert cat in rest
    assert rest.index(dog) < rest.index(cat)
    assert len(reply.pictures) == 3
    assert [one.name for one in reply.pictures] == [f"chalkak-{n}.jpg" for n in (1, 2, 3)]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_an_album_in_which_nothing_was_recognised_has_a_comment_all_the_same(
    kitchen: Kitchen, language: Language
) -> None:
    album = [await kitchen.photo(text, language=language) for text in ("하나", "둘")]
    assert await kitchen.text(*album) == say(language, "album-answer", comment="하나", count=2, missing=0)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_what_of_an_album_was_hidden_or_could_not_be_read_is_counted(
    kitchen: Kitchen, language: Language
) -> None:
    album = [
        await kitchen.photo("좋아요", DOG, language=language),
        await kitchen.photo("secret", CAT, unsafe=0.9, language=language),
        await kitchen.refused(language=language),
        await kitchen.refused(language=language, state="quarantined", error="quarantined"),
    ]
    reply = await kitchen.answers.reply(album, most_bytes=MANY, all_bytes=MANY)

    hidden, refused = say(language, "unsafe-in-album", count=1), say(language, "refused-in-album", count=2)
    assert reply.text.split("\n") == ["좋아요", hidden, refused]
    assert len(reply.pictures) == 1


@pytest.mark.parametrize("language", LANGUAGES)
async def test_an_album_of_which_nothing_can_be_shown_says_so_of_each_photo(
    kitchen: Kitchen, language: Language
) -> None:
    hidden = [await kitchen.photo("secret", unsafe=0.9, language=language) for _ in range(2)]
    refused = [await kitchen.refused(language=language) for _ in range(3)]

    assert await kitchen.text(*hidden) == say(language, "notice-unsafe")
    assert await kitchen.text(*refused) == say(language, "refused-in-album", count=3)
    both = await kitchen.text(*hidden, *refused)
    assert both.split("\n") == [say(language, "notice-unsafe"), say(language, "refused-in-album", count=3)]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_an_album_does_not_claim_to_have_seen_all_where_some_are_missing(
    kitchen: Kitchen, language: Language
) -> None:
    album = [await kitchen.photo("좋아요", DOG, language=language) for _ in range(2)]
    assert ("모두" if language == "ko" else "all ") in await kitchen.text(*album)
    text = await kitchen.text(*album, await kitchen.refused(language=language))
    assert ("모두" if language == "ko" else "all ") not in text


# Notes


async def test_what_is_missing_is_said_once_an_hour_in_a_chat(kitchen: Kitchen, clock: Clock) -> None:
    one = await kitchen.photo("귀여워요!", degraded=("objects", "faces"))
    noted = []
    for _ in range(5):
        noted.append("\n" in await kitchen.text(one))
        clock.now += 1_000
    assert noted == [True, False, False, False, True]


async def test_notes_are_said_once_for_an_album(kitchen: Kitchen, clock: Clock) -> None:
    album = [await kitchen.photo("하나", degraded=("faces",), is_partial=n > 0) for n in range(3)]
    text = await kitchen.text(*album)
    assert text.count(say("ko", "note-faces")) == 1
    assert text.count(say("ko", "note-partial")) == 1


# Sizes


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


# Cutting


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
