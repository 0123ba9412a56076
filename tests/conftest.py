"""What every test may use: the weights of this machine, photos made on the spot."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from bot.app import open_weights
from bot.settings import Settings, read_settings
from models.weights import Weights

ROOT = Path(__file__).resolve().parents[1]


def pytest_configure() -> None:
    """Let every test look for weights where `make` has put them, whatever `.env` says beside that."""
    os.environ["CHALKAK_CACHE"] = str(read_settings(dotenv=ROOT / ".env").cache)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Proofs write their figures into a file when one is named."""
    parser.addoption("--proof", default="", help="file that the figures of proofs go to")


MakePhoto = Callable[..., bytes]


@pytest.fixture(scope="session")
def weights() -> Weights:
    """The real weights; `make test` fetches them before the first test."""
    found = open_weights(read_settings(dotenv=None))
    missing = [entry.key for entry in found.registry.entries.values() if found.place(entry) is None]
    assert not missing, f"{missing} are not here, run: chalkak models fetch"
    return found


@pytest.fixture(scope="session")
def sample(weights: Weights) -> Callable[[str], Path]:
    """Return the path of a sample photo: bus, zidane or cat."""
    return lambda name: weights.verified(weights.registry.entry(name))


@pytest.fixture
def make_photo() -> MakePhoto:
    """Return a maker of small picture files: size, mode, color, format and save options."""

    def make(
        size: tuple[int, int] = (64, 48),
        *,
        mode: str = "RGB",
        color: object = (200, 120, 40),
        format: str = "JPEG",  # noqa: A002 - Pillow's own word
        **options: object,
    ) -> bytes:
        target = io.BytesIO()
        Image.new(mode, size, color).save(target, format, **options)  # type: ignore[arg-type]  # passed on
        return target.getvalue()

    return make


@pytest.fixture
def nothing_in_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the developer's shell reaches the test."""
    for field in Settings.model_fields.values():
        monkeypatch.delenv(str(field.alias), raising=False)
