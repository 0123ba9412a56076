"""The same stand-in as hikari sees it, so that it does not only please one library."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import hikari
import pytest

from tests.platforms.discord import StandInDiscord
from tests.platforms.discord.conftest import Home

SECONDS = 20.0


@pytest.fixture
async def peer(discord: StandInDiscord, home: Home) -> AsyncIterator[hikari.GatewayBot]:
    """A bot made with hikari, which is online."""
    intents = hikari.Intents.ALL_UNPRIVILEGED | hikari.Intents.MESSAGE_CONTENT
    bot = hikari.GatewayBot(discord.token, banner=None, logs=None, rest_url=discord.url, intents=intents)
    await bot.start(check_for_updates=False)
    yield bot
    await bot.close()


async def test_a_photo_is_heard_fetched_answered_and_deleted(
    discord: StandInDiscord, home: Home, peer: hikari.GatewayBot, photo: bytes
) -> None:
    heard: asyncio.Queue[Any] = asyncio.Queue()
    peer.subscribe(hikari.GuildMessageCreateEvent, heard.put)
    peer.subscribe(hikari.GuildReactionAddEvent, heard.put)
    peer.subscribe(hikari.GuildMessageDeleteEvent, heard.put)

    async def next_of(kind: type[Any]) -> Any:
        async with asyncio.timeout(SECONDS):
            while not isinstance(event := await heard.get(), kind):
                pass
            return event

    posted = await discord.post(home.channel, home.mother, "고양이", files=[("cat.jpg", photo)])
    message = (await next_of(hikari.GuildMessageCreateEvent)).message
    assert (message.id, message.content) == (posted.id, "고양이")
    assert await message.attachments[0].read() == photo
    answer = await message.respond("귀엽네요", attachment=hikari.Bytes(photo, "marked.jpg"), reply=True)
    (sent,) = discord.answers(home.channel)
    assert (sent.reference, sent.attachments[0].data) == (posted, photo)
    await message.add_reaction("👀")
    assert (await next_of(hikari.GuildReactionAddEvent)).emoji_name == "👀"
    await answer.edit("정말 귀엽네요")
    assert sent.content == "정말 귀엽네요"
    await answer.delete()
    assert (await next_of(hikari.GuildMessageDeleteEvent)).message_id == answer.id
    await discord.delete(posted)
    assert (await next_of(hikari.GuildMessageDeleteEvent)).message_id == posted.id


async def test_guild_channels_and_threads_are_understood(
    discord: StandInDiscord, home: Home, peer: hikari.GatewayBot
) -> None:
    channel = await peer.rest.fetch_channel(home.channel.id)
    assert isinstance(channel, hikari.GuildTextChannel)
    thread = await peer.rest.fetch_channel(discord.thread(home.channel, "바다").id)
    assert isinstance(thread, hikari.GuildThreadChannel)
    member = await peer.rest.fetch_member(home.guild.id, home.mother.id)
    assert member.username == "엄마"
    with pytest.raises(hikari.NotFoundError):
        await peer.rest.fetch_message(channel, 1)


async def test_a_dropped_socket_is_resumed(
    discord: StandInDiscord, home: Home, peer: hikari.GatewayBot
) -> None:
    heard: asyncio.Queue[Any] = asyncio.Queue()
    peer.subscribe(hikari.GuildMessageCreateEvent, heard.put)
    await discord.drop(resumable=True)
    await discord.post(home.channel, home.mother, "동안")
    event = await asyncio.wait_for(heard.get(), SECONDS)
    assert event.content == "동안"
    assert discord.identifies == 1
