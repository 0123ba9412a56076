"""Staying connected: logging in, starting with measure, coming back after whatever breaks."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from typing import Literal

import aiohttp
import discord
from discord.backoff import ExponentialBackoff
from discord.gateway import KeepAliveHandler

from bot.adapters.discord.errands import ended
from bot.adapters.discord.gateway import Ears, Gateway
from bot.adapters.discord.link import Link
from bot.adapters.discord.positions import PLATFORM
from bot.adapters.discord.storing import until_stored
from bot.settings import Settings
from storage.chats import ChatStore

log = logging.getLogger(__name__)

MOST_DELAY = 1200.0  # seconds before a start, when there were far too many; Discord allows 1,000 a day
MOST_AWAY = 60.0  # seconds between two tries to reach Discord
CLOSE_SECONDS = 1.5  # for saying goodbye
BAD_TOKEN = 4004
FAILURES = (OSError, aiohttp.ClientError, discord.DiscordException)
PORTAL = "the Developer Portal (Bot page)"


class Patience(ExponentialBackoff[Literal[False]]):
    """How long discord.py waits between two tries; by itself it would be up to 17 minutes."""

    def delay(self) -> float:
        """Return the next wait in seconds."""
        return min(super().delay(), MOST_AWAY)


def calm(record: logging.LogRecord) -> bool:
    """Let discord.py say that it tries again, and not as if that were a bug."""
    if str(record.msg).startswith("Attempting a reconnect"):
        record.exc_info, record.levelno, record.levelname = None, logging.WARNING, "WARNING"
    return True


class BadToken(Exception):
    """Discord does not know our token; there is no use in trying again."""


class Connection:
    """Connects, and again, until it is cancelled or Discord will not have us.

    Args:
        settings: the token, and how many starts a day are free.
        chats: remembers starts.
        link: where others find the client.
        ears: who hears what happens.
    """

    def __init__(self, settings: Settings, chats: ChatStore, link: Link, ears: Ears) -> None:
        self._settings, self._chats, self._link, self._ears = settings, chats, link, ears
        self._reads_content = True
        self._is_refused = self._has_fallen = False
        self._tries = 0
        self._running: asyncio.Task[None] | None = None
        self._closing: asyncio.Task[None] | None = None

    @property
    def status(self) -> str:
        """Return "online", or why not; see `bot.platform.Adapter`."""
        if self._is_refused:
            return "bad-token"
        client = self._link.client
        if isinstance(client, Gateway) and client.is_online:
            return "online" if self._reads_content else "no-intents"
        was_online = isinstance(client, Gateway) and client.was_online
        return "offline" if was_online or self._has_fallen else "connecting"

    def start(self) -> None:
        """Begin to connect."""
        self._running = asyncio.create_task(self._stay(), name="discord")

    async def stop(self) -> None:
        """Say goodbye, and leave nothing behind."""
        await ended([self._running] if self._running else [])
        if self._closing:
            await self._closing

    async def _stay(self) -> None:
        await until_stored(self._ears.shared.positions.load)
        while not self._is_refused:
            self._link.client = client = Gateway(self._ears, reads_content=self._reads_content)
            try:
                await self._serve(client)
            except BadToken:
                self._is_refused = True
                log.error("Discord does not accept DISCORD_TOKEN; reset it in %s", PORTAL)
            except discord.PrivilegedIntentsRequired:
                self._go_without_content()
                continue
            except FAILURES as error:
                log.warning("Discord cannot be reached, trying again error=%r", error)
            except Exception:  # discord.py falls over an event it cannot read; the next one may be fine
                log.exception("connection to Discord fell")
            finally:
                self._closing = asyncio.create_task(_close(client), name="discord-close")
                await asyncio.shield(self._closing)  # a stop waits for it by itself
            await self._rest(client)

    async def _serve(self, client: Gateway) -> None:
        """Log in and listen until the connection breaks for good."""
        token = self._settings.discord_token.strip()
        if not (token.isascii() and token.isprintable()):  # no header can carry it
            raise BadToken
        try:
            await client.login(token)
        except discord.LoginFailure as error:
            raise BadToken from error
        await self._wait_for_turn()
        try:
            await client.connect()
        except discord.ConnectionClosed as error:
            if error.code == BAD_TOKEN:
                raise BadToken from error
            raise

    async def _wait_for_turn(self) -> None:
        """Delay a start after many others: a process that falls at once must not use up a day's starts."""
        before = await until_stored(lambda: self._chats.begin(PLATFORM))
        excess = before - self._settings.free_starts
        if excess >= 0:
            seconds = min(2.0 ** min(excess, 20), MOST_DELAY)
            log.warning(
                "many starts today, waiting before the next one starts=%d seconds=%.0f", before, seconds
            )
            await asyncio.sleep(seconds)

    def _go_without_content(self) -> None:
        self._reads_content = False
        log.warning(
            "Discord does not let us read messages: photos are answered only where we are mentioned and in"
            " direct messages; switch on Message Content Intent in %s and start again",
            PORTAL,
        )

    async def _rest(self, client: Gateway) -> None:
        if self._is_refused:
            return
        self._has_fallen = True
        self._tries = 1 if client.was_online else self._tries + 1
        await asyncio.sleep(min(2.0 ** min(self._tries - 1, 10), MOST_AWAY))


async def _close(client: Gateway) -> None:
    """Say goodbye, and end what discord.py itself forgets to end."""
    client.is_online = False
    state = client._connection  # noqa: SLF001 - there is no other way to it
    if (waiting := state._ready_task) is not None:  # noqa: SLF001
        waiting.cancel()  # before it tells a client of servers that has closed
        await asyncio.gather(waiting, return_exceptions=True)
    with contextlib.suppress(*FAILURES):
        async with asyncio.timeout(CLOSE_SECONDS):
            await client.close()
    await client.http.close()
    for thread in threading.enumerate():
        if isinstance(thread, KeepAliveHandler) and thread.ws._connection is state:  # noqa: SLF001
            thread.stop()  # of a socket that was being opened
