"""What fetching is tested with: a loopback file server, wheels and npm packages made on the spot."""

from __future__ import annotations

import hashlib
import io
import itertools
import tarfile
import threading
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from models.registry import Entry, Registry, Source
from models.weights import Weights

Answer = Callable[[BaseHTTPRequestHandler], None]

HALF = 400_000  # more than one chunk of a download, less than all of it
DATA = b"".join(hashlib.sha256(bytes([number])).digest() for number in range(256)) * 100  # 819,200 bytes


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: its path and its Range header, "" for none."""

    path: str
    range: str


@dataclass(slots=True)
class Shelf:
    """A running server: where it is, and what it was asked so far."""

    url: str
    asked: list[Asked] = field(default_factory=list)

    def source(self, path: str = "/file.bin") -> Source:
        return Source(kind="url", url=self.url + path)


@contextmanager
def serving(*answers: Answer) -> Iterator[Shelf]:
    """Serve on loopback; the first request gets the first answer, and so on, the last one stays."""
    numbers = itertools.count()
    shelf = Shelf("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            number = next(numbers)
            shelf.asked.append(Asked(self.path, self.headers.get("Range", "")))
            with suppress(ConnectionError):
                answers[min(number, len(answers) - 1)](self)

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - as in the parent
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = False
        shelf.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield shelf
        finally:
            server.shutdown()
            thread.join()


def whole(data: bytes) -> Answer:
    """Send a file, or what a Range asks of it."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        asked = request.headers.get("Range", "bytes=0-")
        start = int(asked.removeprefix("bytes=").removesuffix("-"))
        _head(request, 206 if "Range" in request.headers else 200, len(data) - start)
        request.wfile.write(data[start:])

    return answer


def deaf(data: bytes) -> Answer:
    """Send the whole file whatever Range was asked."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        _head(request, 200, len(data))
        request.wfile.write(data)

    return answer


def hung_up(data: bytes) -> Answer:
    """Promise a file, send half of it and close the connection."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        _head(request, 200, len(data))
        request.wfile.write(data[:HALF])

    return answer


def stalled(data: bytes) -> Answer:
    """Promise a file, send half of it and then nothing more until the client has had enough."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        _head(request, 200, len(data))
        request.wfile.write(data[:HALF])
        request.rfile.read(1)

    return answer


def endless(most: int) -> Answer:
    """Send on and on without a length; at `most` bytes the test is lost anyway."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        for _ in range(most // len(DATA)):
            request.wfile.write(DATA)

    return answer


def raw(reply: bytes) -> Answer:
    """Send bytes as they are, HTTP or not."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(reply)

    return answer


def refused(status: int) -> Answer:
    """Refuse with a status."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_error(status)

    return answer


def _head(request: BaseHTTPRequestHandler, status: int, length: int) -> None:
    request.send_response(status)
    request.send_header("Content-Length", str(length))
    request.end_headers()


def entry_of(data: bytes, *sources: Source, key: str = "thing") -> Entry:
    """Return a registry entry of a file with these bytes."""
    return Entry(
        key=key,
        about="a file for tests",
        licence="CC0-1.0",
        author="nobody",
        name=f"{key}.bin",
        bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        sources=sources,
    )


def weights_of(entry: Entry, cache: Path, *, is_offline: bool = False) -> Weights:
    """Return a cache whose registry knows this one file."""
    return Weights(Registry({entry.key: entry}, {"objects": (entry.key,)}), cache, is_offline=is_offline)


def make_wheel(folder: Path, package: str, version: str, members: Mapping[str, bytes]) -> Path:
    """Write a wheel that pip accepts; members are stored as they are, not compressed."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"{package.replace('-', '_')}-{version}"
    path = folder / f"{stem}-py3-none-any.whl"
    about = {
        f"{stem}.dist-info/METADATA": f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n",
        f"{stem}.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{stem}.dist-info/RECORD": "",
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as wheel:
        for name, data in members.items():
            wheel.writestr(name, data)
        for name, text in about.items():
            wheel.writestr(name, text)
    return path


def make_package(path: Path, members: Mapping[str, bytes], links: Mapping[str, str] | None = None) -> Path:
    """Write an npm package: a gzipped tar with members and symbolic links under the names given."""
    with tarfile.open(path, "w:gz") as package:
        for name, target in (links or {}).items():
            link = tarfile.TarInfo(name)
            link.type, link.linkname = tarfile.SYMTYPE, target
            package.addfile(link)
        for name, data in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            package.addfile(member, io.BytesIO(data))
    return path


def make_npm(folder: Path, package: Path) -> Path:
    """Write a stand-in `npm` that "downloads" by copying a package made before."""
    folder.mkdir(parents=True, exist_ok=True)
    npm = folder / "npm"
    npm.write_text(
        "#!/bin/sh\n"
        'while [ "$1" != "--pack-destination" ]; do shift; done\n'
        f'/bin/cp "{package}" "$2/{package.name}"\n'
    )
    npm.chmod(0o755)
    return npm
