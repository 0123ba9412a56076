"""A worker whose decoder misbehaves for files that begin with a magic word, run as a script.

Everything else is the real worker: limits, shared memory, protocol.  Run it in isolation with
`python -I hostile_worker.py [SECONDS] FD`; SECONDS shortens the time until it destructs itself.
"""

from __future__ import annotations

import ctypes
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from inference.decode import policy, worker
from inference.decode.policy import Clean
from models.errors import NotAPicture

HOSTILE = (sys.executable, "-I", __file__)  # the command of a worker that misbehaves on demand
MOST_TO_EAT = 2_000_000_000  # where no limit is in force, the machine must survive
FOREVER = 3600.0

genuine = policy.decode


def decode(data: bytes) -> Clean:
    word, _, rest = bytes(data[:200]).partition(b" ")
    if word in DEEDS:
        DEEDS[word](rest.decode())
    return genuine(data)


def hang(path: str) -> NoReturn:
    """Never come back; a file named in the request is made to tell that we are here."""
    if path:
        Path(path).touch()
    while True:
        time.sleep(FOREVER)


def crash(_: str) -> None:
    ctypes.string_at(0)


def eat(_: str) -> None:
    eaten: list[bytearray] = []
    while len(eaten) * 100_000_000 < MOST_TO_EAT:
        eaten.append(bytearray(100_000_000))
    raise NotAPicture(f"{len(eaten) * 100} MB and still hungry")


def write(path: str) -> NoReturn:
    """Try to write a file and tell what came of it."""
    try:
        Path(path).write_bytes(b"loot")
    except OSError as error:
        raise NotAPicture(f"refused with errno {error.errno}") from error
    raise NotAPicture("written")


def say(text: str) -> None:
    """Print a line of our own, then answer as usual."""
    sys.stdout.buffer.write(text.encode() + b"\n")
    sys.stdout.buffer.flush()


def say_half(text: str) -> NoReturn:
    """Print a line without an end, then hang."""
    sys.stdout.buffer.write(text.encode())
    sys.stdout.buffer.flush()
    hang("")


def say_and_hang(text: str) -> NoReturn:
    say(text)
    hang("")


def close(_: str) -> NoReturn:
    """Close the pipe of answers, then hang."""
    os.close(sys.stdout.fileno())
    hang("")


def shrink(_: str) -> NoReturn:
    """Take away the memory that we share with the service."""
    os.ftruncate(int(sys.argv[-1]), 0)
    raise NotAPicture("shrunk")


DEEDS: dict[bytes, Callable[[str], None]] = {
    b"HANG": hang,
    b"CRASH": crash,
    b"EAT": eat,
    b"WRITE": write,
    b"SAY": say,
    b"SAYHALF": say_half,
    b"SAYHANG": say_and_hang,
    b"CLOSE": close,
    b"SHRINK": shrink,
}


def main() -> None:
    policy.decode = decode
    if len(sys.argv) == 3:
        worker.SELF_DESTRUCT_SECONDS = float(sys.argv.pop(1))
    worker.main()


if __name__ == "__main__":
    main()
