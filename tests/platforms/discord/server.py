"""A Discord to test a bot against, over real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Self

from aiohttp import web

from tests.platforms.discord import connection
from tests.platforms.discord.cdn import Cdn
from tests.platforms.discord.gateway import Gateway
from tests.platforms.discord.openapi import find_description
from tests.platforms.discord.people import People
from tests.platforms.discord.rates import Rates
from tests.platforms.discord.rest import Rest, html
from tests.platforms.discord.taps import Taps
from tests.platforms.discord.things import Channel, Message
from tests.platforms.discord.world import Rules, World
from tests.platforms.faults import Asked, Faults

HOST = "127.0.0.1"
SECONDS = 30.0
UNFINISHED, RECONNECT, INVALID = 4000, 7, 9


class StandInDiscord(People, Taps):
    """A Discord of one bot; what is on it stays while the bot dies and comes back.

    Args:
        token: of the bot.
        may_read: whether MESSAGE_CONTENT is switched on for it.
        may_know_members: whether GUILD_MEMBERS is.
        nonce_seconds: for how long a nonce is known.
        callback_seconds: for the first response to an interaction.
        token_seconds: for the further ones.
        address_seconds: for which an attachment's address is good.
        limits: False for buckets that never run empty.
        per_second: requests of all kinds together, 0 for as many as come.
        port: to listen on, 0 for any free one.
    """

    def __init__(
        self,
        token: str = "MQ.stand-in.token",
        *,
        may_read: bool = True,
        may_know_members: bool = True,
        nonce_seconds: float = 180.0,
        callback_seconds: float = 3.0,
        token_seconds: float = 900.0,
        address_seconds: float = 24 * 3600.0,
        limits: bool = True,
        per_second: int = 50,
        port: int = 0,
    ) -> None:
        self.token, self.port = token, port
        rules = Rules(token, may_read, may_know_members, nonce_seconds, callback_seconds, token_seconds)
        self.faults = Faults()
        self._hub, self._cdn = Gateway(), Cdn(seconds=address_seconds)
        world = World(rules, self._cdn, self._hub)
        super().__init__(world)
        rates = Rates(per_route=limits, per_second=per_second)
        self._rest = Rest(world, self.faults, rates, find_description())
        self._is_out = False

    # Where it is

    @property
    def origin(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def url(self) -> str:
        """Return the beginning of every endpoint, for `discord.http.Route.BASE`."""
        return f"{self.origin}/api/v10"

    @property
    def gateway(self) -> str:
        """Return the address of the gateway, for `DiscordWebSocket.DEFAULT_GATEWAY`."""
        return f"ws://{HOST}:{self.port}/gateway/"

    @property
    def cdn(self) -> str:
        """Return the beginning of the addresses of files, for `discord.asset.Asset.BASE`."""
        return f"{self.origin}/cdn"

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=2**30)  # what is too large, we say ourselves
        app.router.add_get("/gateway/", self._connect)
        app.router.add_get("/{kind:cdn|media}/{path:.+}", self._file)
        app.router.add_route("*", "/api/v{version:9|10}{path:/.+}", self._api)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self._cdn.origin, self.world.gateway_url = self.origin, self.gateway
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hub.cut()
        await self._runner.cleanup()

    async def _connect(self, request: web.Request) -> web.StreamResponse:
        if self._is_out:
            return html("503 Service Unavailable", 503)
        return await connection.serve(self.world, self.gateway, request)

    async def _api(self, request: web.Request) -> web.StreamResponse:
        if self._is_out:
            return self._rest.turn_away(request)
        return await self._rest.answer(request, request.match_info["path"])

    async def _file(self, request: web.Request) -> web.StreamResponse:
        if self._is_out:
            return self._rest.turn_away(request)
        return await self._rest.serve_file(request)

    # What is seen of the bot

    @property
    def asked(self) -> list[Asked]:
        """Return every request so far."""
        return self._rest.asked

    @property
    def violations(self) -> list[str]:
        """Return what of the requests was against the description of the API."""
        return self._rest.violations

    @property
    def own_faults(self) -> list[str]:
        """Return where our own answers are against that description, which our own tests ask for."""
        return self._rest.own_faults

    @property
    def invalid(self) -> int:
        """Return how many requests were refused with 401, 403 or 429."""
        return self._rest.invalid

    @property
    def identifies(self) -> int:
        """Return how often the bot identified itself: once per start, and after lost sessions."""
        return self._hub.identifies

    @property
    def resumes(self) -> int:
        """Return how often the bot went on with a session."""
        return self._hub.resumes

    @property
    def deliveries(self) -> Faults:
        """Return the faults of events ("twice", "swap", "never") by their names."""
        return self._hub.deliveries

    @property
    def deleted(self) -> list[Message]:
        """Return the messages that are gone, in the order in which they came."""
        return [message for message in self.world.all_messages() if message.is_deleted]

    def answers(self, channel: Channel) -> list[Message]:
        """Return the messages of the bot that are there now."""
        return [one for one in self.world.alive(channel) if one.author is self.world.bot]

    def message(self, number: int | str) -> Message:
        """Return a message by its id, also one that is gone."""
        return next(message for message in self.world.all_messages() if message.id == int(number))

    async def until(self, seen: Callable[[], object], seconds: float = SECONDS) -> None:
        """Wait until something is so, looking again after each request of the bot."""
        async with asyncio.timeout(seconds):
            while not seen():
                self._rest.answered.clear()
                await self._rest.answered.wait()

    async def answered(self, channel: Channel, count: int = 1, seconds: float = SECONDS) -> list[Message]:
        """Wait until so many messages of the bot are in a channel, and return them."""
        await self.until(lambda: len(self.answers(channel)) >= count, seconds)
        return self.answers(channel)

    async def online(self, *, identifies: int = 1, seconds: float = SECONDS) -> None:
        """Wait until the bot is there and has been given READY, at least for the so-manieth time."""
        await self._hub.until_online(identifies, seconds)

    async def offline(self, seconds: float = SECONDS) -> None:
        """Wait until the bot is not there."""
        await self._hub.until_offline(seconds)

    # What goes wrong with the whole

    async def drop(self, *, resumable: bool = True, code: int = UNFINISHED) -> None:
        """Close the bot's sockets; afterwards it can go on with its session, or has to begin anew."""
        await self._hub.close_all(code, resumable=resumable)

    def cut(self) -> None:
        """Break the bot's sockets without a word."""
        self._hub.cut()

    def reconnect_please(self) -> None:
        """Ask the bot to come back over another socket."""
        self._hub.say_all({"op": RECONNECT, "d": None})

    def invalidate(self, *, resumable: bool = False) -> None:
        """Tell the bot that its session is over."""
        if not resumable:
            self._hub.forget()
        self._hub.say_all({"op": INVALID, "d": resumable})

    def outage(self, is_out: bool) -> None:
        """Let nothing of Discord answer, until it is over."""
        self._is_out = is_out
        if is_out:
            self._hub.cut()
