"""Who may do what in a channel, computed from roles and overwrites as Discord computes it."""

from __future__ import annotations

from enum import IntFlag
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.platforms.discord.things import Channel, Guild, Member, Person


class Permission(IntFlag):
    """The permissions that the stand-in asks about, by Discord's bits."""

    KICK_MEMBERS = 1 << 1
    BAN_MEMBERS = 1 << 2
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_EXTERNAL_EMOJIS = 1 << 18
    MANAGE_ROLES = 1 << 28
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    CREATE_PRIVATE_THREADS = 1 << 36
    SEND_MESSAGES_IN_THREADS = 1 << 38


P = Permission
EVERYTHING = (1 << 53) - 1
EVERYDAY = (
    P.ADD_REACTIONS
    | P.VIEW_CHANNEL
    | P.SEND_MESSAGES
    | P.EMBED_LINKS
    | P.ATTACH_FILES
    | P.READ_MESSAGE_HISTORY
    | P.USE_APPLICATION_COMMANDS
    | P.CREATE_PUBLIC_THREADS
    | P.SEND_MESSAGES_IN_THREADS
)
IN_DIRECT_MESSAGES = EVERYDAY | P.MANAGE_MESSAGES & 0
NEED_SENDING = P.EMBED_LINKS | P.ATTACH_FILES | P.MENTION_EVERYONE


def bits(*names: str) -> int:
    """Return permissions by their names in small letters, as discord.py has them."""
    total = 0
    for name in names:
        total |= Permission[name.upper()]
    return total


def in_guild(guild: Guild, member: Member) -> int:
    """Return what a member may do where no channel says otherwise."""
    if guild.owner == member.person.id:
        return EVERYTHING
    total = guild.roles[guild.id].permissions
    for role in member.roles:
        total |= guild.roles[role].permissions
    return EVERYTHING if total & P.ADMINISTRATOR else total


def in_channel(channel: Channel, person: Person) -> int:
    """Return what a person may do in a channel, a thread or a private conversation."""
    if channel.guild is None:
        return int(EVERYDAY) if channel.recipient is person or person.is_bot else 0
    member = channel.guild.members.get(person.id)
    if member is None:
        return 0
    home = channel.parent or channel
    total = _overwritten(home, member, in_guild(channel.guild, member))
    if channel.parent is not None:
        total = _in_thread(channel, person, total)
    return _implied(total)


def _overwritten(channel: Channel, member: Member, total: int) -> int:
    """Apply a channel's overwrites: everyone's, then all roles' at once, then the member's own."""
    if total == EVERYTHING:
        return total
    guild = channel.guild
    assert guild is not None
    nothing = (0, 0)
    allow, deny = channel.overwrites.get(guild.id, nothing)
    total = total & ~deny | allow
    roles = [channel.overwrites.get(role, nothing) for role in member.roles]
    for _, deny in roles:
        total &= ~deny
    for allow, _ in roles:
        total |= allow
    allow, deny = channel.overwrites.get(member.person.id, nothing)
    return total & ~deny | allow


def _in_thread(thread: Channel, person: Person, total: int) -> int:
    """Let SEND_MESSAGES_IN_THREADS take the place of SEND_MESSAGES, and close private threads."""
    if thread.is_private and person.id not in thread.thread_members and not total & P.MANAGE_THREADS:
        return 0
    total &= ~P.SEND_MESSAGES
    return total | P.SEND_MESSAGES if total & P.SEND_MESSAGES_IN_THREADS else total


def _implied(total: int) -> int:
    """Take away what is worth nothing without seeing or sending."""
    if not total & P.VIEW_CHANNEL:
        return 0
    return total if total & P.SEND_MESSAGES else total & ~NEED_SENDING
