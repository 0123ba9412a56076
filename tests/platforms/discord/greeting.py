"""What a client is told when it has identified itself, and of members when it asks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.platforms.discord.gateway import Intent
from tests.platforms.discord.payloads import created_guild, member, own_user
from tests.platforms.discord.sessions import Session
from tests.platforms.discord.things import Guild, Json
from tests.platforms.discord.world import World

READS, READS_UNVERIFIED = 1 << 18, 1 << 19  # flags of an application
MEMBERS, MEMBERS_UNVERIFIED = 1 << 14, 1 << 15
CHUNK = 1000


def application_flags(world: World) -> int:
    """Return what an application may know, as the developers' portal has it."""
    flags = READS_UNVERIFIED if world.rules.may_read else 0
    return flags | (MEMBERS_UNVERIFIED if world.rules.may_know_members else 0)


def greet(world: World, session: Session, url: str, shard: Any) -> Iterator[tuple[str, Json]]:
    """Yield READY and the guilds that the bot is in."""
    guilds = [guild for guild in world.guilds.values() if world.bot.id in guild.members]
    yield (
        "READY",
        {
            "v": 10,
            "user": own_user(world.bot),
            "user_settings": {},
            "session_type": "normal",
            "session_id": session.name,
            "resume_gateway_url": url,
            "shard": shard or [0, 1],
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
            "private_channels": [],
            "relationships": [],
            "presences": [],
            "application": {"id": str(world.application), "flags": application_flags(world)},
            "_trace": ["stand-in"],
        },
    )
    if session.intents & Intent.GUILDS:
        for guild in guilds:
            if not guild.is_unavailable:
                yield "GUILD_CREATE", returned(world, guild, with_members=knows_members(session))


def knows_members(session: Session) -> bool:
    """Tell whether a session is told who is in a guild."""
    return bool(session.intents & Intent.GUILD_MEMBERS)


def returned(world: World, guild: Guild, *, with_members: bool) -> Json:
    """Return the whole of a guild which the bot knew of already."""
    return {**appearance(world, guild, with_members=with_members), "unavailable": False}


def appearance(world: World, guild: Guild, *, with_members: bool) -> Json:
    """Return the whole of a guild which the bot joins."""
    return created_guild(guild, world.channels_of(guild), world.bot, with_members=with_members)


def members_chunks(world: World, session: Session, asked: Any) -> Iterator[Json]:
    """Yield the members that a client asks for: all, those of a name, or those named by id."""
    guild = world.guilds.get(int(asked["guild_id"]))
    if guild is None:
        return
    ids = asked.get("user_ids")
    begins, most = asked.get("query", ""), asked.get("limit") or len(guild.members)
    if ids is None and not begins and not knows_members(session):
        most = 0  # the list of all is for those with the intent
    wanted = {int(number) for number in (ids if isinstance(ids, list) else [ids])} if ids else None
    found = [
        member(one)
        for one in guild.members.values()
        if (one.person.id in wanted if wanted is not None else one.person.name.startswith(begins))
    ][:most]
    parts = [found[start : start + CHUNK] for start in range(0, len(found), CHUNK)] or [[]]
    missing = [str(number) for number in (wanted or ()) if number not in guild.members]
    for index, part in enumerate(parts):
        told: Json = {"guild_id": str(guild.id), "members": part, "not_found": missing, "presences": []}
        told |= {"chunk_index": index, "chunk_count": len(parts)}
        yield told | ({"nonce": asked["nonce"]} if asked.get("nonce") else {})
