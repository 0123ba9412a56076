"""Ids that tell the time, as Discord makes them."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

EPOCH = 1_420_070_400_000  # the first millisecond of 2015, from which ids count


class Snowflakes:
    """Makes ids that are never given twice and sort by the moment they stand for."""

    def __init__(self) -> None:
        self._count = itertools.count(1)

    def next(self, at: datetime | None = None) -> int:
        """Return a new id for a moment, for now without one."""
        milliseconds = int((at or datetime.now(UTC)).timestamp() * 1000) - EPOCH
        return milliseconds << 22 | next(self._count) % (1 << 22)


def moment(snowflake: int) -> datetime:
    """Return the moment that an id stands for."""
    return datetime.fromtimestamp(((snowflake >> 22) + EPOCH) / 1000, UTC)


def stamp(at: datetime) -> str:
    """Return a moment as Discord writes it."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("Z", "+00:00")
