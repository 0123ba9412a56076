"""Coming, staying and going, whatever the network and other programs do."""

from __future__ import annotations

import asyncio
import logging
import time
from pathlib import Path

import pytest

from bot.adapters.telegram import connection, requests
from bot.platform import Later
from tests.bot.telegram.home import Home, at_home, someone
from tests.platforms.telegram import StandInTelegram
from tests.platforms.telegram.ptb import client
from tests.platforms.telegram.refusals import Refused


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "FIRST_SECONDS", 0.05)
    monkeypatch.setattr(connection, "BAD_TOKEN_SECONDS", 0.3)


async def test_a_bot_that_listens_is_online(home: Home) -> None:
    await home.until(lambda: home.chat.status == "online")


async def test_a_wrong_token_is_told_and_hurts_nobody(
    telegram: StandInTelegram, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    token = "123456:ThisIsNotTheRightOne"
    async with at_home(telegram, tmp_path / "data", is_online=False, TELEGRAM_TOKEN=token) as home:
        await home.until(lambda: home.chat.status == "bad-token")
        telegram.token = token  # it was the right one after all
        await telegram.online()
        await home.until(lambda: home.chat.status == "online")

    (line,) = [line for line in caplog.messages if "refuses the token" in line]
    assert "@BotFather" in line
    assert token not in caplog.text


async def test_a_token_that_is_revoked_meanwhile_is_told(telegram: StandInTelegram, home: Home) -> None:
    right, telegram.token = telegram.token, "123456:AnotherToken"
    telegram.updates.end_poll(Refused(401, "Unauthorized"))
    await home.until(lambda: home.chat.status == "bad-token")

    telegram.token = right
    await telegram.online()
    await home.until(lambda: home.chat.status == "online")


async def test_another_program_with_the_same_token_is_told_and_waited_for(
    telegram: StandInTelegram, home: Home, jpeg: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    async with client(telegram).bot as rival:
        polling = asyncio.create_task(rival.get_updates(timeout=5))
        await home.until(lambda: home.chat.status == "conflict")
        polling.cancel()
        await asyncio.gather(polling, return_exceptions=True)

    chat = telegram.private(someone(telegram))
    await telegram.post(chat, chat.person, photo=jpeg)
    await home.answered(chat)

    assert home.chat.status == "online"
    (line,) = [line for line in caplog.messages if "conflict" in line]
    assert "another program" in line


async def test_an_outage_is_survived_and_what_came_meanwhile_is_answered(
    telegram: StandInTelegram, home: Home, jpeg: bytes
) -> None:
    chat = telegram.private(someone(telegram))
    telegram.outage(True)
    await home.until(lambda: home.chat.status == "offline")
    posted = [await telegram.post(chat, chat.person, f"{n}", photo=jpeg) for n in range(3)]
    telegram.outage(False)
    answers = await home.answered(chat, 3)

    assert [answer.reply_to for answer in answers] == posted


async def test_a_telegram_that_is_not_there_at_first_is_waited_for(
    telegram: StandInTelegram, tmp_path: Path
) -> None:
    telegram.outage(True)
    async with at_home(telegram, tmp_path / "data", is_online=False) as home:
        await home.until(lambda: home.chat.status == "offline")
        telegram.outage(False)
        await telegram.online()


async def test_without_a_connection_everything_waits(
    telegram: StandInTelegram, tmp_path: Path, jpeg: bytes
) -> None:
    async with at_home(telegram, tmp_path / "data") as home:
        chat = telegram.private(someone(telegram))
        posted = await telegram.post(chat, chat.person, photo=jpeg)
        await home.answered(chat)
        (photo,) = await home.photos(posted)
        await home.chat.stop()
        for ask in (home.chat.fetch(photo), home.chat.send([photo])):
            with pytest.raises(Later):
                await ask


async def test_what_waited_for_more_than_an_hour_is_kept_without_an_answer(
    telegram: StandInTelegram, tmp_path: Path, jpeg: bytes
) -> None:
    chat = telegram.private(someone(telegram))
    now = time.time
    posted = []
    for hours in (2, 0.5):
        message = telegram.add(chat, chat.person, (await _photo(telegram, jpeg)))
        message.date = int(now() - hours * 3600)
        telegram.updates.add("message", telegram.rendered(message))
        posted.append(message)

    async with at_home(telegram, tmp_path / "data", PHOTOS_PER_MINUTE="1") as home:
        live = await telegram.post(chat, chat.person, photo=jpeg)
        answers = await home.answered(chat, 2)
        await home.settled()
        kept = [(await home.photos(message))[0] for message in posted]

    assert [answer.reply_to for answer in answers] == [posted[1], live]
    assert [photo.is_silent for photo in kept] == [True, False]
    assert home.asked("setMessageReaction") == 1


async def _photo(telegram: StandInTelegram, jpeg: bytes) -> dict[str, object]:
    elsewhere = await telegram.post(telegram.group("다른 방", privacy=True), someone(telegram), photo=jpeg)
    return elsewhere.content


@pytest.mark.parametrize("is_first", [True, False])
async def test_clocks_that_disagree_silence_nobody_who_is_listened_to(
    telegram: StandInTelegram, home: Home, jpeg: bytes, monkeypatch: pytest.MonkeyPatch, is_first: bool
) -> None:
    chat = telegram.private(someone(telegram))
    if is_first:
        monkeypatch.setattr(requests, "AT_ONCE_SECONDS", 0.0)  # as if nothing had come for a while
    else:
        await telegram.post(chat, chat.person, "안녕")
        await home.settled_updates()
    message = telegram.add(chat, chat.person, await _photo(telegram, jpeg))
    message.date -= 9 * 3600
    telegram.updates.add("message", telegram.rendered(message))

    (answer,) = await home.answered(chat)

    assert answer.reply_to is message


async def test_an_update_that_nobody_can_read_holds_up_no_other(
    telegram: StandInTelegram, home: Home, jpeg: bytes
) -> None:
    chat = telegram.private(someone(telegram))
    telegram.updates.waiting.append({"update_id": 700_000_500, "message": {"message_id": "?"}})
    telegram.updates._next = 700_000_501
    posted = await telegram.post(chat, chat.person, photo=jpeg)
    (answer,) = await home.answered(chat)

    assert answer.reply_to is posted
    telegram.violations.clear()  # no real Telegram would send that


async def test_the_same_update_twice_is_answered_once(
    telegram: StandInTelegram, home: Home, jpeg: bytes
) -> None:
    chat = telegram.private(someone(telegram))
    telegram.updates.repeat(1)

    await telegram.post(chat, chat.person, photo=jpeg)
    await telegram.post(chat, chat.person, photo=jpeg)
    await home.answered(chat, 2)
    await home.settled()

    assert len(telegram.answers(chat)) == 2


async def test_stopping_takes_less_than_three_seconds_and_leaves_nothing(
    telegram: StandInTelegram, tmp_path: Path, jpeg: bytes
) -> None:
    before = asyncio.all_tasks()
    async with at_home(telegram, tmp_path / "data") as home:
        chat = telegram.private(someone(telegram))
        await telegram.post(chat, chat.person, photo=jpeg)
        await home.answered(chat)
        started = time.monotonic()
        await home.chat.stop()
        assert time.monotonic() - started < 1.0
        names = {task.get_name() for task in asyncio.all_tasks() - before}
        assert not {name for name in names if "elegram" in name or "pdat" in name}
    assert telegram.updates.waiting == []


@pytest.mark.parametrize("where", ["getUpdates", "setMessageReaction", "getMe"])
async def test_stopping_waits_for_nobody_who_does_not_answer(
    telegram: StandInTelegram, tmp_path: Path, jpeg: bytes, where: str
) -> None:
    if where == "getMe":
        telegram.faults.by_chance("delay", 1.0, where, seconds=30)
    async with at_home(telegram, tmp_path / "data", is_online=where != "getMe") as home:
        telegram.faults.by_chance("delay", 1.0, where, seconds=30)
        chat = telegram.private(someone(telegram))
        await telegram.post(chat, chat.person, photo=jpeg)
        if where != "getMe":
            await home.answered(chat)
        tasks = asyncio.all_tasks()
        started = time.monotonic()
        await home.chat.stop()
        assert time.monotonic() - started < 3.0
        await asyncio.sleep(0)
        left = {task for task in asyncio.all_tasks() if task in tasks and not task.done()}
        assert not [task for task in left if "telegram.ext" in repr(task) or "telegram-" in task.get_name()]


async def test_stopping_between_two_attempts_is_quick_too(telegram: StandInTelegram, tmp_path: Path) -> None:
    """The library sleeps longer after each failure, and then asks once more."""
    async with at_home(telegram, tmp_path / "data") as home:
        telegram.faults.by_chance("500", 1.0, "getUpdates")
        telegram.updates.end_poll(Refused(500, "Internal Server Error"))
        polls = home.asked("getUpdates")
        await home.until(lambda: home.asked("getUpdates") == polls + 3)
        telegram.faults.clear()
        telegram.faults.by_chance("delay", 1.0, seconds=30)
        started = time.monotonic()
        await home.chat.stop()
        assert time.monotonic() - started < 3.0


async def test_a_proxy_of_the_environment_is_not_asked_for_a_server_of_our_own(
    telegram: StandInTelegram, tmp_path: Path, jpeg: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with at_home(telegram, tmp_path / "data") as home:
        chat = telegram.private(someone(telegram))
        await telegram.post(chat, chat.person, photo=jpeg)
        await home.answered(chat)


def test_the_library_logs_no_requests(home: Home) -> None:
    assert logging.getLogger("httpx").getEffectiveLevel() == logging.WARNING
