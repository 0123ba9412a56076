"""A service on a folder of its own, photos for it, and what an undisturbed one would say."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from models.weights import Weights
from tests.bot.crash.pictures import pictures
from tests.bot.crash.service import Service
from tests.bot.crash.sides import SIDES, Calm, talking
from tests.bot.crash.talk import Talk
from tests.bot.crash.undisturbed import Undisturbed
from tests.bot.terminal import cache_of


@pytest.fixture(scope="session")
def made(sample: Callable[[str], Path]) -> dict[str, bytes]:
    """Twelve different small photos by name."""
    return pictures(sample)


@pytest.fixture(scope="session")
def undisturbed(
    weights: Weights, made: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory
) -> Undisturbed:
    """What a service that nobody disturbs answers."""
    return Undisturbed(Service(tmp_path_factory.mktemp("undisturbed"), cache_of(weights)), made)


@pytest.fixture
def service(weights: Weights, tmp_path: Path) -> Iterator[Service]:
    """A service that is not started yet; whatever is left of it is ended after the test."""
    service = Service(tmp_path, cache_of(weights))
    yield service
    service.close()


@pytest.fixture(scope="session")
def calm(weights: Weights, made: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Calm:
    """What a service that nobody disturbs answers on each platform."""
    return Calm(tmp_path_factory.mktemp("calm"), cache_of(weights), made)


@pytest.fixture
async def talks(weights: Weights, made: dict[str, bytes], tmp_path: Path) -> AsyncIterator[list[Talk]]:
    """People on Discord and on Telegram, and for each platform a service that is not started yet."""
    async with contextlib.AsyncExitStack() as stack:
        yield [
            await stack.enter_async_context(talking(name, tmp_path / name, cache_of(weights), made))
            for name in SIDES
        ]
