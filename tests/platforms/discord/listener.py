"""A small bot made with discord.py that keeps what it is told of."""

from __future__ import annotations

import asyncio
import contextlib
import warnings
from collections.abc import AsyncIterator, Callable
from typing import Any, Self

import pytest
import yarl

from tests.platforms.discord import StandInDiscord

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # of audioop, which only voices need
    import discord as library

SECONDS = 20.0


def pointed_to(discord: StandInDiscord, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let discord.py find a stand-in where it looks for Discord."""
    monkeypatch.setattr(library.http.Route, "BASE", discord.url)
    monkeypatch.setattr(library.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(discord.gateway))
    monkeypatch.setattr(library.Asset, "BASE", discord.cdn)


class Listener(library.Client):
    """Keeps every event by its name, in order."""

    def __init__(self, intents: library.Intents | None = None, **options: Any) -> None:
        wanted = intents or library.Intents.all() & ~library.Intents(presences=True)
        super().__init__(intents=wanted, guild_ready_timeout=0.1, max_messages=100, **options)
        self.heard: list[tuple[str, tuple[Any, ...]]] = []
        self._news = asyncio.Event()
        self.tree = library.app_commands.CommandTree(self)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Identify at once, where the library would wait for five seconds."""

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        super().dispatch(event, *args, **kwargs)
        self.heard.append((event, args))
        self._news.set()

    @classmethod
    @contextlib.asynccontextmanager
    async def running(cls, discord: StandInDiscord, **options: Any) -> AsyncIterator[Self]:
        """Run a bot until the test is over."""
        made = cls(**options)
        running = asyncio.create_task(made.start(discord.token))
        try:
            ready = asyncio.create_task(made.event_named("ready"))
            await asyncio.wait([running, ready], return_when=asyncio.FIRST_COMPLETED)
            if running.done():
                running.result()
            yield made
        finally:
            ready.cancel()
            await made.close()
            with contextlib.suppress(asyncio.CancelledError):
                await running

    async def event_named(
        self, name: str, fits: Callable[..., bool] = lambda *_: True, *, count: int = 1
    ) -> Any:
        """Wait for the so-manieth event of a name, and return its first argument."""
        async with asyncio.timeout(SECONDS):
            while True:
                found = [args for event, args in self.heard if event == name and fits(*args)]
                if len(found) >= count:
                    return found[count - 1][0] if found[count - 1] else None
                self._news.clear()
                await self._news.wait()

    def names(self) -> list[str]:
        """Return the names of what was heard of, in order."""
        return [event for event, _ in self.heard]
