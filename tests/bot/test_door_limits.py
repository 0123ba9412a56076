"""The door: how much is let in at a time, and who is told of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot import door
from bot.door import Arrived, Windows
from bot.texts import say
from models.errors import DiskFull
from models.records import Person, Place
from storage.store import Store
from tests.bot.chatting import ANNA, BORI, GROUP, OTHER, Chat, Clock, arrived, photo
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


async def test_a_person_who_posts_too_much_is_told_once_a_minute(store: Store, clock: Clock) -> None:
    chat = Chat(store, PHOTOS_PER_MINUTE=3)
    notices = []
    for number in range(6):
        clock.now += 1
        notices.append((await chat.door.take(of_one(1, f"{number}"))).notice)
    assert await store.waiting() == 3
    assert notices == ["", "", "", say("ko", "notice-person-quota", most=3), "", ""]

    assert (await chat.door.take(of_one(1, "b", author=BORI))).is_new  # it is nobody else's fault
    clock.now += 61
    assert (await chat.door.take(of_one(1, "7"))).is_new


async def test_after_a_minute_a_person_is_told_again(store: Store, clock: Clock) -> None:
    chat = Chat(store, WAITING_PHOTOS=1)
    await chat.door.take(of_one(1))
    told = []
    for number in range(4):
        told.append(bool((await chat.door.take(of_one(1, f"m{number}"))).notice))
        clock.now += 30.5
    assert told == [True, False, True, False]


async def test_one_message_may_have_more_photos_than_a_person_may_post_a_minute(
    store: Store, clock: Clock
) -> None:
    chat = Chat(store, PHOTOS_PER_MINUTE=3, CHAT_PHOTOS_PER_MINUTE=4)
    assert len((await chat.door.take(of_one(10))).accepted) == 10
    assert not (await chat.door.take(of_one(1, "2"))).accepted


async def test_a_message_is_let_in_whole_or_not_at_all(store: Store, clock: Clock) -> None:
    chat = Chat(store, PHOTOS_PER_MINUTE=4)
    await chat.door.take(of_one(3))
    taken = await chat.door.take(of_one(2, "2"))

    assert (taken.accepted, bool(taken.notice)) == ((), True)
    assert await store.waiting() == 3


async def test_a_chat_in_which_too_much_is_posted_says_so_to_each_person(store: Store, clock: Clock) -> None:
    chat = Chat(store, CHAT_PHOTOS_PER_MINUTE=2)
    people = [Person("chat", f"{n}") for n in range(4)]
    taken = [await chat.door.take(of_one(1, one.id, author=one)) for one in people]

    text = say("ko", "notice-chat-quota", most=2)
    assert [one.notice for one in taken] == ["", "", text, text]
    assert (await chat.door.take(of_one(1, "9", author=people[3], place=OTHER))).is_new


async def test_when_too_many_wait_people_are_told_how_many_and_how_long(store: Store) -> None:
    chat = Chat(store, WAITING_PHOTOS=2)
    await chat.door.take(of_one(2))
    taken = await chat.door.take(of_one(1, "2", author=BORI))

    assert taken.notice == say("ko", "notice-waiting", place=2, minutes=1)
    assert await store.waiting() == 2


async def test_one_message_with_more_photos_than_may_wait_is_let_in_when_nothing_else_waits(
    store: Store,
) -> None:
    chat = Chat(store, WAITING_PHOTOS=2)
    assert (await chat.door.take(of_one(5))).is_new
    assert not (await chat.door.take(of_one(1, "2", author=BORI))).accepted


async def test_another_name_makes_nobody_another_person(store: Store, clock: Clock) -> None:
    chat = Chat(store, PHOTOS_PER_MINUTE=1)
    taken = [await chat.door.take(of_one(1, name, author=Person("chat", "1", name))) for name in "abc"]
    assert [one.is_new for one in taken] == [True, False, False]


async def test_photos_of_a_platform_that_is_not_there_take_nobodys_place(store: Store) -> None:
    """Its token was taken away: nothing of it will be answered, nor may it stop the others."""
    chat = Chat(store, WAITING_PHOTOS=2)
    for number in range(5):
        away = photo(f"{number}", place=replace(GROUP, platform="away"))
        await store.receive([away], "ko")

    assert (await chat.door.take(of_one(1))).is_new


async def test_many_at_once_are_no_way_around_the_limits(store: Store) -> None:
    chat = Chat(store, PHOTOS_PER_MINUTE=5, WAITING_PHOTOS=12)
    messages = [
        of_one(1, f"{person}-{n}", author=Person("chat", f"{person}"))
        for person in range(4)
        for n in range(10)
    ]
    await asyncio.gather(*(chat.door.take(one) for one in messages))

    assert await store.waiting() == 12
    people = [0] * 4
    for taken in await store.everything(after=0, limit=100):
        people[int(taken.author.id)] += 1
    assert max(people) <= 5


async def test_a_message_that_could_not_be_kept_counts_for_nobody(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = Chat(store, PHOTOS_PER_MINUTE=2, WAITING_PHOTOS=2)
    with monkeypatch.context() as patch:
        patch.setattr(store.folder, "check_room", full)
        for number in range(5):
            await chat.door.take(of_one(2, f"{number}"))

    assert (await chat.door.take(of_one(2, "a"))).is_new


async def test_what_is_delivered_again_is_the_same_and_counts_for_nobody(store: Store, clock: Clock) -> None:
    chat = Chat(store, PHOTOS_PER_MINUTE=2, WAITING_PHOTOS=2)
    first = await chat.door.take(of_one(2))
    for _ in range(5):
        again = await chat.door.take(of_one(2))
        assert ([one.photo for one in again.accepted], again.notice, again.is_new) == (
            [one.photo for one in first.accepted],
            "",
            False,
        )


async def test_what_is_caught_up_is_under_no_limit_and_nobody_is_told(store: Store, clock: Clock) -> None:
    chat = Chat(store, PHOTOS_PER_MINUTE=1, CHAT_PHOTOS_PER_MINUTE=1, WAITING_PHOTOS=1)
    for number in range(5):
        late = replace(of_one(1, f"{number}"), is_late=True)
        assert (await chat.door.take(late)).is_new
    assert await store.waiting() == 5
    clock.now += 61
    assert (await chat.door.take(of_one(1, "now"))).notice  # but who waits behind it is told


async def test_what_is_kept_in_silence_is_not_answered(store: Store) -> None:
    chat = Chat(store)
    taken = await chat.door.take(replace(of_one(1), is_silent=True, is_late=True))
    assert (await chat.found(taken.accepted[0].photo)).is_silent


async def test_the_position_moves_on_with_what_was_let_in(store: Store) -> None:
    chat = Chat(store)
    await chat.door.take(replace(of_one(1), position="44"))
    assert await store.chats.positions("chat") == {GROUP.chat: "44"}


# A full disk


async def test_on_a_full_disk_who_posts_is_told_and_asked_to_come_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = Chat(store)
    monkeypatch.setattr(store.folder, "check_room", full)
    taken = await chat.door.take(of_one(1))

    assert taken.accepted == ()
    assert taken.notice == say("ko", "error-disk-full", folder="/data")


@pytest.mark.parametrize("kind", ["late", "silent"])
async def test_what_is_caught_up_on_a_full_disk_is_not_lost_in_silence(
    store: Store, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """Nobody would be told, and whoever asks again only does so for an error."""
    chat = Chat(store)
    monkeypatch.setattr(store.folder, "check_room", full)
    with pytest.raises(DiskFull):
        await chat.door.take(replace(of_one(1), is_late=True, is_silent=kind == "silent"))


async def test_the_wait_that_is_promised_grows_with_what_waits(store: Store) -> None:
    chat = Chat(store)
    chat.desk._seconds_each = 2.0
    waits = [(await chat.door.take(of_one(1, f"{n}"))).wait for n in range(3)]
    assert waits == [2.0, 4.0, 6.0]


async def test_what_was_let_in_and_what_was_not_is_counted(store: Store, clock: Clock) -> None:
    chat = Chat(store, PHOTOS_PER_MINUTE=2)
    for number in range(3):
        await chat.door.take(of_one(2, f"{number}"))
    await chat.door.take(of_one(2, "0"))
    assert (chat.door.accepted, chat.door.refused) == (2, 4)


def test_the_last_minute_is_forgotten_by_and_by(clock: Clock) -> None:
    windows = Windows()
    for number in range(door.REMEMBERED + 10):
        windows.add(number)
        clock.now += 0.1
    windows.add("last", 3)

    assert windows.count("last") == 3
    assert windows.count(0) == 0
    assert len(windows._times) < door.REMEMBERED
