"""One data folder and the services that live and die on it, one after the other."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bot.settings import Settings

ROOT = Path(__file__).resolve().parents[3]
SECONDS = 120.0  # for anything that must happen at all
ORPHAN_SECONDS = 15.0  # a decoder ends itself after 7
STOP_SECONDS = 10.0  # promised for a graceful stop
POLL_SECONDS = 0.01
KILLED = -signal.SIGKILL


async def until(is_so: Callable[[], bool], what: str, seconds: float = SECONDS) -> None:
    """Wait for something.

    Raises:
        TimeoutError: it did not happen.
    """
    deadline = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds} s: {what}")
        await asyncio.sleep(POLL_SECONDS)


class Service:
    """`chalkak run` on a folder of its own, started and killed as often as a test likes."""

    def __init__(self, home: Path, cache: Path) -> None:
        self.data, self.log = home / "data", home / "log"
        self.database, self.backups = self.data / "chalkak.db", home / "data-backups"
        self._cache, self._home = cache, home
        self._process: subprocess.Popen[bytes] | None = None
        self._lives: list[int] = []
        self.kills = 0

    def start(self, *launch: str, **settings: str) -> None:
        """Begin a life; `launch` are arguments of the launcher."""
        assert not self.is_alive
        made = {str(field.alias) for field in Settings.model_fields.values()}
        environment = {name: value for name, value in os.environ.items() if name not in made}
        environment |= {
            "CHALKAK_CACHE": str(self._cache),
            "CHALKAK_DATA": str(self.data),
            "DEFAULT_LANGUAGE": "en",
            "DISK_RESERVE_MB": "64",
            "LOG_LEVEL": "INFO",
            "PART_SECONDS": "120",
            "PYTHONPATH": str(ROOT),
            "WAITING_PHOTOS": "1000",
            "WEB_PORT": "0",
            **settings,
        }
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.bot.crash.launcher", *launch],
                cwd=self._home,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # so that what it leaves behind can be found
            )
        self._lives.append(self._process.pid)

    @property
    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def address(self) -> str | None:
        """Return where the living service listens, None while it does not."""
        if not self.is_alive or self._process is None:
            return None
        try:
            told = json.loads((self.data / "service.json").read_text("utf-8"))
        except FileNotFoundError:
            return None
        return f"http://127.0.0.1:{told['port']}" if told["pid"] == self._process.pid else None

    @property
    def key(self) -> str:
        return (self.data / "key").read_text("ascii").strip()

    async def listening(self) -> str:
        """Return the address of this life once there is one."""
        await until(lambda: not self.is_alive or self.address is not None, "the service listens")
        assert self.address, f"the service ended by itself:\n{self.tail()}"
        return self.address

    def signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    async def died(self) -> None:
        """Wait until the fault has killed the service; anything else than SIGKILL is a failure."""
        assert self._process is not None
        process = self._process
        await until(lambda: process.poll() is not None, f"the fault kills the service:\n{self.tail()}")
        assert process.returncode == KILLED, f"ended with {process.returncode}:\n{self.tail()}"
        self.kills += 1

    async def kill(self) -> None:
        """Kill the service from outside, its main process only."""
        self.signal(signal.SIGKILL)
        await self.died()

    async def stop(self) -> float:
        """End the service politely and return how many seconds that took."""
        assert self._process is not None
        process, started = self._process, time.monotonic()
        self.signal(signal.SIGTERM)
        await until(lambda: process.poll() is not None, f"SIGTERM ends the service:\n{self.tail()}")
        assert process.returncode == 0, f"ended with {process.returncode}:\n{self.tail()}"
        return time.monotonic() - started

    async def alone(self) -> None:
        """Wait until nothing that any ended life has started is left."""
        ended = set(self._lives) - ({self._lives[-1]} if self.is_alive else set())
        await until(lambda: not _members(ended), "no decoder outlives its service", ORPHAN_SECONDS)

    def tail(self) -> str:
        """Return the last lines of the log."""
        return "\n".join(self.log.read_text("utf-8", "replace").splitlines()[-25:])

    def close(self) -> None:
        """End whatever is left, whatever happened."""
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        for pid in _members(set(self._lives)):
            os.kill(pid, signal.SIGKILL)


def _members(sessions: set[int]) -> list[int]:
    """Return the processes of some sessions that still run."""
    return [int(path.parent.name) for path in Path("/proc").glob("[0-9]*/stat") if _session(path) in sessions]


def _session(stat: Path) -> int:
    try:
        fields = stat.read_text("utf-8", "replace").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return 0 if fields[0] == "Z" else int(fields[3])
