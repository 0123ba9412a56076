"""A stand-in Discord: one that a test has for itself, and one where a service runs for a whole package."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from models.weights import Weights
from tests.bot.discord.home import TOKEN, Home, Room
from tests.bot.web.pages import small
from tests.platforms.discord import StandInDiscord
from tests.platforms.discord.listener import pointed_to


@contextlib.asynccontextmanager
async def standing(**options: Any) -> AsyncIterator[StandInDiscord]:
    """Run a stand-in; every request of the bot has to be as Discord describes its API."""
    with pytest.MonkeyPatch.context() as patch:
        async with StandInDiscord(token=TOKEN, **options) as discord:
            pointed_to(discord, patch)  # the adapter does that by itself; this takes it back
            yield discord
            assert not discord.violations, discord.violations
            assert list(loud(discord)) == []


def loud(discord: StandInDiscord) -> Iterator[dict[str, Any]]:
    """Yield what we said that could have called somebody."""
    for one in discord.asked:
        said = one.fields.get("data") if one.path.endswith("/callback") else one.fields
        if isinstance(said, dict) and "content" in said:
            called = said.get("allowed_mentions") or {"parse": ["everyone"]}
            if called["parse"] or called.get("replied_user"):
                yield said


@pytest.fixture
async def discord() -> AsyncIterator[StandInDiscord]:
    """A stand-in for this test alone."""
    async with standing() as discord:
        yield discord


@pytest.fixture
def home(discord: StandInDiscord, weights: Weights, tmp_path: Path) -> Home:
    """A server in which nothing runs yet."""
    return Home(discord, tmp_path)


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def family(weights: Weights, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Home]:
    """A server in which a service runs for all tests of this package."""
    async with standing() as discord:
        home = Home(discord, tmp_path_factory.mktemp("discord"))
        home.room("현관")
        async with home.running():
            yield home


@pytest.fixture
def room(family: Home) -> Room:
    """A channel of the family in which nobody has posted."""
    return family.room()


@pytest.fixture(scope="package")
def cat(weights: Weights) -> bytes:
    """A small photo of a cat."""
    return small(weights.verified(weights.registry.entry("cat")))


@pytest.fixture(scope="package")
def bus(weights: Weights) -> bytes:
    """A small photo of a bus and people."""
    return small(weights.verified(weights.registry.entry("bus")))
