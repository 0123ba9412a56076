"""One running service for most tests of the web chat; each test talks in chats of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from models.weights import Weights
from tests.bot.web.pages import Page, serving, settings_in, small

Sample = Callable[[str], Path]


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def page(weights: Weights, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Page]:
    """A page of a service that runs for all tests of this package."""
    async with serving(settings_in(tmp_path_factory.mktemp("web"))) as found:
        yield found


@pytest.fixture(scope="package")
def cat(weights: Weights) -> bytes:
    """A small photo with one cat."""
    return small(weights.verified(weights.registry.entry("cat")))


@pytest.fixture(scope="package")
def bus(weights: Weights) -> bytes:
    """A small photo of a bus and people."""
    return small(weights.verified(weights.registry.entry("bus")))


@pytest.fixture
def chat(request: pytest.FixtureRequest) -> str:
    """A chat in which nobody has posted."""
    return f"c{abs(hash(request.node.nodeid)) % 10**12}"
