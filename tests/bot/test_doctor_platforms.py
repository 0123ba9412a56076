"""`chalkak doctor` asks the platforms, and names the fix for each thing that is not well."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.cli.connections import ask_platforms
from bot.cli.finding import Finding
from bot.settings import Settings, read_settings
from tests.platforms.discord import StandInDiscord
from tests.platforms.discord.permissions import bits
from tests.platforms.telegram import StandInTelegram

TOKEN = "MTA.stand-in.token"


@pytest.fixture
async def discord() -> AsyncIterator[StandInDiscord]:
    async with StandInDiscord(TOKEN) as stand_in:
        yield stand_in
    assert stand_in.violations == []


@pytest.fixture
async def telegram() -> AsyncIterator[StandInTelegram]:
    async with StandInTelegram(privacy=False) as stand_in:
        yield stand_in
    assert stand_in.violations == []


def on_discord(discord: StandInDiscord, **other: str) -> Settings:
    return read_settings({"DISCORD_TOKEN": TOKEN, "DISCORD_API": discord.url, **other}, None)


def on_telegram(telegram: StandInTelegram, **other: str) -> Settings:
    return read_settings({"TELEGRAM_TOKEN": telegram.token, "TELEGRAM_API": telegram.url, **other}, None)


async def said_to(settings: Settings) -> list[Finding]:
    """Return what the command would print, asked as it asks: from outside any loop."""
    return await asyncio.to_thread(lambda: list(ask_platforms(settings)))


def faults(said: list[Finding]) -> dict[str, str]:
    """Return each fault with its fix."""
    return {one.found: one.fix for one in said if not one.is_well}


async def test_without_tokens_nobody_is_asked() -> None:
    (said,) = await said_to(read_settings({}, None))
    assert said.is_well
    assert said.found == "no token: the local web chat only"


async def test_a_bot_that_may_do_everything_is_well(discord: StandInDiscord) -> None:
    guild = discord.guild("우리집", permissions=bits("administrator"))
    said = await said_to(on_discord(discord, DEV_GUILD_ID=str(guild.id)))
    assert faults(said) == {}
    assert len(said) == 3


async def test_a_wrong_discord_token_is_named_with_the_place_that_gives_a_new_one(
    discord: StandInDiscord,
) -> None:
    settings = on_discord(discord).model_copy(update={"discord_token": "wrong"})
    found = faults(await said_to(settings))
    assert list(found) == ["the token is not right"]
    assert "Reset Token" in found["the token is not right"]
    assert "DISCORD_TOKEN" in found["the token is not right"]


async def test_a_missing_intent_is_named_with_its_switch() -> None:
    async with StandInDiscord(TOKEN, may_read=False) as discord:
        discord.guild("우리집", permissions=bits("administrator"))
        found = faults(await said_to(on_discord(discord)))
    assert list(found) == ["message content intent is off"]
    assert "Message Content Intent" in found["message content intent is off"]


async def test_missing_permissions_are_named_each(discord: StandInDiscord) -> None:
    guild = discord.guild("우리집", permissions=0, everyone=bits("view_channel", "send_messages"))
    (found,) = faults(await said_to(on_discord(discord)))
    assert found == (
        f"server {guild.id}: lacks Attach Files, Read Message History, Add Reactions,"
        " Send Messages in Threads"
    )


async def test_a_bot_in_no_server_gets_the_address_that_invites_it(discord: StandInDiscord) -> None:
    found = faults(await said_to(on_discord(discord, DEV_GUILD_ID="42")))
    assert set(found) == {"in no server", "not in DEV_GUILD_ID 42"}
    assert "https://discord.com/oauth2/authorize?client_id=" in found["in no server"]


async def test_a_telegram_bot_that_hears_everything_is_well(telegram: StandInTelegram) -> None:
    assert faults(await said_to(on_telegram(telegram))) == {}


async def test_privacy_mode_is_explained() -> None:
    async with StandInTelegram(privacy=True) as telegram:
        (fix,) = faults(await said_to(on_telegram(telegram))).values()
    assert "/setprivacy" in fix


async def test_a_wrong_telegram_token_is_named_with_the_place_that_gives_a_new_one(
    telegram: StandInTelegram,
) -> None:
    settings = on_telegram(telegram).model_copy(update={"telegram_token": "1:wrong"})
    found = faults(await said_to(settings))
    assert list(found) == ["the token is not right"]
    assert "@BotFather" in found["the token is not right"]


async def test_a_platform_that_does_not_answer_is_no_reason_to_fall() -> None:
    settings = read_settings({"TELEGRAM_TOKEN": "1:x", "TELEGRAM_API": "http://127.0.0.1:1/bot"}, None)
    (said,) = await said_to(settings)
    assert (said.what, said.is_well) == ("telegram", False)
    assert said.found.startswith("no answer: ")


async def test_offline_means_that_nobody_is_asked(telegram: StandInTelegram) -> None:
    (said,) = await said_to(on_telegram(telegram, CHALKAK_OFFLINE="true"))
    assert said.is_well
    assert telegram.asked == []
