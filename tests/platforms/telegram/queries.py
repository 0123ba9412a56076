"""Taps on buttons, questions typed behind the bot's name, and how the bot answers both."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from tests.platforms.telegram.arguments import Arguments
from tests.platforms.telegram.entities import units
from tests.platforms.telegram.records import Json
from tests.platforms.telegram.refusals import TOO_OLD, bad
from tests.platforms.telegram.registry import answers
from tests.platforms.telegram.state import Telegram

MOST_ANSWER, MOST_RESULTS = 200, 50


@dataclass(frozen=True, slots=True)
class Toast:
    """What somebody sees who tapped a button."""

    text: str
    is_alert: bool = False
    url: str = ""


@answers("answerCallbackQuery")
async def answer_callback_query(telegram: Telegram, arguments: Arguments) -> bool:
    """Say something to somebody who tapped a button, or just that it was heard."""
    query = _open(telegram, arguments.text("callback_query_id"))
    text = arguments.text("text")
    if units(text) > MOST_ANSWER:
        raise bad("MESSAGE_TOO_LONG")
    query.set_result(Toast(text, arguments.is_set("show_alert"), arguments.text("url")))
    return True


@answers("answerInlineQuery")
async def answer_inline_query(telegram: Telegram, arguments: Arguments) -> bool:
    """Offer results to somebody who types."""
    results = arguments.array("results") or []
    _check_results(telegram, results)
    _open(telegram, arguments.text("inline_query_id")).set_result(dict(arguments.fields))
    return True


def _open(telegram: Telegram, number: str) -> asyncio.Future[Any]:
    """Return a question that waits for its one answer."""
    query = telegram.queries.pop(number, None)
    if query is None or query.done():
        raise bad(TOO_OLD)
    return query


def _check_results(telegram: Telegram, results: list[Json]) -> None:
    if len(results) > MOST_RESULTS:
        raise bad("RESULTS_TOO_MUCH")
    numbers = [str(one.get("id", "")) for one in results]
    if len(set(numbers)) != len(numbers):
        raise bad("RESULT_ID_DUPLICATE")
    if not all(1 <= len(number.encode()) <= 64 for number in numbers):
        raise bad("RESULT_ID_INVALID")
    for one in results:
        if "photo_file_id" in one:
            telegram.files.known(str(one["photo_file_id"]), "photo")
