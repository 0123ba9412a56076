"""The threads that only read, each with a connection of its own; the event loop never waits for the disk."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from models.errors import Stopped
from storage.sqlite import Connection, explained, open_reader, snapshot

Value = TypeVar("Value")

READERS = 2


class Readers:
    """Answers questions to one database until `close`."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._local = threading.local()
        self._connections: list[Connection] = []
        self._threads = ThreadPoolExecutor(READERS, thread_name_prefix="reader")

    async def ask(self, question: Callable[[Connection], Value]) -> Value:
        """Return the answer to a question, all of it from one moment."""
        return await self.run(lambda: self._answer(question))

    async def run(self, work: Callable[[], Value]) -> Value:
        """Return what some work gives, done on a reader's thread.

        Raises:
            Stopped: they are closed.
        """
        loop = asyncio.get_running_loop()
        try:
            waiting = loop.run_in_executor(self._threads, work)
        except RuntimeError as error:
            raise Stopped("the store is closed") from error
        with explained(self._database):
            return await waiting

    def close(self) -> None:
        """Finish what is being asked.  Blocks for a moment."""
        self._threads.shutdown(wait=True)
        for connection in self._connections:
            connection.close()

    def _answer(self, question: Callable[[Connection], Value]) -> Value:
        with snapshot(connection := self._connection()):
            return question(connection)

    def _connection(self) -> Connection:
        """Return the connection of this thread."""
        found: Connection | None = getattr(self._local, "connection", None)
        if found is None:
            found = self._local.connection = open_reader(self._database)
            self._connections.append(found)
        return found
