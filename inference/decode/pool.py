"""Warm decoding workers for the service: one picture each, killed on a limit, recycled.

A worker that hangs, crashes or eats memory costs its own picture and nothing else; the next
picture finds a fresh process.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import json
import mmap
import os
import select
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from queue import SimpleQueue
from types import TracebackType
from typing import Any, Self

from PIL import Image

from inference.decode.policy import LONG_SIDE, check_bytes
from inference.decode.worker import SHARED_BYTES
from models.errors import BAD_PHOTOS, BadPhoto, DecodeCrash, DecodeTimeout, Stopped

WALL_SECONDS = 5.0  # per picture, then SIGKILL
START_SECONDS = 30.0  # a cold disk may take its time
REAP_SECONDS = 1.0
RECYCLE_AFTER = 500  # pictures; leaks of codecs end here

# The allocator keeps freed pages: a photo needs as much memory as the last one.
ENVIRONMENT = {"MALLOC_MMAP_THRESHOLD_": "67108864", "MALLOC_TRIM_THRESHOLD_": "268435456"}

SEALS = fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL
MAX_LINE = 65_536  # bytes of an answer; pictures do not travel this way

COMMAND = (sys.executable, "-I", "-m", "inference.decode.worker")


@dataclass(frozen=True, slots=True)
class CleanPhoto:
    """A decoded photo: everything downstream works on this and never on the file.

    `image` is RGB, upright, at most 2048 pixels long, and must not be changed by anybody;
    `jpeg` is the same without metadata; `original` the upright size before scaling;
    `seconds` the wall time from handing the file over to having it, waiting included.
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
        low = os.memfd_create("chalkak-decode", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        self._fd = fcntl.fcntl(low, fcntl.F_DUPFD_CLOEXEC, 3)  # 0 to 2 become the worker's pipes
        os.close(low)
        os.ftruncate(self._fd, SHARED_BYTES)
        fcntl.fcntl(self._fd, fcntl.F_ADD_SEALS, SEALS)  # a shorter file would kill us with SIGBUS
        self._shared = mmap.mmap(self._fd, SHARED_BYTES)
        self._served = 0

    def start(self) -> None:
        """Start the process unless it runs, and wait until it is warm.

        Raises:
            DecodeCrash: it does not come up.
        """
        if self._process is not None and self._process.poll() is None:
            return
        self.stop()
        try:
            self._process = self._spawn()
        except OSError as error:
            raise DecodeCrash(f"no decoder could be started: {error}") from error
        self._served = 0
        self._read_line(START_SECONDS)

    def _spawn(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 - our own command, no shell
            [*self._command, str(self._fd)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,  # what was not read yet must be seen by poll
            stderr=subprocess.DEVNULL,
            pass_fds=(self._fd,),
            env=ENVIRONMENT,  # no secrets in its environment
        )

    def decode(self, data: bytes, *, is_clean: bool = False) -> CleanPhoto:
        """Decode one file; `is_clean` means that it is a JPEG that came out of here before.

        Raises:
            BadPhoto: one of its kinds; the process is replaced where it misbehaved.
        """
        check_bytes(len(data))
        self.start()
        line = self._ask(data, is_clean=is_clean)
        try:
            answer = self._read(json.loads(line), data if is_clean else None)
        except Exception as error:  # a hijacked decoder may say anything
            self.stop()
            raise DecodeCrash(f"the decoder answered nonsense: {line[:80]!r}") from error
        self._served += 1
        if self._served >= RECYCLE_AFTER:
            self.stop()
        if isinstance(answer, BadPhoto):
            raise answer
        return answer

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

    def _ask(self, data: bytes, *, is_clean: bool) -> bytes:
        assert self._process is not None
        assert self._process.stdin is not None
        self._shared[: len(data)] = data
        try:
            request = {"bytes": len(data), "clean": is_clean}
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
        except BrokenPipeError as error:
            self.stop()
            raise DecodeCrash("the decoder was gone before the picture came", signal=0) from error
        return self._read_line(WALL_SECONDS)

    def _read_line(self, seconds: float) -> bytes:
        """Return what the process says until the end of a line; replace it where it does not."""
        assert self._process is not None
        assert self._process.stdout is not None
        process, pipe = self._process, self._process.stdout.fileno()
        poll = select.poll()
        poll.register(pipe, select.POLLIN)
        deadline = time.monotonic() + seconds
        line = b""
        while not line.endswith(b"\n") and len(line) <= MAX_LINE:
            if not poll.poll(max(0, deadline - time.monotonic()) * 1000):
                self.stop()
                raise DecodeTimeout(f"no picture after {seconds} s of decoding", seconds=int(seconds))
            more = os.read(pipe, MAX_LINE)
            if not more:
                self._reap(process)
                code = process.returncode
                data = {"signal": -code} if code < 0 else {}
                raise DecodeCrash(f"the decoder ended with code {code}", **data)
            line += more
        return line

    def _reap(self, process: subprocess.Popen[bytes]) -> None:
        """Let a process that closed its end die by itself, so that its code can be told."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(REAP_SECONDS)
        self.stop()

    def _read(self, reply: dict[str, Any], clean: bytes | None) -> CleanPhoto | BadPhoto:
        """Return what an answer means.  Raises anything at all where it means nothing."""
        if "error" in reply:
            kind = BAD_PHOTOS[reply["error"]]
            return kind(str(reply["message"]), **reply["data"])
        width, height, length = int(reply["width"]), int(reply["height"]), int(reply["jpeg"])
        pixels = width * height * 3
        least = 1 if clean is None else 0
        is_size = 0 < width <= LONG_SIDE and 0 < height <= LONG_SIDE
        if not (is_size and least <= length <= SHARED_BYTES - pixels):
            raise ValueError(f"{width}x{height} pixels and {length} bytes")
        with memoryview(self._shared) as view:
            image = Image.frombytes("RGB", (width, height), view[:pixels])
            jpeg = clean or bytes(view[pixels : pixels + length])
        original = (int(reply["original"][0]), int(reply["original"][1]))
        return CleanPhoto(image, jpeg, original, bool(reply["partial"]), seconds=0.0)


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
        self._is_closed = False
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="decode")

    async def decode(self, data: bytes, *, is_clean: bool = False) -> CleanPhoto:
        """Decode one file in a worker; `is_clean` means that it is a JPEG that came out of here before.

        Raises:
            BadPhoto: one of its kinds.
            Stopped: the pool is closed.
        """
        if self._is_closed:
            raise Stopped("the decoders are stopped")
        started = time.perf_counter()
        photo = await asyncio.get_running_loop().run_in_executor(self._threads, self._decode, data, is_clean)
        return replace(photo, seconds=time.perf_counter() - started)

    def _decode(self, data: bytes, is_clean: bool) -> CleanPhoto:
        worker = self._idle.get()  # as many threads as workers, so this never waits
        try:
            return worker.decode(data, is_clean=is_clean)
        except DecodeCrash as error:
            if "signal" not in error.data:
                raise
            # It may have been killed from outside; a bad file crashes again.
            return worker.decode(data, is_clean=is_clean)
        finally:
            self._idle.put(worker)

    async def warm(self) -> None:
        """Start every worker now, so that the first photo need not wait for it."""
        loop = asyncio.get_running_loop()
        await asyncio.gather(*(loop.run_in_executor(self._threads, self._warm) for _ in self._all))

    def _warm(self) -> None:
        worker = self._idle.get()
        try:
            worker.start()
        finally:
            self._idle.put(worker)

    def pids(self) -> list[int]:
        """Return the process ids of the running workers, for measuring."""
        return [worker.pid for worker in self._all if worker.pid]

    def close(self) -> None:
        """Stop every worker."""
        self._is_closed = True
        self._threads.shutdown(wait=True, cancel_futures=True)
        for worker in self._all:
            worker.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
