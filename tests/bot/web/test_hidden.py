"""Photos that must not be shown: hidden on every surface, erased after their day; and those put aside."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from bot import desk
from bot.texts import say
from models.records import Incoming, Language, Person, Place
from models.weights import Weights
from storage.clock import Clock
from storage.records import Picture
from storage.store import HIDDEN_HOURS
from tests.bot.web.pages import Page, flat, serving, settings_in

pytestmark = pytest.mark.asyncio(loop_scope="module")

LANGUAGES: tuple[Language, ...] = ("ko", "en")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def strict(weights: Weights, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Page]:
    """A page of a service to which every photo is unsafe."""
    settings = settings_in(tmp_path_factory.mktemp("strict"), DEFAULT_UNSAFE_THRESHOLD="0")
    async with serving(settings) as found:
        yield found


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_an_unsafe_photo_gets_a_notice_and_no_comment(
    strict: Page, chat: str, cat: bytes, lang: Language
) -> None:
    code = await strict.post(chat, cat, text="고양이 산책")
    async with strict.listening(chat, lang=lang) as socket:
        told = await socket.done(code)
    listed = (await strict.get(f"/api/chats/{chat}/photos", lang=lang)).document["photos"]

    for photo in (told, await strict.photo(code, lang), *listed):
        assert photo["is_hidden"] is True
        assert photo["message"] == say(lang, "notice-unsafe")
        assert (photo["comment"], photo["caption"], photo["objects"], photo["faces"]) == ("", "", [], [])
        assert photo["has_marked"] is False


async def test_an_unsafe_photo_is_on_no_surface(strict: Page, chat: str, cat: bytes) -> None:
    hidden = await strict.answer_to(chat, cat, text="고양이 산책")

    for kind in ("picture", "marked", "thumb"):
        said = await strict.get(f"/api/photos/{hidden['id']}/{kind}")
        assert (said.status, said.document["error"]) == (404, "no-photo")
    for query in ("고양이", "cat", "산책", "지은"):
        assert (await strict.find(chat, query))["outcome"] == "none"


async def test_an_unsafe_photo_is_erased_after_its_day_and_not_before(
    strict: Page, chat: str, cat: bytes
) -> None:
    hidden = await strict.answer_to(chat, cat)
    store = strict.service.store
    usual = store.clock
    try:
        for hours, status in ((HIDDEN_HOURS - 1, 200), (HIDDEN_HOURS + 1, 404)):
            later = hours * 3600
            store.clock = Clock(
                wall=lambda later=later: time.time() + later,  # type: ignore[misc]  # bound early
                monotonic=lambda later=later: time.monotonic() + later,  # type: ignore[misc]
            )
            await strict.service._sweep()

            assert (await strict.get(f"/api/photos/{hidden['id']}")).status == status
    finally:
        store.clock = usual


async def test_the_poster_of_an_unsafe_photo_can_delete_it(strict: Page, chat: str) -> None:
    hidden = await strict.answer_to(chat, flat())

    said = await strict.ask("DELETE", f"/api/photos/{hidden['id']}?author=지은")

    assert said.document["photos"] == 1


async def put(page: Page, chat: str, jpeg: bytes) -> str:
    """Put a picture into the store as it is, past everything that checks it."""
    place = Place("web", "local", chat)
    incoming = Incoming(place, "1", "0", Person("web", "지은", "지은"), datetime.now(UTC))
    return (await page.service.store.accept(incoming, Picture(jpeg, 96, 72), "ko")).photo


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_a_photo_that_cannot_be_answered_is_put_aside_with_a_sentence(
    strict: Page, chat: str, lang: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "RETRY_SECONDS", 0.01)
    async with strict.listening(chat, lang=lang) as socket:
        code = await put(strict, chat, flat()[:200])  # damaged on the disk
        assert strict.service.desk
        strict.service.desk.wake()
        told = await socket.done(code)

    assert (told["state"], told["comment"], told["is_hidden"]) == ("quarantined", "", False)
    assert told["message"] == say(lang, "error-undecodable")
    assert (await strict.get(f"/api/photos/{code}/marked")).status == 404


async def test_a_sentence_that_lacks_its_values_becomes_a_general_one(strict: Page, chat: str) -> None:
    for lang in LANGUAGES:
        code = await put(strict, f"{chat}{lang}", flat())
        await strict.service.store.put_aside(code, "quarantined", "decode-timeout")

        assert (await strict.photo(code, lang))["message"] == say(lang, "error-quarantined")


def check_owner_only(folder: Path) -> None:
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.name for path in folder.iterdir() if path.stat().st_mode & 0o077} == set()


async def test_the_data_folder_is_the_owners_alone(strict: Page) -> None:
    await asyncio.to_thread(check_owner_only, strict.service.store.folder.path)
