"""The connection to Telegram: one Application of the library after the other, for as long as we run.

An Application that heard of an invalid token can neither poll nor be stopped cleanly, so each
connection gets a fresh one.  Nothing that goes wrong here leaves: other platforms go on.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine
from http import HTTPStatus
from typing import Any

from telegram import Bot, Update
from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application, ApplicationBuilder, TypeHandler

from bot.adapters.telegram.queue import Courtesy, DurableQueue
from bot.adapters.telegram.requests import Polls, Request
from bot.platform import Later
from bot.settings import Settings

log = logging.getLogger(__name__)

KINDS = (
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "callback_query",
    "my_chat_member",
)
API = "https://api.telegram.org/bot"
FILES = "https://api.telegram.org/file/bot"
POLL_SECONDS = 10
FIRST_SECONDS, MOST_SECONDS = 1.0, 60.0  # between two attempts to connect
BAD_TOKEN_SECONDS = 300.0
SAY_AGAIN_SECONDS = 60.0
AWAY_SECONDS = 2.0  # for who asks while there is no connection
STOP_SECONDS = (0.9, 0.5, 0.2, 0.2)  # for polls, courtesies, the application and the bot
SWALLOWED = (0.1, 0.1)  # the library swallows the first cancellation, so there are two

Commit = Callable[[Update], Awaitable[Courtesy | None]]
Running = Application[Any, Any, Any, Any, Any, Any]


class Connection:
    """Stays connected from `start` to `stop`.

    Args:
        settings: the token and the addresses.
        commit: makes an update durable.
    """

    def __init__(self, settings: Settings, commit: Commit) -> None:
        self._token, self._commit = settings.telegram_token, commit
        self.api, self.files = settings.telegram_api or API, settings.telegram_files or FILES
        self.is_direct = bool(settings.telegram_api)  # a stand-in or a server of one's own
        self.status = "connecting"
        self._application: Running | None = None
        self._polls: Polls | None = None
        self._staying: asyncio.Task[None] | None = None
        self._lost = asyncio.Event()
        self._said_at: dict[str, float] = {}

    @property
    def is_behind(self) -> bool:
        """Return whether the updates of this moment have waited for us while we were away."""
        return self._polls is not None and self._polls.is_behind

    def bot(self) -> Bot:
        """Return the bot of this connection.

        Raises:
            Later: there is none now.
        """
        if self._application is None:
            raise Later(AWAY_SECONDS)
        bot: Bot = self._application.bot
        return bot

    def start(self) -> None:
        """Begin to connect."""
        logging.getLogger("httpx").setLevel(logging.WARNING)  # below that it logs addresses, token and all
        self._staying = asyncio.create_task(self._stay(), name="telegram-connection")

    async def stop(self) -> None:
        """Confirm what was read, let courtesies finish, close the connection; within 3 s."""
        if self._staying:
            self._staying.cancel()
            await asyncio.wait([self._staying])
        await self._leave()
        self.status = "offline"

    async def _stay(self) -> None:
        pause = FIRST_SECONDS
        while True:
            try:
                await self._connect()
                self._say("online")
                pause = FIRST_SECONDS
                await self._lost.wait()
                self._say("offline", "token refused")  # or a proxy said so; the next attempt will tell
            except InvalidToken:  # its message has the token
                self._say("bad-token")
            except TelegramError as error:
                self._say("offline", type(error).__name__)
            except Exception:  # a bug must not take the other platforms along
                log.exception("telegram connection failed")
                self._say("offline", "a bug")
            await self._leave()
            await asyncio.sleep(BAD_TOKEN_SECONDS if self.status == "bad-token" else pause)
            pause = min(2 * pause, MOST_SECONDS)

    async def _connect(self) -> None:
        """Do what the library's `run_polling` does, in a loop that others use too."""
        self._lost.clear()
        self._polls = Polls(self._heard, is_direct=self.is_direct)
        builder = ApplicationBuilder().token(self._token).base_url(self.api).base_file_url(self.files)
        builder = builder.request(Request(is_direct=self.is_direct)).get_updates_request(self._polls)
        queue = DurableQueue(self._commit)
        application: Running = builder.update_queue(queue).job_queue(None).build()
        application.add_handler(TypeHandler(Courtesy, _be_courteous, block=False))
        self._application = application
        await application.initialize()
        await application.start()
        assert application.updater
        await application.updater.start_polling(
            timeout=POLL_SECONDS,
            allowed_updates=KINDS,
            drop_pending_updates=False,
            error_callback=_passed_over,
        )

    async def _leave(self) -> None:
        """End what there is of an Application, whatever state it is in."""
        application = self._application
        if application is None:
            return
        updater = application.updater
        steps = (
            updater.stop if updater and updater.running else None,
            application.stop if application.running else None,
            application.shutdown,
            application.bot.shutdown,  # an application that never began leaves this to us
        )
        for step, seconds in zip(steps, STOP_SECONDS, strict=True):
            if step:
                await _within(seconds, step)
        self._application = None

    def _heard(self, code: int) -> None:
        """Learn from a poll how it stands."""
        if code in (HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND):
            self._lost.set()  # the library has stopped polling, for good
        elif code == HTTPStatus.CONFLICT:
            self._say("conflict")
        elif code == HTTPStatus.OK:
            self._say("online")
        else:
            self._say("offline", f"status {code}" if code else "no answer")

    def _say(self, status: str, reason: str = "") -> None:
        """Note how it stands, and log that, though not every time where two programs take turns."""
        if status == self.status:
            return
        self.status, now = status, time.monotonic()
        if now - self._said_at.get(status, float("-inf")) >= SAY_AGAIN_SECONDS:
            self._said_at[status] = now
            log.log(*LINES[status], *([reason] if status == "offline" else []))


CONFLICT = (
    "telegram conflict: another program reads the updates of the same bot.  Stop that one, or get this"
    " Chalkak a bot of its own (@BotFather, /newbot) and set its TELEGRAM_TOKEN.  Trying again."
)
REFUSED = (
    "telegram refuses the token.  Copy it anew from @BotFather (/mybots, API Token) into TELEGRAM_TOKEN in"
    " .env.  Trying again every 5 minutes."
)
LINES: dict[str, tuple[int, str]] = {
    "online": (logging.INFO, "telegram connected"),
    "offline": (logging.WARNING, "telegram not connected, trying again reason=%r"),
    "conflict": (logging.ERROR, CONFLICT),
    "bad-token": (logging.ERROR, REFUSED),
}


async def _be_courteous(courtesy: Courtesy, _: object) -> None:
    """Do what may as well not be done."""
    try:
        await courtesy.do()
    except (TelegramError, Later) as error:
        log.info("courtesy not done error=%s", type(error).__name__)
    except Exception:  # a bug here must not look like one of the library
        log.exception("bug in a courtesy")


def _passed_over(_: TelegramError) -> None:
    """Let the library try again by itself; `Polls` has told already."""


async def _within(seconds: float, step: Callable[[], Coroutine[Any, Any, object]]) -> None:
    """Do one step of stopping, without waiting for ever and whatever comes of it."""
    task = asyncio.create_task(step())
    try:
        for patience in (seconds, *SWALLOWED):
            done, _ = await asyncio.wait([task], timeout=patience)
            if done:
                break
            task.cancel()
    finally:
        task.cancel()
    if task.done() and not task.cancelled() and (error := task.exception()):
        log.info("telegram step failed error=%s", type(error).__name__)  # its message may have the token
