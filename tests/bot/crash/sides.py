"""The platforms on which services are killed, by name, and people who talk there."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from tests.bot.crash.on_discord import on_discord
from tests.bot.crash.on_telegram import on_telegram
from tests.bot.crash.service import Service
from tests.bot.crash.side import Side
from tests.bot.crash.talk import Expected, Talk, choice, undisturbed

SIDES: dict[str, Callable[[], AbstractAsyncContextManager[Side]]] = {
    "discord": on_discord,
    "telegram": on_telegram,
}


@contextlib.asynccontextmanager
async def talking(platform: str, home: Path, cache: Path, made: dict[str, bytes]) -> AsyncIterator[Talk]:
    """Let people talk to a service of their own, which is not started yet and ends with the context."""
    await asyncio.to_thread(home.mkdir, exist_ok=True)
    service = Service(home, cache)
    try:
        async with SIDES[platform]() as side:
            await side.move_in(service.data)
            yield Talk(side, service, made, choice(made))
    finally:
        service.close()


class Calm:
    """The answers of services that nobody disturbs, asked for once on each platform and kept.

    Args:
        folder: where these services live.
        cache: of weights.
        made: pictures by name.
    """

    def __init__(self, folder: Path, cache: Path, made: dict[str, bytes]) -> None:
        self._folder, self._cache, self._made = folder, cache, made
        self._answers: dict[str, Expected] = {}

    async def answers(self, platform: str) -> Expected:
        """Return the answer to everything that is posted on a platform."""
        if platform not in self._answers:
            async with talking(platform, self._folder / f"calm-{platform}", self._cache, self._made) as talk:
                self._answers[platform] = await undisturbed(talk)
        return self._answers[platform]
