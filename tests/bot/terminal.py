"""The command line as a person meets it: a process of its own, in a folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from bot.settings import Settings
from models.weights import Weights

CHALKAK = Path(sys.executable).with_name("chalkak")
SECONDS = 120


@dataclass(frozen=True, slots=True)
class Ended:
    """What a command left behind: its exit code, and what it said where."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Terminal:
    """A shell in `folder`, in which no setting is made except the weights' folder and `settings`."""

    folder: Path
    cache: Path

    def chalkak(self, *arguments: str | Path | bytes, **settings: str) -> Ended:
        """Run a command to its end."""
        made = {str(field.alias) for field in Settings.model_fields.values()}
        environment = {name: value for name, value in os.environ.items() if name not in made}
        environment |= {"CHALKAK_CACHE": str(self.cache), "CHALKAK_DATA": str(self.folder / "data")}
        environment |= {"WEB_PORT": "0", "COLUMNS": "250", "NO_COLOR": "1", **settings}
        done = subprocess.run(
            [CHALKAK, *arguments],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=SECONDS,
            check=False,
        )
        return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())


def cache_of(weights: Weights) -> Path:
    """Return the setting under which the real weights are found."""
    place = weights.place(weights.registry.entry("bus"))
    assert place is not None
    return place.absolute().parents[2]


def linked_cache(weights: Weights, folder: Path) -> Path:
    """Return a cache of its own with links to the real weights, which a test may damage."""
    for entry in weights.registry.entries.values():
        place = weights.place(entry)
        assert place is not None
        link = folder / "weights" / entry.key / entry.name
        link.parent.mkdir(parents=True)
        link.symlink_to(place.absolute())
    return folder
