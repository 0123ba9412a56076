"""The gateway: who is connected, and who is told of what."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from enum import IntFlag

from tests.platforms.discord.sessions import Session
from tests.platforms.discord.things import Json
from tests.platforms.faults import Faults

KEPT = 5  # sessions whose client is away
SWAP_SECONDS = 0.3  # an event that waits for another one to overtake it waits no longer


class Intent(IntFlag):
    """What a client wants to be told of."""

    GUILDS = 1 << 0
    GUILD_MEMBERS = 1 << 1
    GUILD_PRESENCES = 1 << 8
    GUILD_MESSAGES = 1 << 9
    GUILD_MESSAGE_REACTIONS = 1 << 10
    GUILD_MESSAGE_TYPING = 1 << 11
    DIRECT_MESSAGES = 1 << 12
    DIRECT_MESSAGE_REACTIONS = 1 << 13
    DIRECT_MESSAGE_TYPING = 1 << 14
    MESSAGE_CONTENT = 1 << 15


ALL_INTENTS = (1 << 17) - 1 | 1 << 20 | 1 << 21 | 1 << 24 | 1 << 25


class Gateway:
    """Keeps the sessions and delivers events to them."""

    def __init__(self) -> None:
        self.sessions: dict[str, Session] = {}
        self.identifies = 0
        self.resumes = 0
        self.deliveries = Faults()  # "twice", "swap", "never", by the event's name
        self.changed = asyncio.Condition()
        self._held: list[Callable[[], None]] = []

    @property
    def is_online(self) -> bool:
        return any(session.is_live for session in self.sessions.values())

    def begin(self, intents: int) -> Session:
        """Begin a session, and forget the oldest of those whose client is away."""
        self.identifies += 1
        away = [name for name, session in self.sessions.items() if not session.is_live]
        for name in away[:-KEPT]:
            del self.sessions[name]
        session = Session(f"session-{self.identifies}", intents)
        self.sessions[session.name] = session
        return session

    def dispatch(self, name: str, data: Json, *, intent: int = 0, bare: Json | None = None) -> None:
        """Tell all sessions that want to know; those without MESSAGE_CONTENT of what is left of it."""

        def deliver() -> None:
            for session in self.sessions.values():
                if session.intents & intent == intent:
                    reads = bare is None or session.intents & Intent.MESSAGE_CONTENT
                    session.dispatch(name, data if reads or bare is None else bare)

        fault = self.deliveries.next(name)
        kind = fault.kind if fault is not None else ""
        if kind == "swap":
            self._hold(deliver)
            return
        for _ in range({"twice": 2, "never": 0}.get(kind, 1)):
            deliver()
        self._release()

    def _hold(self, deliver: Callable[[], None]) -> None:
        self._held.append(deliver)
        asyncio.get_running_loop().call_later(SWAP_SECONDS, self._release)

    def _release(self) -> None:
        held, self._held = self._held, []
        for deliver in held:
            deliver()

    async def announce(self) -> None:
        """Wake up whoever waits for a session to begin or to end."""
        async with self.changed:
            self.changed.notify_all()

    async def until_online(self, identifies: int, seconds: float) -> None:
        """Wait until a client is there, after it identified itself at least so many times."""
        async with self.changed:
            wanted = self.changed.wait_for(lambda: self.is_online and self.identifies >= identifies)
            await asyncio.wait_for(wanted, seconds)

    async def until_offline(self, seconds: float) -> None:
        """Wait until no client is there."""
        async with self.changed:
            await asyncio.wait_for(self.changed.wait_for(lambda: not self.is_online), seconds)

    async def close_all(self, code: int, *, resumable: bool) -> None:
        """Close every socket; afterwards the sessions can be resumed or not."""
        for session in self.sessions.values():
            session.is_resumable = session.is_resumable and resumable
            if session.socket is not None:
                with contextlib.suppress(ConnectionError):
                    await session.socket.close(code)

    def forget(self) -> None:
        """Let no session be resumable."""
        for session in self.sessions.values():
            session.is_resumable = False

    def cut(self) -> None:
        """Break every socket without a word."""
        for session in self.sessions.values():
            if session.socket is not None:
                session.socket.break_off()

    def say_all(self, frame: Json) -> None:
        """Say a frame that is no event to every client that is there."""
        for session in self.sessions.values():
            if session.socket is not None:
                session.socket.say(frame)
