"""How often may be asked, and what goes wrong on demand."""

from __future__ import annotations

import asyncio
import time

import aiohttp
import discord as library
import pytest

from tests.platforms.discord import StandInDiscord
from tests.platforms.discord.conftest import TOKEN, Home
from tests.platforms.discord.listener import Listener


def channel_of(bot: Listener, home: Home) -> library.TextChannel:
    channel = bot.get_channel(home.channel.id)
    assert isinstance(channel, library.TextChannel)
    return channel


async def test_discord_py_keeps_to_the_buckets(discord: StandInDiscord, bot: Listener, home: Home) -> None:
    posted = await discord.post(home.channel, home.mother, "바다")
    message = await channel_of(bot, home).fetch_message(posted.id)
    for emoji in "👀👍🎉":
        await message.add_reaction(emoji)
    assert {asked.status for asked in discord.asked} <= {200, 204}


async def test_who_does_not_keep_to_the_buckets_is_refused(discord: StandInDiscord, home: Home) -> None:
    path = f"{discord.url}/channels/{home.channel.id}/messages"
    async with aiohttp.ClientSession(headers={"Authorization": f"Bot {TOKEN}"}) as http:
        for _ in range(5):
            async with http.post(path, json={"content": "또"}) as response:
                assert response.status == 200
        assert response.headers["X-RateLimit-Remaining"] == "0"
        async with http.post(path, json={"content": "또"}) as response:
            told = await response.json()
    assert (response.status, told["global"]) == (429, False)
    assert 0 < told["retry_after"] <= 5
    assert response.headers["Content-Type"] == "application/json"
    assert {"Retry-After", "Via", "X-RateLimit-Bucket", "X-RateLimit-Scope"} <= set(response.headers)
    assert len(discord.answers(home.channel)) == 5
    assert discord.invalid == 1


async def test_all_requests_together_are_limited_too(discord: StandInDiscord, home: Home) -> None:
    async with aiohttp.ClientSession(headers={"Authorization": f"Bot {TOKEN}"}) as http:

        async def ask(number: int) -> tuple[int, bool]:
            name = ("users/@me", f"channels/{home.channel.id}", f"guilds/{home.guild.id}")[number % 3]
            async with http.get(f"{discord.url}/{name}") as response:
                return response.status, (await response.json()).get("global", False)

        got = await asyncio.gather(*(ask(number) for number in range(60)))
    assert got.count((200, False)) == 50
    assert got.count((429, True)) == 10


async def test_who_is_refused_too_often_is_banned(discord: StandInDiscord, home: Home) -> None:
    discord.world.rules.invalid_limit = 2
    for expected in (401, 401, 429):
        async with aiohttp.request("GET", f"{discord.url}/users/@me") as response:
            assert response.status == expected
    assert "Via" not in response.headers


async def test_a_429_is_obeyed(discord: StandInDiscord, bot: Listener, home: Home) -> None:
    discord.faults.plan("429", "POST .*/messages", seconds=0.3)
    began = time.monotonic()
    await channel_of(bot, home).send("안녕")
    assert time.monotonic() - began >= 0.3
    assert [asked.status for asked in discord.asked[-2:]] == [429, 200]
    assert len(discord.answers(home.channel)) == 1


async def test_a_500_is_tried_again(discord: StandInDiscord, bot: Listener, home: Home) -> None:
    discord.faults.plan("502", "POST .*/messages")
    await channel_of(bot, home).send("안녕")
    assert [asked.status for asked in discord.asked[-2:]] == [502, 200]


@pytest.mark.parametrize(("kind", "arrived"), [("reset", 0), ("lost", 1)])
async def test_a_broken_connection_leaves_open_whether_it_took_effect(
    discord: StandInDiscord, bot: Listener, home: Home, kind: str, arrived: int
) -> None:
    discord.faults.plan("reset" if kind == "reset" else "lost", "POST .*/messages")
    with pytest.raises((aiohttp.ClientError, ConnectionError)):
        await channel_of(bot, home).send("안녕", nonce="1")
    assert discord.asked[-1].status == 0
    assert len(discord.answers(home.channel)) == arrived
    await channel_of(bot, home).send("안녕", nonce="1")
    assert len(discord.answers(home.channel)) == 1


async def test_a_request_can_be_slow(discord: StandInDiscord, bot: Listener, home: Home) -> None:
    discord.faults.plan("delay", "POST .*/messages", seconds=0.2)
    sending = asyncio.create_task(channel_of(bot, home).send("안녕"))
    await asyncio.sleep(0.05)
    assert discord.answers(home.channel) == []
    await sending
    assert len(discord.answers(home.channel)) == 1
