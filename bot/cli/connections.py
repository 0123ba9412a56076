"""What `chalkak doctor` asks the platforms: tokens, intents, privacy mode, permissions, and each fix."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import aiohttp

from bot.cli.finding import Finding
from bot.settings import Settings

DISCORD = "https://discord.com/api/v10"
TELEGRAM = "https://api.telegram.org/bot"
SECONDS = 10.0

Ask = Callable[[aiohttp.ClientSession, Settings], Awaitable[list[Finding]]]

CONTENT_INTENT = 1 << 18 | 1 << 19  # of a verified and of a small application
PERMISSIONS = {  # what the bot cannot do its work without: Discord's names → bits
    "View Channels": 1 << 10,
    "Send Messages": 1 << 11,
    "Attach Files": 1 << 15,
    "Read Message History": 1 << 16,
    "Add Reactions": 1 << 6,
    "Send Messages in Threads": 1 << 38,
}
ADMINISTRATOR = 1 << 3


def ask_platforms(settings: Settings) -> Iterator[Finding]:
    """Yield what the platforms say of us; nobody is asked for whom there is no token."""
    if not settings.discord_token and not settings.telegram_token:
        yield Finding("platforms", is_well=True, found="no token: the local web chat only")
    for name, token, ask in (
        ("discord", settings.discord_token, _discord),
        ("telegram", settings.telegram_token, _telegram),
    ):
        if token and settings.is_offline:
            yield Finding(name, is_well=True, found="not asked, for CHALKAK_OFFLINE is set")
        elif token:
            yield from asyncio.run(_patiently(name, ask, settings))


async def _patiently(name: str, ask: Ask, settings: Settings) -> list[Finding]:
    timeout = aiohttp.ClientTimeout(total=SECONDS)
    try:
        async with aiohttp.ClientSession(timeout=timeout) as http:
            return await ask(http, settings)
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        fix = "check this machine's way to the internet, then run `chalkak doctor` again"
        return [Finding(name, is_well=False, found=f"no answer: {type(error).__name__}", fix=fix)]


async def _discord(http: aiohttp.ClientSession, settings: Settings) -> list[Finding]:
    api = settings.discord_api or DISCORD
    headers = {"Authorization": f"Bot {settings.discord_token}"}

    async def get(path: str) -> tuple[int, Any]:
        async with http.get(f"{api}/{path}", headers=headers) as answer:
            return answer.status, await answer.json()

    status, me = await get("users/@me")
    if status == 401:
        fix = "developer portal → your application → Bot → Reset Token; put the new one into DISCORD_TOKEN"
        return [Finding("discord", is_well=False, found="the token is not right", fix=fix)]
    if status != 200:
        fix = "wait a while and run `chalkak doctor` again"
        return [Finding("discord", is_well=False, found=f"it answered {status}", fix=fix)]
    _, application = await get("applications/@me")
    _, guilds = await get("users/@me/guilds")
    return [
        Finding("discord", is_well=True, found=f"the token is {me['username']}'s"),
        _intent(int(application.get("flags", 0))),
        *_servers(guilds, settings.dev_guild_id, str(application.get("id", ""))),
    ]


def _intent(flags: int) -> Finding:
    fix = (
        "developer portal → your application → Bot → switch Message Content Intent on;"
        " without it only mentions and direct messages are answered"
    )
    is_on = bool(flags & CONTENT_INTENT)
    found = "message content intent is on" if is_on else "message content intent is off"
    return Finding(
        "discord", is_on, found, f"{fix}; without it only mentions and direct messages are answered"
    )


def _servers(guilds: list[dict[str, Any]], dev_guild: str, application: str) -> Iterator[Finding]:
    wanted = sum(PERMISSIONS.values())
    invite = f"https://discord.com/oauth2/authorize?client_id={application}&scope=bot&permissions={wanted}"
    if not guilds:
        yield Finding("discord", is_well=False, found="in no server", fix=f"open {invite}")
    for guild in guilds:
        has = int(guild.get("permissions", 0))
        lacking = [] if has & ADMINISTRATOR else [name for name, bit in PERMISSIONS.items() if not has & bit]
        found = f"server {guild['id']}: {'lacks ' + ', '.join(lacking) if lacking else 'may do everything'}"
        fix = f"give our role these permissions in the server's settings, or open {invite}"
        yield Finding("discord", not lacking, found, fix)
    if dev_guild and dev_guild not in {guild["id"] for guild in guilds}:
        fix = f"open {invite} and choose that server, or mend DEV_GUILD_ID"
        yield Finding("discord", is_well=False, found=f"not in DEV_GUILD_ID {dev_guild}", fix=fix)


async def _telegram(http: aiohttp.ClientSession, settings: Settings) -> list[Finding]:
    api = f"{settings.telegram_api or TELEGRAM}{settings.telegram_token}"

    async def get(method: str) -> tuple[int, Any]:
        async with http.get(f"{api}/{method}") as answer:
            return answer.status, await answer.json()

    status, told = await get("getMe")
    if status in (401, 404):
        fix = "send /token to @BotFather, choose your bot, and put what it says into TELEGRAM_TOKEN"
        return [Finding("telegram", is_well=False, found="the token is not right", fix=fix)]
    if status != 200:
        fix = "wait a while and run `chalkak doctor` again"
        return [Finding("telegram", is_well=False, found=f"it answered {status}", fix=fix)]
    me = told["result"]
    _, hook = await get("getWebhookInfo")
    return [
        Finding("telegram", is_well=True, found=f"the token is @{me.get('username', '?')}'s"),
        _privacy(bool(me.get("can_read_all_group_messages"))),
        _webhook(str(hook.get("result", {}).get("url", ""))),
    ]


def _privacy(reads_all: bool) -> Finding:
    found = "privacy mode is off" if reads_all else "privacy mode is on: in groups only mentions are heard"
    fix = (
        "send /setprivacy to @BotFather, choose your bot, Disable, then take it out of the group and in"
        " again; or make it an administrator of the group"
    )
    return Finding("telegram", reads_all, found, fix)


def _webhook(address: str) -> Finding:
    found = "a webhook is set, so that nothing can be fetched" if address else "no webhook is in the way"
    fix = "stop the program that uses it, or start Chalkak all the same: it takes the webhook away"
    return Finding("telegram", not address, found, fix)
