"""Python in a process of its own, that can be killed in the middle of something."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 120
PRELUDE = """
import asyncio, contextlib, os, shutil, signal, sys
from pathlib import Path
from models.errors import *
from storage import backups, opening, schema
from storage.folder import Folder
from storage.store import Store
from tests.storage.makers import *

def say(*words):
    print(*words, flush=True)

def die():
    os.kill(os.getpid(), signal.SIGKILL)

PATH = Path(sys.argv[1])
"""


def _command(script: str, *arguments: object) -> list[str]:
    text = PRELUDE + textwrap.dedent(script)
    return [sys.executable, "-c", text, *map(str, arguments)]


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def ran(script: str, *arguments: object, before: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    """Run a script to its end, which may be a violent one; `PATH` is the first argument."""
    return subprocess.run(
        [*before, *_command(script, *arguments)],
        cwd=ROOT,
        env=_environment(),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


@contextmanager
def running(script: str, *arguments: object) -> Iterator[subprocess.Popen[str]]:
    """Run a script beside the test; it is killed at the end of the block."""
    process = subprocess.Popen(
        _command(script, *arguments),
        cwd=ROOT,
        env=_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            assert pipe is not None
            pipe.close()


def line_of(process: subprocess.Popen[str]) -> str:
    """Return the next line that a script says."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


def was_killed(process: subprocess.CompletedProcess[str]) -> bool:
    """Return whether a script died by its own `die()`."""
    assert process.returncode in {0, -9}, process.stderr
    return process.returncode == -9
