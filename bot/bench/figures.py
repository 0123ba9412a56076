"""What one way of doing the job cost: latencies, processor time, memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np


@dataclass(slots=True)
class Figures:
    """Measurements of one way, added up over rounds.

    `latencies` are seconds per photo as its poster feels them, `wall` and `cpu` seconds of whole
    rounds (all threads and worker processes), `megabytes` the most memory its processes held.
    """

    name: str
    latencies: list[float] = field(default_factory=list)
    wall: float = 0.0
    cpu: float = 0.0
    megabytes: float = 0.0

    def add(self, other: Figures) -> None:
        """Add one more round."""
        self.latencies += other.latencies
        self.wall += other.wall
        self.cpu += other.cpu
        self.megabytes = max(self.megabytes, other.megabytes)

    @property
    def rate(self) -> float:
        """Return photos per second."""
        return len(self.latencies) / self.wall

    @property
    def cpu_each(self) -> float:
        """Return processor seconds per photo."""
        return self.cpu / len(self.latencies)

    def percentile(self, percent: float) -> float:
        """Return a percentile of the latencies in seconds."""
        return float(np.percentile(self.latencies, percent))


def peak_megabytes(pid: int | str = "self") -> float:
    """Return the most memory a process has held, in MB."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1000
    return 0.0
