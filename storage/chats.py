"""What is remembered of chats rather than of photos: where reading goes on, rules, answers to take back.

The functions are jobs of the writer or questions to readers; `ChatStore` is what may be awaited.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from typing import Any, Protocol, TypeVar

from models.records import Place
from storage import index, work
from storage.changes import next_change
from storage.index import Words
from storage.records import SELECT, Photo, Unsaid, photo_of
from storage.sqlite import Connection, Row

Value = TypeVar("Value")
DAY = 86_400_000  # milliseconds


class Write(Protocol):
    """Runs a job of the writer; see `Writer.put`."""

    def __call__(
        self, job: Callable[[Connection], Value], /, *, is_erasing: bool = False
    ) -> Awaitable[Value]:
        """Return what a job gives, once it is committed."""
        ...


class Read(Protocol):
    """Puts a question to a reader; see `Readers.ask`."""

    def __call__(self, question: Callable[[Connection], Value], /) -> Awaitable[Value]:
        """Return the answer."""
        ...


class ChatStore:
    """What platforms ask of the store beside photos.

    Args:
        write, read: how the store runs a job and a question.
        now: the wall clock, in milliseconds.
    """

    def __init__(self, write: Write, read: Read, now: Callable[[], int]) -> None:
        self._write, self._read, self._now = write, read, now

    async def positions(self, platform: str) -> dict[str, str]:
        """Return the last message that was read, by chat."""
        return await self._read(lambda c: positions(c, platform))

    async def set_positions(self, platform: str, seen: Mapping[str, str]) -> None:
        """Note up to which message chats have been read; never back."""
        found = dict(seen)
        await self._write(lambda c: advance(c, platform, found))

    async def forget_position(self, platform: str, chat: str) -> None:
        """Forget where reading went on in a chat that is gone."""
        sql = "DELETE FROM position WHERE platform = ? AND chat = ?"
        await self._write(lambda c: c.execute(sql, (platform, chat)))

    async def known(self, platform: str, chat: str, message: str) -> list[Photo]:
        """Return the photos of a message; `chat` is the chat's or the topic's id, "" for any."""
        return await self._read(lambda c: of_message(c, platform, chat, message))

    async def messages(
        self, platform: str, chat: str, *, after: int = 0, with_topics: bool = False
    ) -> list[str]:
        """Return the messages of a chat or topic, younger than one, that have photos here."""
        return await self._read(lambda c: messages(c, platform, chat, after, with_topics=with_topics))

    async def waits_before(self, photo: Photo) -> bool:
        """Return whether an earlier photo of the same chat is still to be told of."""
        now = self._now()
        return await self._read(lambda c: work.waits_before(c, photo, now))

    async def note_placeholder(self, codes: Iterable[str], message: str) -> None:
        """Note the message whose place the answer to photos will take."""
        rows = [(message, code) for code in codes]
        sql = "UPDATE photo SET placeholder = ? WHERE code = ?"
        await self._write(lambda c: c.executemany(sql, rows))

    async def begin(self, platform: str) -> int:
        """Note that a connection begins, and return how many began in the day before."""
        now = self._now()
        return await self._write(lambda c: begin(c, platform, now))

    async def rules(self) -> dict[tuple[str, str, str], dict[str, Any]]:
        """Return what chats have decided, by platform, server and chat."""
        return await self._read(rules)

    async def set_rule(self, place: Place, name: str, value: object) -> None:
        """Note one decision of a chat."""
        await self._write(lambda c: set_rule(c, place, name, value))

    async def move(self, platform: str, old: str, new: str) -> None:
        """Give everything of a chat to the id that it has now."""
        await self._write(lambda c: move(c, platform, old, new))

    async def unsaid(self, platforms: Collection[str], limit: int = 50) -> list[Unsaid]:
        """Return answers that are to be taken back on platforms, oldest first."""
        wanted = list(platforms)
        return await self._read(lambda c: unsaid(c, wanted, limit))

    async def unsay(self, place: Place, message: str, reply: str) -> None:
        """Remember to take back an answer to a message whose photos went while it was being sent."""
        row = (place.platform, place.server, place.chat, place.topic, message, reply)
        sql = "INSERT INTO unsaid (platform, server, chat, topic, message, reply) VALUES (?,?,?,?,?,?)"
        await self._write(lambda c: c.execute(sql, row))

    async def taken_back(self, number: int) -> None:
        """Note that an answer is no longer there."""
        sql = "DELETE FROM unsaid WHERE id = ?"
        await self._write(lambda c: c.execute(sql, (number,)), is_erasing=True)


def positions(connection: Connection, platform: str) -> dict[str, str]:
    """Return the last message that was read, by chat."""
    rows = connection.execute("SELECT chat, message FROM position WHERE platform = ?", (platform,))
    return {row["chat"]: row["message"] for row in rows}


def advance(connection: Connection, platform: str, seen: Mapping[str, str]) -> None:
    """Move positions on; ids grow, so that an older one changes nothing."""
    connection.executemany(
        "INSERT INTO position (platform, chat, message) VALUES (?,?,?) ON CONFLICT DO UPDATE"
        " SET message = excluded.message WHERE CAST(excluded.message AS INTEGER) > CAST(message AS INTEGER)",
        [(platform, chat, message) for chat, message in seen.items()],
    )


def of_message(connection: Connection, platform: str, chat: str, message: str) -> list[Photo]:
    """Return the photos of a message, in the order in which they came."""
    rows = connection.execute(
        f"{SELECT} WHERE photo.message = ?1 AND scope.platform = ?2"
        " AND (?3 = '' OR scope.chat = ?3 OR scope.topic = ?3) ORDER BY photo.id",
        (message, platform, chat),
    )
    return [photo_of(row) for row in rows]


def messages(connection: Connection, platform: str, chat: str, after: int, *, with_topics: bool) -> list[str]:
    """Return the messages of a chat or topic, younger than one, that have photos here."""
    rows = connection.execute(
        "SELECT DISTINCT message FROM photo WHERE scope IN (SELECT id FROM scope WHERE platform = ?1"
        " AND (topic = ?2 OR (chat = ?2 AND (topic = '' OR ?4)))) AND CAST(message AS INTEGER) > ?3",
        (platform, chat, after, with_topics),
    )
    return [row["message"] for row in rows]


def retext(connection: Connection, photo: Photo, words: Words | None) -> bool:
    """Give a photo the text that its poster wrote instead, and the words that it is found by.

    False where it has been looked at since `photo` was read, so that it needs other words.
    """
    row = connection.execute("SELECT * FROM photo WHERE code = ?", (photo.id,)).fetchone()
    if row is None:
        return True
    if row["analysis"] and words is None:
        return False
    sql = "UPDATE photo SET text = ?, change = ? WHERE id = ?"
    connection.execute(sql, (photo.text, next_change(connection), row["id"]))
    if words and not row["is_hidden"] and index.forget(connection, row["id"], row["scope"]):
        index.learn(connection, row["id"], row["scope"], words)
    return True


def begin(connection: Connection, platform: str, now: int) -> int:
    """Note a start, forget those of the day before yesterday, return how many were in the last day."""
    connection.execute("DELETE FROM start WHERE at < ?1 - ?2 OR at > ?1 + ?2", (now, DAY))
    sql = "SELECT count(*) FROM start WHERE platform = ?"
    before = int(connection.execute(sql, (platform,)).fetchone()[0])
    connection.execute("INSERT INTO start (platform, at) VALUES (?,?)", (platform, now))
    return before


def rules(connection: Connection) -> dict[tuple[str, str, str], dict[str, Any]]:
    """Return what chats have decided, by platform, server and chat."""
    rows = connection.execute("SELECT platform, server, chat, rules FROM chat")
    return {(row["platform"], row["server"], row["chat"]): json.loads(row["rules"]) for row in rows}


def set_rule(connection: Connection, place: Place, name: str, value: object) -> None:
    """Note one decision of a chat."""
    connection.execute(
        "INSERT INTO chat (platform, server, chat, rules) VALUES (?1,?2,?3, json_object(?4, json(?5)))"
        " ON CONFLICT DO UPDATE SET rules = json_set(rules, '$.' || ?4, json(?5))",
        (place.platform, place.server, place.chat, name, json.dumps(value)),
    )


def move(connection: Connection, platform: str, old: str, new: str) -> None:
    """Give everything of a chat to the id that it has now; what the new one has already stays."""
    for table in ("scope", "chat", "unsaid", "position"):
        connection.execute(
            f"UPDATE OR IGNORE {table} SET chat = ? WHERE platform = ? AND chat = ?",  # noqa: S608
            (new, platform, old),
        )


def unsaid(connection: Connection, platforms: Collection[str], limit: int) -> list[Unsaid]:
    """Return answers that are to be taken back on platforms, oldest first."""
    rows = connection.execute(
        "SELECT * FROM unsaid WHERE platform IN (SELECT value FROM json_each(?)) ORDER BY id LIMIT ?",
        (json.dumps(list(platforms)), limit),
    )
    return [_unsaid_of(row) for row in rows]


def _unsaid_of(row: Row) -> Unsaid:
    place = Place(row["platform"], row["server"], row["chat"], row["topic"])
    return Unsaid(row["id"], place, row["message"], row["reply"])
