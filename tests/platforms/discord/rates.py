"""How often the bot may ask: buckets of each route, one for all, and a count of what was refused."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass

from tests.platforms.discord.asking import Endpoint, Rate
from tests.platforms.discord.things import Json

MAJOR = ("channel", "guild", "webhook", "token")


@dataclass(slots=True)
class Window:
    """A bucket: what is left of it until when."""

    rate: Rate
    left: int = 0
    until: float = 0.0

    def take(self) -> bool:
        """Take one from the bucket, which is filled anew when its time is over."""
        now = time.monotonic()
        if now >= self.until:
            self.left, self.until = self.rate.limit, now + self.rate.seconds
        self.left -= 1
        return self.left >= 0

    @property
    def wait(self) -> float:
        """Return the seconds until it is filled anew."""
        return max(0.0, self.until - time.monotonic())


class Rates:
    """The buckets of one bot.

    Args:
        per_route: False for buckets that are never empty.
        per_second: how many requests altogether, 0 for as many as there are.
    """

    def __init__(self, *, per_route: bool, per_second: int) -> None:
        self._per_route = per_route
        self._all = Window(Rate(per_second, 1.0)) if per_second else None
        self._windows: dict[str, Window] = {}

    def window(self, endpoint: Endpoint, names: dict[str, str]) -> tuple[str, Window]:
        """Return the bucket of a request and its name."""
        bucket = hashlib.md5(f"{endpoint.method} {endpoint.pattern}".encode()).hexdigest()
        major = [names[name] for name in MAJOR if name in names]
        rate = endpoint.rate if self._per_route else Rate(10_000, 1.0)
        return bucket, self._windows.setdefault("+".join([bucket, *major]), Window(rate))

    def is_too_much(self, endpoint: Endpoint) -> float:
        """Return for how long nothing is answered any more, 0 where everything is well."""
        if self._all is None or not endpoint.is_limited or self._all.take():
            return 0.0
        return self._all.wait


def headers(bucket: str, window: Window) -> dict[str, str]:
    """Return what a response tells of its bucket."""
    return {
        "X-RateLimit-Limit": str(window.rate.limit),
        "X-RateLimit-Remaining": str(max(0, window.left)),
        "X-RateLimit-Reset": f"{time.time() + window.wait:.3f}",
        "X-RateLimit-Reset-After": f"{window.wait:.3f}",
        "X-RateLimit-Bucket": bucket,
    }


def refusal(seconds: float, *, is_global: bool, scope: str) -> tuple[Json, dict[str, str]]:
    """Return body and headers of a 429."""
    body = {"message": "You are being rate limited.", "retry_after": round(seconds, 3), "global": is_global}
    told = {"Retry-After": str(max(1, round(seconds + 0.5))), "X-RateLimit-Scope": scope}
    if is_global:
        told["X-RateLimit-Global"] = "true"
    return body, told
