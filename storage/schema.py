"""Tables and their migrations, in order.  A migration that shipped is never changed.

Times are whole milliseconds since 1970 in UTC.  `change` grows with everything that happens to a
photo, so that whoever has seen change n can ask for what came after.  Words are taken apart by
`storage.words`; FTS5's "ascii" tokenizer splits them no further, whatever letters they have.
"""

from __future__ import annotations

from sqlite_utils import Database, Migrations

from models.errors import NewerSchema
from storage.sqlite import Connection

migrations = Migrations("chalkak")

TABLES = """
CREATE TABLE scope (
  id INTEGER PRIMARY KEY,
  platform TEXT NOT NULL, server TEXT NOT NULL, chat TEXT NOT NULL, topic TEXT NOT NULL,
  is_private INTEGER NOT NULL, is_nsfw INTEGER NOT NULL,
  salt BLOB NOT NULL,
  UNIQUE (platform, server, chat, topic)
) STRICT;

CREATE TABLE person (
  id INTEGER PRIMARY KEY,
  platform TEXT NOT NULL, key TEXT NOT NULL, name TEXT NOT NULL,
  UNIQUE (platform, key)
) STRICT;

CREATE TABLE picture (
  id INTEGER PRIMARY KEY,
  scope INTEGER NOT NULL REFERENCES scope,
  hash BLOB NOT NULL,
  jpeg BLOB NOT NULL,
  UNIQUE (scope, hash)
) STRICT;

CREATE TABLE photo (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  code TEXT NOT NULL UNIQUE,
  scope INTEGER NOT NULL REFERENCES scope,
  author INTEGER NOT NULL REFERENCES person,
  message TEXT NOT NULL, attachment TEXT NOT NULL, album TEXT NOT NULL,
  text TEXT NOT NULL, language TEXT NOT NULL, is_spoiler INTEGER NOT NULL,
  sent_at INTEGER NOT NULL, accepted_at INTEGER NOT NULL, answered_at INTEGER,
  state TEXT NOT NULL
    CHECK (state IN ('received', 'ready', 'analysed', 'answered', 'refused', 'quarantined')),
  flight TEXT NOT NULL DEFAULT '' CHECK (flight IN ('', 'shared', 'alone')),
  tries INTEGER NOT NULL DEFAULT 0,
  is_suspect INTEGER NOT NULL DEFAULT 0,
  is_hidden INTEGER NOT NULL DEFAULT 0,
  erase_at INTEGER,
  picture INTEGER REFERENCES picture,
  width INTEGER, height INTEGER, is_partial INTEGER NOT NULL DEFAULT 0,
  analysis TEXT,
  error TEXT,
  reply TEXT,
  change INTEGER NOT NULL,
  UNIQUE (scope, message, attachment)
) STRICT;

CREATE INDEX photo_work ON photo (is_suspect, flight, scope, id)
  WHERE state IN ('received', 'ready', 'analysed');
CREATE INDEX photo_change ON photo (scope, change);
CREATE INDEX photo_author ON photo (author, scope);
CREATE INDEX photo_picture ON photo (picture);
CREATE INDEX photo_erase ON photo (erase_at) WHERE erase_at IS NOT NULL;
CREATE INDEX photo_age ON photo (accepted_at);

CREATE TABLE tombstone (
  code TEXT PRIMARY KEY,
  scope INTEGER NOT NULL REFERENCES scope,
  mark BLOB NOT NULL UNIQUE,
  deleted_at INTEGER NOT NULL,
  change INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX tombstone_change ON tombstone (scope, change);

CREATE TABLE term (
  scope INTEGER NOT NULL REFERENCES scope,
  term TEXT NOT NULL,
  n INTEGER NOT NULL CHECK (n > 0),
  PRIMARY KEY (scope, term)
) STRICT, WITHOUT ROWID;

CREATE TABLE note (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO note VALUES ('change', 0), ('seen_at', 0);

CREATE VIRTUAL TABLE words USING fts5 (
  scope, labels, morphemes, grams,
  tokenize = "ascii", detail = column, columnsize = 0
);
INSERT INTO words (words, rank) VALUES ('secure-delete', 1);
"""


# Work is what nobody has replied to yet; who is answered only by silence has the reply ''.
PLATFORMS = """
ALTER TABLE photo ADD COLUMN source TEXT NOT NULL DEFAULT '';
ALTER TABLE photo ADD COLUMN reply_to TEXT NOT NULL DEFAULT '';
ALTER TABLE photo ADD COLUMN placeholder TEXT NOT NULL DEFAULT '';
ALTER TABLE photo ADD COLUMN is_first_frame INTEGER NOT NULL DEFAULT 0;
ALTER TABLE photo ADD COLUMN is_silent INTEGER NOT NULL DEFAULT 0;
ALTER TABLE photo ADD COLUMN is_doubtful INTEGER NOT NULL DEFAULT 0;
ALTER TABLE photo ADD COLUMN settles_at INTEGER NOT NULL DEFAULT 0;
UPDATE photo SET reply = '' WHERE state IN ('refused', 'quarantined') AND reply IS NULL;
DROP INDEX photo_work;
CREATE INDEX photo_work ON photo (is_suspect, flight, scope, id) WHERE reply IS NULL;
CREATE INDEX photo_album ON photo (scope, album) WHERE album != '';
CREATE INDEX photo_message ON photo (message);

CREATE TABLE position (
  platform TEXT NOT NULL, chat TEXT NOT NULL,
  message TEXT NOT NULL,
  PRIMARY KEY (platform, chat)
) STRICT, WITHOUT ROWID;

CREATE TABLE chat (
  platform TEXT NOT NULL, server TEXT NOT NULL, chat TEXT NOT NULL,
  rules TEXT NOT NULL,
  PRIMARY KEY (platform, server, chat)
) STRICT, WITHOUT ROWID;

CREATE TABLE unsaid (
  id INTEGER PRIMARY KEY,
  platform TEXT NOT NULL, server TEXT NOT NULL, chat TEXT NOT NULL, topic TEXT NOT NULL,
  message TEXT NOT NULL, reply TEXT NOT NULL
) STRICT;

CREATE TABLE start (
  platform TEXT NOT NULL, at INTEGER NOT NULL
) STRICT;
"""


def _run(database: Database, statements: str) -> None:
    for statement in statements.split(";\n"):
        if statement.strip():
            database.execute(statement)


@migrations()
def m001_photos(database: Database) -> None:
    """Scopes, people, photos and their pictures, tombstones, search words."""
    _run(database, TABLES)


@migrations()
def m002_platforms(database: Database) -> None:
    """Photos that are fetched later, albums, positions, chats' own rules, answers to take back."""
    _run(database, PLATFORMS)


def known() -> tuple[str, ...]:
    """Return the names of all migrations of this program, oldest first."""
    everything: list[str] = [migration.name for migration in migrations.pending(Database(memory=True))]
    return tuple(everything)


def applied(connection: Connection) -> tuple[str, ...]:
    """Return the names of the migrations that a file has behind it."""
    return tuple(migration.name for migration in migrations.applied(Database(connection)))


def is_behind(connection: Connection) -> bool:
    """Return whether a file that has tables lacks some of this program's.

    Raises:
        NewerSchema: the file has been written by a newer program.
    """
    done = applied(connection)
    if unknown := [name for name in done if name not in known()]:
        newest = known()[-1]
        message = f"the file knows {unknown[-1]}, this program {newest}"
        raise NewerSchema(message, found=unknown[-1], known=newest)
    return 0 < len(done) < len(known())


def migrate(connection: Connection) -> None:
    """Apply what is missing, each migration in a transaction of its own."""
    migrations.apply(Database(connection))
