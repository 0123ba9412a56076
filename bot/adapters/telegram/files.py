"""Photos down from Telegram: named by their id, from the one host that is meant for it, capped on the way."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import httpx
from telegram import Bot
from telegram.error import TelegramError

from bot.adapters.telegram.reading import MOST_BYTES
from bot.adapters.telegram.refusals import RETRY_SECONDS, Refusal, outcome_of, refusal_of
from bot.platform import Barred, Later
from models.errors import TooManyBytes
from storage.records import Photo

log = logging.getLogger(__name__)

DOWNLOAD_SECONDS = 60.0  # for a whole file
QUIET_SECONDS = 20.0  # without a byte
AGAIN_SECONDS = 30.0  # after which a file that was not there just now may be
PATIENCE = timedelta(minutes=10)  # with a file that is not there


class Files:
    """Fetches files.

    Args:
        bot: the bot of this moment; raises `Later` where there is none.
        address: where files lie, before the token.
        is_direct: without the proxy that the environment may name.
    """

    def __init__(self, bot: Callable[[], Bot], address: str, *, is_direct: bool) -> None:
        self._bot, self._address = bot, address
        self._client = httpx.AsyncClient(
            timeout=QUIET_SECONDS, trust_env=not is_direct, follow_redirects=False
        )

    async def close(self) -> None:
        """Close every connection."""
        await self._client.aclose()

    async def fetch(self, photo: Photo) -> bytes:
        """Return the file of a photo.

        Raises:
            TooManyBytes: it is larger than what bots may download.
            Later: Telegram does not give it just now.
            Barred: Telegram does not give it at all.
        """
        file_id, _, size = photo.source.partition(" ")
        if size:
            raise _too_large(int(size))
        address = await self._address_of(file_id, photo)
        try:
            async with asyncio.timeout(DOWNLOAD_SECONDS):
                return await self._download(address, photo)
        except (httpx.HTTPError, httpx.StreamError, TimeoutError) as error:
            log.info("download broke off photo=%.8s error=%s", photo.id, type(error).__name__)
            raise Later(RETRY_SECONDS) from None  # the error may name the address, and that has the token

    async def _address_of(self, file_id: str, photo: Photo) -> str:
        try:
            file = await self._bot().get_file(file_id)
        except TelegramError as error:
            refusal = refusal_of(error)
            if refusal is Refusal.LARGE_FILE:
                raise _too_large(MOST_BYTES + 1) from error
            if refusal is Refusal.NO_FILE:
                raise _not_there(photo) from error
            raise outcome_of(error) from error
        if (file.file_size or 0) > MOST_BYTES:
            raise _too_large(file.file_size or 0)
        address = file.file_path or ""
        if not address.startswith(self._address):  # a server in local mode names files of its own disk
            raise Barred("Telegram's server offers a file that is not under TELEGRAM_FILES")
        return address

    async def _download(self, address: str, photo: Photo) -> bytes:
        async with self._client.stream("GET", address) as response:
            if response.status_code == HTTPStatus.NOT_FOUND:
                raise _not_there(photo)
            if response.status_code != HTTPStatus.OK:
                raise Later(_seconds(response))
            data = bytearray()
            async for chunk in response.aiter_bytes():
                data += chunk
                if len(data) > MOST_BYTES:
                    raise _too_large(len(data))
            return bytes(data)


def _too_large(size: int) -> TooManyBytes:
    found = math.ceil(size / 2**20 * 10) / 10  # rounded up: "20.0 of 20 MB" would puzzle
    limit = MOST_BYTES // 2**20
    return TooManyBytes(f"{size} bytes, Telegram's limit is {MOST_BYTES}", found=found, megabytes=limit)


def _not_there(photo: Photo) -> Later | Barred:
    """Return what a missing file means: the same words stand for "not now" and for "never"."""
    if datetime.now(UTC) - photo.sent_at < PATIENCE:
        return Later(AGAIN_SECONDS)
    return Barred("Telegram no longer has the file")


def _seconds(response: httpx.Response) -> float:
    wanted = response.headers.get("Retry-After", "")
    return float(wanted) if wanted.isdigit() else RETRY_SECONDS
