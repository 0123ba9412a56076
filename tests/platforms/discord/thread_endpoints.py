"""Endpoints for threads and who is in them."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.platforms.discord import events, payloads
from tests.platforms.discord.asking import Answer, Ask, Endpoints
from tests.platforms.discord.permissions import Permission
from tests.platforms.discord.refusals import Refused, invalid
from tests.platforms.discord.things import Channel, Kind
from tests.platforms.discord.world import World

endpoints = Endpoints()
CHANNEL = "/channels/{channel}"
MEMBERS = f"{CHANNEL}/thread-members"
PRIVATE = 12


def begin(
    world: World, parent: Channel, name: str, kind: Kind, owner: int, number: int | None = None
) -> Channel:
    """Begin a thread, of which its owner is the first member."""
    thread = Channel(number or world.ids.next(), kind, name, parent.guild, parent=parent, owner=owner)
    thread.is_nsfw = parent.is_nsfw
    thread.thread_members[owner] = datetime.now(UTC)
    world.channels[thread.id] = thread
    return thread


@endpoints.on("POST", f"{CHANNEL}/threads", status=201)
async def create(ask: Ask) -> Answer:
    """Begin a thread that belongs to no message; private unless it is asked for otherwise."""
    kind: Kind = "private thread" if ask.fields.get("type", PRIVATE) == PRIVATE else "thread"
    return _begun(ask, kind)


@endpoints.on("POST", f"{CHANNEL}/messages/{{message}}/threads", status=201)
async def create_at(ask: Ask) -> Answer:
    """Begin a thread at a message, whose id it gets."""
    ask.world.message(ask.world.channel(ask.id("channel")), ask.id("message"))
    if ask.id("message") in ask.world.channels:
        raise Refused(160004)
    return _begun(ask, "thread", ask.id("message"))


def _begun(ask: Ask, kind: Kind, number: int | None = None) -> Answer:
    parent = ask.world.channel(ask.id("channel"))
    if parent.kind != "text":
        raise Refused(50024)
    private, public = Permission.CREATE_PRIVATE_THREADS, Permission.CREATE_PUBLIC_THREADS
    ask.world.need(parent, private if kind == "private thread" else public)
    name = ask.fields.get("name") or ""
    if not 1 <= len(name) <= 100:
        raise invalid("name", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
    thread = begin(ask.world, parent, name, kind, ask.world.bot.id, number)
    events.channel(ask.world, thread, "CREATE")
    return payloads.channel(thread, ask.world.bot)


def _thread(ask: Ask) -> Channel:
    found = ask.world.channel(ask.id("channel"))
    if not found.is_thread:
        raise Refused(50024)
    return found


@endpoints.on("GET", MEMBERS)
async def members(ask: Ask) -> Answer:
    thread = _thread(ask)
    return [payloads.thread_member(thread, ask.world.people[number]) for number in thread.thread_members]


@endpoints.on("GET", f"{MEMBERS}/{{user}}")
async def member(ask: Ask) -> Answer:
    """Return somebody's membership; whoever is in no list is no member."""
    thread = _thread(ask)
    number = ask.world.bot.id if ask.names["user"] == "@me" else ask.id("user")
    if number not in thread.thread_members:
        raise Refused(10007)
    return payloads.thread_member(thread, ask.world.people[number])


@endpoints.on("PUT", f"{MEMBERS}/{{user}}")
async def join(ask: Ask) -> Answer:
    """Let the bot join, or add somebody else."""
    thread = _thread(ask)
    number = ask.world.bot.id if ask.names["user"] == "@me" else ask.id("user")
    if thread.is_archived:
        raise Refused(50083)
    if number not in ask.world.people:
        raise Refused(10013)
    thread.thread_members.setdefault(number, datetime.now(UTC))


@endpoints.on("DELETE", f"{MEMBERS}/{{user}}")
async def leave(ask: Ask) -> Answer:
    """Let the bot leave, or take somebody out."""
    thread = _thread(ask)
    number = ask.world.bot.id if ask.names["user"] == "@me" else ask.id("user")
    if number != ask.world.bot.id:
        ask.world.need(thread, Permission.MANAGE_THREADS)
    thread.thread_members.pop(number, None)


@endpoints.on("GET", "/guilds/{guild}/threads/active")
async def active(ask: Ask) -> Answer:
    """Return the threads of a guild that are not archived."""
    channels = ask.world.channels_of(ask.world.guild(ask.id("guild")))
    found = [one for one in channels if one.is_thread and not one.is_archived and ask.world.sees(one)]
    return _listed(ask.world, found)


@endpoints.on("GET", f"{CHANNEL}/threads/archived/public")
async def archived_public(ask: Ask) -> Answer:
    """Return the public threads of a channel that are archived."""
    return _archived(ask, is_private=False)


@endpoints.on("GET", f"{CHANNEL}/threads/archived/private")
async def archived_private(ask: Ask) -> Answer:
    """Return the private ones, for those who manage threads."""
    ask.world.need(ask.world.channel(ask.id("channel")), Permission.MANAGE_THREADS)
    return _archived(ask, is_private=True)


def _archived(ask: Ask, *, is_private: bool) -> Answer:
    parent = ask.world.channel(ask.id("channel"))
    ask.world.need(parent, Permission.READ_MESSAGE_HISTORY)
    kept = [one for one in ask.world.channels.values() if one.parent is parent and one.is_archived]
    found = [one for one in kept if one.is_private == is_private]
    return {**_listed(ask.world, found), "has_more": False}


def _listed(world: World, threads: list[Channel]) -> Answer:
    mine = [payloads.thread_member(one, world.bot) for one in threads if world.bot.id in one.thread_members]
    return {"threads": [payloads.channel(one, world.bot) for one in threads], "members": mine}
