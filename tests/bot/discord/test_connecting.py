from __future__ import annotations

import asyncio
import logging
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from discord.gateway import KeepAliveHandler

from bot.adapters.discord import connecting
from bot.adapters.discord.chat import DiscordChat
from bot.answers import Answers
from models.weights import Weights
from tests.bot.discord.conftest import standing
from tests.bot.discord.home import TOKEN, Home, tasks
from tests.bot.web.pages import until


async def test_a_token_that_is_wrong_is_a_status_and_not_a_fall(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    async with home.serving(DISCORD_TOKEN="not-the-token") as service:
        await until(lambda: home.adapter.status == "bad-token")

        assert service.web.port
        assert "not-the-token" not in caplog.text
        assert any("DISCORD_TOKEN" in record.message for record in caplog.records)
    assert len(home.discord.asked) == 1


async def test_a_token_that_no_header_can_carry_is_wrong_too(home: Home) -> None:
    async with home.serving(DISCORD_TOKEN="two\nlines"):
        await until(lambda: home.adapter.status == "bad-token")


async def test_without_the_intent_we_answer_where_we_are_called(
    weights: Weights, tmp_path: Path, cat: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    async with standing(may_read=False) as discord:
        home = Home(discord, tmp_path)
        room, whisper = home.room(), home.whisper(home.mother)
        async with home.running():
            assert home.adapter.status == "no-intents"
            await room.post(("cat.jpg", cat))
            called = await room.post(("cat.jpg", cat), mentions_bot=True)
            (answer,) = await room.answers()
            await whisper.post(("cat.jpg", cat))
            await whisper.answers()
            await discord.pin(called)
            await room.heard()

            assert answer.reference is called
            assert len(await room.photos()) == 1
    assert any("Message Content Intent" in record.message for record in caplog.records)


async def test_what_we_may_no_longer_read_is_not_taken_for_empty(home: Home, cat: bytes) -> None:
    room = home.room()
    async with home.running():
        photo = await room.post(("cat.jpg", cat))
        await room.settled(1)
    home.discord.world.rules = replace(home.discord.world.rules, may_read=False)
    async with home.running():
        await home.discord.pin(photo)
        await room.heard()

        assert len(await room.photos()) == 1


async def test_many_starts_a_day_are_delayed(home: Home, caplog: pytest.LogCaptureFixture) -> None:
    async with home.running(FREE_STARTS="1"):
        pass
    began = time.monotonic()
    async with home.running(FREE_STARTS="1"):
        pass

    assert time.monotonic() - began >= 1.0
    assert "waiting before the next one starts=1 seconds=1" in caplog.text


async def test_a_discord_that_is_away_is_waited_for(home: Home, cat: bytes) -> None:
    home.discord.outage(True)
    room = home.room()
    async with home.serving():
        await until(lambda: home.adapter.status == "offline")
        home.discord.outage(False)
        await until(lambda: home.adapter.status == "online")
        await room.post(("cat.jpg", cat))
        await room.answers()


async def test_an_outage_is_over_for_us_soon_after_it_is_over(
    home: Home, cat: bytes, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(connecting, "MOST_AWAY", 0.1)
    room = home.room()
    async with home.running():
        home.discord.outage(True)
        await until(lambda: home.adapter.status == "offline")
        await until(lambda: caplog.text.count("Attempting a reconnect") > 12)
        home.discord.outage(False)
        await room.post(("cat.jpg", cat))
        await room.answers()

    tries = [record for record in caplog.records if "Attempting a reconnect" in record.message]
    assert {record.levelname for record in tries} == {"WARNING"}
    assert "Traceback" not in caplog.text


def test_discord_py_never_waits_longer_than_a_minute() -> None:
    patience = connecting.Patience()

    assert max(patience.delay() for _ in range(50)) <= connecting.MOST_AWAY


async def test_a_connection_that_breaks_comes_back(home: Home, cat: bytes) -> None:
    room = home.room()
    async with home.running():
        home.discord.cut()
        await room.post(("cat.jpg", cat))
        await room.answers()
        assert home.adapter.status == "online"
    assert home.discord.resumes + home.discord.identifies == 2


def beating() -> set[int | None]:
    """Return the threads of discord.py that keep a connection alive, of whatever test they are."""
    return {one.ident for one in threading.enumerate() if isinstance(one, KeepAliveHandler)}


async def test_a_stop_leaves_nothing_behind(home: Home, cat: bytes) -> None:
    before = beating()
    room = home.room()
    async with home.running():
        await room.post(("cat.jpg", cat))
        await room.kept(1)
        began = time.monotonic()
        await home.adapter.stop()

        assert time.monotonic() - began < 3.0
        assert tasks() == set()
        await until(lambda: beating() <= before)
    await home.discord.offline()


async def test_a_stop_at_any_moment_of_connecting_leaves_nothing_behind(home: Home) -> None:
    before = beating()
    async with home.serving(DISCORD_TOKEN="") as service:
        assert service.door
        for moment in range(0, 60, 4):
            silent = cast("Answers", None)  # nothing is posted
            adapter = DiscordChat(home.settings(), service.door, silent, service.store.chats)
            await adapter.start()
            await asyncio.sleep(moment / 1000)
            await adapter.stop()

            assert tasks() == set()
    await until(lambda: beating() <= before)


async def test_what_people_write_is_not_logged(
    home: Home, cat: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    room = home.room()
    async with home.running():
        await room.post(("bimil.jpg", cat), text="비밀이야")
        await room.answers()

    assert "비밀이야" not in caplog.text
    assert "bimil" not in caplog.text
    assert TOKEN not in caplog.text
