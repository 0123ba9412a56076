"""Telegram as the rest of the program sees it."""

from __future__ import annotations

from collections.abc import Sequence

from telegram import Update

from bot.adapters.telegram.budget import Budget
from bot.adapters.telegram.connection import Connection
from bot.adapters.telegram.courtesy import Courtesies
from bot.adapters.telegram.files import Files
from bot.adapters.telegram.moves import Moves
from bot.adapters.telegram.queue import Courtesy
from bot.adapters.telegram.reading import PLATFORM
from bot.adapters.telegram.sending import Sender
from bot.adapters.telegram.unsaying import Unsayer
from bot.adapters.telegram.updates import Updates
from bot.adapters.telegram.welcome import Welcome
from bot.answers import Answers
from bot.door import Door
from bot.settings import Settings
from storage.chats import ChatStore
from storage.records import Photo, Unsaid


class TelegramChat:
    """The platform Telegram; see `bot.platform.Adapter`.

    Args:
        settings: token, addresses, how much may be said.
        door: lets photos in.
        answers: composes.
        chats: what is remembered of chats.
    """

    name = PLATFORM

    def __init__(self, settings: Settings, door: Door, answers: Answers, chats: ChatStore) -> None:
        self._connection = connection = Connection(settings, self._commit)
        budget = Budget(settings.telegram_group_per_minute)
        courtesies = Courtesies(connection.bot, budget, chats)
        welcome = Welcome(connection.bot, budget, door)
        self._moves = moves = Moves(door, chats)
        self._sender = Sender(
            connection.bot, door, answers, budget=budget, courtesies=courtesies, moves=moves
        )
        self._unsayer = Unsayer(connection.bot, door)
        self._files = Files(connection.bot, connection.files, is_direct=connection.is_direct)
        self._updates = Updates(connection, door, chats, courtesies=courtesies, welcome=welcome, moves=moves)

    @property
    def status(self) -> str:
        """Return "online", or why not: "connecting", "offline", "bad-token", "conflict"."""
        return self._connection.status

    async def start(self) -> None:
        """Begin to connect, without waiting for it."""
        await self._moves.load()
        self._connection.start()

    async def stop(self) -> None:
        """Take nothing more in and leave no task behind, within 3 s."""
        await self._connection.stop()
        await self._files.close()

    async def fetch(self, photo: Photo) -> bytes:
        """Return the file of a photo; see `Files.fetch`."""
        return await self._files.fetch(photo)

    async def send(self, photos: Sequence[Photo]) -> str:
        """Answer one photo or an album; see `Sender.send`."""
        return await self._sender.send(photos)

    async def unsay(self, unsaid: Unsaid) -> None:
        """Take an answer back; see `Unsayer.unsay`."""
        await self._unsayer.unsay(unsaid)

    async def _commit(self, update: Update) -> Courtesy | None:
        return await self._updates.commit(update)
