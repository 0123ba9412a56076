"""A stand-in Discord, a family on it, and discord.py talking to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from tests.conftest import MakePhoto
from tests.platforms.discord import Channel, Guild, Person, StandInDiscord
from tests.platforms.discord.listener import Listener, pointed_to

TOKEN = "MQ.a-token.of-ours"  # hikari wants an id in its first part


@pytest.fixture
async def discord() -> AsyncIterator[StandInDiscord]:
    """A stand-in; every request made to it was as Discord describes its API."""
    async with StandInDiscord(token=TOKEN) as discord:
        yield discord
        assert not discord.violations, discord.violations
        assert not discord.own_faults, discord.own_faults


@dataclass
class Home:
    """A guild with a channel and somebody in it."""

    guild: Guild
    channel: Channel
    mother: Person


@pytest.fixture
def home(discord: StandInDiscord) -> Home:
    guild = discord.guild("우리집")
    mother = discord.person("엄마")
    discord.join(guild, mother)
    return Home(guild, discord.channel(guild, "사진"), mother)


@pytest.fixture
async def bot(
    discord: StandInDiscord, home: Home, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Listener]:
    """A bot made with discord.py, which is online and in the family's guild."""
    pointed_to(discord, monkeypatch)
    async with Listener.running(discord) as listener:
        yield listener


@pytest.fixture
def photo(make_photo: MakePhoto) -> bytes:
    return make_photo()
