"""Endpoints for the application itself: who it is, where its gateway is, which commands it has."""

from __future__ import annotations

from tests.platforms.discord import payloads
from tests.platforms.discord.asking import Answer, Ask, Endpoints
from tests.platforms.discord.commands import Scope, accepted
from tests.platforms.discord.greeting import application_flags
from tests.platforms.discord.refusals import Refused
from tests.platforms.discord.things import Json

endpoints = Endpoints()
COMMANDS = "/applications/{application}/commands"
GUILD_COMMANDS = "/applications/{application}/guilds/{guild}/commands"


@endpoints.on("GET", "/oauth2/applications/@me")
@endpoints.on("GET", "/applications/@me")
async def application(ask: Ask) -> Answer:
    world = ask.world
    return {
        "id": str(world.application),
        "name": world.bot.name,
        "icon": None,
        "description": "",
        "type": None,
        "bot": payloads.user(world.bot),
        "summary": "",
        "bot_public": True,
        "bot_require_code_grant": False,
        "integration_types_config": {"0": {}},
        "verify_key": "00" * 32,
        "flags": application_flags(world),
        "hook": True,
        "is_monetized": False,
        "explicit_content_filter": 0,
        "flags_new": str(application_flags(world)),
        "role_connections_verification_url": None,
        "eligible_oauth2_scopes": ["bot", "applications.commands"],
        "approximate_user_authorization_count": 0,
        "owner": payloads.user(world.owner),
        "team": None,
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "approximate_guild_count": len(world.guilds),
        "approximate_user_install_count": 0,
    }


@endpoints.on("GET", "/gateway", is_open=True)
async def gateway(ask: Ask) -> Answer:
    return {"url": ask.world.gateway_url}


@endpoints.on("GET", "/gateway/bot")
async def gateway_for_bots(ask: Ask) -> Answer:
    limit = ask.world.rules.identify_limit
    left = {"total": limit, "remaining": max(0, limit - ask.world.gateway.identifies)}
    starts = {**left, "reset_after": 86_400_000, "max_concurrency": 1}
    return {"url": ask.world.gateway_url, "shards": 1, "session_start_limit": starts}


def _scope(ask: Ask) -> Scope:
    if ask.id("application") != ask.world.application:
        raise Refused(50001)
    return None if "guild" not in ask.names else ask.world.guild(ask.id("guild")).id


@endpoints.on("GET", COMMANDS)
@endpoints.on("GET", GUILD_COMMANDS)
async def commands(ask: Ask) -> Answer:
    return [_told(ask, one) for one in ask.world.commands.get(_scope(ask), [])]


@endpoints.on("PUT", COMMANDS)
@endpoints.on("PUT", GUILD_COMMANDS)
async def replace(ask: Ask) -> Answer:
    """Let these be all commands; those that were there under the same name keep their ids."""
    scope = _scope(ask)
    kept = ask.world.commands.get(scope, [])
    ask.world.commands[scope] = accepted(ask.world, ask.body.fields, scope, kept)
    return [_told(ask, one) for one in ask.world.commands[scope]]


@endpoints.on("POST", COMMANDS)
@endpoints.on("POST", GUILD_COMMANDS)
async def add(ask: Ask) -> Answer:
    """Add a command, or replace the one of its name."""
    scope = _scope(ask)
    kept = ask.world.commands.get(scope, [])
    name = ask.fields.get("name"), ask.fields.get("type", 1)
    others = [one for one in kept if (one["name"], one["type"]) != name]
    ask.world.commands[scope] = accepted(ask.world, [*others, ask.fields], scope, kept)
    return ask.world.commands[scope][-1]


@endpoints.on("DELETE", f"{COMMANDS}/{{command}}")
@endpoints.on("DELETE", f"{GUILD_COMMANDS}/{{command}}")
async def delete(ask: Ask) -> Answer:
    scope = _scope(ask)
    kept = ask.world.commands.get(scope, [])
    left = [one for one in kept if one["id"] != ask.names["command"]]
    if len(left) == len(kept):
        raise Refused(10063)
    ask.world.commands[scope] = left


def _told(ask: Ask, command: Json) -> Json:
    """Return a command; its translations only to those who ask for them."""
    if ask.flag("with_localizations") or ask.body.fields:
        return command
    hidden = ("name_localizations", "description_localizations")
    return {name: one for name, one in command.items() if name not in hidden}
