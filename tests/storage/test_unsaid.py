"""When a photo is deleted, so is what we said about it: also where nobody knows yet whether we did."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models.records import Place
from storage import chats, erasure, work
from storage.records import Photo, Picture, Unsaid
from storage.sqlite import Connection, transaction
from storage.store import Store
from tests.storage.arrivals import (
    CHANNEL,
    GROUP,
    NOW,
    THREAD,
    bring,
    look,
    posted,
    receive,
    taken,
    told,
)
from tests.storage.conftest import OpenStore
from tests.storage.makers import DOG, files_with, post, until

SECONDS = 30.0  # promised are 60
PLATFORMS = ("telegram", "discord", "web")
TEXT, MESSAGE, REPLY, SOURCE, LINE, ASKED = (
    "canarytextzq",
    "987650001",
    "987650002",
    "canarysourcezq",
    "987650003",
    "987650004",
)
ALL = [needle.encode() for needle in (TEXT, MESSAGE, REPLY, SOURCE, LINE, ASKED)]


async def listed(store: Store) -> list[Unsaid]:
    return await store.chats.unsaid(PLATFORMS)


async def test_the_answer_to_a_deleted_photo_is_to_be_taken_back(store: Store) -> None:
    [accepted] = await store.receive([posted("5", place=THREAD, reply_to="9")], "ko")
    photo = await store.photo(accepted.photo)
    assert photo
    await told(store, photo, "r1 r2", DOG)
    await store.erase([photo.id])

    [unsaid] = await listed(store)
    assert unsaid == Unsaid(unsaid.id, THREAD, "9", "r1 r2")


async def test_nothing_is_taken_back_where_nothing_was_said(store: Store) -> None:
    quiet = [await receive(store, f"{number}") for number in range(4)]
    await store.keep(quiet[1].id, Picture(b"\xff\xd8", 64, 48))
    await told(store, quiet[2], "")  # given up
    await store.receive([posted("silent")], "ko", is_silent=True)
    await store.take(8, {}, is_idle=True)  # being looked at is not being told of
    await store.erase([photo.id for photo in quiet])

    assert await listed(store) == []


async def test_in_the_web_chat_there_is_nothing_to_take_back(store: Store) -> None:
    photo = await post(store, "m1", DOG)
    await store.erase([photo.id])
    assert await listed(store) == []


async def test_a_line_that_promised_an_answer_is_taken_back_too(store: Store) -> None:
    photo = await receive(store, "5")
    await store.chats.note_placeholder([photo.id], "77")
    await store.erase([photo.id])

    assert [one.reply for one in await listed(store)] == ["77"]


def erased(database: Connection, code: str) -> list[Unsaid]:
    """Delete a photo, and return which answers are to be taken back."""
    with transaction(database):
        erasure.erase(database, [code], NOW)
        return chats.unsaid(database, PLATFORMS, 50)


@pytest.mark.parametrize("way", ["being told", "doubtful", "put back in doubt"])
def test_an_answer_that_may_be_out_is_looked_for(database: Connection, way: str) -> None:
    code = bring(database, "5", place=CHANNEL)
    taken(database)
    look(database, code)
    with transaction(database):
        work.put_back(database, [code])
    assert len(taken(database)) == 1
    with transaction(database):
        if way == "doubtful":
            work.recover(database)
        elif way == "put back in doubt":
            work.put_back(database, [code], is_doubtful=True)

    [unsaid] = erased(database, code)
    assert (unsaid.message, unsaid.reply) == ("5", "")


def test_an_answer_that_was_certainly_not_sent_is_not_looked_for(database: Connection) -> None:
    code = bring(database, "5", place=CHANNEL)
    taken(database)
    look(database, code)
    with transaction(database):
        work.put_back(database, [code])

    assert erased(database, code) == []


async def test_the_one_answer_to_an_album_is_taken_back_once(store: Store) -> None:
    """Each of ten photos would ask the platform ten times for the same."""
    album = [posted(f"{n}", album="a") for n in range(10)]
    codes = [one.photo for one in await store.receive(album, "ko")]
    await store.answered(codes, "r1")
    await store.erase(codes)

    assert [one.reply for one in await listed(store)] == ["r1"]


async def test_answers_to_several_messages_are_all_taken_back(store: Store) -> None:
    photos = [await receive(store, f"{n}", place=place) for n in range(2) for place in (GROUP, CHANNEL)]
    for photo in photos:
        await told(store, photo, "r1" if photo.place == GROUP and photo.message == "0" else f"r{photo.id}")
    await store.erase([photo.id for photo in photos])

    assert len(await listed(store)) == 4


async def test_the_rest_of_an_album_stays_when_one_of_its_photos_is_deleted(store: Store) -> None:
    album = [posted(f"{n}", album="a") for n in range(3)]
    codes = [one.photo for one in await store.receive(album, "ko")]
    await store.answered(codes, "r1")
    await store.erase(codes[:1])

    assert [one.reply for one in await listed(store)] == ["r1"]
    assert [bool(await store.photo(code)) for code in codes] == [False, True, True]
    await store.chats.taken_back((await listed(store))[0].id)
    await store.erase(codes[1:])
    assert [one.reply for one in await listed(store)] == ["r1"]  # asked for again, which is harmless


async def test_what_is_to_be_taken_back_outlives_the_process(open_store: OpenStore) -> None:
    store = open_store()
    photo = await receive(store, "5")
    await told(store, photo, "r1", DOG)
    await store.erase([photo.id])
    store.close()

    assert [one.reply for one in await listed(open_store())] == ["r1"]


async def test_what_a_chat_said_before_it_moved_is_asked_for_where_it_is_now(store: Store) -> None:
    photo = await receive(store, "5")
    await told(store, photo, "r1", DOG)
    await store.erase([photo.id])
    await store.chats.move("telegram", GROUP.chat, "-1009")

    assert [one.place.chat for one in await listed(store)] == ["-1009"]


async def test_answers_stay_in_the_chat_when_only_the_time_of_their_photos_is_over(store: Store) -> None:
    """Nobody wanted them gone, and the photo itself is still there for all to see."""
    photo = await receive(store, "5")
    await told(store, photo, "r1", DOG)
    write = "UPDATE photo SET accepted_at = 1"
    store.writer.put(lambda c: c.execute(write)).result(SECONDS)

    assert (await store.sweep(90)).photos == 1
    assert await listed(store) == []


async def put_canary(store: Store, place: Place) -> Photo:
    """Post a photo of which every part can be recognised, and answer it."""
    arrived = replace(posted(MESSAGE, place=place, text=TEXT, reply_to=ASKED), source=SOURCE)
    [accepted] = await store.receive([arrived], "ko")
    photo = await store.photo(accepted.photo)
    assert photo
    await store.chats.note_placeholder([photo.id], LINE)
    await told(store, photo, REPLY, DOG)
    return photo


@pytest.mark.parametrize("place", [GROUP, THREAD])
async def test_no_byte_is_left_when_the_answer_was_taken_back(store: Store, place: Place) -> None:
    for number in range(10):
        await told(store, await receive(store, f"{number}", place=place), "r", DOG)
    photo = await put_canary(store, place)
    assert files_with(store.folder, *ALL)
    await store.erase([photo.id])
    [unsaid] = await listed(store)
    assert (unsaid.message, unsaid.reply) == (ASKED, REPLY)
    await until(lambda: not files_with(store.folder, TEXT.encode(), SOURCE.encode()), SECONDS)

    await store.chats.taken_back(unsaid.id)
    await until(lambda: not files_with(store.folder, *ALL), SECONDS)


async def test_no_byte_is_left_of_a_text_that_was_changed(store: Store) -> None:
    photo = await put_canary(store, GROUP)
    await store.retext(photo, "다른 글")
    await until(lambda: not files_with(store.folder, TEXT.encode()), SECONDS)


async def test_no_byte_is_left_of_an_answer_that_was_sent_for_a_photo_that_was_gone(store: Store) -> None:
    photo = await receive(store, MESSAGE)
    await store.erase([photo.id])
    assert await store.answered([photo.id], REPLY) == [photo.id]
    await store.chats.unsay(photo.place, photo.reply_to, REPLY)
    [unsaid] = await listed(store)
    await store.chats.taken_back(unsaid.id)

    await until(lambda: not files_with(store.folder, MESSAGE.encode(), REPLY.encode()), SECONDS)
