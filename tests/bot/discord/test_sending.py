from __future__ import annotations

from dataclasses import replace

import pytest

from bot.platform import Barred, Gone, Later
from storage.records import Photo
from tests.bot.discord.home import Home, Room
from tests.bot.web.pages import until
from tests.platforms.discord import Message

pytestmark = pytest.mark.asyncio(loop_scope="package")


def sends(room: Room) -> list[int]:
    """Return the status of each message that we tried to send to a channel, 0 for a broken connection."""
    path = f"/channels/{room.channel.id}/messages"
    return [one.status for one in room.home.discord.asked if (one.method, one.path) == ("POST", path)]


async def answered(room: Room, cat: bytes) -> tuple[Message, Message, Photo]:
    """Return a post, our answer to it, and what is kept of it."""
    post = await room.post(("cat.jpg", cat))
    (answer,) = await room.answers()
    (kept,) = await room.settled(1)
    return post, answer, kept


async def given_up(room: Room) -> Photo:
    """Wait until the only photo of a channel is over and done with, and return it."""

    async def is_over() -> bool:
        return any(photo.answered_at for photo in await room.photos())

    await until(is_over)
    (photo,) = await room.photos()
    return photo


async def test_an_answer_whose_receipt_was_lost_is_there_once(room: Room, cat: bytes) -> None:
    room.home.discord.faults.plan("lost", f"POST /channels/{room.channel.id}/messages")
    await room.post(("cat.jpg", cat))
    (kept,) = await room.settled(1)
    await room.heard()

    (answer,) = [one for one in room.said() if one.attachments]
    assert kept.reply == str(answer.id)
    assert sends(room)[0] == 0


async def test_an_answer_that_is_sent_twice_is_there_once(room: Room, cat: bytes) -> None:
    _, answer, kept = await answered(room, cat)

    assert await room.home.adapter.send([kept]) == str(answer.id)
    assert room.said() == [answer]


async def test_an_answer_from_before_a_fall_is_found_again(room: Room, cat: bytes) -> None:
    _, answer, kept = await answered(room, cat)
    room.home.discord.world.nonces.clear()  # minutes later
    reply = await room.home.adapter.send([replace(kept, is_doubtful=True, reply="")])

    assert reply == str(answer.id)
    assert room.said() == [answer]


async def test_a_notice_is_not_taken_for_the_answer(room: Room, cat: bytes) -> None:
    post, answer, kept = await answered(room, cat)
    answer.is_deleted = True
    room.home.discord.world.nonces.clear()
    notice = Message(room.home.discord.world.ids.next(), room.channel, room.home.discord.bot, "잠깐만요")
    notice.reference = post
    room.home.discord.world.add(notice)
    reply = await room.home.adapter.send([replace(kept, is_doubtful=True, reply="")])

    assert [str(one.id) for one in room.said()] == [str(notice.id), reply]


async def test_the_answer_to_another_photo_of_the_post_is_not_taken_for_ours(room: Room, cat: bytes) -> None:
    _, answer, kept = await answered(room, cat)
    other = replace(kept, id="0123456789abcdef", is_doubtful=True, reply="")
    reply = await room.home.adapter.send([other])

    assert reply != str(answer.id)
    assert len(room.said()) == 2


async def test_an_answer_that_a_moderator_deleted_is_not_sent_again(room: Room, cat: bytes) -> None:
    _, answer, kept = await answered(room, cat)
    await room.home.discord.delete(answer)
    await room.home.adapter.send([replace(kept, is_doubtful=True, reply="")])

    assert room.said() == []


async def test_a_post_that_is_gone_cannot_be_answered(room: Room, cat: bytes) -> None:
    post, _, kept = await answered(room, cat)
    post.is_deleted = True
    room.home.discord.world.nonces.clear()

    with pytest.raises(Gone):
        await room.home.adapter.send([kept])


async def test_without_leave_to_attach_files_the_words_are_sent(family: Home, cat: bytes) -> None:
    room = family.room()
    family.discord.permit(room.channel, "everyone", deny=("attach_files",))
    family.discord.permit(room.channel, family.mother, allow=("attach_files",))
    await room.post(("cat.jpg", cat))
    (answer,) = await room.answers()

    assert answer.content
    assert not answer.attachments


@pytest.mark.parametrize("permission", ["send_messages", "read_message_history"])
async def test_where_we_may_not_answer_nothing_is_tried(family: Home, cat: bytes, permission: str) -> None:
    room = family.room()
    family.discord.permit(room.channel, family.discord.bot, deny=(permission,))
    family.discord.permit(room.channel, family.mother, allow=("send_messages",))
    await room.post(("cat.jpg", cat))
    photo = await given_up(room)

    assert photo.reply == ""
    assert sends(room) == []


async def test_a_thread_that_was_locked_is_left_alone(family: Home, cat: bytes) -> None:
    thread = family.thread(family.room())
    await thread.post(("cat.jpg", cat))
    (kept,) = await thread.settled(1)
    family.discord.archive(thread.channel, locked=True)

    with pytest.raises(Barred):
        await family.adapter.send([replace(kept, id="0123456789abcdef")])


async def test_a_long_wait_for_a_rate_limit_is_left_to_the_desk(room: Room, cat: bytes) -> None:
    _, _, kept = await answered(room, cat)
    path = f"POST /channels/{room.channel.id}/messages"
    room.home.discord.faults.plan("429", path, seconds=70.0)

    with pytest.raises(Later) as later:
        await room.home.adapter.send([kept])
    assert later.value.seconds == pytest.approx(70.0)


async def test_a_short_wait_for_a_rate_limit_is_waited(room: Room, cat: bytes) -> None:
    room.home.discord.faults.plan("429", f"POST /channels/{room.channel.id}/messages", seconds=0.3)
    await answered(room, cat)

    assert sends(room) == [429, 200]


async def test_an_error_of_discord_is_tried_again(room: Room, cat: bytes) -> None:
    room.home.discord.faults.plan("502", f"POST /channels/{room.channel.id}/messages")
    await answered(room, cat)

    assert sends(room) == [502, 200]


async def test_nobody_is_called_by_an_answer(room: Room, cat: bytes) -> None:
    await answered(room, cat)
    path = f"/channels/{room.channel.id}/messages"
    (fields,) = [one.fields for one in room.home.discord.asked if (one.method, one.path) == ("POST", path)]

    assert fields["allowed_mentions"]["parse"] == []
    assert not fields["allowed_mentions"]["replied_user"]
    assert fields["enforce_nonce"] is True


async def test_an_answer_is_taken_back_without_knowing_its_id(room: Room, cat: bytes) -> None:
    post, answer, _ = await answered(room, cat)
    await room.home.adapter.unsay(room.unsaid(post, ""))

    assert answer.is_deleted


async def test_taking_back_what_is_gone_is_fine(room: Room, cat: bytes) -> None:
    post, answer, _ = await answered(room, cat)
    await room.home.discord.delete(answer)
    await room.home.adapter.unsay(room.unsaid(post, str(answer.id)))
    room.home.discord.remove(room.channel)
    await room.home.adapter.unsay(room.unsaid(post, ""))
