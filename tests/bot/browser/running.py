"""A service in a process of its own, that a test may kill and start again where it was."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import time
from pathlib import Path

from bot.settings import Settings
from tests.bot.terminal import CHALKAK

SECONDS = 60.0  # for whatever is waited for; a slow machine may need them
ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)/\?key=(\S+)")


class Running:
    """`chalkak run` on a data folder in `folder`; the port of the first start stays the same."""

    def __init__(self, folder: Path, cache: Path, **settings: str) -> None:
        made = {str(field.alias) for field in Settings.model_fields.values()}
        environment = {name: value for name, value in os.environ.items() if name not in made}
        own = {"CHALKAK_CACHE": str(cache), "CHALKAK_DATA": str(folder / "data"), "DISK_RESERVE_MB": "64"}
        self._environment = environment | own | settings
        self._folder, self._log = folder, folder / "log"
        self._process: subprocess.Popen[bytes] | None = None
        self.port, self.key = 0, ""

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def address(self, chat: str) -> str:
        """Return the address that opens a chat in a browser that has never been here."""
        return f"{self.origin}/c/{chat}?key={self.key}"

    async def start(self) -> None:
        """Start, and wait until the address is told."""
        self._process = self._begin()
        deadline = time.monotonic() + SECONDS
        while (told := ADDRESS.search(self._log.read_text())) is None:
            assert self._process.poll() is None, self._log.read_text()
            assert time.monotonic() < deadline, self._log.read_text()
            await asyncio.sleep(0.05)
        self.port, self.key = int(told[1]), told[2]

    def _begin(self) -> subprocess.Popen[bytes]:
        with self._log.open("wb") as log:
            return subprocess.Popen(
                [CHALKAK, "run", "--no-open", "--port", str(self.port)],
                cwd=self._folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def kill(self) -> None:
        """End the process at once, as a power cut would."""
        assert self._process
        self._process.kill()
        assert self._process.wait(SECONDS) == -signal.SIGKILL

    def stop(self) -> None:
        """Let the process end by itself."""
        if self._process and self._process.poll() is None:
            self._process.terminate()
            assert self._process.wait(SECONDS) == 0, self._log.read_text()
