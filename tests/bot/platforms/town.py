"""A town in which people use both platforms, and the one service that answers there."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.adapters.discord.gateway import Gateway
from bot.service import Service
from bot.settings import Settings
from storage.records import Photo
from tests.bot.platforms.eyes import Eyes
from tests.bot.platforms.rooms import DiscordRoom, Room, TelegramRoom
from tests.bot.stands_in import tokenizer
from tests.bot.web.pages import settings_in, until
from tests.platforms.discord import StandInDiscord
from tests.platforms.discord.listener import pointed_to
from tests.platforms.telegram import Flood, StandInTelegram

PLATFORMS = ("discord", "telegram")
DISCORD_TOKEN = "MTA0NTk2Mjg2OTQ5.GtT2-x.a-token-of-the-stand-in-for-Discord-only"  # shaped like real ones
TELEGRAM_TOKEN = "8123456789:AAtheTokenOfTheStandInForTelegram01"
FAST = 20.0  # how much faster than it says our idea of Telegram's limits runs
AGAIN_SECONDS = 0.2  # until a call that broke off is tried again
THEIRS = ("RequestHandler.", "Calls._answer")  # what a stand-in does with a request
FASTER = 30.0  # and Telegram's own, so that a message that dawdles on its way is no offence


class Town:
    """Two stand-ins, a folder, and whatever service runs there.

    Args:
        discord, telegram: the platforms.
        folder: where the service keeps its data.
    """

    def __init__(self, discord: StandInDiscord, telegram: StandInTelegram, folder: Path) -> None:
        self.discord, self.telegram, self.folder = discord, telegram, folder
        self.guild = discord.guild("우리 동네")
        self.rooms: list[Room] = []
        self._service: Service | None = None

    @property
    def service(self) -> Service:
        """The service that runs now."""
        assert self._service, "nothing runs"
        return self._service

    def room(self, platform: str, name: str = "사진") -> Room:
        """Return a new room in which every photo is to be answered, from the next start on or `open`."""
        is_discord = platform == "discord"
        room: Room = (
            DiscordRoom(self.discord, self.guild, name) if is_discord else TelegramRoom(self.telegram, name)
        )
        self.rooms.append(room)
        return room

    async def open(self, room: Room) -> Room:
        """Let every photo of a room be answered; the developer's own server needs no word for that."""
        assert self.service.door
        await self.service.door.set_mode(room.place, "auto")
        return room

    def settings(self, **more: str) -> Settings:
        """Return the settings of a service here; an empty value leaves one out."""
        made = {
            "DISCORD_TOKEN": self.discord.token,
            "DISCORD_API": self.discord.url,
            "DISCORD_GATEWAY": self.discord.gateway,
            "DISCORD_CDN": f"127.0.0.1:{self.discord.port}",
            "DEV_GUILD_ID": str(self.guild.id),
            "FREE_STARTS": "1000",
            "TELEGRAM_TOKEN": self.telegram.token,
            "TELEGRAM_API": self.telegram.url,
            "TELEGRAM_FILES": self.telegram.file_url,
        }
        return settings_in(self.folder, **{**made, **more})

    @contextlib.asynccontextmanager
    async def serving(self, **more: str) -> AsyncIterator[Service]:
        """Run a service, whatever becomes of its connections; it leaves no task behind."""
        before = asyncio.all_tasks()
        async with Service(self.settings(**more)) as service:
            self._service = service
            for room in self.rooms:
                await self.open(room)
            yield service
        self._service = None
        await until(lambda: not ours(asyncio.all_tasks() - before))

    @contextlib.asynccontextmanager
    async def running(self, **more: str) -> AsyncIterator[Service]:
        """Run a service, and wait until both platforms are there."""
        async with self.serving(**more) as service:
            await until(lambda: {service.adapters[name].status for name in PLATFORMS} == {"online"})
            yield service

    @contextlib.contextmanager
    def ago(self, **ago: float) -> Iterator[None]:
        """Let everything that happens on the platforms have happened so long ago."""
        away, ids = timedelta(**ago), self.discord.world.ids
        usual, past = ids.next, SimpleNamespace(time=lambda: time.time() - away.total_seconds())
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(ids, "next", lambda at=None: usual(at or datetime.now(UTC) - away))
            patch.setattr("tests.platforms.telegram.state.time", past)
            yield

    async def photos(self, room: Room) -> list[Photo]:
        """Return what is kept of a room, the oldest first."""
        return (await self.service.store.history(room.place, before=2**62, limit=10_000))[::-1]

    async def found(self, room: Room, query: str) -> list[str]:
        """Return the ids of the photos that somebody finds in a room."""
        scope = await self.service.store.scope_of(room.place)
        return [hit.photo for hit in (await self.service.store.find(query, [scope or 0])).hits]

    async def settled_in(self, room: Room) -> None:
        """Wait until nothing waits for its answer in one room."""

        async def is_quiet() -> bool:
            return all(photo.answered_at for photo in await self.photos(room))

        await until(is_quiet)

    async def settled(self) -> None:
        """Wait until everything that was posted is read and nothing waits for its answer."""

        async def is_quiet() -> bool:
            desk, store = self.service.desk, self.service.store
            is_idle = desk is not None and not desk.flying and not await store.waiting()
            return is_idle and not self.telegram.updates.waiting

        await until(is_quiet)

    def check(self) -> None:
        """Everything that was asked of the platforms was as they describe it."""
        assert self.discord.violations == []
        assert self.telegram.violations == []


def ours(tasks: set[asyncio.Task[Any]]) -> set[asyncio.Task[Any]]:
    """Return the tasks of neither a test nor a stand-in, which ends a request a moment after we do."""
    others = tasks - {asyncio.current_task()}
    return {task for task in others if not any(theirs in repr(task.get_coro()) for theirs in THEIRS)}


@contextlib.asynccontextmanager
async def town_at(folder: Path, **options: Any) -> AsyncIterator[Town]:
    """Let there be a town; `options` are those of the stand-in Discord."""
    with pytest.MonkeyPatch.context() as patch:
        async with (
            StandInDiscord(token=DISCORD_TOKEN, **options) as discord,
            StandInTelegram(TELEGRAM_TOKEN, privacy=False) as telegram,
        ):
            pointed_to(discord, patch)  # the adapter does that by itself; this takes it back
            hurry(patch)
            telegram.flood = Flood(speed=FASTER)
            town = Town(discord, telegram, folder)
            yield town
            town.check()


def hurry(patch: pytest.MonkeyPatch) -> None:
    """Let our idea of Telegram's limits run about as fast as the stand-in's, and try again soon."""
    patch.setattr("bot.adapters.telegram.budget.CHAT_SECONDS", 1.0 / FAST)
    patch.setattr("bot.adapters.telegram.budget.MINUTE", 60.0 / FAST)
    for module in ("discord.failures", "discord.fetching", "telegram.files", "telegram.refusals"):
        patch.setattr(f"bot.adapters.{module}.RETRY_SECONDS", AGAIN_SECONDS)
    patch.setattr("bot.adapters.discord.gateway.READY_SECONDS", AGAIN_SECONDS / 4)
    patch.setattr(Gateway, "before_identify_hook", at_once)


async def at_once(client: Gateway, shard_id: int | None, *, initial: bool) -> None:
    """Identify at once, where the library waits for five seconds after a lost session."""


def with_eyes(patch: pytest.MonkeyPatch) -> Eyes:
    """Let services look with quick eyes, and know their morphemes at once."""
    eyes = Eyes()
    patch.setattr("bot.service.App", lambda _: eyes)
    patch.setattr("storage.store.Tokenizer", tokenizer)
    return eyes
