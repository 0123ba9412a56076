from __future__ import annotations

import asyncio

import aiohttp
import pytest

from bot.adapters.discord import fetching
from bot.platform import Barred, Gone, Later
from models.errors import BadPhoto, TooManyBytes
from storage.records import Photo
from tests.bot.discord.home import Room
from tests.platforms.discord import Message

pytestmark = pytest.mark.asyncio(loop_scope="package")


@pytest.fixture(autouse=True)
def _nothing_is_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    """A message is asked for anew each time."""
    monkeypatch.setattr(fetching, "SHARED_SECONDS", 0.0)


async def posted(room: Room, cat: bytes) -> tuple[Message, Photo]:
    """Return a post and its photo, which was answered already."""
    post = await room.post(("cat.jpg", cat))
    await room.answers()
    (kept,) = await room.settled(1)
    return post, kept


async def test_the_bytes_are_those_of_the_post(room: Room, cat: bytes) -> None:
    _, photo = await posted(room, cat)

    assert await room.home.adapter.fetch(photo) == cat


async def test_an_album_asks_for_its_post_once(
    room: Room, cat: bytes, bus: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "SHARED_SECONDS", 60.0)
    post = await room.post(("cat.jpg", cat), ("bus.jpg", bus))
    kept = await room.kept(2)
    await asyncio.gather(*(room.home.adapter.fetch(photo) for photo in kept))

    path = f"/channels/{room.channel.id}/messages/{post.id}"
    assert len([one for one in room.home.discord.asked if (one.method, one.path) == ("GET", path)]) == 1


async def test_no_address_is_kept(room: Room, cat: bytes) -> None:
    _, photo = await posted(room, cat)

    assert "http" not in repr(photo)
    assert "/cdn/" not in repr(photo)


async def test_an_address_that_has_expired_is_asked_for_again(
    room: Room, cat: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    post, photo = await posted(room, cat)
    monkeypatch.setattr(fetching, "SHARED_SECONDS", 60.0)
    with monkeypatch.context() as patch:
        patch.setattr(room.home.discord.world.cdn, "seconds", -1.0)
        await room.home.adapter._fetching._message(room.channel.id, post.id)

    assert await room.home.adapter.fetch(photo) == cat


async def test_a_file_that_is_not_there_is_refused(
    room: Room, cat: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, photo = await posted(room, cat)
    monkeypatch.setattr(room.home.discord.world.cdn, "seconds", -1.0)

    with pytest.raises(BadPhoto):
        await room.home.adapter.fetch(photo)


async def test_a_deleted_post_is_gone(room: Room, cat: bytes) -> None:
    post, photo = await posted(room, cat)
    post.is_deleted = True

    with pytest.raises(Gone):
        await room.home.adapter.fetch(photo)


async def test_a_picture_that_was_taken_off_its_post_is_gone(room: Room, cat: bytes) -> None:
    post, photo = await posted(room, cat)
    post.attachments.clear()

    with pytest.raises(Gone):
        await room.home.adapter.fetch(photo)


async def test_a_channel_that_we_may_not_see_any_more_is_barred(room: Room, cat: bytes) -> None:
    _, photo = await posted(room, cat)
    room.home.discord.permit(room.channel, room.home.discord.bot, deny=("view_channel",))

    with pytest.raises(Barred):
        await room.home.adapter.fetch(photo)


async def test_more_bytes_than_we_read_are_not_read_on(
    room: Room, cat: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, photo = await posted(room, cat)
    monkeypatch.setattr("inference.decode.policy.MAX_BYTES", 1000)

    with pytest.raises(TooManyBytes):
        await room.home.adapter.fetch(photo)


async def test_a_lie_about_the_size_does_not_help(
    room: Room, cat: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    post, photo = await posted(room, cat)
    post.attachments[0].claimed_size = 10
    monkeypatch.setattr(aiohttp.ClientResponse, "content_length", None)
    monkeypatch.setattr("inference.decode.policy.MAX_BYTES", 1000)

    with pytest.raises(TooManyBytes):
        await room.home.adapter.fetch(photo)


@pytest.mark.parametrize("kind", ["500", "502", "reset"])
async def test_a_file_server_that_is_unwell_is_asked_later(room: Room, cat: bytes, kind: str) -> None:
    _, photo = await posted(room, cat)
    room.home.discord.faults.plan(kind, f"GET /cdn/attachments/{room.channel.id}", times=2)  # type: ignore[arg-type]  # a literal each

    with pytest.raises(Later):
        await room.home.adapter.fetch(photo)


async def test_pictures_come_from_the_platforms_own_hosts_only(room: Room, cat: bytes) -> None:
    _, photo = await posted(room, cat)
    origin = room.home.discord.world.cdn.origin
    room.home.discord.world.cdn.origin = "http://localhost:1"
    try:
        with pytest.raises(Barred, match="localhost"):
            await room.home.adapter.fetch(photo)
    finally:
        room.home.discord.world.cdn.origin = origin
