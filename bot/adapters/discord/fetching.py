"""The bytes of a photo: asked for anew from Discord, from its own hosts only, never more than we read.

Addresses of attachments are signed and expire, so none is stored: the message is, and gives a fresh one.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Collection
from urllib.parse import urlsplit

import aiohttp
import discord

from bot.adapters.discord.failures import RETRY_SECONDS, explained
from bot.adapters.discord.link import Link
from bot.adapters.discord.reading import Shown, pictures_of
from bot.platform import Barred, Gone, Later
from inference.decode.policy import check_bytes
from models.errors import BadPhoto
from storage.records import Photo

log = logging.getLogger(__name__)

HOSTS = frozenset(
    {
        "cdn.discordapp.com",
        "media.discordapp.net",
        "images-ext-1.discordapp.net",
        "images-ext-2.discordapp.net",
    }
)
TIMEOUT = aiohttp.ClientTimeout(total=30.0, connect=5.0, sock_read=10.0)
CHUNK = 64 * 1024
SHARED_SECONDS = 5.0  # the photos of an album are of one message, which is asked for once


class Missing(Exception):
    """There is no file at an address; it may have expired."""


class Fetching:
    """Fetches photos.

    Args:
        link: the connection to Discord.
        hosts: further hosts, with their port, that pictures may come from without TLS: stand-ins.
    """

    def __init__(self, link: Link, hosts: Collection[str] = ()) -> None:
        self._link, self._hosts = link, frozenset(hosts)
        self._session: aiohttp.ClientSession | None = None
        self._messages: dict[tuple[int, int], tuple[float, asyncio.Task[discord.Message]]] = {}

    async def close(self) -> None:
        """Close the connections, and leave no task behind."""
        tasks = [task for _, task in self._messages.values()]
        self._messages.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._session:
            await self._session.close()

    async def fetch(self, photo: Photo) -> bytes:
        """Return the file of a photo.

        Raises:
            Later, Gone, Barred, BadPhoto: see `bot.platform.Adapter`.
        """
        where = int(photo.place.topic or photo.place.chat), int(photo.message)
        for _ in range(2):
            shown = self._shown(photo, await self._message(*where))
            check_bytes(shown.size)
            self._check_address(shown.url)
            try:
                return await self._download(shown.url)
            except Missing:
                self._messages.pop(where, None)  # the address may have expired: once more with a fresh one
            except (aiohttp.ClientError, OSError) as error:
                raise Later(RETRY_SECONDS) from error
        raise BadPhoto("the file is not where its message says")

    def _shown(self, photo: Photo, message: discord.Message) -> Shown:
        """Return the picture of a photo as its message shows it now."""
        for shown in pictures_of(message):
            if shown.key == photo.attachment:
                return shown
        if not self._link.reads_content:  # perhaps it is there, and we are not told
            raise Barred("message content intent is off")
        raise Gone(f"attachment {photo.attachment} is no longer there")

    async def _message(self, channel: int, message: int) -> discord.Message:
        now = time.monotonic()
        self._messages = {
            key: known for key, known in self._messages.items() if known[0] > now or not known[1].done()
        }
        known = self._messages.get((channel, message))
        if known is None:
            task = asyncio.create_task(self._ask(channel, message), name=f"discord-message-{message}")
            known = self._messages[channel, message] = now + SHARED_SECONDS, task
        try:
            return await asyncio.shield(known[1])
        except (Later, discord.DiscordException):
            self._messages.pop((channel, message), None)  # the next one asks again
            raise

    async def _ask(self, channel: int, message: int) -> discord.Message:
        async with explained():
            return await self._link.room(channel).fetch_message(message)

    def _check_address(self, url: str) -> None:
        """Refuse what is not Discord's own.

        Raises:
            Barred: it is not.
        """
        parts = urlsplit(url)
        if parts.scheme == "https" and parts.netloc in HOSTS:
            return
        if parts.scheme in ("http", "https") and parts.netloc in self._hosts:
            return
        raise Barred(f"pictures are not fetched from {parts.scheme}://{parts.hostname}")

    async def _download(self, url: str) -> bytes:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=TIMEOUT, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False
            )
        headers = {"Accept-Encoding": "identity"}  # so that the bytes that come are the bytes that count
        async with self._session.get(url, allow_redirects=False, headers=headers) as response:
            self._check_status(response.status)
            check_bytes(response.content_length or 0)
            data = bytearray()
            async for chunk in response.content.iter_chunked(CHUNK):
                data += chunk
                check_bytes(len(data))
            return bytes(data)

    @staticmethod
    def _check_status(status: int) -> None:
        if status == 200:
            return
        if status in (404, 410):
            raise Missing
        if status in (401, 403, 408, 425, 429) or status >= 500:
            raise Later(RETRY_SECONDS)
        raise BadPhoto(f"no picture came, status={status}")
