"""Warm decoding workers for the service: one picture each, killed on a limit, recycled.

A worker that hangs, crashes or eats memory costs its own picture and nothing else; the next
picture finds a fresh process.
"""

from __future__ import annotations

import asyncio
import json
import mmap
import os
import select
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from queue import SimpleQueue
from types import TracebackType
from typing import Any, Self

from PIL import Image

from inference.decode.policy import MAX_BYTES
from inference.decode.worker import SHARED_BYTES
from models.errors import BAD_PHOTOS, BadPhoto, DecodeCrash, DecodeTimeout, TooManyBytes

WALL_SECONDS = 5.0  # per picture, then SIGKILL
START_SECONDS = 30.0  # a cold disk may take its time
RECYCLE_AFTER = 500  # pictures; leaks of codecs end here

# The allocator keeps freed pages: a photo needs as much memory as the last one.
ENVIRONMENT = {"MALLOC_MMAP_THRESHOLD_": "67108864", "MALLOC_TRIM_THRESHOLD_": "268435456"}

COMMAND = (sys.executable, "-I", "-m", "inference.decode.worker")


@dataclass(frozen=True, slots=True)
class CleanPhoto:
    """A decoded photo: everything downstream works on this and never on the file.

    `image` is RGB, upright, at most 2048 pixels long, and must not be changed by anybody;
    `jpeg` is the same without metadata; `original` the upright size before scaling;
    `seconds` the wall time of decoding.
    """

    image: Image.Image
    jpeg: bytes
    original: tuple[int, int]
    is_partial: bool
    seconds: float


class Worker:
    """One decoding process and the memory it shares with us.  Used by one thread at a time."""

    def __init__(self, command: Sequence[str] = COMMAND) -> None:
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self._fd = os.memfd_create("chalkak-decode", os.MFD_CLOEXEC)
        os.ftruncate(self._fd, SHARED_BYTES)
        self._shared = mmap.mmap(self._fd, SHARED_BYTES)
        self._served = 0

    def start(self) -> None:
        """Start the process unless it runs, and wait until it is warm.

        Raises:
            DecodeCrash: it does not come up.
        """
        if self._process is not None:
            return
        self._process = subprocess.Popen(  # noqa: S603 - our own command, no shell
            [*self._command, str(self._fd)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=(self._fd,),
            env=ENVIRONMENT,  # no secrets in reach of a decoder
        )
        self._served = 0
        self._read_line(START_SECONDS)

    def decode(self, data: bytes) -> CleanPhoto:
        """Decode one file.

        Raises:
            BadPhoto: one of its kinds; the process is replaced where it misbehaved.
        """
        if len(data) > MAX_BYTES:
            raise TooManyBytes(
                f"{len(data)} bytes, the limit is {MAX_BYTES}", megabytes=MAX_BYTES // 1_000_000
            )
        started = time.perf_counter()
        self.start()
        reply = self._ask(data)
        self._served += 1
        photo = self._read(reply, started) if "error" not in reply else None
        if self._served >= RECYCLE_AFTER:
            self.stop()
        if photo is None:
            kind = BAD_PHOTOS.get(str(reply["error"]), BadPhoto)
            raise kind(str(reply["message"]), **reply["data"])
        return photo

    @property
    def pid(self) -> int:
        """Return the id of the running process, 0 where none runs."""
        return self._process.pid if self._process else 0

    def stop(self) -> None:
        """Kill the process; the next picture starts another."""
        if self._process is None:
            return
        process, self._process = self._process, None
        process.kill()
        process.communicate()  # reaps it and closes both pipes

    def close(self) -> None:
        """Kill the process and give the memory back."""
        self.stop()
        self._shared.close()
        os.close(self._fd)

    def _ask(self, data: bytes) -> dict[str, Any]:
        assert self._process is not None
        assert self._process.stdin is not None
        self._shared[: len(data)] = data
        try:
            self._process.stdin.write(json.dumps({"bytes": len(data)}).encode() + b"\n")
            self._process.stdin.flush()
        except BrokenPipeError as error:
            self.stop()
            raise DecodeCrash("the decoder was gone before the picture came") from error
        return self._read_line(WALL_SECONDS)

    def _read_line(self, seconds: float) -> dict[str, Any]:
        assert self._process is not None
        assert self._process.stdout is not None
        poll = select.poll()
        poll.register(self._process.stdout, select.POLLIN)
        if not poll.poll(seconds * 1000):
            self.stop()
            raise DecodeTimeout(f"no picture after {seconds} s of decoding", seconds=int(seconds))
        line = self._process.stdout.readline()
        if not line.endswith(b"\n"):
            code = self._process.wait()
            self.stop()
            raise DecodeCrash(f"the decoder ended with code {code}")
        reply: dict[str, Any] = json.loads(line)
        return reply

    def _read(self, reply: dict[str, Any], started: float) -> CleanPhoto:
        size = (int(reply["width"]), int(reply["height"]))
        pixels = size[0] * size[1] * 3
        with memoryview(self._shared) as view:
            image = Image.frombytes("RGB", size, view[:pixels])
            jpeg = bytes(view[pixels : pixels + int(reply["jpeg"])])
        width, height = reply["original"]
        seconds = time.perf_counter() - started
        return CleanPhoto(image, jpeg, (width, height), bool(reply["partial"]), seconds)


class DecodePool:
    """A few warm workers behind one coroutine.

    Args:
        workers: how many processes; 1 or 2, a decoder saturates a core.
        command: what a worker runs; tests plant hostile ones.
    """

    def __init__(self, workers: int = 2, command: Sequence[str] = COMMAND) -> None:
        self._all = [Worker(command) for _ in range(workers)]
        self._idle: SimpleQueue[Worker] = SimpleQueue()
        for worker in self._all:
            self._idle.put(worker)
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="decode")

    async def decode(self, data: bytes) -> CleanPhoto:
        """Decode one file in a worker.

        Raises:
            BadPhoto: one of its kinds.
        """
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._decode, data)

    def _decode(self, data: bytes) -> CleanPhoto:
        worker = self._idle.get()  # as many threads as workers, so this never waits
        try:
            return worker.decode(data)
        finally:
            self._idle.put(worker)

    async def warm(self) -> None:
        """Start every worker now, so that the first photo need not wait for it."""
        loop = asyncio.get_running_loop()
        starts = (loop.run_in_executor(self._threads, worker.start) for worker in self._all)
        await asyncio.gather(*starts)

    def pids(self) -> list[int]:
        """Return the process ids of the running workers, for measuring."""
        return [worker.pid for worker in self._all if worker.pid]

    def close(self) -> None:
        """Stop every worker."""
        self._threads.shutdown(wait=True, cancel_futures=True)
        for worker in self._all:
            worker.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
