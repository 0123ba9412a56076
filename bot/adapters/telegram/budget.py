"""How often we may speak: Telegram's flood limits, kept by ourselves so that it never has to say 429.

The exact limits are nowhere specified.  These are what Telegram's own FAQ for bots hints at.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

CHAT_SECONDS = 1.0  # between two messages into one chat, in the long run
CHAT_BURST = 3  # of which so many may come at once
SLACK = 1.03  # messages do not arrive as evenly as they leave
MINUTE = 60.0
OVERALL = 30  # messages a second into all chats together
MANY = 10_000  # chats, after which those that are at rest are forgotten


class Window:
    """At most so many messages within any so many seconds."""

    def __init__(self, most: int, seconds: float) -> None:
        self._most, self._seconds = most, seconds * SLACK
        self._times: deque[float] = deque()

    def wait(self, count: int, now: float) -> float:
        """Return how long it takes until there is room; more than `most` needs an empty window."""
        while self._times and self._times[0] <= now - self._seconds:
            self._times.popleft()
        excess = len(self._times) + min(count, self._most) - self._most
        return self._times[excess - 1] + self._seconds - now if excess > 0 else 0.0

    def note(self, count: int, now: float) -> None:
        """Count messages that go out now."""
        self._times.extend([now] * count)

    def is_at_rest(self, now: float) -> bool:
        """Return whether nothing that was sent still counts."""
        return not self._times or self._times[-1] <= now - self._seconds


class Pace:
    """One message every so often, a few at once after a rest; an album is paid off afterwards."""

    def __init__(self) -> None:
        self._paid_at = float("-inf")  # when everything that was sent is paid off

    def wait(self, count: int, now: float) -> float:
        """Return how long it takes until so many may go out."""
        ahead = (CHAT_BURST - min(count, CHAT_BURST)) * CHAT_SECONDS
        return max(0.0, self._paid_at - ahead - now)

    def note(self, count: int, now: float) -> None:
        """Count messages that go out now."""
        self._paid_at = max(self._paid_at, now) + count * CHAT_SECONDS

    def is_at_rest(self, now: float) -> bool:
        """Return whether everything is paid off."""
        return self._paid_at <= now


class Budget:
    """What may still be said, by chat.

    Args:
        group_per_minute: messages into one group.
        clock: seconds that never jump.
    """

    def __init__(self, group_per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._group_per_minute, self._clock = group_per_minute, clock
        self._overall = Window(OVERALL, 1.0)
        self._chats: dict[str, tuple[Pace | Window, ...]] = {}
        self._silent_until: dict[str, float] = {}

    def spend(self, chat: str, count: int = 1) -> float:
        """Take messages out of the budget of a chat; an album counts its pictures.

        Returns 0, or the seconds after which there is enough; then nothing was taken.
        """
        now = self._clock()
        limits = (*self._limits(chat, now), self._overall)
        silent = self._silent_until.get(chat, now) - now
        wait = max(silent, *(limit.wait(count, now) for limit in limits))
        if wait > 0:
            return wait
        for limit in limits:
            limit.note(count, now)
        return 0.0

    def silence(self, chat: str, seconds: float) -> None:
        """Say nothing in a chat for a while, since Telegram asked for that; others go on."""
        self._silent_until[chat] = self._clock() + seconds

    def _limits(self, chat: str, now: float) -> tuple[Pace | Window, ...]:
        if chat not in self._chats:
            if len(self._chats) >= MANY:
                self._forget(now)
            few = CHAT_BURST + 1
            limits: tuple[Pace | Window, ...] = (Pace(), Window(few, few * CHAT_SECONDS))
            if chat.startswith("-"):  # ids of people are positive
                limits = (*limits, Window(self._group_per_minute, MINUTE))
            self._chats[chat] = limits
        return self._chats[chat]

    def _forget(self, now: float) -> None:
        """Forget the chats in which nothing counts any more."""
        at_rest = [chat for chat, limits in self._chats.items() if all(one.is_at_rest(now) for one in limits)]
        for chat in at_rest:
            del self._chats[chat]
        self._silent_until = {chat: until for chat, until in self._silent_until.items() if until > now}
