"""Connections to the one SQLite file, and nothing else of it.

`pysqlite3` is the only SQLite of the process: the library bundled with Python 3.11 to 3.13 can
corrupt a write-ahead log while it is reset, and two libraries in one process break file locks.
"""

from __future__ import annotations

from pathlib import Path

import pysqlite3 as sqlite3

PAGE_BYTES = 8192
BUSY_SECONDS = 5.0
WAL_LIMIT_BYTES = 64_000_000

Connection = sqlite3.Connection
Row = sqlite3.Row
Error = sqlite3.Error
DatabaseError = sqlite3.DatabaseError
OperationalError = sqlite3.OperationalError
IntegrityError = sqlite3.IntegrityError


def open_writer(path: Path) -> Connection:
    """Return the one connection that writes; transactions are begun by hand, immediately."""
    connection = _open(str(path))
    connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")  # these two count for a new file only
    connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute(f"PRAGMA journal_size_limit = {WAL_LIMIT_BYTES}")
    return connection


def open_reader(path: Path) -> Connection:
    """Return a connection that only reads."""
    connection = _open(f"file:{path}?mode=ro")
    connection.execute("PRAGMA query_only = ON")
    return connection


def _open(name: str) -> Connection:
    connection = sqlite3.connect(
        name, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, uri=name.startswith("file:")
    )
    connection.row_factory = sqlite3.Row
    return connection
