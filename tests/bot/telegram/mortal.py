"""A bot in a process of its own that dies at a named point, for `test_kills`.

    python -m tests.bot.telegram.mortal DATA POINT HIT

The settings come from the environment.  At the HIT-th time that it comes to POINT it is killed; POINT
"none" is never reached.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from bot.adapters.telegram import budget, sending
from bot.adapters.telegram.queue import DurableQueue
from bot.adapters.telegram.updates import Updates
from bot.settings import read_settings
from storage.store import Store
from tests.bot.stands_in import open_store
from tests.bot.telegram.home import House

# What is done at each point: before it, or after it, the process dies.
BEFORE: dict[str, tuple[Any, str]] = {
    "before-commit": (Updates, "commit"),
    "before-receive": (Store, "receive"),
    "before-send": (sending, "put"),
    "before-answered": (Store, "answered"),
}
AFTER: dict[str, tuple[Any, str]] = {
    "after-receive": (Store, "receive"),
    "after-commit": (Updates, "commit"),
    "after-put": (DurableQueue, "put"),
    "after-answered": (Store, "answered"),
}
POINTS = (*BEFORE, *AFTER)
SEND_WINDOW = ("before-answered",)  # an answer is out and nobody has noted it


def dying(do: Callable[..., Awaitable[Any]], hit: int, *, is_after: bool) -> Callable[..., Awaitable[Any]]:
    """Return a function that does the same until its time has come."""
    left = hit

    async def done(*arguments: Any, **named: Any) -> Any:
        nonlocal left
        left -= 1
        if not left and not is_after:
            os.kill(os.getpid(), signal.SIGKILL)
        result = await do(*arguments, **named)
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return done


def plant(point: str, hit: int) -> None:
    """Let the process die at a point."""
    if point == "none":
        return
    home, name = (BEFORE | AFTER)[point]
    setattr(home, name, dying(getattr(home, name), hit, is_after=point in AFTER))


async def live(data: Path) -> None:
    """Answer until killed."""
    house = House(open_store(data), read_settings(dotenv=None))
    async with house.alive():
        await asyncio.Event().wait()


if __name__ == "__main__":
    budget.CHAT_SECONDS = 0.001
    plant(sys.argv[2], int(sys.argv[3]))
    asyncio.run(live(Path(sys.argv[1])))
