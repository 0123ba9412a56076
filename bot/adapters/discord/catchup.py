"""What happened while nobody listened: posts are answered or indexed, deletions and changes followed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

import discord

from bot.adapters.discord.failures import explained
from bot.adapters.discord.lanes import Job
from bot.adapters.discord.link import may_read_back, may_speak, permissions_in
from bot.adapters.discord.listening import Listening
from bot.adapters.discord.parts import Shared
from bot.adapters.discord.positions import PLATFORM
from bot.adapters.discord.reading import language_of, place_of
from bot.adapters.discord.storing import RETRY_SECONDS, until_stored
from bot.platform import Barred, Gone, Later
from bot.texts import say
from models.errors import StorageError
from models.records import Place

log = logging.getLogger(__name__)

READ_BACK = timedelta(hours=24)
ANSWERED_BACK = timedelta(hours=1)  # what is older is indexed without an answer
LAST = 2**63  # an id above all others
MOST = 200  # messages of a channel that are read again
AT_ONCE = 4  # channels
ASKED_FOR = 500  # channels that Discord did not tell of by itself: private ones, threads that sleep


class CatchUp:
    """Reads on where an earlier process, or a connection that broke for good, stopped reading.

    A channel that is being read holds its lane: what happens in it meanwhile comes after.
    """

    def __init__(self, shared: Shared, listening: Listening) -> None:
        self._link, self._door, self._chats = shared.link, shared.door, shared.chats
        self._lanes, self._positions = shared.lanes, shared.positions
        self._answering, self._errands = shared.answering, shared.errands
        self._listening = listening
        self._lanes.when_full = self.again
        self._running: asyncio.Task[None] | None = None

    def begin(self, guilds: Iterable[discord.Guild]) -> list[discord.Guild]:
        """Open the lanes, read on in every channel, and return the servers that are new to us."""
        strangers = [guild for guild in guilds if self.meet(guild)]
        channels = self._positions.channels()
        self._lanes.open(held=channels)
        if self._running:
            self._running.cancel()
        self._running = self._errands.run("catch-up", self._read_all, channels)
        return strangers

    def join(self, guild: discord.Guild) -> None:
        """Begin to read a server from now on, whatever we read when we were there before."""
        for one in _readable(guild):
            self._positions.note(one.id, _last(one) or one.id)

    def rejoin(self, guild: discord.Guild) -> None:
        """Read on in a server that was away for a while."""
        self.meet(guild)
        channels = [one.id for one in _readable(guild) if one.id in self._positions]
        self._lanes.hold(channels)
        self._errands.run("catch-up", self._read_all, channels)

    def meet(self, guild: discord.Guild) -> bool:
        """Note where reading begins in channels that have no position; return whether none has.

        It begins now, except in a channel younger than anything we have seen in its server: that one
        was opened while we were away.
        """
        readable = _readable(guild)
        known = [self._positions.of(one.id) for one in readable if one.id in self._positions]
        newest = max(known, default=LAST)
        for one in readable:
            if one.id not in self._positions:
                first = one.id if one.id > newest else _last(one) or one.id
                self._positions.note(one.id, first)
        return bool(readable) and not known

    async def _read_all(self, channels: Sequence[int]) -> None:
        await until_stored(self._positions.write)  # where reading begins in channels that are new
        client, gate = self._link.live(), asyncio.Semaphore(AT_ONCE)
        untold = [channel for channel in channels if client.get_channel(channel) is None]
        for channel in untold[ASKED_FOR:]:
            self._lanes.release(channel)
        skipped = set(untold[ASKED_FOR:])
        async with asyncio.TaskGroup() as group:
            for channel in channels:
                if channel not in skipped:
                    group.create_task(self._read_held(channel, gate), name=f"discord-catch-up-{channel}")
        log.info("caught up channels=%d", len(channels))

    async def _read_held(self, channel: int, gate: asyncio.Semaphore) -> None:
        async with gate:
            await self.read(channel)
        self._lanes.release(channel)  # not when cancelled: whoever does that holds it anew

    def again(self, channel: int) -> Job:
        """Return the job that reads on in a channel."""
        return partial(self.read, channel)

    async def read(self, channel: int) -> None:
        """Read on in a channel, as soon as Discord lets us."""
        while True:
            try:
                return await self._read(channel)
            except Later as later:
                await asyncio.sleep(later.seconds)
            except StorageError as error:
                log.error("not caught up, trying again channel=%d error=%s", channel, error)
                await asyncio.sleep(RETRY_SECONDS)
            except Gone:
                self._listening.emptied(channel)
                return await self._positions.forget([channel])
            except Barred as barred:
                log.info("not caught up channel=%d reason=%s", channel, barred)
                return None
            except Exception:  # a bug must not keep a channel closed
                log.exception("not caught up channel=%d", channel)
                return None

    async def _read(self, channel: int) -> None:
        room = await self._room(channel)
        place = place_of(room)
        if room is None or place is None or not may_read_back(room):
            return
        floor = discord.utils.time_snowflake(datetime.now(UTC) - READ_BACK)
        position = max(self._positions.of(channel), floor)
        stored = [int(name) for name in await self._chats.messages(PLATFORM, str(channel), after=floor)]
        if not stored and (_last(room) or LAST) <= position:
            return
        after = min([position, *(message - 1 for message in stored)])
        messages = await self._history(room, after)
        await self._purge(channel, stored, messages, after)
        for message in messages:
            if message.id <= position and message.edited_at:
                await self._listening.follow(message)
        await self._take(room, place, [message for message in messages if message.id > position])

    async def _room(self, channel: int) -> Room | None:
        """Return a channel with all that is known of it, None while its server is away."""
        client = self._link.live()
        found: object = client.get_channel(channel)
        if found is None:
            async with explained():
                found = await client.fetch_channel(channel)
        guild = getattr(found, "guild", None)
        is_away = guild is not None and (guild.unavailable or guild.me is None)
        return found if isinstance(found, ROOMS) and not is_away else None

    @staticmethod
    async def _history(room: Room, after: int) -> list[discord.Message]:
        """Return the newest messages after one, the oldest of them first."""
        async with explained():
            history = room.history(limit=MOST, after=discord.Object(after), oldest_first=False)
            return [message async for message in history][::-1]

    async def _purge(
        self, channel: int, stored: Sequence[int], messages: Sequence[discord.Message], after: int
    ) -> None:
        """Erase photos whose message was deleted meanwhile."""
        covered = messages[0].id if len(messages) >= MOST else after
        there = {message.id for message in messages}
        gone = {message for message in stored if message > covered} - there
        if gone and not there and not await self._is_gone(channel, max(gone)):
            return  # an empty answer is also what those get who may not read
        if gone:
            log.info("deleted meanwhile channel=%d messages=%d", channel, len(gone))
            await self._listening.erase(channel, gone)

    async def _is_gone(self, channel: int, message: int) -> bool:
        try:
            async with explained():
                await self._link.room(channel).fetch_message(message)
        except Gone:
            return True
        return False

    async def _take(self, room: Room, place: Place, messages: Sequence[discord.Message]) -> None:
        """Let in what was posted meanwhile, and say once how much of it has no answer of its own."""
        silent = 0
        for message in messages:
            is_silent = datetime.now(UTC) - message.created_at > ANSWERED_BACK
            taken = await self._listening.take(message, is_late=True, is_silent=is_silent)
            silent += sum(one.is_new for one in taken.accepted) if is_silent else 0
        if silent and may_speak(room):
            language = self._door.rules(place, language_of(room.guild)).language
            line = say(language, "notice-caught-up", count=silent)
            self._errands.run("line", self._answering.tell, room.id, line, f"u{messages[-1].id}")


Room = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread | discord.DMChannel
ROOMS = (discord.TextChannel, discord.VoiceChannel, discord.StageChannel, discord.Thread, discord.DMChannel)


def _readable(guild: discord.Guild) -> list[Room]:
    """Return the channels and threads of a server that we are told of."""
    rooms = [one for one in (*guild.channels, *guild.threads) if isinstance(one, ROOMS)]
    return [one for one in rooms if permissions_in(one).view_channel] if guild.me else []


def _last(room: Room) -> int:
    """Return the last message of a channel, 0 where Discord does not tell."""
    return getattr(room, "last_message_id", None) or 0
