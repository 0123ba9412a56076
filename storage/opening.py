"""From a folder on the disk to a file that may be used: checked, migrated, recovered.

Nothing is ever begun anew silently: a damaged file, a newer one, a folder without room each ends
with an error that says what to do.
"""

from __future__ import annotations

import logging
import threading
import time
from contextlib import closing
from pathlib import Path

from models.errors import DatabaseDamaged
from storage import backups, work
from storage.folder import Folder
from storage.schema import applied, is_behind, migrate
from storage.sqlite import Connection, DatabaseError, explained, open_reader, transaction

log = logging.getLogger(__name__)

CHECK_SECONDS = 1.0  # of the quick check that a start waits for; a larger file is checked meanwhile
CHECK_STEPS = 100_000  # virtual machine steps between two looks at the clock


def prepare(folder: Folder, connection: Connection) -> int:
    """Make the file ready for use; return how many photos were in flight when it was last left.

    Raises:
        NewerSchema: a newer program wrote it.
        NoRoom: there is no room for the backup that comes before a migration.
    """
    backups.clear(folder)
    with explained(folder.database):
        if is_behind(connection):
            backups.make(folder.database, backups.fresh_name(folder, "before-migration"))
        migrate(connection)
        with transaction(connection):
            recovered = work.recover(connection)
            known = {row["code"] for row in connection.execute("SELECT code FROM tombstone")}
    if missing := known - backups.listed(folder):
        backups.note_deleted(folder, sorted(missing))
    return recovered


def quick_check(database: Path, seconds: float | None = None) -> bool:
    """Read the structure of a file; return False when `seconds` were not enough.

    Raises:
        DatabaseDamaged: it is broken.
    """
    with closing(open_reader(database)) as connection, explained(database):
        applied(connection)  # no database at all shows here
        if seconds is not None:
            ends = time.monotonic() + seconds
            connection.set_progress_handler(lambda: time.monotonic() > ends, CHECK_STEPS)
        try:
            problem = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        except DatabaseError as error:
            if getattr(error, "sqlite_errorname", "") == "SQLITE_INTERRUPT":
                return False
            raise
    if problem != "ok":
        raise DatabaseDamaged(f"{database} is damaged: {problem}", path=str(database))
    return True


def check_meanwhile(database: Path) -> None:
    """Check a large file on a thread of its own, and say loudly when it is broken."""

    def check() -> None:
        try:
            quick_check(database)
        except DatabaseDamaged as error:
            log.error("the database is damaged, stop and run: chalkak restore error=%s", error)

    threading.Thread(target=check, name="quick-check", daemon=True).start()
