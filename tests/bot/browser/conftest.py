"""One service and one browser for the whole package; each test talks in a chat of its own."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, Protocol

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Playwright, async_playwright

from models.weights import Weights
from tests.bot.browser.album import make_album, post
from tests.bot.browser.running import Running
from tests.bot.browser.window import Window
from tests.bot.terminal import cache_of

Sample = Callable[[str], Path]
REBOUND = "evil.test"  # a name that its owner lets point at our address


class Open(Protocol):
    """Opens windows; `chat` is the test's own unless it is named."""

    def __call__(
        self, name: str = ..., *, chat: str = ..., language: str = ..., theme: str = ..., **options: Any
    ) -> Awaitable[Window]: ...


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def service(weights: Weights, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    """A service that runs for all tests of this package."""
    running = Running(tmp_path_factory.mktemp("browser"), cache_of(weights))
    await running.start()
    yield running
    running.stop()


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def playwright() -> AsyncIterator[Playwright]:
    """The driver of browsers."""
    async with async_playwright() as started:
        yield started


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def browser(playwright: Playwright) -> AsyncIterator[Browser]:
    """The system's Chromium, for which `evil.test` is this machine."""
    path = shutil.which("chromium")
    assert path, "please install chromium, see `make chromium`"
    options = [f"--host-resolver-rules=MAP {REBOUND} 127.0.0.1"]
    options += ["--no-sandbox"] if os.geteuid() == 0 else []
    started = await playwright.chromium.launch(executable_path=path, args=options)
    yield started
    await started.close()


@pytest.fixture
def chat(request: pytest.FixtureRequest) -> str:
    """A chat in which nobody has posted."""
    return f"c{abs(hash(request.node.nodeid)) % 10**12}"


@pytest_asyncio.fixture(loop_scope="package")
async def open_chat(browser: Browser, service: Running, chat: str) -> AsyncIterator[Open]:
    """Return what opens windows; when the test ends they are closed, and must have been quiet."""
    windows: list[Window] = []
    own = chat

    async def open_window(
        name: str = "지은", *, chat: str = "", language: str = "ko", theme: str = "auto", **options: Any
    ) -> Window:
        settings = {"name": name, "language": language, "theme": theme}
        windows.append(await Window.open(browser, service, chat or own, settings, **options))
        return windows[-1]

    yield open_window
    for window in windows:
        await window.close()


@pytest.fixture
def cat(sample: Sample) -> Path:
    """A photo of one cat."""
    return sample("cat")


@pytest.fixture
def bus(sample: Sample) -> Path:
    """A photo of a bus and people."""
    return sample("bus")


@pytest.fixture
def text_file(tmp_path: Path) -> Path:
    """A file that only calls itself a photo."""
    path = tmp_path / "text.jpg"
    path.write_text("이것은 사진이 아니에요")
    return path


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def album(
    playwright: Playwright, service: Running, weights: Weights, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """A chat in which somebody has posted many photos, none of them with a cat."""
    samples = [weights.verified(weights.registry.entry(name)) for name in ("bus", "zidane")]
    photos = make_album(samples, tmp_path_factory.mktemp("album"))
    await post(playwright, service, "album", photos)
    return "album"
