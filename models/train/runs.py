"""The folder of a training run: what it takes to repeat it, and to go on after a kill.

config.json      recipe, command, git commit, data with its sha256, versions
metrics.jsonl    one line an epoch
last.pt          to resume from; replaced whole after each epoch
best.pt          the weights of the best epoch so far, which are what ships
curves.png       loss and accuracy by epoch
result.json      score, temperature, confusion, when it has ended
"""

from __future__ import annotations

import json
import platform
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch

from models.datasets.faces import BadData

ROOT = Path(__file__).resolve().parents[2]


class Run:
    """One run in its folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def begin(cls, runs: Path, name: str, config: dict[str, Any]) -> Run:
        """Make the folder `<time>-<name>` of a new run."""
        stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
        folder = runs / f"{stamp}-{name}"
        folder.mkdir(parents=True)
        run = cls(folder)
        run.write("config.json", {"begun": stamp, **config, **_circumstances()})
        return run

    @classmethod
    def resume(cls, folder: Path) -> Run:
        """Open the folder of a run that was begun.

        Raises:
            BadData: there is none.
        """
        if not (folder / "config.json").is_file():
            raise BadData(f"{folder} is no run: it has no config.json")
        return cls(folder)

    def read(self, name: str) -> Any:  # noqa: ANN401 - any JSON
        """Return one of the JSON files.

        Raises:
            BadData: it is not readable.
        """
        try:
            return json.loads((self.folder / name).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise BadData(f"{self.folder / name} cannot be read: {error}") from error

    def write(self, name: str, document: Any) -> None:  # noqa: ANN401 - any JSON
        """Write one of the JSON files, all at once."""
        part = self.folder / f"{name}.part"
        part.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        part.replace(self.folder / name)

    def metrics(self) -> Iterator[dict[str, Any]]:
        """Yield the figures of each epoch so far."""
        path = self.folder / "metrics.jsonl"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        yield from (json.loads(line) for line in lines)

    def note(self, epoch: int, figures: dict[str, Any]) -> None:
        """Add the figures of an epoch; what an earlier try wrote of it or later is dropped."""
        rows = [row for row in self.metrics() if row["epoch"] < epoch] + [{"epoch": epoch, **figures}]
        part = self.folder / "metrics.jsonl.part"
        part.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        part.replace(self.folder / "metrics.jsonl")

    def save(self, name: str, state: dict[str, Any]) -> None:
        """Write a checkpoint, all at once: a kill leaves the one before."""
        part = self.folder / f"{name}.part"
        torch.save(state, part)
        part.replace(self.folder / name)

    def load(self, name: str) -> dict[str, Any] | None:
        """Return a checkpoint, tensors and plain values only, or None where there is none yet."""
        path = self.folder / name
        if not path.exists():
            return None
        state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
        return state


def _circumstances() -> dict[str, Any]:
    return {
        "commit": git("rev-parse", "HEAD"),
        "changed": git("status", "--porcelain", "--untracked-files=no").splitlines(),
        "python": platform.python_version(),
        "torch": torch.__version__,
        "machine": platform.machine(),
        "gpu": torch.cuda.get_device_name() if torch.cuda.is_available() else "",
        "threads": torch.get_num_threads(),
    }


def git(*arguments: str) -> str:
    """Return what git says of this checkout, nothing where it is none."""
    try:
        done = subprocess.run(  # noqa: S603 - our own arguments, no shell
            ["git", *arguments],  # noqa: S607 - whichever git there is
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
