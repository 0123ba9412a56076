"""Platforms, each in a package of its own: the local web chat, Discord, Telegram."""

from __future__ import annotations

from bot.answers import Answers
from bot.door import Door
from bot.platform import Adapter
from bot.settings import Settings
from storage.chats import ChatStore


def platforms(settings: Settings, door: Door, answers: Answers, chats: ChatStore) -> dict[str, Adapter]:
    """Return the chat platforms that have a token.  One without costs neither time nor memory."""
    found: dict[str, Adapter] = {}
    if settings.discord_token:
        from bot.adapters.discord.chat import DiscordChat  # noqa: PLC0415 - see above

        found["discord"] = DiscordChat(settings, door, answers, chats)
    if settings.telegram_token:
        from bot.adapters.telegram.chat import TelegramChat  # noqa: PLC0415 - see above

        found["telegram"] = TelegramChat(settings, door, answers, chats)
    return found
