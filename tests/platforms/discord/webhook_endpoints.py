"""Endpoints at which the bot goes on after its first response to an interaction."""

from __future__ import annotations

from tests.platforms.discord import drafts, events
from tests.platforms.discord.asking import Answer, Ask, Endpoints, Rate
from tests.platforms.discord.interaction_endpoints import say
from tests.platforms.discord.interactions import Interaction
from tests.platforms.discord.message_endpoints import remove, rewrite
from tests.platforms.discord.refusals import Refused
from tests.platforms.discord.things import LOADING, Message

endpoints = Endpoints()
WEBHOOK = "/webhooks/{webhook}/{token}"
MESSAGE = f"{WEBHOOK}/messages/{{message}}"
RATE = Rate(5, 2.0)


def _interaction(ask: Ask) -> Interaction:
    """Return the interaction whose token it is; there is nothing to go on with before the first response."""
    found = ask.world.interactions.get(ask.names["token"])
    if ask.id("webhook") != ask.world.application:
        raise Refused(10015)
    if found is None or found.age > ask.world.rules.token_seconds:
        raise Refused(50027)
    if found.response is None:
        raise Refused(10015)
    return found


def _message(ask: Ask, interaction: Interaction) -> Message:
    own = [one for one in (interaction.original, *interaction.follow_ups) if one is not None]
    if ask.names["message"] == "@original":
        found = interaction.original
    else:
        found = next((one for one in own if one.id == ask.id("message")), None)
    if found is None or found.is_deleted:
        raise Refused(10008)
    return found


@endpoints.on("POST", WEBHOOK, rate=RATE, is_open=True)
async def follow_up(ask: Ask) -> Answer:
    """Say more; the first thing that is said after a promise takes its place."""
    interaction = _interaction(ask)
    original = interaction.original
    if original is not None and original.flags & LOADING and not original.is_deleted:
        _keep_promise(ask, original)
        message = original
    else:
        message = say(ask, interaction)
        interaction.follow_ups.append(message)
    await interaction.announce()
    return ask.world.write.message(message)


def _keep_promise(ask: Ask, message: Message) -> None:
    drafts.fill(ask, message)
    message.flags &= ~LOADING
    events.updated(ask.world, message)


@endpoints.on("GET", MESSAGE, is_open=True)
async def one(ask: Ask) -> Answer:
    return ask.world.write.message(_message(ask, _interaction(ask)))


@endpoints.on("PATCH", MESSAGE, rate=RATE, is_open=True)
async def edit(ask: Ask) -> Answer:
    """Change what was said, or say what was promised."""
    interaction = _interaction(ask)
    message = _message(ask, interaction)
    if message.flags & LOADING:
        _keep_promise(ask, message)
    else:
        rewrite(ask, message)
    await interaction.announce()
    return ask.world.write.message(message)


@endpoints.on("DELETE", MESSAGE, rate=RATE, is_open=True)
async def delete(ask: Ask) -> Answer:
    interaction = _interaction(ask)
    message = _message(ask, interaction)
    remove(ask.world, message)
    events.deleted(ask.world, message)
    await interaction.announce()
