"""Backups: one file each, made while the service runs, checked before they are believed.

They lie beside the data folder and expire in 30 days.  Restoring replays every deletion made since,
so that nobody's deleted photo comes back.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from models.errors import BadBackup, DatabaseDamaged, DiskFull, NoBackup, NoRoom, StorageError
from storage import erasure
from storage.folder import Folder
from storage.schema import applied, is_behind, migrate
from storage.sqlite import Connection, DatabaseError, Row, explained, open_reader, open_writer, transaction

KEEP_DAYS = 30
DELETED = "deleted.txt"
RESTORED = "restored.part"


@dataclass(frozen=True, slots=True)
class Verified:
    """What a backup holds."""

    path: Path
    photos: int
    pictures: int
    schema: str


def make(database: Path, target: Path) -> Path:
    """Write a whole, compact copy of the file to `target`; it appears there only when it is complete.

    Raises:
        NoRoom: it cannot be written.
    """
    part = target.with_name(f".{target.name}.part")
    try:
        if target.resolve().is_relative_to(database.parent.resolve()):  # it would outlive what is deleted
            raise PermissionError(errno.EPERM, "a backup inside of the data folder would never be erased")
        if target.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        _copy(database, part)
        _flush(part)
        part.replace(target)
        _flush(target.parent)
    except (OSError, StorageError, DatabaseError) as error:
        with contextlib.suppress(OSError):
            part.unlink()
        reason = getattr(error, "strerror", None) or str(error)
        raise NoRoom(f"no backup at {target}: {reason}", path=str(target), reason=reason) from error
    return target


def _copy(database: Path, target: Path) -> None:
    """Write all of a database, its log included, into a new file for our eyes only."""
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with closing(open_reader(database)) as connection, explained(target):
        connection.execute("PRAGMA query_only = OFF")  # VACUUM INTO counts as writing
        connection.execute("VACUUM INTO ?", (str(target),))


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def fresh_name(folder: Folder, kind: str = "backup") -> Path:
    """Return where a new backup goes."""
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    return folder.backups / f"chalkak-{stamp}-{kind}.db"


def existing(folder: Folder) -> list[Path]:
    """Return the backups beside the folder, newest first."""
    return sorted(folder.backups.glob("chalkak-*.db"), reverse=True)


def expire(folder: Folder, now: float) -> list[Path]:
    """Delete backups that are older than they are kept, and return them; `now` is in seconds.

    Logs of files that were set aside go too, and what a backup that was cut short has left.
    """
    everything = [
        path for kind in ("chalkak-*.db*", ".chalkak-*.part*") for path in folder.backups.glob(kind)
    ]
    old = []
    for path in everything:
        with contextlib.suppress(FileNotFoundError):  # a backup has just been finished and got its name
            if path.stat().st_mtime < now - KEEP_DAYS * 86_400:
                old.append(path)
    for path in old:
        path.unlink(missing_ok=True)
    return [path for path in old if path.suffix == ".db"]


def verify(path: Path) -> Verified:
    """Read a backup from end to end: structure, search rows, and each picture against its hash.

    Raises:
        NoBackup: there is no such file.
        BadBackup: it is not whole, or not one of ours.
        NewerSchema: a newer program made it.
    """
    if not path.is_file():
        raise NoBackup(f"{path} is no file", path=str(path))
    try:
        with closing(open_reader(path)) as connection, explained(path):
            return _verified(path, connection)
    except (DatabaseDamaged, DatabaseError) as error:
        raise BadBackup(f"{path}: {error}", path=str(path), reason=str(error)) from error


def _verified(path: Path, connection: Connection) -> Verified:
    is_behind(connection)
    if not (done := applied(connection)):
        raise BadBackup(f"{path} has no photos table", path=str(path), reason="not a Chalkak database")
    problems = [row[0] for row in connection.execute("PRAGMA integrity_check(10)") if row[0] != "ok"]
    problems += [f"row {row[0]} refers to nothing" for row in connection.execute("PRAGMA foreign_key_check")]
    pictures = 0
    for row in connection.execute(
        "SELECT jpeg, hash, salt FROM picture JOIN scope ON scope.id = picture.scope"
    ):
        pictures += 1
        if hashlib.blake2b(row["jpeg"], digest_size=32, key=row["salt"]).digest() != row["hash"]:
            problems.append(f"picture {pictures} is not the one that was stored")
    if problems:
        raise BadBackup(f"{path}: {problems}", path=str(path), reason=problems[0])
    photos = connection.execute("SELECT count(*) FROM photo").fetchone()[0]
    return Verified(path, photos, pictures, done[-1])


def restore(folder: Folder, backup: Path, now: int) -> tuple[Verified, Path | None]:
    """Put a backup in the place of the file, less what was deleted since; the folder must be ours.

    Returns what the backup holds and where the replaced file lies now.

    Raises:
        BadBackup: it is not whole.
        NoRoom: there is no room for a second copy.
    """
    found = verify(backup)
    fresh = folder.path / RESTORED
    codes, graves = deleted(folder), _graves(folder)
    try:
        _remove_database(fresh)
        _copy(backup, fresh)  # with what is still in its log
        _bury(fresh, codes, graves, now)
        replaced = _set_aside(folder)
        fresh.replace(folder.database)
        _flush(folder.path)
    except OSError as error:
        _remove_database(fresh)
        reason = error.strerror or str(error)
        raise NoRoom(f"{backup} not restored: {reason}", path=str(folder.path), reason=reason) from error
    return found, replaced


def clear(folder: Folder) -> None:
    """Remove what a backup or a restore that was cut short has left: pictures that nothing would expire.

    The folder must be ours, so that nobody is at work on them.
    """
    for path in folder.backups.glob(".chalkak-*.part*"):
        path.unlink(missing_ok=True)
    _remove_database(folder.path / RESTORED)


def _bury(path: Path, codes: Iterable[str], graves: Iterable[Row], now: int) -> None:
    """Bring a copy up to date and delete from it what has been deleted, leaving no trace."""
    with explained(path), closing(open_writer(path)) as connection:
        migrate(connection)
        with transaction(connection):
            # What waited then may have been answered since.
            connection.execute("UPDATE photo SET flight = '', is_doubtful = is_doubtful OR reply IS NULL")
            # Whoever has seen a change of the replaced file must not take ours for old ones.
            connection.execute("UPDATE note SET value = max(value, ?) WHERE name = 'change'", (now,))
            erasure.erase(connection, codes, now)
            erasure.inherit(connection, graves)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode = DELETE")  # leaves no log beside it
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _set_aside(folder: Folder) -> Path | None:
    """Keep the present file among the backups; its log is written into it first where that can be done.

    The file stays in its place until the new one replaces it, so that at every moment there is one.
    """
    if not folder.database.exists():
        return None
    try:
        with closing(open_writer(folder.database)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except (StorageError, DatabaseError):  # it is damaged: that may be why it is replaced
        pass
    target = fresh_name(folder, "replaced")
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    log = folder.database.with_name(folder.database.name + "-wal")
    if log.exists():
        _keep(log, target.with_name(target.name + "-wal"))
    _keep(folder.database, target)
    for suffix in ("-wal", "-shm"):  # a log must not be taken for that of the new file
        folder.database.with_name(folder.database.name + suffix).unlink(missing_ok=True)
    return target


def _keep(path: Path, target: Path) -> None:
    """Give a file a second name, or a copy where the backups are on another disk."""
    try:
        target.hardlink_to(path)
    except OSError:
        shutil.copyfile(path, target)
        target.chmod(0o600)
    os.utime(target)  # it expires so many days from now
    _flush(target)
    _flush(target.parent)


def _remove_database(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def deleted(folder: Folder) -> set[str]:
    """Return the ids of all photos that were deleted here, as far as anything still tells."""
    codes = listed(folder)
    try:
        with closing(open_reader(folder.database)) as connection, explained(folder.database):
            codes.update(row["code"] for row in connection.execute("SELECT code FROM tombstone"))
    except (StorageError, DatabaseError):
        pass  # the list beside it has them too
    return codes


def _graves(folder: Folder) -> list[Row]:
    """Return the tombstones of the present file with their places, none where it is damaged."""
    try:
        with closing(open_reader(folder.database)) as connection, explained(folder.database):
            return erasure.graves(connection)
    except (StorageError, DatabaseError):
        return []


def listed(folder: Folder) -> set[str]:
    """Return the ids on the list of deleted photos."""
    path = folder.path / DELETED
    return set(path.read_text(encoding="ascii", errors="replace").split()) if path.is_file() else set()


def note_deleted(folder: Folder, codes: Iterable[str]) -> None:
    """Add ids to the list of deleted photos, flushed to the disk: it outlives a damaged database.

    Raises:
        DiskFull: there is no room for it, even with the spare room.
    """
    text = "".join(f"{code}\n" for code in codes).encode("ascii")
    try:
        if not _appended(folder, text):
            folder.free_spare()
            if not _appended(folder, text):
                raise DiskFull(f"no room for {DELETED} in {folder.path}", folder=str(folder.path))
    except OSError as error:
        raise folder.unusable(error) from error


def _appended(folder: Folder, text: bytes) -> bool:
    """Return whether all of a text was added to the list; where the disk is full nothing of it is."""
    descriptor = os.open(folder.path / DELETED, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    try:
        size = os.fstat(descriptor).st_size
        try:
            is_whole = os.write(descriptor, text) == len(text)
            os.fsync(descriptor)
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            is_whole = False
        if not is_whole:
            os.ftruncate(descriptor, size)
    finally:
        os.close(descriptor)
    return is_whole
