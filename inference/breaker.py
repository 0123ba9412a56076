"""A circuit breaker: a part that keeps failing is left alone for a while."""

from __future__ import annotations

import time
from collections.abc import Callable

FAILURES = 3  # in a row
REST_SECONDS = 60.0


class Breaker:
    """Counts failures in a row; after three the part rests a minute, then gets one try a minute.

    Args:
        clock: monotonic seconds; tests pass their own.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures = 0
        self._rests_until = 0.0

    def allows(self) -> bool:
        """Return whether the part may be tried now; of a resting part, only one caller may."""
        if self._failures < FAILURES:
            return True
        if self._clock() < self._rests_until:
            return False
        self._rests_until = self._clock() + REST_SECONDS
        return True

    def succeeded(self) -> None:
        """Note that the part works."""
        self._failures = 0

    def failed(self) -> None:
        """Note that the part failed once more."""
        self._failures += 1
        self._rests_until = self._clock() + REST_SECONDS
