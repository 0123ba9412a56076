"""A message is one photo, however often it comes; a picture is kept once per place."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace

import pytest

from models.records import Person, Place
from storage.photos import accept as accept_job
from storage.records import Accepted, Photo
from storage.store import Store
from tests.storage.makers import DEADLINE, HERE, THERE, accept, incoming, picture


def rows(store: Store, sql: str) -> list[tuple[object, ...]]:
    """Return what the file holds."""
    return store.writer.put(lambda c: [tuple(row) for row in c.execute(sql)]).result(DEADLINE)


async def test_what_was_accepted_is_there_as_it_came(store: Store) -> None:
    arrived = replace(incoming("m1", text="산책\n🐕"), spoiler=True, album="a1")
    accepted = await store.accept(arrived, picture("one"), "en")
    photo = await store.photo(accepted.photo)

    assert accepted.is_new
    assert isinstance(photo, Photo)
    assert (photo.text, photo.message, photo.author, photo.place) == (
        arrived.text,
        "m1",
        arrived.author,
        HERE,
    )
    assert (photo.state, photo.language, photo.sent_at) == ("ready", "en", arrived.sent_at)
    assert await store.picture(photo.id) == picture("one").jpeg


async def test_the_same_message_again_is_the_same_photo(store: Store) -> None:
    first = await accept(store, "m1")
    again = await accept(store, "m1")
    assert again == Accepted(first.photo, is_new=False)
    assert rows(store, "SELECT count(*) FROM photo") == [(1,)]


async def test_each_attachment_of_a_message_is_a_photo(store: Store) -> None:
    for number in range(4):
        arrived = incoming("m1", attachment=str(number))
        assert (await store.accept(arrived, picture(f"{number}"), "ko")).is_new
    assert rows(store, "SELECT count(*) FROM photo") == [(4,)]


async def test_twenty_tasks_with_the_same_message_make_one_photo(store: Store) -> None:
    outcomes = await asyncio.gather(*(accept(store, "m1") for _ in range(20)))
    assert len({one.photo for one in outcomes}) == 1
    assert sum(one.is_new for one in outcomes) == 1


def test_twenty_threads_with_the_same_message_make_one_photo(store: Store) -> None:
    together, outcomes = threading.Barrier(20), list[Accepted]()

    def hand_in() -> None:
        together.wait(DEADLINE)
        job = store.writer.put(lambda c: accept_job(c, incoming(), picture(), "ko", 1))
        outcomes.append(job.result(DEADLINE))

    threads = [threading.Thread(target=hand_in) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(DEADLINE)
    assert len({one.photo for one in outcomes}) == 1
    assert sum(one.is_new for one in outcomes) == 1
    assert len(outcomes) == 20


async def test_a_repost_shares_its_picture_in_the_same_place(store: Store) -> None:
    for number in range(5):
        assert (await store.accept(incoming(f"m{number}"), picture("same"), "ko")).is_new
    assert rows(store, "SELECT count(*) FROM picture") == [(1,)]


@pytest.mark.parametrize(
    "other",
    [
        THERE,
        replace(HERE, platform="discord"),
        replace(HERE, server="s"),
        replace(HERE, topic="t"),
    ],
)
async def test_no_picture_is_shared_between_places(store: Store, other: Place) -> None:
    await store.accept(incoming("m1"), picture("same"), "ko")
    assert (await store.accept(incoming("m1", place=other), picture("same"), "ko")).is_new
    hashes = rows(store, "SELECT hash FROM picture")
    assert len(hashes) == len(set(hashes)) == 2
    assert rows(store, "SELECT count(DISTINCT salt) FROM scope") == [(2,)]


async def test_a_deleted_message_is_not_taken_in_again(store: Store) -> None:
    first = await accept(store, "m1")
    await store.erase([first.photo])
    assert await accept(store, "m1") == Accepted(first.photo, is_new=False, is_deleted=True)
    assert rows(store, "SELECT count(*) FROM photo UNION ALL SELECT count(*) FROM picture") == [(0,), (0,)]
    assert (await accept(store, "m1", place=THERE)).is_new
    assert (await accept(store, "m2")).is_new


async def test_a_deleted_message_leaves_no_person_when_it_comes_again(store: Store) -> None:
    first = await accept(store, "m1")
    await store.erase([first.photo])
    await accept(store, "m1")
    assert rows(store, "SELECT * FROM person") == []


async def test_a_tombstone_does_not_tell_which_message_it_was(store: Store) -> None:
    """The same message leaves different marks in different places: each has its own salt."""
    for place in (HERE, THERE):
        await store.erase([(await accept(store, "m1", place=place)).photo])
    marks = rows(store, "SELECT mark FROM tombstone")
    assert len(set(marks)) == 2


async def test_a_person_who_changed_their_name_is_one_person_with_the_new_name(store: Store) -> None:
    first = await accept(store, "m1", author=Person("web", "u1", "old"))
    await accept(store, "m2", author=Person("web", "u1", "new"))
    photo = await store.photo(first.photo)
    assert photo is not None
    assert photo.author.name == "new"
    assert rows(store, "SELECT count(*) FROM person") == [(1,)]


async def test_a_message_that_cannot_be_stored_fails_alone(store: Store) -> None:
    broken = accept(store, "m1", text="half a character \ud83d")
    outcomes = await asyncio.gather(broken, accept(store, "m2"), return_exceptions=True)
    assert isinstance(outcomes[0], UnicodeEncodeError)
    assert isinstance(outcomes[1], Accepted)
    assert rows(store, "SELECT message FROM photo") == [("m2",)]


@pytest.mark.parametrize(
    "text", ["", "\0", "a\0b", "'; DROP TABLE photo; --", "\u202e", "\U0010ffff", "가" * 9_000]
)
async def test_any_text_is_kept_as_it_is(store: Store, text: str) -> None:
    accepted = await accept(store, text or "empty", text=text)
    photo = await store.photo(accepted.photo)
    assert photo is not None
    assert photo.text == text
