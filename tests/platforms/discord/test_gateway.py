"""The gateway: sessions that go on or begin anew, lost and doubled events, what is not allowed."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import discord as library
import pytest

from tests.platforms.discord import StandInDiscord
from tests.platforms.discord.conftest import TOKEN, Home
from tests.platforms.discord.listener import Listener, pointed_to

INTENTS = 1 << 0 | 1 << 9


def texts(bot: Listener) -> list[str]:
    return [args[0].content for event, args in bot.heard if event == "message"]


async def test_a_dropped_socket_is_resumed_and_nothing_is_missed(
    discord: StandInDiscord, bot: Listener, home: Home
) -> None:
    await discord.post(home.channel, home.mother, "전")
    await discord.drop(resumable=True)
    await discord.post(home.channel, home.mother, "동안")
    await bot.event_named("resumed")
    await discord.post(home.channel, home.mother, "뒤")
    await bot.event_named("message", count=3)
    assert texts(bot) == ["전", "동안", "뒤"]
    assert (discord.identifies, discord.resumes) == (1, 1)


async def test_a_socket_that_breaks_without_a_word_is_resumed(
    discord: StandInDiscord, bot: Listener, home: Home
) -> None:
    discord.cut()
    await discord.post(home.channel, home.mother, "동안")
    await bot.event_named("message")
    assert discord.identifies == 1


async def test_what_happens_while_a_session_is_lost_is_lost(
    discord: StandInDiscord, bot: Listener, home: Home
) -> None:
    await discord.drop(resumable=False)
    await discord.post(home.channel, home.mother, "동안")
    await discord.online(identifies=2)
    await discord.post(home.channel, home.mother, "뒤")
    await bot.event_named("message")
    assert texts(bot) == ["뒤"]


async def test_a_client_that_is_asked_to_reconnect_does(
    discord: StandInDiscord, bot: Listener, home: Home
) -> None:
    discord.reconnect_please()
    await bot.event_named("resumed")
    discord.invalidate(resumable=True)
    await bot.event_named("resumed", count=2)
    discord.invalidate(resumable=False)
    await discord.online(identifies=2)


async def test_an_event_can_come_twice_late_or_never(
    discord: StandInDiscord, bot: Listener, home: Home
) -> None:
    discord.deliveries.plan("twice", "MESSAGE_CREATE")
    discord.deliveries.plan("swap", "MESSAGE_CREATE")
    await discord.post(home.channel, home.mother, "1")
    await discord.post(home.channel, home.mother, "2")
    await discord.post(home.channel, home.mother, "3")
    discord.deliveries.plan("never", "MESSAGE_CREATE")
    await discord.post(home.channel, home.mother, "4")
    discord.deliveries.plan("swap", "MESSAGE_CREATE")
    await discord.post(home.channel, home.mother, "5")  # nothing overtakes it: it comes all the same
    await bot.event_named("message", count=5)
    assert texts(bot) == ["1", "1", "3", "2", "5"]


async def test_the_bot_comes_back_after_an_outage(discord: StandInDiscord, bot: Listener, home: Home) -> None:
    discord.outage(True)
    await discord.offline()
    with pytest.raises(library.DiscordServerError):
        await bot.fetch_channel(home.channel.id)
    assert discord.asked[-1].status == 503
    discord.outage(False)
    await bot.event_named("resumed")


async def test_a_wrong_token_is_refused(
    discord: StandInDiscord, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    pointed_to(discord, monkeypatch)
    client = library.Client(intents=library.Intents.default())
    with pytest.raises(library.LoginFailure):
        await client.start("another")
    await client.close()
    assert (discord.asked[-1].status, discord.invalid) == (401, 1)


async def test_an_intent_that_is_switched_off_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    async with StandInDiscord(token=TOKEN, may_read=False) as discord:
        pointed_to(discord, monkeypatch)
        with pytest.raises(library.PrivilegedIntentsRequired):
            async with Listener.running(discord):
                pass


@pytest.mark.parametrize("how", ["not asked for", "switched off"])
async def test_without_the_intent_only_what_is_for_the_bot_can_be_read(
    monkeypatch: pytest.MonkeyPatch, photo: bytes, how: str
) -> None:
    async with StandInDiscord(token=TOKEN, may_read=how == "not asked for") as discord:
        pointed_to(discord, monkeypatch)
        guild, mother = discord.guild("우리집"), discord.person("엄마")
        discord.join(guild, mother)
        channel, direct = discord.channel(guild, "사진"), discord.dm(mother)
        async with Listener.running(discord, intents=library.Intents.default()) as bot:
            files = [("cat.jpg", photo)]
            hidden = await discord.post(channel, mother, "비밀", files=files)
            await discord.post(channel, mother, "봐", files=files, mentions_bot=True)
            await discord.post(direct, mother, "둘이서", files=files)
            await bot.event_named("message", count=3)
            place = bot.get_channel(channel.id)
            assert isinstance(place, library.TextChannel)
            own = await place.send("제 말")
            await bot.event_named("message", lambda message: message.id == own.id)
            assert texts(bot) == ["", f"<@{discord.bot.id}> 봐", "둘이서", "제 말"]
            counts = [len(args[0].attachments) for event, args in bot.heard if event == "message"]
            assert counts == [0, 1, 1, 0]
            fetched = await place.fetch_message(hidden.id)
            assert fetched.content == ("비밀" if how == "not asked for" else "")


async def test_a_killed_client_is_gone_at_once_and_its_successor_begins_anew(
    discord: StandInDiscord, home: Home
) -> None:
    async with aiohttp.ClientSession() as http:
        first = await connected(discord, http)
        await said(first, 2, {"token": TOKEN, "intents": INTENTS, "properties": {}})
        await discord.online()
        transport = first._writer.transport  # as kill -9 would leave it
        transport.abort()
        await discord.offline()
        for n in range(50):
            await discord.post(home.channel, home.mother, str(n))
        second = await connected(discord, http)
        await said(second, 2, {"token": TOKEN, "intents": INTENTS, "properties": {}})
        await discord.online(identifies=2)
        names = [(await second.receive_json(timeout=5))["t"] for _ in range(2)]
        assert names == ["READY", "GUILD_CREATE"]
        await second.close()


async def connected(
    discord: StandInDiscord, http: aiohttp.ClientSession, query: str = "?v=10&encoding=json"
) -> aiohttp.ClientWebSocketResponse:
    """Return a socket of which HELLO has been read."""
    socket = await http.ws_connect(discord.gateway + query)
    hello = await socket.receive_json(timeout=5)
    assert hello["op"] == 10
    assert hello["d"]["heartbeat_interval"] > 1000
    return socket


async def said(socket: aiohttp.ClientWebSocketResponse, operation: int, data: Any) -> None:
    await socket.send_json({"op": operation, "d": data})


IDENTITY = {"token": TOKEN, "intents": INTENTS, "properties": {}}


@pytest.mark.parametrize(
    ("frames", "code"),
    [
        pytest.param(["no JSON"], 4002, id="no JSON"),
        pytest.param([{"op": 2, "d": {**IDENTITY, "x": "x" * 5000}}], 4002, id="too large"),
        pytest.param([{"op": 99, "d": None}], 4001, id="unknown operation"),
        pytest.param([{"op": 8, "d": {}}], 4003, id="not identified"),
        pytest.param([{"op": 2, "d": {**IDENTITY, "token": "no"}}], 4004, id="wrong token"),
        pytest.param([{"op": 2, "d": IDENTITY}, {"op": 2, "d": IDENTITY}], 4005, id="twice"),
        pytest.param([{"op": 1, "d": None}] * 121, 4008, id="too often"),
        pytest.param([{"op": 2, "d": {**IDENTITY, "shard": [1, 1]}}], 4010, id="no such shard"),
        pytest.param([{"op": 2, "d": {**IDENTITY, "intents": 1 << 40}}], 4013, id="no such intent"),
        pytest.param([{"op": 2, "d": {**IDENTITY, "intents": 1 << 8}}], 4014, id="not allowed"),
    ],
)
async def test_who_does_not_keep_to_the_protocol_is_closed_on(
    discord: StandInDiscord, frames: list[Any], code: int
) -> None:
    async with aiohttp.ClientSession() as http:
        socket = await connected(discord, http)
        for frame in frames:
            await (socket.send_str(frame) if isinstance(frame, str) else socket.send_json(frame))
        async with asyncio.timeout(5):
            while (await socket.receive()).type is aiohttp.WSMsgType.TEXT:
                pass
        assert socket.close_code == code


async def test_an_unknown_session_is_invalid_and_a_future_one_closed(
    discord: StandInDiscord,
) -> None:
    async with aiohttp.ClientSession() as http:
        socket = await connected(discord, http)
        await said(socket, 6, {"token": TOKEN, "session_id": "none", "seq": 1})
        assert await socket.receive_json(timeout=5) == {"op": 9, "d": False}
        await said(socket, 2, IDENTITY)
        ready = await socket.receive_json(timeout=5)
        other = await connected(discord, http)
        await said(other, 6, {"token": TOKEN, "session_id": ready["d"]["session_id"], "seq": 99})
        assert (await other.receive(timeout=5)).data == 4007
        await socket.close()


async def test_a_heartbeat_is_acknowledged(discord: StandInDiscord) -> None:
    async with aiohttp.ClientSession() as http:
        socket = await connected(discord, http)
        await said(socket, 1, None)
        assert await socket.receive_json(timeout=5) == {"op": 11}
        await socket.close()
