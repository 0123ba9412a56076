"""The moments at which a service kills itself on the way of a photo from Discord or Telegram."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from bot.answers import Answers
from storage import backups, erasure
from storage.chats import ChatStore
from storage.store import Store
from tests.bot.crash.faults import Spot, after, before, die, while_decoding, while_looking

Plant = Callable[[Spot], None]


def points(platform: str) -> dict[str, Plant]:
    """Return what plants each fault of a platform; the library of the other one is not even loaded."""
    return SHARED | (_discord() if platform == "discord" else _telegram())


def _discord() -> dict[str, Plant]:
    from bot.adapters.discord.answering import Answering  # noqa: PLC0415 - see `points`
    from bot.adapters.discord.catchup import CatchUp  # noqa: PLC0415
    from bot.adapters.discord.chat import DiscordChat  # noqa: PLC0415

    return {
        **_errands(DiscordChat),
        "before-send": lambda spot: before(Answering, "_post", spot),
        "sent": lambda spot: after(Answering, "_post", spot),
        "catching-up": lambda spot: before(CatchUp, "_take", spot),
    }


def _telegram() -> dict[str, Plant]:
    from bot.adapters.telegram import posting, sending  # noqa: PLC0415 - see `points`
    from bot.adapters.telegram.chat import TelegramChat  # noqa: PLC0415
    from bot.adapters.telegram.courtesy import Courtesies  # noqa: PLC0415
    from bot.adapters.telegram.queue import DurableQueue  # noqa: PLC0415

    return {
        **_errands(TelegramChat),
        "before-send": lambda spot: before(sending, "put", spot),
        "sent": lambda spot: after(sending, "put", spot),
        "committed": lambda spot: after(DurableQueue, "put", spot),
        "line": lambda spot: with_lines(lambda: after(Courtesies, "_reply", spot)),
        "line-noted": lambda spot: with_lines(lambda: after(ChatStore, "note_placeholder", spot)),
        "line-replaced": lambda spot: with_lines(lambda: after(posting, "_replace", spot)),
    }


def _errands(adapter: type) -> dict[str, Plant]:
    return {
        "before-fetch": lambda spot: before(adapter, "fetch", spot),
        "fetched": lambda spot: after(adapter, "fetch", spot),
        "album-sent": lambda spot: after_album(adapter, spot),
        "taking-back": lambda spot: before(adapter, "unsay", spot),
    }


def after_album(adapter: Any, spot: Spot) -> None:
    """Die when the answer to several photos is out and not noted."""
    original = adapter.send

    @functools.wraps(original)
    async def send(self: Any, photos: Any) -> str:
        reply: str = await original(self, photos)
        if len(photos) > 1:
            spot.passed()
        return reply

    adapter.send = send


def while_composing_album(spot: Spot) -> None:
    """Die when the second picture of an answer is to be drawn."""
    original = Answers._picture

    @functools.wraps(original)
    async def picture(self: Answers, photo: Any, number: int, most: int) -> Any:
        if number == 2 and spot.is_due():
            die()
        return await original(self, photo, number, most)

    Answers._picture = picture  # type: ignore[method-assign]


def with_lines(plant: Callable[[], None]) -> None:
    """Let every photo have a line that says how long it will take, however quick it is."""
    from bot.adapters.telegram import courtesy  # noqa: PLC0415

    courtesy.LONG_SECONDS = 0.0
    plant()


# The same on every platform, in the order of the way.
SHARED: dict[str, Plant] = {
    "received": lambda spot: after(Store, "receive", spot),
    "cleaning": lambda spot: while_decoding(spot, is_clean=False),
    "kept": lambda spot: after(Store, "keep", spot),
    "engine": while_looking,
    "saved": lambda spot: after(Store, "save", spot),
    "album": while_composing_album,
    "answered": lambda spot: after(Store, "answered", spot),
    "erasing": lambda spot: before(erasure, "_drop_unused", spot),
    "erased": lambda spot: before(backups, "note_deleted", spot),
    "taken-back": lambda spot: before(ChatStore, "taken_back", spot),
}
