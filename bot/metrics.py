"""Figures for Prometheus: read from the parts when asked, counted nowhere twice.  No people, no chats."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST

Figures = Callable[[], dict[str, tuple[str, str, float]]]  # name → kind, help, value

TICK_SECONDS = 0.02
REMEMBERED = 3_000  # ticks: the last minute


class Lag:
    """How late the event loop comes to what is due, over the last minute."""

    def __init__(self) -> None:
        self._late: deque[float] = deque(maxlen=REMEMBERED)

    async def watch(self) -> None:
        """Measure until cancelled."""
        while True:
            started = time.perf_counter()
            await asyncio.sleep(TICK_SECONDS)
            self._late.append(max(0.0, time.perf_counter() - started - TICK_SECONDS))

    def p99(self) -> float:
        """Return the lag in seconds that one tick in a hundred exceeds."""
        late = sorted(self._late)
        return late[int(len(late) * 0.99)] if late else 0.0


class Metrics:
    """Turns a function that knows the figures into the text that Prometheus reads."""

    def __init__(self, figures: Figures) -> None:
        self._figures = figures
        self._registry = CollectorRegistry()
        self._registry.register(self)

    def collect(self) -> Iterator[Metric]:
        """Yield each figure as a metric; called by the registry."""
        for name, (kind, text, value) in self._figures().items():
            family = CounterMetricFamily if kind == "counter" else GaugeMetricFamily
            yield family(f"chalkak_{name}", text, value=value)

    def text(self) -> tuple[bytes, str]:
        """Return the text and its content type."""
        return generate_latest(self._registry), CONTENT_TYPE_LATEST
