"""What goes wrong between a bot and a platform, on demand or by chance, and what was asked."""

from __future__ import annotations

import random
import re
import time
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal[
    "429",  # refused, come again after `seconds`
    "500",  # refused, nothing happened
    "502",
    "reset",  # the connection breaks before anything happened
    "lost",  # it took effect, but the connection breaks before the answer
    "delay",  # it takes effect after `seconds`
    "twice",  # of an event: it is delivered two times
    "swap",  # of an event: it is delivered after the one that follows it
    "never",  # of an event: it is not delivered
]


@dataclass(slots=True)
class Fault:
    """One way of failing: for the next `times` requests that match, or by chance for a share of all."""

    kind: Kind
    where: re.Pattern[str]
    times: int = 1
    share: float = 0.0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came: fields of the body, names and bytes of files, and how it was answered."""

    method: str
    path: str
    fields: dict[str, Any]
    files: dict[str, bytes]
    status: int  # 0 where the connection was broken
    at: float = field(default_factory=time.monotonic)


class Faults:
    """The faults that a stand-in has still to commit.

    Args:
        seed: of those that come by chance.
    """

    def __init__(self, seed: int = 1) -> None:
        self._random = random.Random(seed)  # chance, no secret
        self._planned: list[Fault] = []

    def plan(self, kind: Kind, where: str = "", *, times: int = 1, seconds: float = 0.0) -> None:
        """Let the next requests fail whose "METHOD path" matches a pattern."""
        self._planned.append(Fault(kind, re.compile(where), times=times, seconds=seconds))

    def by_chance(self, kind: Kind, share: float, where: str = "", *, seconds: float = 0.0) -> None:
        """Let a share of the requests fail for as long as the stand-in stands."""
        self._planned.append(Fault(kind, re.compile(where), share=share, seconds=seconds))

    def clear(self) -> None:
        """Let everything go well from now on."""
        self._planned.clear()

    def next(self, asked: str) -> Fault | None:
        """Return how a request ("METHOD path") is to fail, None where it is not."""
        for fault in self._planned:
            if not fault.where.search(asked):
                continue
            if fault.share:
                if self._random.random() < fault.share:
                    return fault
            elif fault.times:
                fault.times -= 1
                return fault
        return None
