"""What an answer says in both languages, and what it shows."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot import answers as module
from bot.answers import ALT
from bot.texts import say
from models.errors import BAD_PHOTOS
from models.records import Language
from tests.bot.chatting import Clock
from tests.bot.kitchen import MANY, Kitchen
from tests.bot.stands_in import open_store

DOG, CAT, PERSON = 160, 96, 381
LANGUAGES: tuple[Language, ...] = ("ko", "en")


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
    values: dict[str, Any] = {
        "found": 60,
        "megabytes": 50,
        "megapixels": 90,
        "side": 9000,
        "pixels": 2,
        "seconds": 5,
    }
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
