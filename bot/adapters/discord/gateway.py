"""The client: hears what happens on Discord and passes it on without waiting for anything."""

from __future__ import annotations

import logging
from dataclasses import dataclass

import discord

from bot.adapters.discord.catchup import CatchUp
from bot.adapters.discord.listening import Listening
from bot.adapters.discord.parts import Shared
from bot.adapters.discord.welcome import Welcome

log = logging.getLogger(__name__)

READY_SECONDS = 0.5  # without another server until all have been told of
LIMIT_SECONDS = 30.0  # that discord.py waits for a rate limit, its least; longer ones come back as errors


@dataclass(frozen=True, slots=True)
class Ears:
    """Who is told of what happens."""

    shared: Shared
    listening: Listening
    catchup: CatchUp
    welcome: Welcome


class Gateway(discord.Client):
    """One login.  Handlers run in the order of events as far as they do not wait, and none does.

    Args:
        ears: who is told.
        reads_content: ask for what messages say that do not address us, a privilege.
    """

    def __init__(self, ears: Ears, *, reads_content: bool) -> None:
        intents = discord.Intents(
            guilds=True, guild_messages=True, dm_messages=True, message_content=reads_content
        )
        super().__init__(
            intents=intents,
            allowed_mentions=discord.AllowedMentions.none(),
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            guild_ready_timeout=READY_SECONDS,
            max_ratelimit_timeout=LIMIT_SECONDS,
        )
        self._ears = ears
        self._run, self._positions = ears.shared.errands.run, ears.shared.positions
        self.is_online = self.was_online = False

    async def on_connect(self) -> None:
        """Let everything wait until it is known what was missed: this session knows nothing yet."""
        self._ears.shared.lanes.close()

    async def on_ready(self) -> None:
        """Read on in all channels, and introduce us where nobody knows us."""
        self.is_online = self.was_online = True
        log.info("online guilds=%d", len(self.guilds))
        present = [guild for guild in self.guilds if not guild.unavailable]
        for guild in self._ears.catchup.begin(present):
            self._run("welcome", self._ears.welcome.greet, guild)

    async def on_resumed(self) -> None:
        """Note that nothing was missed."""
        self.is_online = True

    async def on_disconnect(self) -> None:
        """Note that nothing is heard."""
        self.is_online = False

    async def on_message(self, message: discord.Message) -> None:
        """Pass on a post."""
        self._ears.listening.posted(message)

    async def on_raw_message_edit(self, change: discord.RawMessageUpdateEvent) -> None:
        """Pass on a change."""
        self._ears.listening.changed(change.message)

    async def on_raw_message_delete(self, deletion: discord.RawMessageDeleteEvent) -> None:
        """Pass on a deletion."""
        self._ears.listening.deleted(deletion.channel_id, [deletion.message_id])

    async def on_raw_bulk_message_delete(self, deletion: discord.RawBulkMessageDeleteEvent) -> None:
        """Pass on many deletions."""
        self._ears.listening.deleted(deletion.channel_id, deletion.message_ids)

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Read on in a server that comes back; those of the beginning are read on in when all are there."""
        if self._ears.shared.lanes.is_open:
            self._ears.catchup.rejoin(guild)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Introduce us."""
        self._ears.catchup.join(guild)
        self._run("welcome", self._ears.welcome.greet, guild)
        self._run("positions", self._positions.write)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Forget how far we had read."""
        rooms = [one.id for one in (*guild.channels, *guild.threads)]
        self._run("positions", self._positions.forget, rooms)

    async def on_guild_channel_create(self, channel: discord.abc.GuildChannel) -> None:
        """Begin to read a channel."""
        self._begin(channel.id)

    async def on_thread_create(self, thread: discord.Thread) -> None:
        """Begin to read a thread."""
        self._begin(thread.id)

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Erase what a channel brought."""
        self._end(channel.id)

    async def on_raw_thread_delete(self, deletion: discord.RawThreadDeleteEvent) -> None:
        """Erase what a thread brought."""
        self._end(deletion.thread_id)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Pass on a tap on a button."""
        if interaction.type is discord.InteractionType.component:
            self._run("tap", self._ears.welcome.tapped, interaction)

    def _begin(self, channel: int) -> None:
        self._positions.note(channel, channel)  # its own id is older than all that is said in it
        self._run("positions", self._positions.write)

    def _end(self, channel: int) -> None:
        self._ears.listening.emptied(channel)
        self._run("positions", self._positions.forget, [channel])
