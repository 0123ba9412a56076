"""HTTP as we want it of python-telegram-bot: floods as an error of ours, polls that are watched."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from telegram import Update
from telegram.error import NetworkError, TelegramError
from telegram.request import HTTPXRequest, RequestData

READ_SECONDS = 20.0  # a photo may take Telegram a while, and who gives up early sends it twice
POLL_SECONDS = 5.0  # on top of what the poll may take anyway
UPLOAD_SECONDS = 60.0
FLOOD_SECONDS = 5.0  # where a 429 does not say
BATCH = 100  # updates that Telegram hands out at once
AT_ONCE_SECONDS = 2.0  # in which Telegram tells what has waited; what comes later in a poll is new


class Flooded(TelegramError):
    """Telegram wants to be asked again after some seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Too many requests, again in {seconds:.0f} s")
        self.seconds = seconds


class Request(HTTPXRequest):
    """Asks Telegram for one thing.

    Args:
        is_direct: without the proxy that the environment may name, for a server on this machine.
        seconds: until an answer must begin.
    """

    def __init__(self, *, is_direct: bool, seconds: float = READ_SECONDS) -> None:
        super().__init__(
            read_timeout=seconds,
            media_write_timeout=UPLOAD_SECONDS,
            httpx_kwargs={"trust_env": not is_direct},
        )

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        *args: Any,  # noqa: ANN401 - handed on as they are
        **timeouts: Any,  # noqa: ANN401 - as above
    ) -> tuple[int, bytes]:
        """Return the status and the body of an answer.

        Raises:
            Flooded: too much was asked.
            NetworkError: there was no answer.
        """
        code, body = await super().do_request(url, method, request_data, *args, **timeouts)
        if code == HTTPStatus.TOO_MANY_REQUESTS:  # the library's own error for it warns of its deprecation
            raise Flooded(_seconds(body))
        return code, body


class Polls(Request):
    """Asks for updates, and tells how that goes.

    `is_behind` is True while updates are read that have waited for us: those that were there at once after
    we had been away, and those that did not fit beside them.

    Args:
        heard: called with the status of every answer, 0 where there was none.
    """

    def __init__(self, heard: Callable[[int], None], *, is_direct: bool) -> None:
        super().__init__(is_direct=is_direct, seconds=POLL_SECONDS)
        self._heard = heard
        self.is_behind = self._was_away = True

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        *args: Any,  # noqa: ANN401 - handed on as they are
        **timeouts: Any,  # noqa: ANN401 - as above
    ) -> tuple[int, bytes]:
        """Return the status and the body of an answer; see `Request`."""
        was_away, self._was_away = self._was_away, True
        asked_at = time.monotonic()
        try:
            code, body = await super().do_request(url, method, request_data, *args, **timeouts)
        except NetworkError:
            self._heard(0)
            raise
        self._heard(code)
        if code == HTTPStatus.OK:
            body, count = readable(body)
            self.is_behind = was_away and time.monotonic() - asked_at < AT_ONCE_SECONDS
            self._was_away = self.is_behind and count >= BATCH
        return code, body


def readable(body: bytes) -> tuple[bytes, int]:
    """Return an answer with updates that the library can read, and how many there are.

    One that it cannot read would make it ask for the same updates again, for ever and without a pause,
    so nothing but its number is left of that one.
    """
    try:
        updates = json.loads(body)["result"]
        seen = [one if _is_readable(one) else {"update_id": one["update_id"]} for one in updates]
    except (ValueError, KeyError, TypeError):
        return body, 0  # no list of updates; the library says what is wrong with it
    return (body if seen == updates else json.dumps({"ok": True, "result": seen}).encode()), len(updates)


def _is_readable(update: dict[str, Any]) -> bool:
    try:
        Update.de_json(update)
    except Exception:  # noqa: BLE001 - whatever it trips over, it would trip over it again
        return False
    return True


def _seconds(body: bytes) -> float:
    try:
        return float(json.loads(body)["parameters"]["retry_after"])
    except (ValueError, KeyError, TypeError):
        return FLOOD_SECONDS
