"""The endpoint at which the bot responds to an interaction, once and at once."""

from __future__ import annotations

from tests.platforms.discord import drafts, events
from tests.platforms.discord.asking import Answer, Ask, Body, Endpoints
from tests.platforms.discord.interactions import (
    AUTOCOMPLETE,
    CHANGES,
    CHOICES,
    COMMAND,
    COMPONENT,
    DEFERS,
    DEFERS_CHANGE,
    FORM,
    MODAL,
    SAYS,
    Interaction,
)
from tests.platforms.discord.message_endpoints import rewrite
from tests.platforms.discord.payloads import user
from tests.platforms.discord.refusals import Form, Refused, invalid
from tests.platforms.discord.things import EPHEMERAL, LOADING, Json, Message
from tests.platforms.discord.world import World

endpoints = Endpoints()
CALLBACK = "/interactions/{interaction}/{token}/callback"
SLASH, MENU = 20, 23  # kinds of messages
RESPONSES = {
    COMMAND: (SAYS, DEFERS, MODAL),
    COMPONENT: (SAYS, DEFERS, DEFERS_CHANGE, CHANGES, MODAL),
    AUTOCOMPLETE: (CHOICES,),
    FORM: (SAYS, DEFERS, DEFERS_CHANGE, CHANGES),
}
MOST_CHOICES, MODAL_TITLE, MODAL_PARTS = 25, 45, 5


@endpoints.on("POST", CALLBACK, is_open=True)
async def respond(ask: Ask) -> Answer:
    """Take the first response to an interaction."""
    interaction = ask.world.interactions.get(ask.names["token"])
    if interaction is None or str(interaction.id) != ask.names["interaction"]:
        raise Refused(10062)
    if interaction.response is not None:
        raise Refused(40060)
    if interaction.age > ask.world.rules.callback_seconds:
        raise Refused(10062)
    kind, data = ask.fields.get("type"), ask.fields.get("data") or {}
    if kind not in RESPONSES[interaction.kind] or (
        kind in (DEFERS_CHANGE, CHANGES) and not interaction.source
    ):
        raise invalid("type", "BASE_TYPE_CHOICES", f"Value must be one of {RESPONSES[interaction.kind]}.")
    _take(ask, interaction, kind, data)
    interaction.respond(kind)
    await interaction.announce()
    return _resource(ask.world, interaction) if ask.flag("with_response") else None


def _take(ask: Ask, interaction: Interaction, kind: int, data: Json) -> None:
    part = inner(ask, data)
    if kind == SAYS:
        interaction.original = say(part, interaction)
    elif kind == DEFERS:
        interaction.original = _promise(ask.world, interaction, data)
    elif kind in (DEFERS_CHANGE, CHANGES):
        interaction.original = interaction.source
        if kind == CHANGES:
            assert interaction.source is not None
            rewrite(part, interaction.source)
    elif kind == CHOICES:
        interaction.choices = _choices(data)
    else:
        interaction.modal = _modal(data)


def inner(ask: Ask, data: Json) -> Ask:
    """Return the part of a response that is a message, with the files of the whole."""
    return Ask(ask.world, ask.names, ask.query, Body(data, ask.body.uploads, ask.body.is_multipart))


def say(ask: Ask, interaction: Interaction) -> Message:
    """Say something in the name of an interaction, to its person alone if the form wants it."""
    message = _empty(ask.world, interaction)
    message.flags = int(ask.fields.get("flags") or 0) & EPHEMERAL
    drafts.fill(ask, message)
    ask.world.add(message)
    events.created(ask.world, message)
    return message


def _empty(world: World, interaction: Interaction) -> Message:
    message = Message(world.ids.next(), interaction.channel, world.bot, webhook=world.application)
    is_menu = interaction.data.get("type") in (2, 3)
    message.kind = 0 if interaction.kind != COMMAND else MENU if is_menu else SLASH
    message.interaction = _metadata(interaction)
    return message


def _metadata(interaction: Interaction) -> Json:
    """Return what messages tell of the interaction that they come from."""
    told: Json = {
        "id": str(interaction.id),
        "type": interaction.kind,
        "user": user(interaction.person),
        "authorizing_integration_owners": {},
    }
    if interaction.kind == COMMAND:
        told["name"] = interaction.command
    if interaction.kind == COMPONENT and interaction.source is not None:
        told["interacted_message_id"] = str(interaction.source.id)
    if interaction.opened_by is not None:
        told["triggering_interaction_metadata"] = _metadata(interaction.opened_by)
    return told


def _promise(world: World, interaction: Interaction, data: Json) -> Message:
    """Show that the bot is thinking; of flags only the one that says to whom is taken."""
    message = _empty(world, interaction)
    message.flags = LOADING | int(data.get("flags") or 0) & EPHEMERAL
    world.add(message)
    events.created(world, message)
    return message


def _choices(data: Json) -> list[Json]:
    choices = data.get("choices") or []
    form = Form()
    if len(choices) > MOST_CHOICES:
        form.wrong("data.choices", "BASE_TYPE_MAX_LENGTH", f"Must be {MOST_CHOICES} or fewer in length.")
    for index, choice in enumerate(choices):
        form.required(f"data.choices.{index}.name", choice.get("name"))
        form.too_long(f"data.choices.{index}.name", choice.get("name"), 100)
        form.too_long(f"data.choices.{index}.value", choice.get("value"), 100)
    form.check()
    return list(choices)


def _modal(data: Json) -> Json:
    form = Form()
    for name, most in (("title", MODAL_TITLE), ("custom_id", 100)):
        form.required(f"data.{name}", data.get(name))
        form.too_long(f"data.{name}", data.get(name), most)
    if not 1 <= len(data.get("components") or []) <= MODAL_PARTS:
        text = f"Must be between 1 and {MODAL_PARTS} in length."
        form.wrong("data.components", "BASE_TYPE_BAD_LENGTH", text)
    form.check()
    return data


def _resource(world: World, interaction: Interaction) -> Json:
    """Return what became of a response, for those who ask for it."""
    told: Json = {"id": str(interaction.id), "type": interaction.kind}
    answer: Json = {"interaction": told}
    message = interaction.original
    if message is not None:
        told["response_message_id"] = str(message.id)
        told["response_message_loading"] = bool(message.flags & LOADING)
        told["response_message_ephemeral"] = message.is_ephemeral
        if interaction.response in (SAYS, CHANGES):
            answer["resource"] = {"type": interaction.response, "message": world.write.message(message)}
    return answer
