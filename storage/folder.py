"""The data folder: whose it is, what lies where, and whether there is room.

    chalkak.db        photos, answers, search words        owner     locked while a service runs
    deleted.txt       codes of deleted photos              spare     room kept for deletions
    key               the secret of the local web chat     service   port of the running service

Backups lie beside it, not inside: what is deleted here is gone from here within a minute, and
from the backups when they expire.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import shutil
import stat
import time
from pathlib import Path

from models.errors import DiskFull, FolderForeign, FolderTaken, FolderUnusable

OURS = frozenset({"owner", "chalkak.db"})  # one of these makes a folder ours
HARMLESS = frozenset({"lost+found"})
SPARE_BYTES = 64_000_000
LEAST_SPARE_BYTES = 8_000_000  # less would not even hold the log
LOOK_AGAIN_SECONDS = 0.5


class Folder:
    """One data folder, made if it is not there, readable by its owner only.

    Args:
        path: where it is.
        reserve_bytes: below this much free disk nothing new is accepted.

    Raises:
        FolderUnusable: it cannot be made or used.
        FolderForeign: it holds somebody else's files.
    """

    def __init__(self, path: Path, *, reserve_bytes: int = 0) -> None:
        self.path = path
        self.reserve_bytes = reserve_bytes
        self._lock: int | None = None
        self._free = (0.0, 0)  # when it was looked at, bytes
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            if path.is_symlink():
                self.path = path = path.resolve()  # backups lie beside the folder itself
            if not stat.S_ISDIR(path.stat().st_mode):
                raise NotADirectoryError(20, "not a folder")
            self.backups.exists()  # a name may be too long for what lies beside
            is_ours = not (found := set(os.listdir(path)) - HARMLESS) or bool(found & OURS)  # noqa: PTH208
        except OSError as error:
            raise self.unusable(error) from error
        if not is_ours:  # taking it over would lock its owner's friends out
            raise FolderForeign(f"{path} holds {min(found)!r} and is not ours", folder=str(path))

    @property
    def database(self) -> Path:
        """Return the path of the one file."""
        return self.path / "chalkak.db"

    @property
    def backups(self) -> Path:
        """Return the folder beside this one that backups go to."""
        return self.path.with_name(f"{self.path.name}-backups")

    def own(self) -> None:
        """Become the only process that uses this folder, until `release` or death.

        Raises:
            FolderTaken: another one does.
            FolderUnusable: it cannot be written.
        """
        try:
            if stat.S_IMODE(self.path.stat().st_mode) != 0o700:
                self.path.chmod(0o700)
            descriptor = os.open(self.path / "owner", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise self.unusable(error) from error
        if not _locked(descriptor):
            pid = os.read(descriptor, 20).decode(errors="replace").strip() or "?"
            os.close(descriptor)
            message = f"{self.path} is in use by process {pid}"
            raise FolderTaken(message, folder=str(self.path), pid=pid)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        self._lock = descriptor
        self.keep_spare()

    def release(self) -> None:
        """Let others use the folder."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def is_owned(self) -> bool:
        """Return whether some process, this one included, owns the folder now."""
        try:
            descriptor = os.open(self.path / "owner", os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
        finally:
            os.close(descriptor)
        return False

    def free_bytes(self) -> int:
        """Return the free bytes of this disk, looked up at most twice a second.

        Raises:
            FolderUnusable: the folder is gone.
        """
        looked, free = self._free
        if time.monotonic() - looked > LOOK_AGAIN_SECONDS:
            try:
                free = shutil.disk_usage(self.path).free
            except OSError as error:
                raise self.unusable(error) from error
            self._free = (time.monotonic(), free)
        return free

    def database_bytes(self) -> int:
        """Return the size of the one file, 0 where it is not there."""
        with contextlib.suppress(OSError):
            return self.database.stat().st_size
        return 0

    def check_room(self) -> None:
        """Refuse new photos while the disk is nearly full.

        Raises:
            DiskFull: it is.
        """
        if (free := self.free_bytes()) < self.reserve_bytes:
            message = f"{free} bytes free in {self.path}, the reserve is {self.reserve_bytes}"
            raise DiskFull(message, folder=str(self.path))

    def free_spare(self) -> bool:
        """Give the spare room back to the disk; return whether there was any."""
        with contextlib.suppress(OSError):
            (self.path / "spare").unlink()
            return True
        return False

    def secret(self) -> str:
        """Return the secret of the local web chat; the same for as long as the folder lives."""
        return self._kept("key", secrets.token_urlsafe(32))

    def _kept(self, name: str, fresh: str) -> str:
        path = self.path / name
        with contextlib.suppress(FileNotFoundError):
            if kept := path.read_text(encoding="ascii").strip():
                return kept
        self.write(name, fresh)
        return fresh

    def write(self, name: str, text: str) -> None:
        """Write a small file of this folder all at once, for its owner only.

        Raises:
            FolderUnusable: it cannot be written.
        """
        path = self.path / name
        part = path.with_name(f"{name}.part")
        try:
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        except OSError as error:
            raise self.unusable(error) from error

    def remove(self, name: str) -> None:
        """Remove a small file of this folder if it is there."""
        with contextlib.suppress(OSError):
            (self.path / name).unlink()

    def keep_spare(self) -> None:
        """Set room aside for deletions on a full disk, where there is plenty now."""
        spare = self.path / "spare"
        size = min(SPARE_BYTES, (self.free_bytes() - self.reserve_bytes) // 2)
        if not self.reserve_bytes or size < LEAST_SPARE_BYTES or spare.exists():
            return
        with contextlib.suppress(OSError):
            descriptor = os.open(spare, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                os.posix_fallocate(descriptor, 0, size)
            finally:
                os.close(descriptor)

    def unusable(self, error: OSError) -> FolderUnusable:
        """Return what an error of the file system means."""
        reason = error.strerror or str(error)
        return FolderUnusable(f"{self.path}: {reason}", folder=str(self.path), reason=reason)


def _locked(descriptor: int) -> bool:
    """Return whether the lock is ours now; somebody who only looks holds it for a moment."""
    for _ in range(10):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            time.sleep(0.02)
        else:
            return True
    return False
