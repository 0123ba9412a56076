"""Discord as a whole: its parts, how they are put together, and the errands of the desk."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Sequence

import discord
from discord.asset import Asset
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from bot.adapters.discord.answering import Answering
from bot.adapters.discord.catchup import CatchUp
from bot.adapters.discord.connecting import Connection, Patience, calm
from bot.adapters.discord.errands import Errands, ended
from bot.adapters.discord.fetching import Fetching
from bot.adapters.discord.gateway import Ears
from bot.adapters.discord.lanes import Lanes
from bot.adapters.discord.link import Link
from bot.adapters.discord.listening import Listening
from bot.adapters.discord.parts import Shared
from bot.adapters.discord.positions import PLATFORM, Positions
from bot.adapters.discord.welcome import Welcome
from bot.answers import Answers
from bot.door import Door
from bot.settings import Settings
from models.errors import ServiceError
from storage.chats import ChatStore
from storage.records import Photo, Unsaid


class DiscordChat:
    """The bot on Discord.

    Args:
        settings: token, addresses, limits.
        door: lets photos in.
        answers: what is said and shown.
        chats: knows where reading goes on, and what was said.
    """

    name = PLATFORM

    def __init__(self, settings: Settings, door: Door, answers: Answers, chats: ChatStore) -> None:
        self._settings = settings
        link = Link()
        shared = Shared(
            link, door, chats, Lanes(), Positions(chats), Answering(link, answers, chats), Errands()
        )
        listening = Listening(shared)
        ears = Ears(shared, listening, CatchUp(shared, listening), Welcome(door))
        self._shared, self._fetching = shared, Fetching(link, _hosts(settings))
        self._connection = Connection(settings, chats, link, ears)
        self._writing: asyncio.Task[None] | None = None

    @property
    def status(self) -> str:
        """Return "online", or why not; see `bot.platform.Adapter`."""
        return self._connection.status

    async def start(self) -> None:
        """Begin to connect, without waiting for it."""
        _prepare(self._settings)
        self._connection.start()
        self._writing = asyncio.create_task(self._shared.positions.keep_writing(), name="discord-positions")

    async def stop(self) -> None:
        """Hear nothing more, note how far was read, and leave no task behind."""
        await self._connection.stop()
        await self._shared.lanes.stop()
        await self._shared.errands.stop()
        await self._fetching.close()
        await ended([self._writing] if self._writing else [])
        with contextlib.suppress(ServiceError):  # then the channels are read again from a little earlier
            await self._shared.positions.write()

    async def fetch(self, photo: Photo) -> bytes:
        """Return the file of a photo; see `bot.platform.Adapter`."""
        return await self._fetching.fetch(photo)

    async def send(self, photos: Sequence[Photo]) -> str:
        """Answer a photo or an album; see `bot.platform.Adapter`."""
        return await self._shared.answering.send(photos)

    async def unsay(self, unsaid: Unsaid) -> None:
        """Take an answer back; see `bot.platform.Adapter`."""
        await self._shared.answering.unsay(unsaid)


def _hosts(settings: Settings) -> list[str]:
    return [host.strip() for host in settings.discord_cdn.split(",") if host.strip()]


def _prepare(settings: Settings) -> None:
    """Turn discord.py to the addresses that were set, and keep it from logging what people write."""
    if settings.discord_api:
        Route.BASE = settings.discord_api
    if settings.discord_gateway:
        DiscordWebSocket.DEFAULT_GATEWAY = URL(settings.discord_gateway)
    for host in _hosts(settings)[:1]:
        Asset.BASE = f"http://{host}/cdn"
    discord.client.ExponentialBackoff = Patience  # type: ignore[attr-defined, assignment]  # no option for it
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    logging.getLogger("discord.client").addFilter(calm)
    logging.getLogger("discord").setLevel(logging.WARNING)  # at DEBUG it logs what people write
