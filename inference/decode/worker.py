"""A disposable process that decodes one picture at a time: `python -I -m inference.decode.worker FD`.

Requests and answers are short lines of JSON on stdin and stdout; pictures travel through one
shared memory file, so that no megabyte is copied through a pipe.  The process has no secrets in
its environment, may not write a file, may not grow, and ends itself when a picture takes too
long even if its parent is gone.
"""

from __future__ import annotations

import json
import mmap
import os
import resource
import signal
import sys
from pathlib import Path
from typing import BinaryIO

from inference.decode import policy
from models.errors import BadPhoto

SHARED_BYTES = policy.MAX_BYTES + 1  # one more, so that the limit is refused here as well
HEADROOM_BYTES = 900_000_000  # of address space above what the idle worker needs
MAX_FILES = 32
SELF_DESTRUCT_SECONDS = 7.0  # the parent kills after 5; this is for a parent that died


def confine() -> None:
    """Give up memory, files, file sizes and core dumps for good."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    limit = pages * resource.getpagesize() + HEADROOM_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_NOFILE, (MAX_FILES, MAX_FILES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def answer(shared: mmap.mmap, size: int, *, is_clean: bool = False) -> dict[str, object]:
    """Decode the first `size` bytes of `shared` and leave pixels, then JPEG, in their place.

    Of a clean JPEG, which the parent has, only the pixels are left there.
    Returns the sizes that the parent needs to read them, or the code of a refusal.
    """
    try:
        with memoryview(shared) as view:
            data = bytes(view[:size])
        clean = _reopened(data) if is_clean else policy.decode(data)
    except BadPhoto as error:
        return {"error": error.code, "message": str(error), "data": error.data}
    except MemoryError:
        return {"error": "decode-memory", "message": "out of memory", "data": {}}
    pixels = clean.image.tobytes()
    shared[: len(pixels)] = pixels
    shared[len(pixels) : len(pixels) + len(clean.jpeg)] = clean.jpeg
    return {
        "width": clean.image.width,
        "height": clean.image.height,
        "jpeg": len(clean.jpeg),
        "original": clean.original,
        "partial": clean.is_partial,
    }


def _reopened(data: bytes) -> policy.Clean:
    image = policy.reopen(data)
    return policy.Clean(image, b"", image.size, is_partial=False)


def serve(shared: mmap.mmap, requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer requests, a line each, until the parent closes its end."""
    for line in requests:
        signal.setitimer(signal.ITIMER_REAL, SELF_DESTRUCT_SECONDS)
        request = json.loads(line)
        reply = answer(shared, int(request["bytes"]), is_clean=bool(request.get("clean")))
        signal.setitimer(signal.ITIMER_REAL, 0)
        answers.write(json.dumps(reply).encode() + b"\n")
        answers.flush()


def main() -> None:
    """Run one worker over the shared memory file whose descriptor is the first argument."""
    policy.prepare()
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what a library prints must not look like an answer
    with mmap.mmap(int(sys.argv[1]), SHARED_BYTES) as shared:
        confine()
        answers.write(b"{}\n")  # warm
        answers.flush()
        serve(shared, sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
