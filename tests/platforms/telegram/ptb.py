"""A bot made with python-telegram-bot that polls and notes what it hears."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from telegram import Bot, Update
from telegram.ext import Application, ApplicationBuilder, TypeHandler

from tests.platforms.telegram import StandInTelegram

SECONDS = 10.0


@dataclass(slots=True)
class Listening:
    """A bot and what it has heard."""

    bot: Bot
    heard: list[Update] = field(default_factory=list)
    errors: list[BaseException] = field(default_factory=list)
    _event: asyncio.Event = field(default_factory=asyncio.Event)

    async def next(self, count: int = 1) -> list[Update]:
        """Return the next updates and forget them."""
        async with asyncio.timeout(SECONDS):
            while len(self.heard) < count:
                self._event.clear()
                await self._event.wait()
        found, self.heard[:] = self.heard[:count], self.heard[count:]
        return found

    async def note(self, update: Update, context: Any) -> None:
        self.heard.append(update)
        self._event.set()


def client(telegram: StandInTelegram) -> Application[Any, Any, Any, Any, Any, Any]:
    """Return an application whose bot talks to the stand-in."""
    builder = ApplicationBuilder().token(telegram.token)
    return builder.base_url(telegram.url).base_file_url(telegram.file_url).build()


@asynccontextmanager
async def listening(telegram: StandInTelegram, **options: Any) -> AsyncIterator[Listening]:
    """Let a bot poll until the block ends."""
    application = client(telegram)
    found = Listening(application.bot)
    application.add_handler(TypeHandler(Update, found.note))
    async with application:
        await application.start()
        assert application.updater
        await application.updater.start_polling(error_callback=found.errors.append, **options)
        try:
            await telegram.online()
            yield found
        finally:
            await application.updater.stop()
            await application.stop()
