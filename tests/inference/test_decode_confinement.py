"""A worker has nothing worth stealing, cannot grow, and does not outlive its purpose."""

from __future__ import annotations

import errno
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from inference.decode import pool as pool_module
from inference.decode.pool import Worker
from inference.decode.worker import HEADROOM_BYTES
from models.errors import NotAPicture
from tests.inference.hostile_worker import HOSTILE
from tests.inference.photos import busy, saved

SECRET = "canary-of-a-token"  # not one
SELF_DESTRUCT_SECONDS = "1.0"  # instead of 7

PARENT = """
import sys
from inference.decode.pool import Worker
worker = Worker(sys.argv[2:])
worker.start()
print(worker.pid, flush=True)
worker.decode(b"HANG " + sys.argv[1].encode())
"""


SERVICE = """
import sys
from inference.decode.pool import Worker
from models.errors import BadPhoto
worker = Worker(sys.argv[1:])
for data in (b"SHRINK", b"hello"):
    try:
        worker.decode(data)
    except BadPhoto as error:
        print(error.code)
worker.close()
"""


@pytest.fixture
def worker() -> Iterator[Worker]:
    """A real worker that has decoded one photo."""
    with closing(Worker()) as started:
        started.decode(saved(busy(), "JPEG"))
        yield started


def limit(worker: Worker, name: str) -> tuple[str, str]:
    """Return the soft and the hard limit of this name that the kernel holds for a worker."""
    text = Path(f"/proc/{worker.pid}/limits").read_text(encoding="ascii")
    line = next(line for line in text.splitlines() if line.startswith(name))
    soft, hard, *_ = line.removeprefix(name).split()
    return soft, hard


def test_a_worker_has_only_the_allocator_settings_in_its_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", SECRET)
    monkeypatch.setenv("MALLOC_ARENA_MAX", SECRET)

    with closing(Worker()) as worker:
        worker.start()
        environment = Path(f"/proc/{worker.pid}/environ").read_bytes()

    settings = {line.decode() for line in environment.split(b"\x00") if line}
    assert settings == {f"{name}={value}" for name, value in pool_module.ENVIRONMENT.items()}
    assert {name.partition("=")[0] for name in settings} == {
        "MALLOC_MMAP_THRESHOLD_",
        "MALLOC_TRIM_THRESHOLD_",
    }
    assert SECRET.encode() not in environment


def test_a_worker_inherits_no_open_file_of_ours(tmp_path: Path) -> None:
    with (tmp_path / "database").open("w") as ours, closing(Worker()) as worker:
        os.set_inheritable(ours.fileno(), True)
        worker.start()
        open_files = {link.readlink().name for link in Path(f"/proc/{worker.pid}/fd").iterdir()}

    others = {name for name in open_files if not name.startswith(("pipe:", "memfd:chalkak"))}
    assert others == {"null"}  # where errors go


def test_a_worker_runs_isolated_from_the_folder_and_the_person(worker: Worker) -> None:
    command = Path(f"/proc/{worker.pid}/cmdline").read_bytes().split(b"\x00")

    assert command[1:4] == [b"-I", b"-m", b"inference.decode.worker"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("Max open files", "32"), ("Max file size", "0"), ("Max core file size", "0")],
)
def test_a_limit_of_a_worker_is_in_force_and_cannot_be_raised(name: str, value: str, worker: Worker) -> None:
    assert limit(worker, name) == (value, value)


def test_the_memory_of_a_worker_is_finite_and_cannot_be_raised(worker: Worker) -> None:
    soft, hard = limit(worker, "Max address space")

    assert soft == hard
    assert HEADROOM_BYTES < int(soft) < HEADROOM_BYTES + 500_000_000


def test_a_worker_cannot_write_a_file(tmp_path: Path) -> None:
    target = tmp_path / "loot"

    with closing(Worker(HOSTILE)) as worker, pytest.raises(NotAPicture, match=f"errno {errno.EFBIG}"):
        worker.decode(b"WRITE " + str(target).encode())

    assert target.read_bytes() == b""


def test_a_worker_cannot_take_the_shared_memory_from_the_service() -> None:
    # Where it can, reading the answer kills the service with SIGBUS: another process has to try.
    command = [sys.executable, "-I", "-c", SERVICE, *HOSTILE]

    service = subprocess.run(command, capture_output=True, check=False, timeout=30)

    assert service.returncode == 0
    assert service.stdout.split()[1] == b"not-a-picture"


def test_a_worker_ends_itself_when_its_parent_was_killed_during_a_hanging_photo(tmp_path: Path) -> None:
    decoding = tmp_path / "decoding"
    command = [sys.executable, "-I", "-c", PARENT, str(decoding), *HOSTILE, SELF_DESTRUCT_SECONDS]

    with subprocess.Popen(command, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        orphan = os.pidfd_open(int(parent.stdout.readline()))
        wait_for(decoding)
        parent.kill()
    ended = ends_within(orphan, 10)

    assert ended


def test_a_worker_ends_itself_when_its_parent_was_killed_between_photos() -> None:
    idle = PARENT.replace("worker.decode", "sys.stdin.read() or worker.decode")
    command = [sys.executable, "-I", "-c", idle, "", *HOSTILE]

    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        orphan = os.pidfd_open(int(parent.stdout.readline()))
        parent.kill()
    ended = ends_within(orphan, 10)

    assert ended


def wait_for(path: Path) -> None:
    deadline = time.monotonic() + 20
    while not path.exists():
        assert time.monotonic() < deadline, f"{path} did not appear"
        time.sleep(0.01)


def ends_within(process: int, seconds: float) -> bool:
    """Tell whether a process, given as a descriptor, ends in time; end it where it does not."""
    poll = select.poll()
    poll.register(process, select.POLLIN)
    ended = bool(poll.poll(seconds * 1000))
    with suppress(ProcessLookupError):
        signal.pidfd_send_signal(process, signal.SIGKILL)
    os.close(process)
    return ended
