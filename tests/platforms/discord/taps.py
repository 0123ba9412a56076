"""What people do with the bot's buttons, commands and forms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.platforms.discord import payloads
from tests.platforms.discord.interactions import AUTOCOMPLETE, COMMAND, COMPONENT, FORM, Interaction
from tests.platforms.discord.limits import walk
from tests.platforms.discord.options import Chosen, choose
from tests.platforms.discord.permissions import in_channel, in_guild
from tests.platforms.discord.pictures import attached
from tests.platforms.discord.things import Channel, Json, Message, Person
from tests.platforms.discord.world import World

CHAT, USER, MESSAGE = 1, 2, 3  # kinds of commands
IN_GUILD, IN_PRIVATE, ELSEWHERE = 0, 1, 2


class Taps:
    """Presses buttons and types commands."""

    world: World

    async def tap(
        self,
        message: Message,
        custom_id: str,
        person: Person,
        *,
        values: Sequence[str] = (),
        wait: bool = True,
    ) -> Interaction:
        """Press a button of a message, or choose values of a menu, and wait for what comes of it."""
        assert not message.is_deleted, "the message is gone"
        for one in walk(message.components):
            if one.get("custom_id") == custom_id:
                assert not one.get("disabled"), "the button is grey"
                data = {"custom_id": custom_id, "component_type": one["type"], "id": one.get("id", 1)}
                chosen = {"values": list(values)} if one["type"] != 2 else {}
                made = self._begin(COMPONENT, message.channel, person, {**data, **chosen}, source=message)
                return await self._sent(made, wait=wait)
        names = [one["custom_id"] for one in walk(message.components) if "custom_id" in one]
        raise LookupError(f"the message has no {custom_id}, only {names}")

    async def slash(
        self, channel: Channel, person: Person, name: str, *, wait: bool = True, **options: Any
    ) -> Interaction:
        """Type a command like `find` or `config mode`, with its options by name.

        Values are texts, numbers, a Person, Channel or Role, or for a file its name and bytes.
        """
        command = self._command(channel, person, name.split(maxsplit=1)[0], CHAT)
        chosen = choose(self.world, channel, command, name.split()[1:], options)
        made = self._begin(COMMAND, channel, person, _named(command, chosen), command=name)
        return await self._sent(made, wait=wait)

    async def complete(
        self, channel: Channel, person: Person, name: str, *, focused: str, **options: Any
    ) -> list[Json]:
        """Return what is offered while somebody types an option, whose text so far is among the options."""
        command = self._command(channel, person, name.split(maxsplit=1)[0], CHAT)
        chosen = choose(self.world, channel, command, name.split()[1:], options, focused=focused)
        made = self._begin(AUTOCOMPLETE, channel, person, _named(command, chosen), command=name)
        return (await self._sent(made, wait=True)).choices

    async def menu(
        self,
        name: str,
        person: Person,
        target: Message | Person,
        *,
        channel: Channel | None = None,
        wait: bool = True,
    ) -> Interaction:
        """Choose a command from the menu of a message or of a person."""
        place = target.channel if isinstance(target, Message) else channel
        assert place is not None, "somebody's menu is opened in a channel"
        chosen = Chosen()
        if isinstance(target, Message):
            command = self._command(place, person, name, MESSAGE)
            chosen.resolved["messages"] = {str(target.id): self.world.write.message(target)}
        else:
            command = self._command(place, person, name, USER)
            chosen.resolve_person(place, target)
        data = {**_named(command, chosen), "target_id": str(target.id)}
        return await self._sent(self._begin(COMMAND, place, person, data, command=name), wait=wait)

    async def submit_modal(
        self, interaction: Interaction, values: dict[str, Any], *, wait: bool = True
    ) -> Interaction:
        """Fill in the form that an interaction opened, and send it.

        Values are texts, a list of chosen values, or a list of files.
        """
        assert interaction.modal is not None, "no form was opened"
        chosen = Chosen()
        parts = [self._filled(one, values, chosen) for one in interaction.modal["components"]]
        data: Json = {"custom_id": interaction.modal["custom_id"], "components": parts}
        if chosen.resolved:
            data["resolved"] = chosen.resolved
        place, person = interaction.channel, interaction.person
        made = self._begin(FORM, place, person, data, source=interaction.source)
        made.opened_by = interaction
        return await self._sent(made, wait=wait)

    def _filled(self, part: Json, values: dict[str, Any], chosen: Chosen) -> Json:
        """Return a part of a form with what was put in."""
        told = {"type": part["type"], "id": part.get("id", 1)}
        if "components" in part:
            return {**told, "components": [self._filled(one, values, chosen) for one in part["components"]]}
        if "component" in part:
            return {**told, "component": self._filled(part["component"], values, chosen)}
        if "custom_id" not in part:
            return told
        value = values.get(part["custom_id"], "" if part["type"] == 4 else [])
        if part["type"] == 19:
            value = [self._uploaded(name, data, chosen) for name, data in value]
        return {
            **told,
            "custom_id": part["custom_id"],
            "values" if isinstance(value, list) else "value": value,
        }

    def _uploaded(self, name: str, data: bytes, chosen: Chosen) -> str:
        file = attached(self.world.ids.next(), name, data)
        self.world.loose[file.id] = file
        chosen.resolve_file(self.world, file)
        return str(file.id)

    def _command(self, channel: Channel, person: Person, name: str, kind: int) -> Json:
        """Return a command that somebody finds in a channel; those that are hidden there are not found."""
        scopes = [None] if channel.guild is None else [channel.guild.id, None]
        for one in (one for scope in scopes for one in self.world.commands.get(scope, [])):
            if (one["name"], one["type"]) == (name, kind) and _is_shown(one, channel, person):
                return one
        raise LookupError(f"{person.name} finds no command {name} here")

    def _begin(
        self,
        kind: int,
        channel: Channel,
        person: Person,
        data: Json,
        *,
        source: Message | None = None,
        command: str = "",
    ) -> Interaction:
        number = self.world.ids.next()
        made = Interaction(number, f"token-{number}", kind, person, channel, data, command)
        made.source = source
        self.world.interactions[made.token] = made
        return made

    async def _sent(self, made: Interaction, *, wait: bool) -> Interaction:
        """Tell the bot, and wait until it has responded or it is too late for that."""
        self.world.gateway.dispatch("INTERACTION_CREATE", _written(self.world, made))
        if wait:
            await made.until(lambda: made.response is not None, self.world.rules.callback_seconds + 0.1)
        return made


def _named(command: Json, chosen: Chosen) -> Json:
    told = {"id": command["id"], "name": command["name"], "type": command["type"]}
    if "guild_id" in command:
        told["guild_id"] = command["guild_id"]
    if chosen.options:
        told["options"] = chosen.options
    return {**told, "resolved": chosen.resolved} if chosen.resolved else told


def _is_shown(command: Json, channel: Channel, person: Person) -> bool:
    """Tell whether a command is for such a place and such a person."""
    contexts = command["contexts"]
    here = IN_GUILD if channel.guild is not None else IN_PRIVATE
    if contexts is not None and here not in contexts:
        return False
    if channel.guild is None:
        return contexts is not None or bool(command["dm_permission"])
    needed = command["default_member_permissions"]
    if command["nsfw"] and not channel.is_nsfw:
        return False
    if needed is None:
        return True
    has = in_guild(channel.guild, channel.guild.members[person.id])
    return has & 1 << 3 > 0 if needed == "0" else has & int(needed) == int(needed)


def _written(world: World, made: Interaction) -> Json:
    """Return an interaction as the gateway tells of it."""
    guild, person = made.channel.guild, made.person
    told: Json = {
        "id": str(made.id),
        "application_id": str(world.application),
        "type": made.kind,
        "token": made.token,
        "version": 1,
        "data": made.data,
        "channel_id": str(made.channel.id),
        "channel": payloads.channel(made.channel, world.bot),
        "locale": person.locale,
        "app_permissions": str(in_channel(made.channel, world.bot)),
        "entitlements": [],
        "attachment_size_limit": 10 * 2**20 if guild is None else guild.upload_limit,
        "context": IN_PRIVATE if guild is None else IN_GUILD,
        "authorizing_integration_owners": {"0": "0" if guild is None else str(guild.id)},
    }
    if made.source is not None:
        told["message"] = world.write.message(made.source)
    if guild is None:
        return {**told, "user": payloads.user(person)}
    who = guild.members[person.id]
    rights = {"permissions": str(in_channel(made.channel, person))}
    told["guild"] = {"id": str(guild.id), "locale": guild.locale, "features": []}
    told |= {"guild_id": str(guild.id), "guild_locale": guild.locale}
    return {**told, "member": {**payloads.member(who), **rights}}
