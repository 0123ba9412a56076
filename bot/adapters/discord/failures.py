"""What Discord's refusals mean for a photo: ask again later, it is gone, or we may not."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import aiohttp
import discord

from bot.platform import Barred, Gone, Later

CALL_SECONDS = 60.0  # that one call may take, the waits of discord.py for its rate limits included
RETRY_SECONDS = 3.0  # after a broken connection or an error on Discord's side
AWAY_SECONDS = 60.0  # after our token or address was refused: nothing that passes at once

UNKNOWN_CHANNEL, UNKNOWN_MESSAGE = 10003, 10008
GONE = frozenset({UNKNOWN_CHANNEL, UNKNOWN_MESSAGE})
INVALID_FORM = 50035
CLOSED = frozenset(
    {
        50083,  # the thread is archived
        160002,  # we may not read what we reply to
        160005,  # the thread is locked
        200000,  # the server's own filter does not like our text
        200001,
        240000,
    }
)


@contextlib.asynccontextmanager
async def explained() -> AsyncIterator[None]:
    """Raise what goes wrong with calls to Discord in the words that every platform has.

    Raises:
        Later, Gone, Barred: see `bot.platform`.
        discord.HTTPException: a refusal that has to be a bug of ours.
    """
    try:
        async with asyncio.timeout(CALL_SECONDS):
            yield
    except discord.RateLimited as error:
        raise Later(error.retry_after) from error
    except discord.HTTPException as error:
        if meaning := _meaning(error):
            raise meaning from error
        raise
    except (aiohttp.ClientError, OSError) as error:  # a time that is up is an OSError too
        raise Later(RETRY_SECONDS) from error
    except RuntimeError as error:
        if "closed" not in str(error):  # aiohttp has no type of its own for a session that was closed
            raise
        raise Later(RETRY_SECONDS) from error


def _meaning(error: discord.HTTPException) -> Exception | None:
    """Return what a refusal means, None where it should not have happened."""
    if error.code in GONE or is_reply_to_nothing(error):
        return Gone(f"status={error.status} code={error.code}")
    if error.status == 403 or error.code in CLOSED:
        return Barred(f"status={error.status} code={error.code}")
    if error.status >= 500:
        return Later(RETRY_SECONDS)
    if error.status in (401, 404, 429):  # the token, the address, or too much of everything
        return Later(AWAY_SECONDS)
    return None


def is_reply_to_nothing(error: discord.HTTPException) -> bool:
    """Return whether a message was refused since what it replies to is gone."""
    return error.code == INVALID_FORM and "message_reference" in error.text


def is_too_large(error: discord.HTTPException) -> bool:
    """Return whether a message was refused for the size of its files."""
    return error.status == 413 or error.code == 40005
