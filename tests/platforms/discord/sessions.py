"""A session of the gateway: what was said in it, so that it can be said again, and to which socket."""

from __future__ import annotations

import asyncio
import contextlib
import json
import zlib
from collections import deque

from aiohttp import web

from tests.platforms.discord.things import Json

MEMORY = 2000  # events that can be replayed
DISPATCH = 0


class Socket:
    """One connection; whatever is said is written in order, by a task of its own.

    Args:
        socket: the connection.
        request: that it began with.
        is_compressed: whether it is one `zlib-stream`.
    """

    def __init__(self, socket: web.WebSocketResponse, request: web.Request, *, is_compressed: bool) -> None:
        self.socket, self._request = socket, request
        self.is_dead = False
        self._closed: asyncio.Event | None = None  # there once a close has begun
        self._zlib = zlib.compressobj() if is_compressed else None
        self._queue: asyncio.Queue[Json | None] = asyncio.Queue()
        self._writing = asyncio.create_task(self._write())

    def say(self, frame: Json) -> None:
        """Queue a frame."""
        if not self.is_dead:
            self._queue.put_nowait(frame)

    async def close(self, code: int, reason: str = "") -> None:
        """Say what is queued, then close with a code."""
        self._closed = self._closed or asyncio.Event()
        self._queue.put_nowait(None)
        await asyncio.wait([self._writing], timeout=1)
        self._writing.cancel()
        with contextlib.suppress(ConnectionError, RuntimeError):
            await self.socket.close(code=code, message=reason.encode())
        self.is_dead = True
        self._closed.set()

    async def end(self) -> None:
        """Let a close that is under way be said to its end, then let go of the connection."""
        if self._closed is not None:
            await self._closed.wait()
        self.break_off()

    def break_off(self) -> None:
        """Cut the connection as a dying machine does."""
        self.is_dead = True
        self._writing.cancel()
        if self._request.transport is not None:
            self._request.transport.abort()

    async def _write(self) -> None:
        while (frame := await self._queue.get()) is not None:
            try:
                await self._send(json.dumps(frame))
            except (ConnectionError, RuntimeError):
                self.is_dead = True
                return

    async def _send(self, text: str) -> None:
        if self._zlib is None:
            await self.socket.send_str(text)
            return
        data = self._zlib.compress(text.encode()) + self._zlib.flush(zlib.Z_SYNC_FLUSH)
        await self.socket.send_bytes(data)


class Session:
    """What a client began by identifying itself and may go on with over another socket."""

    def __init__(self, name: str, intents: int) -> None:
        self.name, self.intents = name, intents
        self.sequence = 0
        self.is_resumable = True
        self.socket: Socket | None = None
        self._said: deque[Json] = deque(maxlen=MEMORY)

    @property
    def is_live(self) -> bool:
        return self.socket is not None and not self.socket.is_dead

    def dispatch(self, name: str, data: Json) -> None:
        """Say an event, or remember it for the time when the client is back."""
        self.sequence += 1
        frame = {"op": DISPATCH, "t": name, "s": self.sequence, "d": data}
        self._said.append(frame)
        if self.socket is not None:
            self.socket.say(frame)

    def replay(self, after: int) -> bool:
        """Say again what was missed; False where not all of it is remembered."""
        missed = [frame for frame in self._said if frame["s"] > after]
        if len(missed) != self.sequence - after:
            return False
        for frame in missed:
            assert self.socket is not None
            self.socket.say(frame)
        return True
