"""Photos that can be fetched: remembered without their bytes, together with how far their chat was read."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from models.errors import DiskFull
from models.records import Place
from storage.records import Accepted, Photo, Picture
from storage.store import Store
from tests.storage.arrivals import CHANNEL, GROUP, THREAD, posted, receive, told
from tests.storage.conftest import OpenStore
from tests.storage.makers import CAT, DOG, analysis, picture


async def photo_of(store: Store, accepted: Accepted) -> Photo:
    found = await store.photo(accepted.photo)
    assert found
    return found


async def test_what_was_received_is_there_as_it_came(store: Store) -> None:
    arrived = replace(posted("7", text="산책", reply_to="9"), spoiler=True, is_first_frame=True)
    [accepted] = await store.receive([arrived], "en")
    photo = await photo_of(store, accepted)

    assert accepted.is_new
    assert (photo.state, photo.language, photo.text) == ("received", "en", "산책")
    assert (photo.message, photo.reply_to, photo.source) == ("7", "9", "file-7")
    assert (photo.is_spoiler, photo.is_first_frame, photo.is_silent) == (True, True, False)
    assert (photo.placeholder, photo.reply, photo.is_doubtful) == ("", "", False)
    assert await store.picture(photo.id) is None


async def test_an_answer_replies_to_the_photo_where_nobody_else_asked(store: Store) -> None:
    assert (await receive(store, "7")).reply_to == "7"


async def test_a_message_that_is_delivered_again_is_the_same_photos(store: Store) -> None:
    photos = [posted("7", attachment=f"{number}") for number in range(3)]
    first = await store.receive(photos, "ko")
    again = await store.receive(photos, "ko")

    assert again == [Accepted(one.photo, is_new=False) for one in first]
    assert len({one.photo for one in first}) == 3


async def test_a_message_that_is_delivered_again_does_not_take_back_what_is_known(store: Store) -> None:
    photo = await receive(store, "7")
    await told(store, photo, "r1", DOG)
    await store.receive([posted("7", text="다른 글")], "en", is_silent=True)

    found = await store.photo(photo.id)
    assert found
    assert (found.state, found.reply, found.is_silent) == ("answered", "r1", False)


async def test_one_attachment_named_twice_in_a_message_is_one_photo(store: Store) -> None:
    first, second = await store.receive([posted("7"), posted("7")], "ko")
    assert second == Accepted(first.photo, is_new=False)


async def test_what_was_deleted_is_not_taken_in_when_it_is_delivered_again(store: Store) -> None:
    photo = await receive(store, "7")
    await store.erase([photo.id])

    [again] = await store.receive([posted("7")], "ko")
    assert again == Accepted(photo.id, is_new=False, is_deleted=True)
    assert await store.photo(photo.id) is None


async def test_the_position_of_a_chat_moves_on_with_its_photos_and_never_back(store: Store) -> None:
    await store.receive([posted("30", place=CHANNEL)], "ko", position="30")
    await store.receive([posted("9", place=CHANNEL)], "ko", position="9")  # caught up later
    await store.receive([posted("40", place=THREAD)], "ko", position="40")

    assert await store.chats.positions("discord") == {"70": "30", "71": "40"}
    assert await store.chats.positions("telegram") == {}


async def test_a_position_does_not_move_past_photos_that_could_not_be_kept(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = replace(posted("31", place=CHANNEL), text=3)  # type: ignore[arg-type]  # a bug of ours
    monkeypatch.setattr("storage.photos._person", lambda connection, person: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        await store.receive([posted("30", place=CHANNEL), broken], "ko", position="31")

    assert await store.chats.positions("discord") == {}
    assert (await store.stats()).states == {}


async def test_on_a_full_disk_neither_photos_nor_position_are_kept(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full() -> None:
        raise DiskFull("no room", folder="x")

    monkeypatch.setattr(store.folder, "check_room", full)
    with pytest.raises(DiskFull):
        await store.receive([posted("30", place=CHANNEL)], "ko", position="30")

    assert await store.chats.positions("discord") == {}
    assert await store.waiting() == 0


async def test_the_picture_is_kept_when_it_was_fetched_and_a_repost_shares_it(store: Store) -> None:
    first, second = await receive(store, "7"), await receive(store, "8")
    for photo in (first, second):
        assert await store.keep(photo.id, picture("same"))

    assert await store.picture(second.id) == picture("same").jpeg
    assert (await store.stats()).pictures == 1
    await store.erase([first.id])
    assert await store.picture(second.id) == picture("same").jpeg


async def test_a_picture_that_was_fetched_twice_is_kept_once(store: Store) -> None:
    photo = await receive(store, "7")
    for content in ("once", "again"):  # its platform may encode it anew
        assert await store.keep(photo.id, picture(content))

    assert await store.picture(photo.id) == picture("once").jpeg
    assert (await store.stats()).pictures == 1


async def test_nothing_is_kept_for_a_photo_that_was_deleted_meanwhile(store: Store) -> None:
    photo = await receive(store, "7")
    await store.erase([photo.id])

    assert not await store.keep(photo.id, picture())
    assert not await store.save(photo, analysis(DOG), is_hidden=False)
    assert await store.answered([photo.id], "r1") == [photo.id]
    stats = await store.stats()
    assert (stats.states, stats.pictures, stats.terms) == ({}, 0, 0)


async def test_who_was_deleted_of_an_album_while_it_was_told_is_named(store: Store) -> None:
    album = [posted("7", attachment=f"{n}", album="7") for n in range(3)]
    codes = [one.photo for one in await store.receive(album, "ko")]
    await store.erase(codes[1:2])

    assert await store.answered(codes, "r1") == codes[1:2]
    found = [await store.photo(code) for code in codes]
    assert [photo and photo.reply for photo in found] == ["r1", None, "r1"]


async def test_a_photo_that_waited_when_the_store_closed_waits_when_it_opens(open_store: OpenStore) -> None:
    store = open_store()
    photo = await receive(store, "7")
    assert len(await store.take(8, {}, is_idle=True)) == 1
    store.close()
    again = open_store()

    assert again.recovered == 1
    [taken] = await again.take(8, {}, is_idle=True)
    assert (taken.id, taken.source, taken.flight) == (photo.id, "file-7", "alone")


# Text that is changed


async def found_by(store: Store, text: str, scope: int) -> list[str]:
    return [photo.message for photo in (await store.find(text, [scope])).photos]


async def test_a_text_that_was_changed_is_found_and_what_it_was_before_is_not(store: Store) -> None:
    photo = await receive(store, "7", text="바닷가 소풍")
    await told(store, photo, "r1", DOG)
    assert await found_by(store, "바닷가", photo.scope) == ["7"]
    seen = await store.photo(photo.id)
    assert seen
    await store.retext(seen, "설악산 등산")

    assert await found_by(store, "바닷가", photo.scope) == []
    assert await found_by(store, "설악산", photo.scope) == ["7"]
    assert await found_by(store, "개", photo.scope) == ["7"]


async def test_a_text_that_changes_while_its_photo_is_looked_at_is_the_one_that_is_found(
    store: Store,
) -> None:
    """Who looks has read the photo before the change, and saves after it."""
    before = await receive(store, "7", text="바닷가 소풍")
    assert await store.keep(before.id, picture())
    await store.retext(before, "설악산 등산")
    assert await store.save(before, analysis(CAT), is_hidden=False)

    assert await found_by(store, "바닷가", before.scope) == []
    assert await found_by(store, "설악산", before.scope) == ["7"]


async def test_a_text_that_changes_just_after_its_photo_was_looked_at_is_the_one_that_is_found(
    store: Store,
) -> None:
    """Who changes it has read the photo before it was looked at, and writes after that."""
    before = await receive(store, "7", text="바닷가 소풍")
    await told(store, before, "r1", CAT)
    await store.retext(before, "설악산 등산")

    assert await found_by(store, "바닷가", before.scope) == []
    assert await found_by(store, "설악산", before.scope) == ["7"]
    found = await store.photo(before.id)
    assert found
    assert found.text == "설악산 등산"


async def test_a_change_of_text_does_not_bring_a_hidden_photo_into_the_search(store: Store) -> None:
    photo = await receive(store, "7", text="바닷가")
    assert await store.keep(photo.id, picture())
    assert await store.save(photo, analysis(DOG), is_hidden=True)
    seen = await store.photo(photo.id)
    assert seen
    await store.retext(seen, "설악산")

    assert await found_by(store, "설악산", photo.scope) == []
    assert (await store.stats()).terms == 0


async def test_a_change_of_text_after_the_deletion_brings_nothing_back(store: Store) -> None:
    photo = await receive(store, "7", text="바닷가")
    await told(store, photo, "r1", DOG)
    seen = await store.photo(photo.id)
    assert seen
    await store.erase([photo.id])
    await store.retext(seen, "설악산")

    assert await store.photo(photo.id) is None
    assert (await store.stats()).terms == 0


async def test_changes_and_looks_at_once_leave_the_last_text_found(store: Store) -> None:
    for number in range(8):
        photo = await receive(store, f"{number}", text="바닷가")
        assert await store.keep(photo.id, Picture(b"\xff\xd8" + bytes([number]), 64, 48))
        await asyncio.gather(
            store.save(photo, analysis(DOG), is_hidden=False), store.retext(photo, f"설악산 {number}")
        )
    scope = await store.scope_of(GROUP)
    assert scope

    assert await found_by(store, "바닷가", scope) == []
    assert len(await found_by(store, "설악산", scope)) == 8


async def test_places_of_one_chat_are_told_apart_by_topic(store: Store) -> None:
    topics = [Place("telegram", "", "-100", topic=name) for name in ("", "1", "2")]
    photos = [await receive(store, "7", place=topic) for topic in topics]
    assert len({photo.scope for photo in photos}) == 3
