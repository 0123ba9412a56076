"""Signs of life: 👀 on what was taken in, or the note that we are typing.  Nobody waits for them."""

from __future__ import annotations

import asyncio

import discord

from bot.adapters.discord.errands import Errands
from bot.adapters.discord.link import may_read_back, may_speak, permissions_in

EYES = "👀"
SIGN_SECONDS = 5.0  # after which a sign is no longer worth waiting for
MOST = 16  # signs on their way; a flood of photos needs no more


class Signs:
    """Shows people that their photo was seen."""

    def __init__(self, errands: Errands) -> None:
        self._errands = errands
        self._on_the_way = 0

    def show(self, message: discord.Message) -> None:
        """Show a sign of life for a message, some time soon."""
        if self._on_the_way < MOST:
            self._errands.run("sign", self._show, message)

    async def _show(self, message: discord.Message) -> None:
        self._on_the_way += 1
        try:
            async with asyncio.timeout(SIGN_SECONDS):
                await self._react_or_type(message)
        finally:
            self._on_the_way -= 1

    @staticmethod
    async def _react_or_type(message: discord.Message) -> None:
        channel = message.channel
        if permissions_in(channel).add_reactions and may_read_back(channel):
            try:
                return await message.add_reaction(EYES)
            except discord.Forbidden:  # whoever wrote it has blocked us, for example
                pass
        if may_speak(channel):
            await channel.typing()
        return None
