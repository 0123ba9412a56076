"""How the bot presents itself: commands, names, descriptions, the menu button."""

from __future__ import annotations

import re

from tests.platforms.telegram.arguments import Arguments
from tests.platforms.telegram.entities import units
from tests.platforms.telegram.records import Chat, Json, Person
from tests.platforms.telegram.refusals import bad
from tests.platforms.telegram.registry import answers
from tests.platforms.telegram.state import Telegram

COMMAND = re.compile(r"[a-z0-9_]{1,32}")
LANGUAGE = re.compile(r"(?:[a-z]{2})?")
MOST_COMMANDS, MOST_COMMAND = 100, 256
MOST = {"name": 64, "description": 512, "short_description": 120}


def _scope(arguments: Arguments) -> str:
    scope = arguments.table("scope", "BotCommandScope") or {"type": "default"}
    parts = (str(scope[name]) for name in ("type", "chat_id", "user_id") if name in scope)
    return ":".join(parts)


def _language(arguments: Arguments) -> str:
    language = arguments.text("language_code")
    if not LANGUAGE.fullmatch(language):
        raise bad("invalid language code specified")
    return language


@answers("setMyCommands")
async def set_my_commands(telegram: Telegram, arguments: Arguments) -> bool:
    """Offer commands to some people in one language."""
    commands = arguments.array("commands") or []
    if len(commands) > MOST_COMMANDS:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for one in commands:
        if not COMMAND.fullmatch(str(one.get("command", "")).removeprefix("/")):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= units(str(one.get("description", ""))) <= MOST_COMMAND:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    telegram.commands[_scope(arguments), _language(arguments)] = commands
    return True


@answers("getMyCommands")
async def get_my_commands(telegram: Telegram, arguments: Arguments) -> list[Json]:
    """Tell which commands are offered for exactly this scope and language."""
    return telegram.commands.get((_scope(arguments), _language(arguments)), [])


@answers("deleteMyCommands")
async def delete_my_commands(telegram: Telegram, arguments: Arguments) -> bool:
    """Offer no commands of their own to these people any more."""
    telegram.commands.pop((_scope(arguments), _language(arguments)), None)
    return True


def menu(telegram: Telegram, chat: Chat, person: Person) -> list[str]:
    """Return the commands that somebody is offered in a chat: those of the nearest scope."""
    is_admin = telegram.status(chat, person) in ("creator", "administrator")
    scopes = [f"chat:{chat.id}", "all_private_chats", "default"]
    if chat.kind != "private":
        of_admins = ([f"chat_administrators:{chat.id}"], ["all_chat_administrators"])
        here, everywhere = of_admins if is_admin else ([], [])
        scopes = [f"chat_member:{chat.id}:{person.id}", *here, f"chat:{chat.id}"]
        scopes += [*everywhere, "all_group_chats", "default"]
    keys = [(scope, language) for scope in scopes for language in (person.language[:2], "")]
    found = next((telegram.commands[key] for key in keys if telegram.commands.get(key)), [])
    return [str(one["command"]) for one in found]


async def _set(telegram: Telegram, arguments: Arguments, what: str) -> bool:
    text = arguments.text(what)
    if units(text) > MOST[what]:
        raise bad(f"{what.replace('_', ' ')} is too long")
    telegram.profile[what, _language(arguments)] = text
    return True


async def _get(telegram: Telegram, arguments: Arguments, what: str) -> Json:
    texts = telegram.profile
    return {what: texts.get((what, _language(arguments))) or texts.get((what, ""), "")}


@answers("setMyName")
async def set_my_name(telegram: Telegram, arguments: Arguments) -> bool:
    """Go by another name."""
    return await _set(telegram, arguments, "name")


@answers("getMyName")
async def get_my_name(telegram: Telegram, arguments: Arguments) -> Json:
    """Tell the bot's name."""
    return {"name": (await _get(telegram, arguments, "name"))["name"] or telegram.bot.name}


@answers("setMyDescription")
async def set_my_description(telegram: Telegram, arguments: Arguments) -> bool:
    """Say what stands in an empty chat."""
    return await _set(telegram, arguments, "description")


@answers("getMyDescription")
async def get_my_description(telegram: Telegram, arguments: Arguments) -> Json:
    """Tell what stands in an empty chat."""
    return await _get(telegram, arguments, "description")


@answers("setMyShortDescription")
async def set_my_short_description(telegram: Telegram, arguments: Arguments) -> bool:
    """Say what stands on the profile."""
    return await _set(telegram, arguments, "short_description")


@answers("getMyShortDescription")
async def get_my_short_description(telegram: Telegram, arguments: Arguments) -> Json:
    """Tell what stands on the profile."""
    return await _get(telegram, arguments, "short_description")


@answers("setChatMenuButton")
async def set_chat_menu_button(telegram: Telegram, arguments: Arguments) -> bool:
    """Choose what the button beside the input does."""
    button = arguments.table("menu_button") or {"type": "default"}
    if button.get("type") not in ("commands", "web_app", "default"):
        raise bad("can't parse menu button: type is invalid")
    if "chat_id" in arguments.fields and telegram.chat(arguments).kind != "private":
        raise bad("chat not found")
    telegram.menu_buttons[arguments.number("chat_id")] = button
    return True


@answers("getChatMenuButton")
async def get_chat_menu_button(telegram: Telegram, arguments: Arguments) -> Json:
    """Tell what the button beside the input does."""
    buttons = telegram.menu_buttons
    return buttons.get(arguments.number("chat_id")) or buttons.get(0) or {"type": "default"}
