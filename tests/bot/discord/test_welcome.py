from __future__ import annotations

import pytest

from tests.bot.discord.home import BUTTON, Home, Room
from tests.bot.web.pages import SECONDS
from tests.platforms.discord import Guild, Message, Person


def hello(room: Room) -> list[Message]:
    """Return our greetings in a channel."""
    return [one for one in room.home.discord.answers(room.channel) if one.components]


async def greeted(room: Room) -> Message:
    """Wait until we have said hello, and return that."""
    await room.home.discord.until(lambda: hello(room), SECONDS)
    return hello(room)[0]


def labels(message: Message) -> list[str]:
    """Return what the buttons of a message say."""
    return [button["label"] for row in message.components for button in row["components"]]


@pytest.fixture
def square(home: Home) -> Room:
    """A channel of a public server."""
    guild = home.discord.guild("광장")
    home.discord.join(guild, home.mother)
    return home.room("광장", guild)


async def test_a_server_that_invites_us_is_told_what_we_do_and_keep(home: Home, square: Room) -> None:
    async with home.running():
        message = await greeted(square)

    assert "찰칵이에요" in message.content
    assert "부를 때만" in message.content
    assert "90일" in message.content
    assert labels(message) == ["여기서 자동으로 답하기"]
    assert message.reference is None


async def test_a_server_that_invites_us_while_we_are_there_is_greeted(home: Home) -> None:
    guild = home.discord.guild("새 집")
    room = home.room("마당", guild)
    home.discord.dismiss(guild)
    async with home.running():
        assert not hello(room)
        home.discord.invite(guild)

        assert labels(await greeted(room))


async def test_what_was_posted_while_we_were_thrown_out_stays_unread(
    home: Home, square: Room, cat: bytes
) -> None:
    guild = square.channel.guild
    assert guild
    async with home.running() as service:
        await greeted(square)
        assert service.door
        await service.door.set_mode(square.place, "auto")
    home.discord.dismiss(guild)
    await square.post(("cat.jpg", cat))
    home.discord.world.nonces.clear()
    async with home.running():
        home.discord.invite(guild)
        await home.discord.until(lambda: len(hello(square)) == 2)
    async with home.running():
        assert await square.ignored()


async def test_nobody_is_greeted_twice(home: Home, square: Room) -> None:
    async with home.running():
        await greeted(square)
    square.home.discord.world.nonces.clear()
    async with home.running():
        await home.room().heard()

    assert len(hello(square)) == 1


async def test_the_developers_own_server_is_told_that_every_photo_is_answered(home: Home) -> None:
    room = home.room()
    async with home.running():
        message = await greeted(room)

    assert "사진마다 답하고 있어요" in message.content
    assert labels(message) == ["부를 때만 답하기"]


async def test_one_tap_of_a_moderator_switches_answers_on_and_another_one_off(
    home: Home, square: Room, cat: bytes
) -> None:
    async with home.running():
        message = await greeted(square)
        await home.discord.tap(message, f"{BUTTON}auto", home.discord.owner)
        await home.discord.until(lambda: labels(message) == ["부를 때만 답하기"])
        assert "사진마다 답할게요" in message.content
        await square.post(("cat.jpg", cat))
        await square.answers()
        await home.discord.tap(message, f"{BUTTON}mention", home.discord.owner)
        await home.discord.until(lambda: labels(message) == ["여기서 자동으로 답하기"])
        await square.post(("cat.jpg", cat))
        await square.heard()

        assert len(await square.photos()) == 1


async def test_the_button_still_works_after_a_restart(home: Home, square: Room, cat: bytes) -> None:
    async with home.running():
        message = await greeted(square)
    async with home.running():
        await home.discord.tap(message, f"{BUTTON}auto", home.discord.owner)
        await home.discord.until(lambda: labels(message) == ["부를 때만 답하기"])
        await square.post(("cat.jpg", cat))
        await square.answers()


async def test_the_mode_outlives_a_restart(home: Home, square: Room, cat: bytes) -> None:
    async with home.running():
        message = await greeted(square)
        await home.discord.tap(message, f"{BUTTON}auto", home.discord.owner)
        await home.discord.until(lambda: labels(message) == ["부를 때만 답하기"])
    async with home.running():
        await square.post(("cat.jpg", cat))
        await square.answers()


async def test_whoever_does_not_manage_the_channel_is_told_so_alone(home: Home, square: Room) -> None:
    async with home.running():
        message = await greeted(square)
        interaction = await home.discord.tap(message, f"{BUTTON}auto", home.mother)
        await home.room().heard()

    assert interaction.is_ephemeral
    assert "관리하는 분만" in interaction.text
    assert labels(message) == ["여기서 자동으로 답하기"]


async def test_a_server_without_an_open_channel_is_left_in_peace(home: Home, square: Room) -> None:
    home.discord.permit(square.channel, "everyone", deny=("send_messages",))
    async with home.running():
        await home.room().heard()

    assert hello(square) == []


def moderators(home: Home, guild: Guild) -> Person:
    """Return somebody who manages channels."""
    person = home.discord.person("관리자")
    home.discord.join(guild, person, roles=(home.discord.role(guild, "운영진", "manage_channels"),))
    return person


async def test_managing_channels_is_enough(home: Home, square: Room) -> None:
    assert square.channel.guild
    person = moderators(home, square.channel.guild)
    async with home.running():
        message = await greeted(square)
        await home.discord.tap(message, f"{BUTTON}auto", person)
        await home.discord.until(lambda: labels(message) == ["부를 때만 답하기"])
