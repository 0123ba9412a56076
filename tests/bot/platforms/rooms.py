"""A room on either platform, for tests that mean both: what people post in it, and what the bot says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from models.records import Place
from tests.bot.web.pages import until
from tests.platforms import discord, telegram

Post = Any  # a message of whichever stand-in


@dataclass(frozen=True, slots=True)
class Said:
    """An answer: its words, its pictures, what is told of each, and the post that it replies to."""

    text: str
    pictures: tuple[bytes, ...]
    alts: tuple[str, ...]
    reply_to: Post
    messages: tuple[Post, ...]

    @property
    def is_gone(self) -> bool:
        """Whether nothing of it is there any more."""
        return all(message.is_deleted for message in self.messages)


class Room(Protocol):
    """What tests do in a room and see of it.  People are called by their names."""

    @property
    def place(self) -> Place:
        """The room as the store knows it."""
        ...

    async def post(self, *photos: bytes, text: str = "", by: str = "엄마") -> Post:
        """Let somebody post a photo or an album; return the message that an answer replies to."""
        ...

    async def file(self, name: str, data: bytes, *, by: str = "엄마") -> Post:
        """Let somebody post a file as it is."""
        ...

    async def say(self, text: str, *, by: str = "엄마") -> Post:
        """Let somebody say something."""
        ...

    async def delete(self, post: Post) -> None:
        """Let somebody delete a post."""
        ...

    def signs(self, post: Post) -> int:
        """How many signs of life the bot has shown for a post."""
        ...

    def said(self) -> list[Said]:
        """What the bot has said that is still there, the oldest first."""
        ...


async def answers(room: Room, count: int = 1) -> list[Said]:
    """Wait until the bot has said so much in a room, and return it."""
    await until(lambda: len(room.said()) >= count)
    return room.said()


class DiscordRoom:
    """A channel of a server."""

    def __init__(self, home: discord.StandInDiscord, guild: discord.Guild, name: str) -> None:
        self._home, self.guild, self.channel = home, guild, home.channel(guild, name)
        self._people: dict[str, discord.Person] = {}

    @property
    def place(self) -> Place:
        return Place("discord", str(self.guild.id), str(self.channel.id))

    def person(self, name: str, *, is_bot: bool = False) -> discord.Person:
        if name not in self._people:
            self._people[name] = self._home.person(name, bot=is_bot)
            self._home.join(self.guild, self._people[name])
        return self._people[name]

    async def post(self, *photos: bytes, text: str = "", by: str = "엄마") -> Post:
        files = [(f"{number}.jpg", photo) for number, photo in enumerate(photos)]
        return await self._home.post(self.channel, self.person(by), text, files=files)

    async def file(self, name: str, data: bytes, *, by: str = "엄마") -> Post:
        return await self._home.post(self.channel, self.person(by), files=[(name, data)])

    async def say(self, text: str, *, by: str = "엄마") -> Post:
        return await self._home.post(self.channel, self.person(by), text)

    async def delete(self, post: Post) -> None:
        await self._home.delete(post)

    def signs(self, post: Post) -> int:
        return sum(self._home.bot.id in people for people in post.reactions.values())

    def said(self) -> list[Said]:
        found = [
            one for one in self._home.answers(self.channel) if not one.components
        ]  # without the greeting
        return [
            Said(
                one.content,
                tuple(file.data for file in one.attachments),
                tuple(file.description or "" for file in one.attachments),
                one.reference,
                (one,),
            )
            for one in found
        ]


class TelegramRoom:
    """A group."""

    def __init__(self, home: telegram.StandInTelegram, name: str) -> None:
        self._home, self.chat = home, home.group(name, supergroup=True)
        self._people: dict[str, telegram.Person] = {}

    @property
    def place(self) -> Place:
        return Place("telegram", "", str(self.chat.id))

    def person(self, name: str, *, is_bot: bool = False) -> telegram.Person:
        if name not in self._people:
            self._people[name] = self._home.person(name, language="ko", is_bot=is_bot)
        return self._people[name]

    async def post(self, *photos: bytes, text: str = "", by: str = "엄마") -> Post:
        if len(photos) == 1:
            return await self._home.post(self.chat, self.person(by), text, photo=photos[0])
        return (await self._home.album(self.chat, self.person(by), photos, text))[0]

    async def file(self, name: str, data: bytes, *, by: str = "엄마") -> Post:
        return await self._home.post(self.chat, self.person(by), document=(name, "image/jpeg", data))

    async def say(self, text: str, *, by: str = "엄마") -> Post:
        return await self._home.post(self.chat, self.person(by), text)

    async def delete(self, post: Post) -> None:
        self._home.delete(post)

    def signs(self, post: Post) -> int:
        return len(self._home.reactions(post))

    def said(self) -> list[Said]:
        together: dict[str, list[telegram.Message]] = {}
        for one in self._home.answers(self.chat):
            together.setdefault(one.media_group or f"\0{one.id}", []).append(one)
        return [_told(messages) for messages in together.values()]


def _told(messages: list[telegram.Message]) -> Said:
    """Return an answer of one message, or of an album that is one answer."""
    words = [_parted(message) for message in messages]
    shown = [message.photo or message.document for message in messages]
    return Said(
        "".join(text for text, _ in words),
        tuple(picture for picture in shown if picture),
        tuple(alt for (_, alt), picture in zip(words, shown, strict=True) if picture),
        messages[0].reply_to,
        tuple(messages),
    )


def _parted(message: telegram.Message) -> tuple[str, str]:
    """Return what a message says, and the description of its picture that is folded up below."""
    units = (message.caption or message.text).encode("utf-16-le")
    for entity in message.content.get("caption_entities", []):
        if entity["type"] == "expandable_blockquote":
            start, end = 2 * entity["offset"], 2 * (entity["offset"] + entity["length"])
            return units[:start].decode("utf-16-le").rstrip("\n"), units[start:end].decode("utf-16-le")
    return units.decode("utf-16-le"), ""
