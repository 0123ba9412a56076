"""Endpoints for guilds, their members and roles, channels and private conversations."""

from __future__ import annotations

from tests.platforms.discord import events, payloads
from tests.platforms.discord.asking import Answer, Ask, Endpoints
from tests.platforms.discord.permissions import Permission, in_guild
from tests.platforms.discord.refusals import Refused
from tests.platforms.discord.things import Channel
from tests.platforms.discord.world import World

endpoints = Endpoints()
CHANNEL = "/channels/{channel}"
GUILD = "/guilds/{guild}"


@endpoints.on("GET", CHANNEL)
async def channel(ask: Ask) -> Answer:
    return payloads.channel(ask.world.channel(ask.id("channel")), ask.world.bot)


@endpoints.on("PATCH", CHANNEL)
async def change(ask: Ask) -> Answer:
    """Change name or age restriction of a channel, or archive a thread."""
    found = ask.world.channel(ask.id("channel"))
    _need_to_manage(ask.world, found)
    found.name = ask.fields.get("name", found.name)
    found.is_nsfw = bool(ask.fields.get("nsfw", found.is_nsfw))
    found.is_archived = bool(ask.fields.get("archived", found.is_archived))
    found.is_locked = bool(ask.fields.get("locked", found.is_locked))
    events.channel(ask.world, found, "UPDATE")
    return payloads.channel(found, ask.world.bot)


def _need_to_manage(world: World, found: Channel) -> None:
    if found.guild is None:
        raise Refused(50003)
    if found.owner != world.bot.id:
        world.need(found, Permission.MANAGE_THREADS if found.is_thread else Permission.MANAGE_CHANNELS)


@endpoints.on("DELETE", CHANNEL)
async def delete(ask: Ask) -> Answer:
    """Delete a channel or thread, or close a private conversation."""
    found = ask.world.channel(ask.id("channel"))
    if found.guild is None:
        return payloads.channel(found, ask.world.bot)
    ask.world.need(found, Permission.MANAGE_THREADS if found.is_thread else Permission.MANAGE_CHANNELS)
    told = payloads.channel(found, ask.world.bot)
    events.channel(ask.world, found, "DELETE")
    ask.world.forget(found)
    return told


@endpoints.on("POST", f"{CHANNEL}/typing")
async def typing(ask: Ask) -> Answer:
    found = ask.world.channel(ask.id("channel"))
    if found.guild is not None:
        ask.world.need(found, Permission.SEND_MESSAGES)
    events.typing(ask.world, found, ask.world.bot)


@endpoints.on("POST", "/users/@me/channels")
async def talk_to(ask: Ask) -> Answer:
    """Return the private conversation with somebody; one is opened where there is none."""
    person = ask.world.people.get(int(ask.fields.get("recipient_id", 0)))
    if person is None or person is ask.world.bot:
        raise Refused(50033)
    return payloads.channel(ask.world.direct(person), ask.world.bot)


@endpoints.on("GET", GUILD)
async def guild(ask: Ask) -> Answer:
    return payloads.guild(ask.world.guild(ask.id("guild")))


@endpoints.on("GET", "/users/@me/guilds")
async def guilds(ask: Ask) -> Answer:
    mine = [one for one in ask.world.guilds.values() if ask.world.bot.id in one.members]
    known = ("id", "name", "icon", "banner", "features")
    found = []
    for one in mine:
        rights = str(int(in_guild(one, one.members[ask.world.bot.id])))
        told = payloads.guild(one)
        found.append({name: told[name] for name in known} | {"owner": False, "permissions": rights})
    return found


@endpoints.on("GET", f"{GUILD}/channels")
async def channels(ask: Ask) -> Answer:
    found = ask.world.channels_of(ask.world.guild(ask.id("guild")))
    return [payloads.channel(one, ask.world.bot) for one in found if not one.is_thread]


@endpoints.on("GET", f"{GUILD}/roles")
async def roles(ask: Ask) -> Answer:
    return [payloads.role(one) for one in ask.world.guild(ask.id("guild")).roles.values()]


@endpoints.on("GET", f"{GUILD}/members")
async def members(ask: Ask) -> Answer:
    """Return the members after one of them, for those who may know them all."""
    found = ask.world.guild(ask.id("guild"))
    if not ask.world.rules.may_know_members:
        raise Refused(50001)
    after, limit = int(ask.query.get("after", 0)), int(ask.query.get("limit", 1))
    numbers = sorted(number for number in found.members if number > after)[:limit]
    return [payloads.member(found.members[number]) for number in numbers]


@endpoints.on("GET", f"{GUILD}/members/{{user}}")
async def member(ask: Ask) -> Answer:
    found = ask.world.guild(ask.id("guild")).members.get(ask.id("user"))
    if found is None:
        raise Refused(10007 if ask.id("user") in ask.world.people else 10013)
    return payloads.member(found)


@endpoints.on("GET", "/users/{user}")
async def user(ask: Ask) -> Answer:
    if ask.names["user"] == "@me":
        return payloads.own_user(ask.world.bot)
    found = ask.world.people.get(ask.id("user"))
    if found is None:
        raise Refused(10013)
    return payloads.user(found)
