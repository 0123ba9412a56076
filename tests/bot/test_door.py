"""The door: who is answered, in which language, and what becomes of what is gone or changed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from bot import door
from bot.door import Arrived, Mode, Taken
from models.errors import DiskFull
from models.records import Incoming, Language, Person, Place
from storage.store import Store
from tests.bot.chatting import ANNA, DIRECT, GROUP, OTHER, Chat, Clock, arrived, photo
from tests.bot.stands_in import open_store

HOME = Place("discord", "77", "5")  # the developer's own server
SERVER = Place("discord", "88", "6")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(door, "time", found)
    return found


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    found = open_store(tmp_path / "data")
    yield found
    await asyncio.to_thread(found.close)


def of_one(count: int, message: str = "1", *, author: Person = ANNA, place: Place = GROUP) -> Arrived:
    """Return a message with so many photos."""
    return arrived(*(photo(message, attachment=f"{n}", author=author, place=place) for n in range(count)))


def full() -> None:
    raise DiskFull("no room", folder="/data")


# Who is answered


@pytest.mark.parametrize(
    ("mode", "is_addressed", "is_let_in"),
    [("auto", False, True), ("mention", False, False), ("mention", True, True), ("off", True, False)],
)
async def test_a_chat_decides_when_it_is_answered(
    store: Store, mode: Mode, is_addressed: bool, is_let_in: bool
) -> None:
    chat = Chat(store)
    await chat.door.set_mode(GROUP, mode)
    taken = await chat.door.take(arrived(is_addressed=is_addressed))

    assert (taken.is_new, bool(taken.accepted), taken.notice) == (is_let_in, is_let_in, "")
    assert await store.waiting() == is_let_in


@pytest.mark.parametrize(
    ("place", "mode"), [(GROUP, "mention"), (SERVER, "mention"), (HOME, "auto"), (DIRECT, "auto")]
)
async def test_who_has_decided_nothing_is_answered_when_asked_at_home_and_in_private_always(
    store: Store, place: Place, mode: Mode
) -> None:
    chat = Chat(store, DEV_GUILD_ID="77")
    assert chat.door.rules(place).mode == mode
    for decided in get_args(Mode):
        await chat.door.set_mode(place, decided)
        assert chat.door.rules(place).mode == decided


async def test_without_a_server_of_the_developer_no_group_is_taken_for_it(store: Store) -> None:
    chat = Chat(store)
    assert [chat.door.rules(place).mode for place in (GROUP, SERVER, HOME)] == ["mention"] * 3


async def test_what_a_chat_decided_holds_for_its_topics_and_after_a_restart(store: Store) -> None:
    await Chat(store).door.set_mode(GROUP, "auto")
    chat = Chat(store)
    await chat.door.open()

    assert chat.door.rules(replace(GROUP, topic="9")).mode == "auto"
    assert chat.door.rules(OTHER).mode == "mention"


@pytest.mark.parametrize(("told", "language"), [("en", "en"), ("ko", "ko"), (None, "ko")])
async def test_the_language_is_the_chats_else_the_default(
    store: Store, told: Language | None, language: Language
) -> None:
    chat = Chat(store)
    taken = await chat.door.take(arrived(language=told))
    assert (await chat.found(taken.accepted[0].photo)).language == language


async def test_nothing_arrives_with_a_message_without_photos(store: Store) -> None:
    assert await Chat(store).door.take(Arrived(())) == Taken()


async def test_a_chat_that_moved_is_answered_as_before(store: Store) -> None:
    chat = Chat(store)
    await chat.door.set_mode(GROUP, "auto")
    [code] = await chat.post("1")
    await chat.door.moved("chat", GROUP.chat, "-9")

    assert chat.door.rules(Place("chat", "", "-9")).mode == "auto"
    assert (await chat.found(code)).place.chat == "-9"


# Deleted and changed


async def test_photos_of_messages_that_are_gone_are_erased_and_no_others(store: Store) -> None:
    chat = Chat(store)
    gone, stays = await chat.post("1", "2")
    [elsewhere] = await chat.post("1", place=OTHER)
    await chat.door.deleted("chat", GROUP.chat, ["1", "unknown"])

    assert await chat.is_gone(gone)
    assert not await chat.is_gone(stays)
    assert not await chat.is_gone(elsewhere)


def message(*attachments: str, text: str = "") -> tuple[Incoming, ...]:
    return tuple(photo("1", attachment=one, text=text) for one in attachments)


async def test_a_changed_message_has_its_new_text_its_new_photos_and_none_that_vanished(store: Store) -> None:
    chat = Chat(store)
    before = [one.photo for one in (await chat.door.take(arrived(*message("a", "b", text="old")))).accepted]
    taken = await chat.door.edited(
        "chat", GROUP.chat, "1", text="new", attachments={"b", "c"}, new=arrived(*message("c", text="new"))
    )

    assert taken.is_new
    assert await chat.is_gone(before[0])
    known = await store.chats.known("chat", GROUP.chat, "1")
    assert [(one.attachment, one.text) for one in known] == [("b", "new"), ("c", "new")]


async def test_a_change_that_changes_nothing_here_writes_nothing(store: Store) -> None:
    chat = Chat(store)
    await chat.door.take(arrived(*message("a", text="old")))
    before = await store.last_change()
    await chat.door.edited("chat", GROUP.chat, "1", text="old", attachments={"a"})
    await chat.door.edited("chat", GROUP.chat, "unknown", text="old", attachments=())

    assert await store.last_change() == before


async def test_a_change_is_followed_where_nothing_is_answered_any_more(store: Store) -> None:
    chat = Chat(store)
    [one] = (await chat.door.take(arrived(*message("a")))).accepted
    await chat.door.set_mode(GROUP, "off")
    taken = await chat.door.edited(
        "chat", GROUP.chat, "1", text="", attachments={"c"}, new=arrived(*message("c"))
    )

    assert await chat.is_gone(one.photo)
    assert taken == Taken()
