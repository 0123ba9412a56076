from __future__ import annotations

import pytest

from bot.adapters.discord import catchup
from models.errors import StorageError
from tests.bot.discord.home import Home, Room
from tests.bot.web.pages import until
from tests.platforms.discord import Message


async def lived_in(home: Home, cat: bytes, count: int = 1) -> tuple[Room, list[Message]]:
    """Return a channel in which photos were answered before the service stopped, and their posts."""
    room = home.room()
    async with home.running():
        posts = [await room.post((f"{number}.jpg", cat)) for number in range(count)]
        await room.settled(count)
    return room, posts


async def test_what_was_posted_meanwhile_is_answered_in_its_order(home: Home, cat: bytes, bus: bytes) -> None:
    room, _ = await lived_in(home, cat)
    posts = [await room.post(("photo.jpg", picture)) for picture in (cat, bus, cat, bus)]
    async with home.running():
        answers = await room.answers(5)
        await room.settled(5)

    assert [answer.reference for answer in answers[1:]] == posts


async def test_what_is_older_than_an_hour_is_kept_without_an_answer_and_one_line_says_so(
    home: Home, cat: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, posts = await lived_in(home, cat)
    monkeypatch.setattr(catchup, "ANSWERED_BACK", -catchup.ANSWERED_BACK)  # as if all were old
    for number in range(3):
        await room.post((f"{number}.jpg", cat), text="여행")
    async with home.running() as service:
        answers = await room.answers(2)
        await room.settled(4)
        scope = await service.store.scope_of(room.place)
        assert scope
        found = await service.store.find("여행", [scope])

    assert answers[0].reference is posts[0]
    assert answers[1].reference is None
    assert answers[1].content == "쉬는 동안 올라온 사진 3장도 찾을 수 있게 담아 뒀어요."
    assert len(found.hits) == 3


async def test_what_was_posted_before_we_came_stays_unread(home: Home, cat: bytes) -> None:
    room = home.room()
    await room.post(("cat.jpg", cat))
    async with home.running():
        assert await room.ignored()


async def test_a_deletion_meanwhile_is_honoured(home: Home, cat: bytes) -> None:
    room, (first, second) = await lived_in(home, cat, 2)
    answers = room.said()
    await home.discord.delete(first)
    async with home.running():
        (left,) = await room.kept(1)
        await home.discord.until(lambda: answers[0].is_deleted)

    assert left.message == str(second.id)
    assert not answers[1].is_deleted


async def test_the_deletion_of_everything_meanwhile_is_honoured(home: Home, cat: bytes) -> None:
    room, posts = await lived_in(home, cat, 2)
    for message in (*posts, *room.said()):
        await home.discord.delete(message)
    async with home.running():
        assert await room.kept(0) == []


async def test_a_history_that_we_may_not_read_deletes_nothing(home: Home, cat: bytes) -> None:
    room, _ = await lived_in(home, cat)
    home.discord.permit(room.channel, home.discord.bot, deny=("read_message_history",))
    before = len(home.discord.asked)
    async with home.running():
        await until(lambda: home.is_caught_up)

        assert len(await room.photos()) == 1
    assert not any(one.path.endswith("/messages") for one in home.discord.asked[before:])


async def test_a_history_that_we_may_no_longer_read_deletes_nothing(
    home: Home, cat: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, _ = await lived_in(home, cat)
    home.discord.permit(room.channel, home.discord.bot, deny=("read_message_history",))
    monkeypatch.setattr(catchup, "may_read_back", lambda _: True)  # nobody has told us yet
    async with home.running():
        await until(lambda: home.is_caught_up)

        assert len(await room.photos()) == 1


async def test_a_change_meanwhile_is_followed(home: Home, cat: bytes, bus: bytes) -> None:
    room = home.room()
    async with home.running():
        post = await room.post(("cat.jpg", cat), ("bus.jpg", bus), text="나비")
        _, second = await room.kept(2)
    await home.discord.edit(post, text="호랑이", drop_attachment=0)

    async def is_followed() -> bool:
        return [(one.id, one.text) for one in await room.photos()] == [(second.id, "호랑이")]

    async with home.running():
        await until(is_followed)


async def test_a_channel_and_a_thread_that_opened_meanwhile_are_read(home: Home, cat: bytes) -> None:
    room, _ = await lived_in(home, cat)
    rooms = [home.room("새 방"), home.thread(room)]
    posts = [await one.post(("cat.jpg", cat)) for one in rooms]
    async with home.running():
        answers = [await one.answers() for one in rooms]

    assert [answer.reference for (answer,) in answers] == posts


async def test_a_channel_that_was_deleted_meanwhile_takes_its_photos_with_it(home: Home, cat: bytes) -> None:
    room, _ = await lived_in(home, cat)
    home.discord.remove(room.channel)
    async with home.running():
        assert await room.kept(0) == []


async def test_a_direct_message_meanwhile_is_answered(home: Home, cat: bytes) -> None:
    whisper = home.whisper(home.mother)
    async with home.running():
        await whisper.post(("cat.jpg", cat))
        await whisper.settled(1)
    post = await whisper.post(("cat.jpg", cat))
    async with home.running():
        answers = await whisper.answers(2)

    assert answers[-1].reference is post


async def test_of_a_long_absence_the_newest_posts_are_read(
    home: Home, cat: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, _ = await lived_in(home, cat)
    monkeypatch.setattr(catchup, "MOST", 3)
    posts = [await room.post(("cat.jpg", cat)) for _ in range(5)]
    async with home.running():
        answers = await room.answers(4)
        await room.heard()

    assert [answer.reference for answer in answers[1:]] == posts[2:]


async def test_what_is_posted_while_we_read_on_comes_after_what_we_missed(home: Home, cat: bytes) -> None:
    room, _ = await lived_in(home, cat)
    missed = await room.post(("cat.jpg", cat))
    home.discord.faults.plan("delay", f"GET /channels/{room.channel.id}/messages$", seconds=1.0)
    async with home.running():
        live = await room.post(("cat.jpg", cat))
        answers = await room.answers(3)

    assert [answer.reference for answer in answers[1:]] == [missed, live]


async def test_a_channel_that_cannot_be_read_now_is_read_later(
    home: Home, cat: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.adapters.discord.failures.RETRY_SECONDS", 0.1)
    room, _ = await lived_in(home, cat)
    missed = await room.post(("cat.jpg", cat))
    home.discord.faults.plan("reset", f"GET /channels/{room.channel.id}/messages$", times=3)
    async with home.running():
        answers = await room.answers(2)

    assert answers[-1].reference is missed


async def test_what_is_posted_after_a_lost_session_does_not_hide_what_was_missed(
    home: Home, cat: bytes
) -> None:
    room = home.room()
    async with home.running():
        await room.post(("cat.jpg", cat))
        await room.answers()
        await home.discord.drop(resumable=False)
        missed = await room.post(("cat.jpg", cat))
        await home.discord.online(identifies=2)
        live = await room.post(("cat.jpg", cat))
        answers = await room.answers(3)

    assert [answer.reference for answer in answers[1:]] == [missed, live]


async def test_a_session_that_is_resumed_misses_nothing_and_repeats_nothing(home: Home, cat: bytes) -> None:
    room = home.room()
    async with home.running():
        await room.post(("cat.jpg", cat))
        await room.answers()
        await home.discord.drop(resumable=True)
        missed = await room.post(("cat.jpg", cat))
        answers = await room.answers(2)
        await room.heard()

        assert len(room.said()) == 3
    assert answers[-1].reference is missed
    assert (home.discord.resumes, home.discord.identifies) == (1, 1)


async def test_a_full_disk_holds_a_channel_up_and_loses_nothing(
    home: Home, cat: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.adapters.discord.storing.RETRY_SECONDS", 0.1)
    room = home.room()
    async with home.running() as service:
        assert service.door
        usual, failures = service.door.take, iter(range(3))

        async def failing(arrived: object) -> object:
            if next(failures, None) is not None:
                raise StorageError("the disk is gone")
            return await usual(arrived)  # type: ignore[arg-type]  # passed on

        monkeypatch.setattr(service.door, "take", failing)
        posts = [await room.post(("cat.jpg", cat)) for _ in range(2)]
        answers = await room.answers(2)

    assert [answer.reference for answer in answers] == posts
