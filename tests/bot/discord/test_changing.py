from __future__ import annotations

import pytest

from tests.bot.discord.home import Home, Room
from tests.bot.web.pages import until

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_a_deleted_post_takes_its_photo_and_our_answer_with_it(room: Room, cat: bytes) -> None:
    photo = await room.post(("cat.jpg", cat))
    (answer,) = await room.answers()
    await room.settled(1)
    await room.home.discord.delete(photo)
    await room.home.discord.until(lambda: answer.is_deleted)

    assert await room.kept(0) == []


async def test_a_post_deleted_at_once_is_never_answered(room: Room, cat: bytes) -> None:
    photo = await room.post(("cat.jpg", cat))
    await room.home.discord.delete(photo)
    await room.kept(0)
    await room.heard()
    await until(lambda: room.home.service.desk and room.home.service.desk.flying == 0)

    assert not [one for one in room.said() if one.attachments]


async def test_many_posts_deleted_at_once_are_all_gone(room: Room, cat: bytes, bus: bytes) -> None:
    posts = [await room.post(("photo.jpg", picture)) for picture in (cat, bus, cat)]
    answers = await room.answers(3)
    await room.settled(3)
    await room.home.discord.delete_many(posts)
    await room.home.discord.until(lambda: all(answer.is_deleted for answer in answers))

    assert await room.kept(0) == []


async def test_a_deleted_thread_takes_its_photos_with_it(family: Home, cat: bytes) -> None:
    thread = family.thread(family.room())
    await thread.post(("cat.jpg", cat))
    await thread.settled(1)
    family.discord.remove(thread.channel)

    assert await thread.kept(0) == []


async def test_a_deleted_channel_takes_its_photos_with_it(room: Room, cat: bytes) -> None:
    await room.post(("cat.jpg", cat))
    await room.settled(1)
    room.home.discord.remove(room.channel)

    assert await room.kept(0) == []


async def test_a_deleted_channel_takes_the_photos_of_its_sleeping_threads_with_it(
    family: Home, cat: bytes
) -> None:
    room = family.room()
    thread = family.thread(room)
    await thread.post(("cat.jpg", cat))
    await thread.settled(1)
    family.discord.archive(thread.channel)
    family.discord.remove(room.channel)

    assert await thread.kept(0) == []


async def test_a_changed_text_is_found_by_its_new_words(room: Room, cat: bytes) -> None:
    photo = await room.post(("cat.jpg", cat), text="나비")
    await room.settled(1)
    await room.home.discord.edit(photo, text="우리 집 호랑이")

    async def is_renamed() -> bool:
        return [one.text for one in await room.photos()] == ["우리 집 호랑이"]

    await until(is_renamed)
    await room.heard()
    assert len([one for one in room.said() if one.attachments]) == 1


async def test_a_picture_taken_off_a_post_is_erased(room: Room, cat: bytes, bus: bytes) -> None:
    photo = await room.post(("cat.jpg", cat), ("bus.jpg", bus))
    first, second = await room.kept(2)
    await room.home.discord.edit(photo, drop_attachment=0)

    (left,) = await room.kept(1)
    assert left.id == second.id != first.id


async def test_a_pin_changes_nothing(room: Room, cat: bytes) -> None:
    photo = await room.post(("cat.jpg", cat))
    (before,) = await room.settled(1)
    await room.home.discord.pin(photo)
    await room.heard()

    assert await room.photos() == [before]


async def test_a_deletion_that_overtakes_its_post_is_honoured(room: Room, cat: bytes) -> None:
    room.home.discord.deliveries.plan("swap", "MESSAGE_CREATE")
    photo = await room.post(("cat.jpg", cat))
    await room.home.discord.delete(photo)

    assert await room.ignored()
