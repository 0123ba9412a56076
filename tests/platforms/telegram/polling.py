"""The methods by which the bot learns who it is, what happened, and what a file holds."""

from __future__ import annotations

from typing import Any

from tests.platforms.telegram.arguments import Arguments
from tests.platforms.telegram.records import Json
from tests.platforms.telegram.refusals import WEBHOOK_IS_SET, conflict
from tests.platforms.telegram.registry import answers
from tests.platforms.telegram.state import Telegram

FLAGS = (
    "supports_inline_queries",
    "can_connect_to_business",
    "has_main_web_app",
    "has_topics_enabled",
    "allows_users_to_create_topics",
    "can_manage_bots",
    "supports_join_request_queries",
)


@answers("getMe")
async def get_me(telegram: Telegram, arguments: Arguments) -> Json:
    """Tell the bot who it is and whether privacy mode is on."""
    flags = {"can_join_groups": True, "can_read_all_group_messages": not telegram.privacy}
    return telegram.bot.user() | flags | dict.fromkeys(FLAGS, False) | {"supports_inline_queries": True}


@answers("logOut")
async def log_out(telegram: Telegram, arguments: Arguments) -> bool:
    """Let the bot move to a server of its own."""
    return True


@answers("close")
async def close(telegram: Telegram, arguments: Arguments) -> bool:
    """Let the bot move between servers of its own."""
    return True


@answers("getUpdates")
async def get_updates(telegram: Telegram, arguments: Arguments) -> list[Json]:
    """Tell what happened, or wait for it."""
    if telegram.webhook:
        raise conflict(WEBHOOK_IS_SET)
    allowed = arguments.array("allowed_updates")
    if allowed is not None:
        telegram.updates.allowed = [str(kind) for kind in allowed]
    limit = min(max(arguments.number("limit", 100), 1), 100)
    seconds = min(max(arguments.number("timeout"), 0), 50)
    return await telegram.updates.take(arguments.number("offset"), limit, seconds)


@answers("getFile")
async def get_file(telegram: Telegram, arguments: Arguments) -> Any:
    """Say where a file can be downloaded."""
    return telegram.files.ready(arguments.text("file_id"))
