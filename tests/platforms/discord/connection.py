"""One connection to the gateway: the greeting, heartbeats, identifying, resuming, and what is not allowed."""

from __future__ import annotations

import json
import time
from collections import deque
from typing import Any

from aiohttp import WSMsgType, web

from tests.platforms.discord.gateway import ALL_INTENTS, Intent
from tests.platforms.discord.greeting import greet, members_chunks
from tests.platforms.discord.sessions import Session, Socket
from tests.platforms.discord.things import Json
from tests.platforms.discord.world import World

HEARTBEAT, IDENTIFY, PRESENCE, VOICE, RESUME, RECONNECT, MEMBERS, INVALID, HELLO, ACK = (
    1,
    2,
    3,
    4,
    6,
    7,
    8,
    9,
    10,
    11,
)
INTERVAL = 41.25  # seconds between heartbeats
PAYLOAD_LIMIT = 4096
SENDS, WINDOW = 120, 60.0
GOODBYE = (1000, 1001)  # closed by a client that does not want to come back
VERSIONS = ("9", "10")


class Closed(Exception):
    """The connection is to be closed with a code."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(code, reason)
        self.code, self.reason = code, reason


class Connection:
    """Speaks with one client.

    Args:
        world: what the client is told of.
        url: where to come back.
    """

    def __init__(self, world: World, url: str) -> None:
        self._world, self._url = world, url
        self._session: Session | None = None
        self._sent: deque[float] = deque()
        self._has_left = False

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Serve a client until one of the two goes."""
        websocket = web.WebSocketResponse(timeout=0.2, compress=False, heartbeat=None)
        await websocket.prepare(request)
        self._socket = Socket(
            websocket, request, is_compressed=request.query.get("compress") == "zlib-stream"
        )
        try:
            self._check_query(request.query.get("v", "10"), request.query.get("encoding", "json"))
            self._socket.say({"op": HELLO, "d": {"heartbeat_interval": int(INTERVAL * 1000), "_trace": []}})
            await self._listen(websocket)
        except Closed as closed:
            await self._socket.close(closed.code, closed.reason)
        finally:
            await self._leave()
        return websocket

    async def _leave(self) -> None:
        await self._socket.end()
        if self._session is not None and self._session.socket is self._socket:
            self._session.socket = None
            if self._has_left:
                self._session.is_resumable = False
        await self._world.gateway.announce()

    @staticmethod
    def _check_query(version: str, encoding: str) -> None:
        if version not in VERSIONS:
            raise Closed(4012, "Invalid API version(s).")
        if encoding != "json":
            raise Closed(4002, "Error while decoding payload.")

    async def _listen(self, websocket: web.WebSocketResponse) -> None:
        while True:
            message = await websocket.receive(timeout=2 * INTERVAL)
            if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                self._has_left = message.type is WSMsgType.CLOSE and message.data in GOODBYE
                return
            await self._hear(self._decoded(message.data))

    def _decoded(self, data: str | bytes) -> Json:
        if len(data) > PAYLOAD_LIMIT:
            raise Closed(4002, "Error while decoding payload.")
        try:
            frame = json.loads(data)
        except ValueError:
            raise Closed(4002, "Error while decoding payload.") from None
        if not isinstance(frame, dict) or not isinstance(frame.get("op"), int):
            raise Closed(4002, "Error while decoding payload.")
        return frame

    async def _hear(self, frame: Json) -> None:
        self._count()
        operation, data = frame["op"], frame.get("d")
        if operation == HEARTBEAT:
            self._socket.say({"op": ACK})
        elif operation == IDENTIFY:
            await self._identify(data)
        elif operation == RESUME:
            await self._resume(data)
        elif operation not in (PRESENCE, VOICE, MEMBERS):
            raise Closed(4001, "Unknown opcode.")
        elif self._session is None:
            raise Closed(4003, "Not authenticated.")
        elif operation == MEMBERS:
            self._tell_members(data)

    def _count(self) -> None:
        """Close on a client that says more than it may."""
        now = time.monotonic()
        self._sent.append(now)
        while self._sent[0] < now - WINDOW:
            self._sent.popleft()
        if len(self._sent) > SENDS:
            raise Closed(4008, "Rate limited.")

    async def _identify(self, data: Any) -> None:
        if self._session is not None:
            raise Closed(4005, "Already authenticated.")
        self._check_identity(data)
        session = self._world.gateway.begin(data["intents"])
        self._take(session)
        for name, told in greet(self._world, session, self._url, data.get("shard")):
            session.dispatch(name, told)
        await self._world.gateway.announce()

    def _check_identity(self, data: Any) -> None:
        rules = self._world.rules
        if not isinstance(data, dict) or not isinstance(data.get("properties"), dict):
            raise Closed(4002, "Error while decoding payload.")
        if data.get("token") != rules.token or self._world.gateway.identifies >= rules.identify_limit:
            raise Closed(4004, "Authentication failed.")
        intents = data.get("intents")
        if not isinstance(intents, int) or intents & ~ALL_INTENTS:
            raise Closed(4013, "Invalid intent(s).")
        refused = 0 if rules.may_read else Intent.MESSAGE_CONTENT
        refused |= Intent.GUILD_PRESENCES | (0 if rules.may_know_members else Intent.GUILD_MEMBERS)
        if intents & refused:
            raise Closed(4014, "Disallowed intent(s).")
        number, count = data.get("shard") or (0, 1)
        if not 0 <= number < count:
            raise Closed(4010, "Invalid shard.")

    async def _resume(self, data: Any) -> None:
        if self._session is not None:
            raise Closed(4005, "Already authenticated.")
        if not isinstance(data, dict) or data.get("token") != self._world.rules.token:
            raise Closed(4004, "Authentication failed.")
        session = self._world.gateway.sessions.get(str(data.get("session_id")))
        if session is None or not session.is_resumable:
            self._socket.say({"op": INVALID, "d": False})
            return
        if not isinstance(data.get("seq"), int) or data["seq"] > session.sequence:
            raise Closed(4007, "Invalid sequence.")
        await self._go_on(session, data["seq"])

    async def _go_on(self, session: Session, after: int) -> None:
        self._take(session)
        if not session.replay(after):
            session.socket = self._session = None
            self._socket.say({"op": INVALID, "d": False})
            return
        session.dispatch("RESUMED", {"_trace": ["stand-in"]})
        self._world.gateway.resumes += 1
        await self._world.gateway.announce()

    def _take(self, session: Session) -> None:
        """Let a session speak through this connection, whatever had it before."""
        if session.socket is not None:
            session.socket.break_off()
        self._session, session.socket = session, self._socket

    def _tell_members(self, data: Any) -> None:
        assert self._session is not None
        for chunk in members_chunks(self._world, self._session, data):
            self._session.dispatch("GUILD_MEMBERS_CHUNK", chunk)


def beat_now() -> Json:
    """Return the frame that asks a client for a heartbeat."""
    return {"op": HEARTBEAT, "d": None}


async def serve(world: World, url: str, request: web.Request) -> web.StreamResponse:
    """Serve a request for a connection."""
    try:
        return await Connection(world, url).serve(request)
    except (TimeoutError, ConnectionError):
        return web.Response()
