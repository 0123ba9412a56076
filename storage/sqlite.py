"""Connections to the one SQLite file, and what SQLite's errors mean to us.

`pysqlite3` brings the library; nothing in the process may import another one, because two copies
break each other's file locks.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from models.errors import DatabaseDamaged, DiskFull, FolderUnusable, StorageError

if TYPE_CHECKING:
    import sqlite3  # the same interface, with types
else:
    from pysqlite3 import dbapi2 as sqlite3

VERSION = sqlite3.sqlite_version
Connection = sqlite3.Connection
Row = sqlite3.Row
DatabaseError = sqlite3.DatabaseError

BUSY_MS = 5_000
PAGE_BYTES = 8_192  # pictures are long values: fewer pages each
WAL_BYTES = 64_000_000  # the log is cut back to this after a checkpoint

FULL = frozenset({"SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_FSYNC", "SQLITE_IOERR_SHMSIZE"})
DAMAGED = frozenset({"SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_IOERR_SHORT_READ"})
UNUSABLE = frozenset({"SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH"})


def open_writer(path: Path) -> Connection:
    """Return the connection that writes; transactions are begun by hand.

    Raises:
        DatabaseDamaged: the file is no SQLite database, or a broken one.
        FolderUnusable: it may not be written.
        DiskFull: there is no room.
    """
    with explained(path):
        with contextlib.suppress(OSError):  # SQLite says more clearly what is wrong
            path.touch(mode=0o600)
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        connection.row_factory = sqlite3.Row
        connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")  # both take effect before the first table only
        connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")  # an acknowledged photo survives a power cut
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")  # deleted bytes become zeros
        connection.execute("PRAGMA temp_store = MEMORY")  # no copies of photos in temporary files
        connection.execute(f"PRAGMA journal_size_limit = {WAL_BYTES}")
    return connection


def open_reader(path: Path) -> Connection:
    """Return a connection that cannot write, for one thread at a time."""
    with explained(path):
        address = f"{path.absolute().as_uri()}?mode=ro"
        connection = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)
        connection.row_factory = sqlite3.Row
        connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        connection.execute("PRAGMA query_only = ON")
        connection.execute("PRAGMA temp_store = MEMORY")
    return connection


@contextlib.contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into ours; a statement that is wrong is a bug and stays as it is."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        name = getattr(error, "sqlite_errorname", None) or ""
        folder, reason = str(path.parent), str(error)
        if name in FULL:
            raise DiskFull(f"no room to write {path}: {error}", folder=folder) from error
        if name in DAMAGED:
            raise DatabaseDamaged(f"{path} is damaged: {error}", path=str(path)) from error
        if name.startswith(tuple(UNUSABLE)):
            raise FolderUnusable(f"{path}: {error}", folder=folder, reason=reason) from error
        if isinstance(error, sqlite3.OperationalError) and name != "SQLITE_ERROR":  # busy, locked, no memory
            raise StorageError(f"{path} cannot be used right now: {error}") from error
        raise


@contextlib.contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """Commit what is done inside, or nothing of it; the write lock is taken at once."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextlib.contextmanager
def snapshot(connection: Connection) -> Iterator[None]:
    """Let all questions that are asked inside see the same moment."""
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")


@contextlib.contextmanager
def savepoint(connection: Connection) -> Iterator[None]:
    """Keep what is done inside, or nothing of it, within a transaction that goes on."""
    connection.execute("SAVEPOINT one")
    try:
        yield
    except BaseException:
        if connection.in_transaction:  # a full disk rolls back everything by itself
            connection.execute("ROLLBACK TO one")
            connection.execute("RELEASE one")
        raise
    connection.execute("RELEASE one")
