"""Guilds, channels and people as a test sets them up, before or while the bot is there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Literal

from tests.platforms.discord import events, payloads
from tests.platforms.discord.gateway import Intent
from tests.platforms.discord.greeting import appearance, knows_members, returned
from tests.platforms.discord.permissions import EVERYDAY, bits
from tests.platforms.discord.things import Channel, Guild, Json, Member, Person, Role
from tests.platforms.discord.thread_endpoints import begin
from tests.platforms.discord.world import World

Whom = Person | Role | Literal["everyone"]


class Places:
    """Makes guilds, channels, threads, roles and people, and tells the bot of them.

    Args:
        world: that they are in.
    """

    def __init__(self, world: World) -> None:
        self.world = world

    @property
    def bot(self) -> Person:
        """Return the bot's account."""
        return self.world.bot

    @property
    def owner(self) -> Person:
        """Return who made the guilds, and may do everything there."""
        return self.world.owner

    def person(
        self, name: str, *, bot: bool = False, locale: str = "ko", takes_messages: bool = True
    ) -> Person:
        """Return a new account, which is in no guild yet."""
        made = Person(self.world.ids.next(), name, bot, locale, takes_messages)
        self.world.people[made.id] = made
        return made

    def guild(
        self,
        name: str,
        *,
        locale: str = "ko",
        permissions: int = int(EVERYDAY),
        everyone: int = int(EVERYDAY),
    ) -> Guild:
        """Return a new guild that the bot is in, with a role of its own for its permissions."""
        number = self.world.ids.next()
        made = Guild(number, name, locale, self.owner.id)
        made.roles[number] = Role(number, "@everyone", everyone, 0)
        own = Role(self.world.ids.next(), self.bot.name, permissions, 1, is_managed=True)
        made.roles[own.id] = own
        now = datetime.now(UTC)
        made.members[self.owner.id] = Member(self.owner, now)
        made.members[self.bot.id] = Member(self.bot, now, {own.id})
        self.world.guilds[number] = made
        self._appear(made, appearance)
        return made

    def _appear(self, guild: Guild, as_what: Callable[..., Json]) -> None:
        for session in self.world.gateway.sessions.values():
            if session.intents & Intent.GUILDS:
                told = as_what(self.world, guild, with_members=knows_members(session))
                session.dispatch("GUILD_CREATE", told)

    def dismiss(self, guild: Guild) -> None:
        """Throw the bot out of a guild."""
        del guild.members[self.bot.id]
        self.world.gateway.dispatch("GUILD_DELETE", {"id": str(guild.id)}, intent=Intent.GUILDS)

    def invite(self, guild: Guild, *, permissions: int = int(EVERYDAY)) -> None:
        """Let the bot into a guild again."""
        own = Role(self.world.ids.next(), self.bot.name, permissions, 1, is_managed=True)
        guild.roles[own.id] = own
        guild.members[self.bot.id] = Member(self.bot, datetime.now(UTC), {own.id})
        self._appear(guild, appearance)

    def unavailable(self, guild: Guild, is_unavailable: bool = True) -> None:
        """Let a guild be out of order, or be there again."""
        guild.is_unavailable = is_unavailable
        if is_unavailable:
            told = {"id": str(guild.id), "unavailable": True}
            self.world.gateway.dispatch("GUILD_DELETE", told, intent=Intent.GUILDS)
        else:
            self._appear(guild, returned)

    def channel(self, guild: Guild, name: str, *, nsfw: bool = False) -> Channel:
        """Return a new text channel."""
        made = Channel(self.world.ids.next(), "text", name, guild, is_nsfw=nsfw)
        self.world.channels[made.id] = made
        events.channel(self.world, made, "CREATE")
        return made

    def thread(
        self,
        parent: Channel,
        name: str = "이야기",
        *,
        private: bool = False,
        with_bot: bool = False,
        by: Person | None = None,
    ) -> Channel:
        """Return a new thread; of a private one the bot knows only if it is in it."""
        owner = by or self.owner
        made = begin(self.world, parent, name, "private thread" if private else "thread", owner.id)
        if with_bot:
            made.thread_members[self.bot.id] = datetime.now(UTC)
        events.channel(self.world, made, "CREATE")
        return made

    def add_to_thread(self, thread: Channel, person: Person) -> None:
        """Add somebody to a thread, perhaps the bot."""
        thread.thread_members[person.id] = datetime.now(UTC)
        if person is self.bot:
            events.joined(self.world, thread)
        self._thread_members(thread, {"added_members": [payloads.thread_member(thread, person)]})

    def remove_from_thread(self, thread: Channel, person: Person) -> None:
        """Take somebody out of a thread."""
        could_see = self.world.sees(thread)
        thread.thread_members.pop(person.id, None)
        if could_see:
            self._thread_members(thread, {"removed_member_ids": [str(person.id)]})

    def _thread_members(self, thread: Channel, change: Json) -> None:
        assert thread.guild is not None
        told = {"id": str(thread.id), "guild_id": str(thread.guild.id), "member_count": 1, **change}
        self.world.gateway.dispatch("THREAD_MEMBERS_UPDATE", told, intent=Intent.GUILDS)

    def dm(self, person: Person) -> Channel:
        """Return the private conversation of somebody with the bot."""
        return self.world.direct(person)

    def remove(self, channel: Channel) -> None:
        """Delete a channel or thread with everything in it."""
        events.channel(self.world, channel, "DELETE")
        self.world.forget(channel)

    def archive(self, thread: Channel, *, locked: bool = False) -> None:
        """Archive a thread, for good if it is locked."""
        thread.is_archived, thread.is_locked = True, locked
        events.channel(self.world, thread, "UPDATE")

    def restrict(self, channel: Channel, nsfw: bool) -> None:
        """Let a channel be for adults, or for all again."""
        channel.is_nsfw = nsfw
        events.channel(self.world, channel, "UPDATE")

    def role(self, guild: Guild, name: str, *permissions: str) -> Role:
        """Return a new role with permissions by their names in small letters."""
        made = Role(self.world.ids.next(), name, bits(*permissions), len(guild.roles))
        guild.roles[made.id] = made
        told = {"guild_id": str(guild.id), "role": payloads.role(made)}
        self.world.gateway.dispatch("GUILD_ROLE_CREATE", told, intent=Intent.GUILDS)
        return made

    def change_role(self, guild: Guild, role: Role, permissions: int) -> None:
        """Give a role other permissions."""
        role.permissions = permissions
        told = {"guild_id": str(guild.id), "role": payloads.role(role)}
        self.world.gateway.dispatch("GUILD_ROLE_UPDATE", told, intent=Intent.GUILDS)

    def permit(
        self, channel: Channel, whom: Whom, *, allow: tuple[str, ...] = (), deny: tuple[str, ...] = ()
    ) -> None:
        """Write an overwrite of a channel for the bot, somebody, a role or everyone."""
        assert channel.guild is not None
        number = channel.guild.id if isinstance(whom, str) else whom.id
        channel.overwrites[number] = bits(*allow), bits(*deny)
        events.channel(self.world, channel, "UPDATE")

    def join(self, guild: Guild, person: Person, *, roles: tuple[Role, ...] = ()) -> Member:
        """Let somebody into a guild, or change the roles of those who are in it."""
        is_new = person.id not in guild.members
        made = guild.members.setdefault(person.id, Member(person, datetime.now(UTC)))
        made.roles = {role.id for role in roles}
        told = {**payloads.member(made), "guild_id": str(guild.id)}
        name = "GUILD_MEMBER_ADD" if is_new else "GUILD_MEMBER_UPDATE"
        intent = Intent.GUILDS if person is self.bot else Intent.GUILD_MEMBERS
        self.world.gateway.dispatch(name, told, intent=intent)
        return made

    def leave(self, guild: Guild, person: Person) -> None:
        """Let somebody go from a guild."""
        del guild.members[person.id]
        told = {"guild_id": str(guild.id), "user": payloads.user(person)}
        self.world.gateway.dispatch("GUILD_MEMBER_REMOVE", told, intent=Intent.GUILD_MEMBERS)
