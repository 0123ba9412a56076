"""A chat platform as people see it: what they post there, and what they are answered."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from tests.platforms.faults import Faults

LANGUAGE = "ko"


@dataclass(frozen=True, slots=True)
class Said:
    """An answer as people see it: the text, and of each picture its alt text and what its bytes hash to."""

    text: str
    pictures: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer that stands in a chat.

    Args:
        to: the message that it replies to, "" for none.
        ids: its own messages.
        said: what people see of it.
        at: when it was sent, by the wall clock and as exactly as the platform tells.
    """

    to: str
    ids: tuple[str, ...]
    said: Said
    at: float


@dataclass(slots=True)
class Post:
    """What somebody has posted, as it is to be answered now.

    Args:
        pictures: names; several are an album.
        text: what is said beside it.
        messages: of the platform, one or more.
        is_gone: the bot has been told that there is no photo any more.
        is_deleted: it is gone, and perhaps nobody has told the bot.
    """

    pictures: tuple[str, ...]
    text: str
    messages: list[Any] = field(default_factory=list)
    is_gone: bool = False
    is_deleted: bool = False

    @property
    def ids(self) -> list[str]:
        return [str(message.id) for message in self.messages]


class Side(Protocol):
    """The people's side of a platform; it outlives every bot."""

    name: str
    tells_of_deletions: bool
    looks_back: bool  # the bot can find out whether an answer is there

    @property
    def faults(self) -> Faults:
        """Return what goes wrong with requests."""
        ...

    @property
    def lost_sends(self) -> int:
        """Return how many answers went out of which the bot was told nothing."""
        ...

    @property
    def chats(self) -> int:
        """Return how many chats there are; they are named by numbers from 0."""
        ...

    async def move_in(self, data: Path) -> None:
        """Let every photo be answered; `data` is the folder of the service, which does not run yet."""
        ...

    def settings(self) -> dict[str, str]:
        """Return what a service has to be told to live here."""
        ...

    async def come_online(self, starts: int) -> None:
        """Wait until the bot listens that has been started since there had been so many starts."""
        ...

    def starts(self) -> int:
        """Return how often a bot has come so far."""
        ...

    async def post(self, chat: int, pictures: Sequence[bytes], text: str) -> list[Any]:
        """Post photos, several as an album, and return the messages."""
        ...

    async def retext(self, post: Post, text: str) -> None:
        """Let the author write something else beside a photo."""
        ...

    async def delete(self, post: Post) -> None:
        """Let the author delete all of it."""
        ...

    async def withdraw(self, post: Post, other: str, picture: bytes) -> None:
        """Let the photo of a post vanish without the message: dropped, or replaced by another one."""
        ...

    def answers(self) -> list[Answered]:
        """Return what the bot has said in reply and stands now."""
        ...

    def is_read(self) -> bool:
        """Return whether the platform has nothing to tell the bot any more."""
        ...

    def faulty(self) -> list[str]:
        """Return what was against the description of the platform's API."""
        ...


def digest(data: bytes) -> str:
    """Return what tells two pictures apart."""
    return hashlib.blake2b(data, digest_size=8).hexdigest()
