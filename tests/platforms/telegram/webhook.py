"""Updates brought to the bot instead of fetched by it, again and again until it says yes."""

from __future__ import annotations

import asyncio
import re
import time
from contextlib import suppress

import aiohttp

from tests.platforms.telegram.arguments import Arguments
from tests.platforms.telegram.records import Json
from tests.platforms.telegram.refusals import bad, conflict
from tests.platforms.telegram.registry import answers
from tests.platforms.telegram.state import Telegram

PAUSE = 0.1  # the real server waits longer each time
SECONDS = 10.0
PORTS = (80, 88, 443, 8443)
URL = re.compile(r"https://[\w.-]+(?::(\d+))?(?:/\S*)?|http://127\.0\.0\.1:\d+(?:/\S*)?")
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


class Webhook:
    """Where updates are brought to.

    Args:
        telegram: whose updates.
        url: of the bot; plain HTTP on loopback only.
        secret: for the header by which the bot knows that it is Telegram.
    """

    def __init__(self, telegram: Telegram, url: str, secret: str) -> None:
        self._telegram, self._updates, self.url = telegram, telegram.updates, url
        self._headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
        self.error: Json = {}
        self._running = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Bring nothing more."""
        self._running.cancel()
        with suppress(asyncio.CancelledError):
            await self._running

    async def _run(self) -> None:
        timeout = aiohttp.ClientTimeout(total=SECONDS)
        async with aiohttp.ClientSession(timeout=timeout, headers=self._headers) as session:
            while True:
                await self._updates.is_there.wait()
                update = self._updates.head()
                if not self._telegram.is_out and await self._bring(session, update):
                    self._updates.done(update)
                else:
                    await asyncio.sleep(PAUSE)

    async def _bring(self, session: aiohttp.ClientSession, update: Json) -> bool:
        try:
            async with session.post(self.url, json=update) as response:
                if response.ok:
                    return True
                why = f"Wrong response from the webhook: {response.status} {response.reason}"
        except (aiohttp.ClientError, TimeoutError):
            why = "Connection refused"
        self.error = {"last_error_date": int(time.time()), "last_error_message": why}
        return False


@answers("setWebhook")
async def set_webhook(telegram: Telegram, arguments: Arguments) -> bool:
    """Have updates brought from now on."""
    url, secret = arguments.text("url"), arguments.text("secret_token")
    if not url:
        await delete_webhook(telegram, arguments)
        return True
    _check(url, secret, arguments.number("max_connections", 40))
    telegram.updates.end_poll(conflict("terminated by setWebhook request"))
    if telegram.webhook:
        await telegram.webhook.stop()
    _settle(telegram, arguments)
    telegram.webhook = Webhook(telegram, url, secret)
    telegram.updates.is_heard.set()
    return True


@answers("deleteWebhook")
async def delete_webhook(telegram: Telegram, arguments: Arguments) -> bool:
    """Let the bot fetch updates again."""
    if telegram.webhook:
        await telegram.webhook.stop()
        telegram.webhook = None
        telegram.updates.is_heard.clear()
    _settle(telegram, arguments)
    return True


@answers("getWebhookInfo")
async def get_webhook_info(telegram: Telegram, arguments: Arguments) -> Json:
    """Tell where updates are brought and what came of it."""
    hook = telegram.webhook
    waiting = {"pending_update_count": len(telegram.updates.waiting), "has_custom_certificate": False}
    allowed = {"allowed_updates": telegram.updates.allowed} if telegram.updates.allowed else {}
    return {"url": hook.url if hook else ""} | waiting | allowed | (hook.error if hook else {})


def _settle(telegram: Telegram, arguments: Arguments) -> None:
    allowed = arguments.array("allowed_updates")
    if allowed is not None:
        telegram.updates.allowed = [str(kind) for kind in allowed]
    if arguments.is_set("drop_pending_updates"):
        telegram.updates.drop()


def _check(url: str, secret: str, connections: int) -> None:
    found = URL.fullmatch(url)
    if not found:
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if found[1] and int(found[1]) not in PORTS:
        raise bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    if secret and not SECRET.fullmatch(secret):
        raise bad("secret token contains unallowed characters")
    if not 1 <= connections <= 100:
        raise bad("bad webhook: max_connections must be between 1 and 100")
