"""The flood limits: how often a bot may speak before it hears 429."""

from __future__ import annotations

import math
import time
from collections import deque
from dataclasses import dataclass, field

from tests.platforms.telegram.records import Chat
from tests.platforms.telegram.refusals import too_many


@dataclass(slots=True)
class Spoken:
    """When the bot spoke, on the clock of the limits."""

    times: deque[float] = field(default_factory=deque)
    silent_until: float = 0.0

    def within(self, seconds: float, now: float) -> list[float]:
        """Return what still counts."""
        while self.times and self.times[0] <= now - max(seconds, 60.0):
            self.times.popleft()
        return [at for at in self.times if at > now - seconds]


class Flood:
    """Limits as Telegram hints at them; the exact ones are nowhere specified.

    Args:
        speed: how much faster than Telegram's the clock of the limits runs, so that tests need not wait.
        burst: messages at once into one chat; one a second after that.
        group: messages a minute into one group.
        overall: messages a second into all chats together.
    """

    def __init__(self, *, speed: float = 20.0, burst: int = 4, group: int = 20, overall: int = 30) -> None:
        self._speed, self._burst, self._group, self._overall = speed, burst, group, overall
        self._chats: dict[int, Spoken] = {}
        self._all = Spoken()
        self.refused = 0

    def admit(self, chat: Chat, count: int = 1) -> None:
        """Count messages into a chat.

        Raises:
            Refused: it is too many; whoever asks again too early waits longer.
        """
        now = time.monotonic() * self._speed
        spoken = self._chats.setdefault(chat.id, Spoken())
        wait = max(spoken.silent_until - now, self._wait(spoken, chat, now))
        if wait > 0:
            self.refused += 1
            seconds = max(1, math.ceil(wait / self._speed))
            spoken.silent_until = max(spoken.silent_until, now + wait)
            raise too_many(seconds)
        for record in (spoken, self._all):
            record.times.extend([now] * count)

    def _wait(self, spoken: Spoken, chat: Chat, now: float) -> float:
        waits = [_until(spoken.within(float(self._burst), now), self._burst, float(self._burst), now)]
        if chat.is_group:
            waits.append(_until(spoken.within(60.0, now), self._group, 60.0, now))
        waits.append(_until(self._all.within(1.0, now), self._overall, 1.0, now))
        return max(waits)


def _until(times: list[float], most: int, seconds: float, now: float) -> float:
    """Return how long it takes until fewer than `most` lie within the last seconds."""
    return times[-most] + seconds - now if len(times) >= most else 0.0
