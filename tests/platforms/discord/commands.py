"""Commands that an application declares: what Discord wants of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from tests.platforms.discord.refusals import Form, Refused, invalid
from tests.platforms.discord.things import Json
from tests.platforms.discord.world import Scope, World

__all__ = ["Scope", "accepted"]

CHAT, USER, MESSAGE = 1, 2, 3
LIMITS = {CHAT: 100, USER: 15, MESSAGE: 15}
OPTIONS, CHOICES, LENGTH = 25, 25, 8000
NAME = re.compile(r"[-_'\w]{1,32}")
SUBCOMMANDS = (1, 2)
LOCALES = re.compile(
    "id|da|de|en-GB|en-US|es-ES|es-419|fr|hr|it|lt|hu|nl|no|pl|pt-BR|ro|fi|sv-SE|vi|tr|cs|el|bg|ru|uk|hi|th"
    "|zh-CN|ja|zh-TW|ko"
)


def accepted(world: World, told: Any, scope: Scope, kept: list[Json]) -> list[Json]:
    """Return commands as Discord keeps them, or refuse them."""
    if not isinstance(told, list) or not all(isinstance(one, dict) for one in told):
        raise Refused(50109)
    counts = Counter(one.get("type", CHAT) for one in told)
    if any(counts[kind] > most for kind, most in LIMITS.items()):
        raise Refused(30032)
    form = Form()
    for index, one in enumerate(told):
        _check(form, str(index), one)
    form.check()
    names = Counter((one.get("type", CHAT), one["name"]) for one in told)
    if any(count > 1 for count in names.values()):
        raise invalid(
            "name", "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique"
        )
    numbers = {(one["type"], one["name"]): one["id"] for one in kept}
    return [_kept(world, one, scope, numbers) for one in told]


def _kept(world: World, one: Json, scope: Scope, numbers: dict[tuple[int, str], str]) -> Json:
    kind = one.get("type", CHAT)
    rights = one.get("default_member_permissions")
    told: Json = {
        "id": numbers.get((kind, one["name"]), str(world.ids.next())),
        "application_id": str(world.application),
        "version": str(world.ids.next()),
        "type": kind,
        "name": one["name"],
        "name_localizations": one.get("name_localizations"),
        "description": one.get("description") or "",
        "description_localizations": one.get("description_localizations"),
        "default_member_permissions": None if rights is None else str(rights),
        "dm_permission": one.get("dm_permission", True),
        "contexts": one.get("contexts"),
        "integration_types": one.get("integration_types") or [0],
        "nsfw": bool(one.get("nsfw")),
    }
    if one.get("options"):
        told["options"] = one["options"]
    return told if scope is None else {**told, "guild_id": str(scope)}


def _check(form: Form, where: str, one: Json) -> None:
    kind = one.get("type", CHAT)
    form.required(f"{where}.name", one.get("name"))
    if kind == CHAT:
        _check_entry(form, where, one)
        _check_options(form, where, one.get("options") or [])
        if sum(_longest(one)) > LENGTH:
            text = f"Command exceeds maximum size ({LENGTH})"
            form.wrong(where, "APPLICATION_COMMAND_TOO_LARGE", text)
    else:
        form.too_long(f"{where}.name", one.get("name"), 32)
        if one.get("description"):
            text = "Context menu commands cannot have description"
            form.wrong(
                f"{where}.description", "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_NOT_ALLOWED", text
            )
    for name in ("name_localizations", "description_localizations"):
        for locale in one.get(name) or {}:
            if not LOCALES.fullmatch(locale):
                form.wrong(
                    f"{where}.{name}", "ENUM_TYPE_COERCE", f'Value "{locale}" is not a valid enum value.'
                )


def _check_entry(form: Form, where: str, one: Json) -> None:
    """Note what is wrong with name and description of a command or option, in any language."""
    names = {"name": one.get("name"), **(one.get("name_localizations") or {})}
    for language, name in names.items():
        if not isinstance(name, str) or not NAME.fullmatch(name) or name != name.lower():
            text = "Command name is invalid"
            form.wrong(f"{where}.{language}", "APPLICATION_COMMAND_INVALID_NAME", text)
    texts = {"description": one.get("description"), **(one.get("description_localizations") or {})}
    for language, text in texts.items():
        form.required(f"{where}.{language}", text)
        form.too_long(f"{where}.{language}", text, 100)


def _check_options(form: Form, where: str, options: list[Json]) -> None:
    if len(options) > OPTIONS:
        form.wrong(f"{where}.options", "BASE_TYPE_MAX_LENGTH", f"Must be {OPTIONS} or fewer in length.")
    has_optional = False
    for index, option in enumerate(options):
        place = f"{where}.options.{index}"
        _check_entry(form, place, option)
        _check_options(form, place, option.get("options") or [])
        if len(option.get("choices") or []) > CHOICES:
            form.wrong(f"{place}.choices", "BASE_TYPE_MAX_LENGTH", f"Must be {CHOICES} or fewer in length.")
        if option.get("required") and has_optional:
            text = "Required options must be placed before non-required options"
            form.wrong(place, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", text)
        has_optional = has_optional or (not option.get("required") and option["type"] not in SUBCOMMANDS)


def _longest(one: Json) -> Iterator[int]:
    """Yield the lengths of the texts of a command, each in the language in which it is longest."""
    for name in ("name", "description"):
        texts = [one.get(name) or "", *(one.get(f"{name}_localizations") or {}).values()]
        yield max(map(len, texts))
    for choice in one.get("choices") or []:
        yield len(str(choice.get("name", ""))) + len(str(choice.get("value", "")))
    for option in one.get("options") or []:
        yield from _longest(option)
