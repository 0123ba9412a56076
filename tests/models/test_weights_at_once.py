"""Fetching weights where it is interrupted, watched or done twice at once."""

from __future__ import annotations

import resource
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from models.errors import ServiceError
from models.registry import Entry, Source
from tests.models.carriers import DATA, HALF, entry_of, serving, weights_of, whole

FETCH = """
import sys
from pathlib import Path
from models.registry import load_registry
from models.weights import Weights
registry = load_registry(sys.argv[1])
Weights(registry, Path(sys.argv[2])).fetch(registry.entry("thing"))
"""


@contextmanager
def files_no_larger_than(size: int) -> Iterator[None]:
    """Let every write beyond `size` bytes of a file fail, as on a full disk."""
    old, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (old, hard))


def test_what_fails_half_way_leaves_no_half_file(tmp_path: Path) -> None:
    with serving(whole(DATA)) as shelf:
        weights = weights_of(entry := entry_of(DATA, shelf.source()), tmp_path)
        (tmp_path / "thing").touch()  # a file where the folder must be: it arrives, but cannot be kept
        with pytest.raises((OSError, ServiceError)):
            weights.fetch(entry)
        (tmp_path / "thing").unlink()

        with files_no_larger_than(HALF), suppress(OSError, ServiceError):
            weights.fetch(entry)

    kept = {path.name: path.stat().st_size for path in (tmp_path / "thing").glob("*")}
    assert kept in ({}, {"thing.bin": len(DATA)})


def test_a_file_appears_all_at_once(tmp_path: Path) -> None:
    data = bytes(48_000_000)
    has_ended = threading.Event()
    sizes: set[int] = set()

    def watch() -> None:
        is_last = False
        while not is_last:
            is_last = has_ended.is_set()
            with suppress(FileNotFoundError):
                sizes.add((tmp_path / "thing" / "thing.bin").stat().st_size)

    with serving(whole(data)) as shelf, ThreadPoolExecutor(1) as threads:
        watching = threads.submit(watch)
        try:
            weights_of(entry := entry_of(data, shelf.source()), tmp_path).fetch(entry)
        finally:
            has_ended.set()
        watching.result()

    assert sizes == {len(data)}


def test_two_processes_that_fetch_at_once_both_end_well(tmp_path: Path) -> None:
    second_came, one_ended = threading.Event(), threading.Event()

    def first(request: BaseHTTPRequestHandler) -> None:
        second_came.wait(1.0)  # in vain where the second waits for the first
        whole(DATA)(request)

    def second(request: BaseHTTPRequestHandler) -> None:
        second_came.set()
        request.send_response(200)
        request.end_headers()
        request.wfile.write(DATA[:HALF])
        one_ended.wait(5.0)
        request.wfile.write(DATA[HALF:])

    with serving(first, second) as shelf:
        entry = entry_of(DATA, shelf.source())
        command = [sys.executable, "-c", FETCH, _as_toml(entry, shelf.source()), str(tmp_path)]
        both = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(2)]
        while all(process.poll() is None for process in both):
            time.sleep(0.02)
        one_ended.set()
        said = [process.communicate(timeout=20)[1] for process in both]

    assert [(process.returncode, text) for process, text in zip(both, said, strict=True)] == [(0, "")] * 2
    assert weights_of(entry, tmp_path).is_whole(entry)


def _as_toml(entry: Entry, source: Source) -> str:
    fields = ("about", "licence", "author", "name", "bytes", "sha256")
    lines = [f"{field} = {getattr(entry, field)!r}" for field in fields]
    return "\n".join(
        ["[roles]", "[file.thing]", *lines, "[[file.thing.source]]", 'kind = "url"', f"url = {source.url!r}"]
    )
