"""The moments at which a service kills itself: each patches one seam of the product."""

from __future__ import annotations

import functools
import os
import signal
import threading
import time
from collections.abc import Awaitable, Callable
from typing import Any, NoReturn

import sqlite_utils

from bot.adapters.web.server import WebChat
from inference.batcher import Batcher
from inference.decode.pool import Worker
from storage import backups, erasure, schema
from storage.store import Store

WARM = (640, 640)  # the blank picture with which models are warmed
MODEL_SECONDS = 0.005  # into the work of a model
EVER = 60.0


class Spot:
    """A place in the program that is survived all times but one.

    Args:
        at: the how manieth hit kills.
        is_armed: False where hits count only after `arm`.
    """

    def __init__(self, at: int, *, is_armed: bool = True) -> None:
        self._left, self._is_armed = at, is_armed
        self._lock = threading.Lock()

    def arm(self) -> None:
        """Count hits from now on."""
        self._is_armed = True

    def is_due(self) -> bool:
        with self._lock:
            self._left -= self._is_armed
            return self._left == 0 and self._is_armed

    def passed(self) -> None:
        if self.is_due():
            die()


def die() -> NoReturn:
    """End this process as `kill -9` does."""
    os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(EVER)
    raise AssertionError("outlived SIGKILL")


def before(owner: Any, name: str, spot: Spot) -> None:
    original = getattr(owner, name)

    @functools.wraps(original)
    def patched(*arguments: Any, **options: Any) -> Any:
        spot.passed()
        return original(*arguments, **options)

    setattr(owner, name, patched)


def always(value: Any) -> bool:
    return True


def after(owner: Any, name: str, spot: Spot, counts: Callable[[Any], bool] = always) -> None:
    """Die after an awaited call, if what it returned counts."""
    original: Callable[..., Awaitable[Any]] = getattr(owner, name)

    @functools.wraps(original)
    async def patched(*arguments: Any, **options: Any) -> Any:
        value = await original(*arguments, **options)
        if counts(value):
            spot.passed()
        return value

    setattr(owner, name, patched)


def while_decoding(spot: Spot, *, is_clean: bool) -> None:
    """Die when a decoder has its picture and has not answered yet."""
    original = Worker._ask

    def ask(self: Worker, data: bytes, *, is_clean: bool) -> bytes:
        if is_clean is wanted and spot.is_due():
            self._read_line = lambda seconds: die()  # type: ignore[method-assign]  # for this one picture
        return original(self, data, is_clean=is_clean)

    wanted = is_clean
    Worker._ask = ask  # type: ignore[method-assign]


def while_looking(spot: Spot) -> None:
    """Die while a model has a photo in work."""

    def look(batch: list[Any]) -> None:
        if spot.is_due():
            threading.Timer(MODEL_SECONDS, die).start()

    before_model(look)


def at_poison(size: tuple[int, int]) -> None:
    """Die whenever a model gets a picture of this size."""

    def look(batch: list[Any]) -> None:
        if any(item.size == size for item in batch):
            die()

    before_model(look)


def hang_at(size: tuple[int, int]) -> None:
    """Let a model never come back from a picture of this size."""

    def look(batch: list[Any]) -> None:
        if any(item.size == size for item in batch):
            print("a model hangs now", flush=True)
            time.sleep(EVER)

    before_model(look)


def before_model(look: Callable[[list[Any]], None]) -> None:
    original = Batcher._call

    def call(self: Batcher[Any, Any], items: list[Any]) -> list[Any]:
        if any(item.size != WARM for item in items):
            look(items)
        return original(self, items)

    Batcher._call = call  # type: ignore[method-assign]


def while_backing_up(spot: Spot) -> None:
    """Die when the copy is whole but has not got its name yet."""
    original = backups._flush

    def flush(path: Any) -> None:
        if path.name.endswith(".part"):
            spot.passed()
        original(path)

    backups._flush = flush


def while_migrating(spot: Spot) -> None:
    """Know a second migration; die after its first and after its second statement."""

    @schema.migrations()
    def m999_trial(database: sqlite_utils.Database) -> None:
        database.execute("ALTER TABLE photo ADD COLUMN trial TEXT")
        spot.passed()
        database.execute("UPDATE photo SET trial = code")
        spot.passed()


POINTS: dict[str, Callable[[Spot], None]] = {
    "accept": lambda spot: after(Store, "accept", spot),
    "decode": lambda spot: while_decoding(spot, is_clean=False),
    "ready": lambda spot: after(Store, "take", spot, bool),  # it takes up nothing most of the time
    "reopen": lambda spot: while_decoding(spot, is_clean=True),
    "engine": while_looking,
    "save": lambda spot: after(Store, "save", spot),
    "before-send": lambda spot: before(WebChat, "send", spot),
    "after-send": lambda spot: after(WebChat, "send", spot),
    "answered": lambda spot: after(Store, "answered", spot),
    "erase": lambda spot: before(erasure, "_drop_unused", spot),
    "erased": lambda spot: before(backups, "note_deleted", spot),
    "backup": while_backing_up,
    "migration": while_migrating,
}
