"""A town with real models for most tests of this package, and one with quick eyes for each that needs it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from models.weights import Weights
from tests.bot.platforms.eyes import Eyes
from tests.bot.platforms.rooms import Room
from tests.bot.platforms.town import PLATFORMS, Town, town_at, with_eyes
from tests.bot.web.pages import small


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def lasting(weights: Weights, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """A town in which a service with real models runs for all tests."""
    settings = {"PHOTOS_PER_MINUTE": "1000", "CHAT_PHOTOS_PER_MINUTE": "1000"}
    async with town_at(tmp_path_factory.mktemp("town"), limits=False) as town:
        town.discord.channel(town.guild, "현관")  # where the bot says hello
        async with town.running(**settings):
            yield town


@pytest_asyncio.fixture(loop_scope="package")
async def town(lasting: Town) -> AsyncIterator[Town]:
    """The town of all tests, after each of which it is asked whether the platforms were treated well."""
    yield lasting
    lasting.check()


@pytest.fixture(params=PLATFORMS)
def platform(request: pytest.FixtureRequest) -> str:
    """Each of the platforms in turn."""
    return str(request.param)


@pytest_asyncio.fixture(loop_scope="package")
async def room(town: Town, platform: str) -> Room:
    """A room of the town in which nobody has posted, on each of the platforms in turn."""
    return await town.open(town.room(platform))


@pytest.fixture
def eyes(monkeypatch: pytest.MonkeyPatch) -> Eyes:
    """What services of this test look with."""
    return with_eyes(monkeypatch)


@pytest.fixture
async def quick(eyes: Eyes, tmp_path: Path) -> AsyncIterator[Town]:
    """A town for this test alone, in which nothing runs yet; its services have quick eyes.

    Discord takes as much as comes: at five answers in five seconds a backlog would last for minutes.
    """
    async with town_at(tmp_path, limits=False) as town:
        yield town


@pytest.fixture(scope="package")
def cat(weights: Weights) -> bytes:
    """A small photo of a cat."""
    return small(weights.verified(weights.registry.entry("cat")))


@pytest.fixture(scope="package")
def bus(weights: Weights) -> bytes:
    """A small photo of a bus and people."""
    return small(weights.verified(weights.registry.entry("bus")))
