"""The options of a command as somebody fills them in, by the types that the command declares."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.platforms.discord import payloads
from tests.platforms.discord.permissions import in_channel
from tests.platforms.discord.pictures import attached
from tests.platforms.discord.things import Attachment, Channel, Json, Person, Role
from tests.platforms.discord.world import World

SUBCOMMAND, GROUP, TEXT, WHOLE, YES_NO, WHO, WHERE, ROLE, ANYBODY, NUMBER, FILE = range(1, 12)
PLAIN: dict[int, tuple[type, ...]] = {TEXT: (str,), WHOLE: (int,), YES_NO: (bool,), NUMBER: (int, float)}


@dataclass(slots=True)
class Chosen:
    """Options, and the things that their ids stand for."""

    options: list[Json] = field(default_factory=list)
    resolved: Json = field(default_factory=dict)

    def resolve_person(self, channel: Channel, person: Person) -> None:
        """Tell of a person, and of the membership where there is one."""
        self.resolved.setdefault("users", {})[str(person.id)] = payloads.user(person)
        if channel.guild is not None and person.id in channel.guild.members:
            who = payloads.member(channel.guild.members[person.id], with_user=False)
            rights = {"permissions": str(in_channel(channel, person))}
            self.resolved.setdefault("members", {})[str(person.id)] = {**who, **rights}

    def resolve_file(self, world: World, file: Attachment) -> None:
        """Tell of a file, which is served like those of messages but in no message."""
        place = Channel(world.application, "dm", "")
        told = {**world.write.attachment(place, file), "ephemeral": True}
        self.resolved.setdefault("attachments", {})[str(file.id)] = told


def choose(
    world: World,
    channel: Channel,
    command: Json,
    path: list[str],
    values: dict[str, Any],
    *,
    focused: str | None = None,
) -> Chosen:
    """Return the options of a command, through its subcommands, as Discord sends them."""
    chosen, declared = Chosen(), command.get("options") or []
    place = chosen.options
    for name in path:
        found = next((one for one in declared if one["name"] == name), None)
        assert found is not None, f"no subcommand {name}"
        inside: list[Json] = []
        place.append({"name": name, "type": found["type"], "options": inside})
        place, declared = inside, found.get("options") or []
    known = {one["name"]: one for one in declared}
    assert not set(values) - set(known), f"the options are {sorted(known)}"
    missing = [name for name, one in known.items() if one.get("required") and name not in values]
    assert focused is not None or not missing, f"the options {missing} are required"
    for name, value in values.items():
        entry = {"name": name, "type": known[name]["type"]}
        entry["value"] = value if name == focused else _value(world, channel, chosen, known[name], value)
        place.append({**entry, "focused": True} if name == focused else entry)
    return chosen


def _value(world: World, channel: Channel, chosen: Chosen, option: Json, value: Any) -> Any:
    """Return a value as it is sent, and tell of what it stands for."""
    kind = option["type"]
    if kind in PLAIN:
        _check_plain(option, value)
        return value
    if kind == FILE:
        file = attached(world.ids.next(), *value)
        world.loose[file.id] = file
        chosen.resolve_file(world, file)
        return str(file.id)
    if isinstance(value, Person) and kind in (WHO, ANYBODY):
        chosen.resolve_person(channel, value)
    elif isinstance(value, Role) and kind in (ROLE, ANYBODY):
        chosen.resolved.setdefault("roles", {})[str(value.id)] = payloads.role(value)
    else:
        assert isinstance(value, Channel), f"{option['name']} takes no {value!r}"
        assert kind == WHERE, f"{option['name']} takes no channel"
        told = {**payloads.channel(value, world.bot), "permissions": str(in_channel(value, world.bot))}
        chosen.resolved.setdefault("channels", {})[str(value.id)] = told
    return str(value.id)


def _check_plain(option: Json, value: Any) -> None:
    """Insist on what the person's own client would insist on."""
    kind = option["type"]
    assert isinstance(value, PLAIN[kind]), f"{option['name']} takes no {value!r}"
    assert isinstance(value, bool) == (kind == YES_NO), f"{option['name']} takes no {value!r}"
    choices = [one["value"] for one in option.get("choices") or []]
    assert not choices or value in choices, f"{option['name']} is one of {choices}"
    size = len(value) if isinstance(value, str) else value
    prefix = "length" if isinstance(value, str) else "value"
    least, most = option.get(f"min_{prefix}"), option.get(f"max_{prefix}")
    assert least is None or size >= least, f"{option['name']} is too small"
    assert most is None or size <= most, f"{option['name']} is too large"
