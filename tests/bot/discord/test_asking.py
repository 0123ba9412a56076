from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.bot.discord.home import Home, Room, long_ago
from tests.platforms.discord import Guild

pytestmark = pytest.mark.asyncio(loop_scope="package")


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def square(family: Home) -> AsyncIterator[Guild]:
    """A public server, where nobody has chosen that every photo is answered."""
    guild = family.discord.guild("광장")
    for person in (family.mother, family.father):
        family.discord.join(guild, person)
    yield guild


@pytest.fixture
def room(family: Home, square: Guild) -> Room:
    """A channel in which we answer when called."""
    return family.room(guild=square)


async def test_a_photo_that_does_not_call_us_is_not_even_kept(room: Room, cat: bytes) -> None:
    await room.post(("cat.jpg", cat))

    assert await room.ignored()


async def test_a_photo_that_mentions_us_is_answered(room: Room, cat: bytes) -> None:
    photo = await room.post(("cat.jpg", cat), text="얘 좀 봐", mentions_bot=True)
    (answer,) = await room.answers()
    (kept,) = await room.settled(1)

    assert answer.reference is photo
    assert kept.text == "얘 좀 봐"


async def test_a_photo_in_reply_to_us_is_answered(room: Room, cat: bytes, bus: bytes) -> None:
    await room.post(("cat.jpg", cat), mentions_bot=True)
    (first,) = await room.answers()
    photo = await room.post(("bus.jpg", bus), reply_to=first, pings=False)
    answers = await room.answers(2)

    assert answers[-1].reference is photo


async def test_calling_us_in_a_reply_to_a_photo_asks_about_that_photo(room: Room, cat: bytes) -> None:
    photo = await room.post(("cat.jpg", cat), text="나비예요", by=room.home.father)
    asking = await room.post(text="이거 봐", reply_to=photo, mentions_bot=True)
    (answer,) = await room.answers()
    (kept,) = await room.settled(1)

    assert answer.reference is asking
    assert (kept.message, kept.author.name, kept.text) == (str(photo.id), "아빠", "나비예요")


async def test_a_photo_that_was_asked_about_goes_with_its_own_message(room: Room, cat: bytes) -> None:
    photo = await room.post(("cat.jpg", cat), by=room.home.father)
    await room.post(text="이거 봐", reply_to=photo, mentions_bot=True)
    (answer,) = await room.answers()
    await room.home.discord.delete(photo)
    await room.home.discord.until(lambda: answer.is_deleted)

    assert await room.kept(0) == []


async def test_calling_us_in_a_reply_to_a_bots_picture_is_ignored(room: Room, cat: bytes) -> None:
    robot = room.home.discord.person("로봇", bot=True)
    picture = await room.post(("cat.jpg", cat), by=robot)
    await room.post(text="이거 봐", reply_to=picture, mentions_bot=True)

    assert await room.ignored()


async def test_a_reply_to_a_photo_that_does_not_call_us_is_ignored(room: Room, cat: bytes) -> None:
    photo = await room.post(("cat.jpg", cat))
    await room.post(text="이거 봐", reply_to=photo)

    assert await room.ignored()


async def test_calling_us_by_editing_a_fresh_post_is_heard(room: Room, cat: bytes) -> None:
    photo = await room.post(("cat.jpg", cat), text="나비")
    assert await room.ignored()
    await room.home.discord.edit(photo, text=f"<@{room.home.discord.bot.id}> 나비")
    answers = await room.answers(2)

    assert answers[-1].reference is photo


async def test_a_pin_on_an_old_post_does_not_call_us(family: Home, cat: bytes) -> None:
    room = family.room()  # where every photo is answered
    family.discord.permit(room.channel, "everyone", deny=("view_channel",))
    photo = await room.post(("cat.jpg", cat), at=long_ago())
    family.discord.permit(room.channel, "everyone")
    await family.discord.pin(photo)

    assert await room.ignored()


async def test_a_chat_that_is_switched_off_is_left_alone(room: Room, cat: bytes) -> None:
    assert room.home.service.door
    await room.home.service.door.set_mode(room.place, "off")
    await room.post(("cat.jpg", cat), mentions_bot=True)
    await room.read(await room.post(("film.mp4", b"film"), mentions_bot=True))
    await room.home.service.door.set_mode(room.place, "mention")

    assert await room.ignored()


@pytest.mark.asyncio
async def test_too_many_photos_are_told_of_once(home: Home, cat: bytes) -> None:
    async with home.running(PHOTOS_PER_MINUTE="2"):
        room = home.room()
        posts = [await room.post(("cat.jpg", cat)) for _ in range(5)]
        said = await room.answers(3)
        await room.heard()

    notices = [one for one in said if not one.attachments]
    assert [notice.reference for notice in notices] == posts[2:3]
    assert "1분에 2장" in notices[0].content
