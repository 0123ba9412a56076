"""Proofs: seeded, resumable, written down with the commit that they hold for.

A proof is a test marked `proof` that asks for `record` and tells it each figure.  What a finished
proof told is kept under `.proof/<commit>/`, so an interrupted `make proof` goes on where it was.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

Record = Callable[[str, object, str], None]
KEPT = Path(".proof")
HEADER = """# Proof

What the promises rest on, in full counts.  Written by `make proof`; do not edit.

| proof | measured | promised |
|---|---|---|
"""


def commit() -> str:
    """Return the commit that is proven, marked where the tree differs from it but for the proof itself."""
    changes = _git("status", "--porcelain", "--", ".", ":!PROOF.md")
    return _git("rev-parse", "--short=12", "HEAD") + ("-changed" if changes else "")


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Pass over proofs that this commit has already finished."""
    done = {path.stem for path in (KEPT / commit()).glob("*.json")} if config.getoption("--proof") else set()
    kept = [item for item in items if item.name not in done]
    config.hook.pytest_deselected(items=[item for item in items if item.name in done])
    items[:] = kept


@pytest.fixture
def record(request: pytest.FixtureRequest) -> Iterator[Record]:
    """Return what a proof calls with a name, what was measured and what is promised."""
    rows: list[tuple[str, str, str]] = []

    def note(name: str, measured: object, promised: str) -> None:
        rows.append((name, str(measured), promised))

    yield note
    target = request.config.getoption("--proof")
    if target and not request.session.testsfailed:
        folder = KEPT / commit()
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{request.node.name}.json").write_text(json.dumps(rows), encoding="utf-8")
        write(Path(target), folder)


def write(target: Path, folder: Path) -> None:
    """Write every finished proof of this commit as one table."""
    rows = [row for path in sorted(folder.glob("*.json")) for row in json.loads(path.read_text("utf-8"))]
    table = "".join(f"| {' | '.join(row)} |\n" for row in rows)
    target.write_text(f"{HEADER}{table}\nCommit `{folder.name}`.\n", encoding="utf-8")
