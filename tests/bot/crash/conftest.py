"""A service on a folder of its own, photos for it, and what an undisturbed one would say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from models.weights import Weights
from tests.bot.crash.pictures import pictures
from tests.bot.crash.service import Service
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
