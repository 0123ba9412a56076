"""Whether the wall clock may be believed when it says that something is too old to keep.

A clock that jumps a year ahead must not erase everything.  After a jump nothing expires until the
service has run on for a day, restarts not counted; an operator who reads the warning has that
long to mend the clock.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

log = logging.getLogger(__name__)

JUMP_SECONDS = 3_600.0  # more than daylight saving or a correction over the network
AWAY_SECONDS = 7 * 86_400.0  # a service may be off this long without doubt
DOUBT_SECONDS = 86_400.0


@dataclass(frozen=True, slots=True)
class Jump:
    """The clock moved by `shift`: what was stamped between `since` and `until` bears the time before.

    All in milliseconds; `since` and `until` are of the clock as it went before.
    """

    since: int
    until: int
    shift: int


class Clock:
    """The wall clock beside the monotonic one.

    Args:
        seen_at: wall time in seconds at which the service was last alive, 0 if never.
        doubt_seconds: what an earlier run has left of its doubt.
        wall, monotonic: the two clocks, for tests.
    """

    def __init__(
        self,
        seen_at: float = 0.0,
        doubt_seconds: float = 0.0,
        *,
        wall: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wall, self._monotonic = wall, monotonic
        self._last = wall(), monotonic()
        self._since = wall()  # when this run began, by the clock as it goes now
        self._jumps: list[Jump] = []
        self._doubt_until = monotonic() + doubt_seconds
        away = self._last[0] - seen_at
        if seen_at and not -JUMP_SECONDS < away < AWAY_SECONDS:
            self._doubt(away)

    def now(self) -> int:
        """Return the wall time in milliseconds."""
        return _ms(self._wall())

    def doubt_seconds(self) -> float:
        """Return how long the clock is still in doubt."""
        return max(0.0, self._doubt_until - self._monotonic())

    def may_expire(self) -> bool:
        """Return whether things may be erased because of their age."""
        wall, monotonic = self._wall(), self._monotonic()
        until = self._last[0] + monotonic - self._last[1]
        self._last = wall, monotonic
        if abs(jump := wall - until) > JUMP_SECONDS:
            self._jumps.append(Jump(_ms(self._since), _ms(until), _ms(jump)))
            self._since += jump  # as what is stamped anew
            self._doubt(jump)
        return monotonic >= self._doubt_until

    def jumps(self) -> list[Jump]:
        """Return the jumps that were noticed since this was last asked."""
        found, self._jumps = self._jumps, []
        return found

    def _doubt(self, seconds: float) -> None:
        log.warning(
            "the clock moved days=%.1f: nothing expires for 24 hours; mend the clock if it is wrong",
            seconds / 86_400,
        )
        self._doubt_until = self._monotonic() + DOUBT_SECONDS


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
