"""A family on a stand-in Discord: channels, a thread and a private conversation."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

from tests.bot.crash.side import LANGUAGE, Answered, Post, Said, digest
from tests.platforms.discord import Channel, Message, StandInDiscord

TOKEN = "a-token-of-ours"
CHANNELS = 3


class OnDiscord:
    """See `Side`."""

    name = "discord"
    tells_of_deletions = looks_back = True

    def __init__(self, discord: StandInDiscord) -> None:
        self.discord = discord
        self.faults = discord.faults
        self._guild = discord.guild("우리집")
        self._mother = discord.person("엄마")
        discord.join(self._guild, self._mother)
        channels = [discord.channel(self._guild, f"사진-{number}") for number in range(CHANNELS)]
        self._rooms: list[Channel] = [*channels, discord.thread(channels[0])]

    @property
    def lost_sends(self) -> int:
        return 0  # it looks whether its answer is there

    @property
    def chats(self) -> int:
        return len(self._rooms)

    async def move_in(self, data: Path) -> None:
        """Do nothing: the server is the developer's own, where every photo is answered."""

    def settings(self) -> dict[str, str]:
        return {
            "DISCORD_TOKEN": TOKEN,
            "DISCORD_API": self.discord.url,
            "DISCORD_GATEWAY": self.discord.gateway,
            "DISCORD_CDN": f"127.0.0.1:{self.discord.port}",
            "DEV_GUILD_ID": str(self._guild.id),
            "FREE_STARTS": "1000000",
            "PHOTOS_PER_MINUTE": "1000",
            "CHAT_PHOTOS_PER_MINUTE": "10000",
            "DEFAULT_LANGUAGE": LANGUAGE,
        }

    def starts(self) -> int:
        return self.discord.identifies

    async def come_online(self, starts: int) -> None:
        await self.discord.online(identifies=starts + 1)

    async def post(self, chat: int, pictures: Sequence[bytes], text: str) -> list[Any]:
        files = [(f"photo-{number}.jpg", data) for number, data in enumerate(pictures, 1)]
        return [await self.discord.post(self._rooms[chat], self._mother, text, files=files)]

    async def retext(self, post: Post, text: str) -> None:
        post.text = text
        await self.discord.edit(post.messages[0], text=text)

    async def delete(self, post: Post) -> None:
        post.is_gone = post.is_deleted = True
        await self.discord.delete(post.messages[0])

    async def withdraw(self, post: Post, other: str, picture: bytes) -> None:
        """Drop the attachment of a message that stays."""
        post.is_gone = True
        await self.discord.edit(post.messages[0], text=post.text or "지웠어요", drop_attachment=0)

    def answers(self) -> list[Answered]:
        return [_answered(one) for room in self._rooms for one in self.discord.answers(room) if one.reference]

    def is_read(self) -> bool:
        return True  # the gateway knows only what it has told

    def faulty(self) -> list[str]:
        return [*self.discord.violations, *self.discord.own_faults]


def _answered(message: Message) -> Answered:
    pictures = tuple((file.description or "", digest(file.data)) for file in message.attachments)
    to = str(message.reference.id) if message.reference else ""
    return Answered(to, (str(message.id),), Said(message.content, pictures), message.sent_at.timestamp())


@contextlib.asynccontextmanager
async def on_discord() -> AsyncIterator[OnDiscord]:
    """Let there be a Discord for as long as the context lasts."""
    async with StandInDiscord(token=TOKEN, limits=False, per_second=0) as discord:
        yield OnDiscord(discord)
