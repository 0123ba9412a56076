"""The one counter by which everybody can ask what has happened since."""

from __future__ import annotations

from storage.sqlite import Connection


def next_change(connection: Connection) -> int:
    """Return the number of the change that is being made."""
    row = connection.execute("UPDATE note SET value = value + 1 WHERE name = 'change' RETURNING value")
    return int(row.fetchone()[0])
