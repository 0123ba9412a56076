from __future__ import annotations

from collections import Counter

from tests.bot.discord.home import Home, Room
from tests.platforms.discord import Message

SHARE = 0.1


def answered(rooms: list[Room]) -> Counter[Message | None]:
    """Return how often each post was answered."""
    return Counter(answer.reference for room in rooms for answer in room.said())


async def test_every_photo_is_answered_exactly_once_whatever_breaks(home: Home, cat: bytes) -> None:
    rooms = [home.room(str(number)) for number in range(3)]
    posts: list[Message] = []
    for kind in ("lost", "reset"):
        home.discord.faults.by_chance(kind, SHARE)
    home.discord.deliveries.by_chance("twice", SHARE)
    for resumable in (True, False):
        async with home.running():
            for number in range(5):
                posts += [await room.post((f"{number}.jpg", cat)) for room in rooms]
                if number == 2:
                    await home.discord.drop(resumable=resumable)
        posts += [await room.post(("meanwhile.jpg", cat)) for room in rooms]
    home.discord.faults.clear()
    async with home.running():
        for room in rooms:
            await room.settled(len(posts) // len(rooms))

    assert answered(rooms) == Counter(posts)
    for room in rooms:
        assert [one.reference for one in room.said()] == [one for one in posts if one.channel is room.channel]
