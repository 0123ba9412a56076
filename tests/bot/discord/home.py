"""A family's server on a stand-in Discord, and a whole service that lives there."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.adapters.discord.chat import DiscordChat
from bot.service import Service
from bot.settings import Settings
from models.records import Place
from storage.records import Photo, Unsaid
from tests.bot.web.pages import SECONDS, settings_in, until
from tests.platforms.discord import Channel, Guild, Message, Person, StandInDiscord

TOKEN = "a-token-of-ours"
BUTTON = "chalkak:mode:"


class Home:
    """A server that is the developer's own, with two people, and the service that runs for it."""

    def __init__(self, discord: StandInDiscord, folder: Path) -> None:
        self.discord, self.folder = discord, folder
        self.guild: Guild = discord.guild("우리집")
        self.mother: Person = discord.person("엄마")
        self.father: Person = discord.person("아빠")
        discord.join(self.guild, self.mother)
        discord.join(self.guild, self.father)
        self._service: Service | None = None

    @property
    def service(self) -> Service:
        """Return the service that runs now."""
        assert self._service, "nothing runs"
        return self._service

    @property
    def adapter(self) -> DiscordChat:
        """Return the adapter of the service that runs now."""
        adapter = self.service.adapters["discord"]
        assert isinstance(adapter, DiscordChat)
        return adapter

    @property
    def is_caught_up(self) -> bool:
        """Return whether everything was read that happened before the service came."""
        lanes = self.adapter._shared.lanes
        return lanes.is_open and not lanes._held

    def settings(self, **more: str) -> Settings:
        """Return the settings of a service here."""
        made = {
            "DISCORD_TOKEN": TOKEN,
            "DISCORD_API": self.discord.url,
            "DISCORD_GATEWAY": self.discord.gateway,
            "DISCORD_CDN": f"127.0.0.1:{self.discord.port}",
            "DEV_GUILD_ID": str(self.guild.id),
            "FREE_STARTS": "1000",
            "PHOTOS_PER_MINUTE": "1000",
            "CHAT_PHOTOS_PER_MINUTE": "1000",
        }
        return settings_in(self.folder, **{**made, **more})

    @contextlib.asynccontextmanager
    async def serving(self, **more: str) -> AsyncIterator[Service]:
        """Run the service, whatever becomes of its connection."""
        async with Service(self.settings(**more)) as service:
            self._service = service
            yield service
        self._service = None

    @contextlib.asynccontextmanager
    async def running(self, **more: str) -> AsyncIterator[Service]:
        """Run the service, and wait until it listens."""
        async with self.serving(**more) as service:
            await until(lambda: self.adapter.status in ("online", "no-intents"))
            yield service

    def room(self, name: str = "사진", guild: Guild | None = None, *, nsfw: bool = False) -> Room:
        """Return a new channel."""
        return Room(self, self.discord.channel(guild or self.guild, name, nsfw=nsfw))

    def thread(self, room: Room, **options: Any) -> Room:
        """Return a new thread of a channel."""
        return Room(self, self.discord.thread(room.channel, **options))

    def whisper(self, person: Person) -> Room:
        """Return somebody's private conversation with the bot."""
        return Room(self, self.discord.dm(person))


@dataclass(frozen=True)
class Room:
    """A channel, what is said in it, and what is kept of it."""

    home: Home
    channel: Channel

    @property
    def place(self) -> Place:
        """Return the channel as the store knows it."""
        one = self.channel
        server = str(one.guild.id) if one.guild else ""
        topic = str(one.id) if one.parent else ""
        return Place("discord", server, str((one.parent or one).id), topic, is_private=one.guild is None)

    async def post(
        self, *files: tuple[str, bytes] | Any, by: Person | None = None, **options: Any
    ) -> Message:
        """Post files, or whatever else."""
        author = by or self.home.mother
        return await self.home.discord.post(self.channel, author, files=files, **options)

    def unsaid(self, post: Message, reply: str) -> Unsaid:
        """Return that our answer to a post is to be taken back."""
        return Unsaid(1, self.place, str(post.id), reply)

    def said(self) -> list[Message]:
        """Return what the bot said here, without its greeting."""
        return [one for one in self.home.discord.answers(self.channel) if not one.components]

    async def answers(self, count: int = 1) -> list[Message]:
        """Wait until the bot has said so much, and return it."""
        await self.home.discord.until(lambda: len(self.said()) >= count, SECONDS)
        return self.said()

    async def photos(self) -> list[Photo]:
        """Return what is kept, the oldest first."""
        return (await self.home.service.store.history(self.place, before=2**62, limit=1000))[::-1]

    async def kept(self, count: int) -> list[Photo]:
        """Wait until so many photos are kept, and return them."""

        async def are_there() -> bool:
            return len(await self.photos()) == count

        await until(are_there)
        return await self.photos()

    async def settled(self, count: int) -> list[Photo]:
        """Wait until so many photos are kept and nothing is left to do, and return them."""
        await self.kept(count)

        async def are_done() -> bool:
            return all(
                photo.answered_at or (photo.is_silent and photo.analysis) for photo in await self.photos()
            )

        await until(are_done)
        return await self.photos()

    async def read(self, post: Message) -> None:
        """Wait until a post has been dealt with, where we do not speak."""
        await until(lambda: self.home.adapter._shared.positions.of(self.channel.id) >= post.id)

    async def heard(self) -> None:
        """Wait until everything that was posted before has been dealt with, by asking for it."""
        before = len(self.said())
        await self.post(("notes.txt", b"-"), text="다 봤어요?", mentions_bot=True)
        await self.answers(before + 1)

    async def ignored(self) -> bool:
        """Wait until everything has been dealt with, and return whether none of it was of interest."""
        before = len(self.said())
        await self.heard()
        return len(self.said()) == before + 1 and not await self.photos()


def files(message: Message) -> list[bytes]:
    """Return the files of a message."""
    return [file.data for file in message.attachments]


def long_ago(**ago: float) -> datetime:
    """Return a moment in the past, half an hour ago if nothing else is said."""
    return datetime.now(UTC) - timedelta(**(ago or {"minutes": 30}))


def tasks() -> set[str]:
    """Return the names of the tasks of the adapter and of discord.py."""
    names = {task.get_name() for task in asyncio.all_tasks()}
    return {name for name in names if name.startswith("discord")}
