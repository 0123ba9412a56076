"""The tables, as numbered migrations: each runs once, in a transaction of its own.

A photo is one row of `photo` from the moment it is accepted; what is to be done is always a query
over its state.  Pictures lie in a table of their own, which no search ever joins.
"""

from __future__ import annotations

from sqlite_utils import Database, Migrations

migrations = Migrations("chalkak")

STATES = ("received", "ready", "analysed", "answered", "refused", "quarantined")


@migrations()
def m001_photos(db: Database) -> None:
    """Scopes, people, photos and their pictures."""
    db.executescript(
        """
        CREATE TABLE scope (
            id INTEGER PRIMARY KEY,
            platform TEXT NOT NULL, server TEXT NOT NULL, chat TEXT NOT NULL, topic TEXT NOT NULL,
            is_private INTEGER NOT NULL, is_nsfw INTEGER NOT NULL,
            salt BLOB NOT NULL,  -- of the hashes of this scope's pictures: no duplicate shows across scopes
            UNIQUE (platform, server, chat, topic)
        ) STRICT;
        CREATE TABLE person (
            id INTEGER PRIMARY KEY,
            platform TEXT NOT NULL, code TEXT NOT NULL, name TEXT NOT NULL,
            UNIQUE (platform, code)
        ) STRICT;
        CREATE TABLE picture (
            id INTEGER PRIMARY KEY,
            scope INTEGER NOT NULL REFERENCES scope,
            hash BLOB NOT NULL,
            jpeg BLOB NOT NULL,
            UNIQUE (scope, hash)
        ) STRICT;
        CREATE TABLE photo (
            id INTEGER PRIMARY KEY,
            code TEXT NOT NULL UNIQUE,  -- what the outside calls it
            scope INTEGER NOT NULL REFERENCES scope,
            author INTEGER NOT NULL REFERENCES person,
            message TEXT NOT NULL, attachment TEXT NOT NULL, album TEXT NOT NULL,
            text TEXT NOT NULL, is_spoiler INTEGER NOT NULL,
            sent_at REAL NOT NULL, accepted_at REAL NOT NULL, answered_at REAL,
            state TEXT NOT NULL CHECK (state IN ('received', 'ready', 'analysed', 'answered', 'refused', 'quarantined')),
            tries INTEGER NOT NULL DEFAULT 0,
            flight TEXT NOT NULL DEFAULT '' CHECK (flight IN ('', 'shared', 'alone')),
            is_suspect INTEGER NOT NULL DEFAULT 0,  -- was in flight when a process died
            picture INTEGER REFERENCES picture,
            width INTEGER, height INTEGER, is_partial INTEGER NOT NULL DEFAULT 0,
            analysis TEXT,  -- JSON, see storage.records
            error TEXT NOT NULL DEFAULT '', error_data TEXT NOT NULL DEFAULT '{}',
            reply TEXT NOT NULL DEFAULT '',  -- the platform's id of our answer
            UNIQUE (scope, message, attachment)
        ) STRICT;
        CREATE INDEX photo_to_do ON photo (state, is_suspect, accepted_at)
            WHERE state IN ('received', 'ready', 'analysed');
        CREATE INDEX photo_by_scope ON photo (scope, sent_at);
        CREATE INDEX photo_by_author ON photo (author, sent_at);
        CREATE INDEX photo_by_picture ON photo (picture);
        CREATE TABLE tombstone (
            scope INTEGER NOT NULL REFERENCES scope,
            message TEXT NOT NULL, attachment TEXT NOT NULL,
            erased_at REAL NOT NULL,
            PRIMARY KEY (scope, message, attachment)
        ) STRICT, WITHOUT ROWID;
        """
    )
