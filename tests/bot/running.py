"""`chalkak run` in a process of its own, for the commands that go through it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.settings import Settings
from tests.bot.terminal import CHALKAK, Terminal

SECONDS = 60


@dataclass(frozen=True, slots=True)
class Running:
    """A service that runs, and what it says."""

    process: subprocess.Popen[bytes]
    data: Path
    address: str

    def end(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and return the exit code."""
        self.process.send_signal(number)
        return self.process.wait(SECONDS)

    def rest(self) -> tuple[str, str]:
        """Return what it said on stdout since it was up, and on stderr."""
        out, err = self.process.communicate(timeout=SECONDS)
        return out.decode(), err.decode()


def start(terminal: Terminal, *arguments: str, **settings: str) -> subprocess.Popen[bytes]:
    """Start a command and leave it running."""
    made = {str(field.alias) for field in Settings.model_fields.values()}
    environment = {name: value for name, value in os.environ.items() if name not in made}
    environment |= {"CHALKAK_CACHE": str(terminal.cache), "WEB_PORT": "0", "NO_COLOR": "1", **settings}
    return subprocess.Popen(
        [CHALKAK, *arguments],
        cwd=terminal.folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@contextlib.contextmanager
def running(terminal: Terminal, data: Path, **settings: str) -> Iterator[Running]:
    """Run a service on a data folder until the block ends."""
    with start(terminal, "run", "--data", str(data), **settings) as process:
        try:
            assert process.stdout
            line = process.stdout.readline().decode()
            assert "http://127.0.0.1:" in line, (line, process.stderr and process.stderr.read())
            yield Running(process, data, line[line.index("http") :].strip())
        finally:
            if process.poll() is None:
                process.terminate()
                process.communicate(timeout=SECONDS)


def port_of(data: Path) -> int:
    """Return the port of the service that runs on a folder."""
    ends = time.monotonic() + SECONDS
    while True:
        with contextlib.suppress(OSError, ValueError):
            return int(json.loads((data / "service.json").read_text("utf-8"))["port"])
        assert time.monotonic() < ends, "no service came up"
        time.sleep(0.05)
