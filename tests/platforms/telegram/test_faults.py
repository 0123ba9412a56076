"""What goes wrong between a bot and Telegram."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta

import pytest
from telegram import Bot
from telegram.error import NetworkError, RetryAfter, TelegramError, TimedOut

from tests.platforms.telegram import Chat, StandInTelegram
from tests.platforms.telegram.flood import Flood
from tests.platforms.telegram.ptb import listening


@pytest.fixture
def chat(telegram: StandInTelegram) -> Chat:
    return telegram.private(telegram.person("지은"))


def seconds(refusal: RetryAfter) -> float:
    assert isinstance(refusal.retry_after, timedelta)
    return refusal.retry_after.total_seconds()


async def test_too_many_requests_say_when_to_come_again(
    bot: Bot, telegram: StandInTelegram, chat: Chat
) -> None:
    telegram.faults.plan("429", "sendMessage", seconds=7)
    with pytest.raises(RetryAfter) as refusal:
        await bot.send_message(chat.id, "말")
    assert seconds(refusal.value) == 7
    assert telegram.answers(chat) == []
    await bot.send_message(chat.id, "말")
    assert [(one.path, one.status) for one in telegram.asked[-2:]] == [
        ("sendMessage", 429),
        ("sendMessage", 200),
    ]


@pytest.mark.parametrize(("kind", "effects"), [("500", 0), ("502", 0), ("reset", 0), ("lost", 1)])
async def test_a_request_fails_with_or_without_effect(
    bot: Bot, telegram: StandInTelegram, chat: Chat, kind: str, effects: int
) -> None:
    telegram.faults.plan(kind, "POST sendMessage")  # type: ignore[arg-type]
    with pytest.raises(NetworkError):
        await bot.send_message(chat.id, "말")
    assert len(telegram.answers(chat)) == effects


async def test_what_comes_late_takes_effect_though_nobody_waits_for_it(
    bot: Bot, telegram: StandInTelegram, chat: Chat
) -> None:
    telegram.faults.plan("delay", "sendMessage", seconds=0.2)
    with pytest.raises(TimedOut):
        await bot.send_message(chat.id, "말", read_timeout=0.05)
    assert telegram.answers(chat) == []
    await telegram.until(lambda: len(telegram.answers(chat)) == 1)


@pytest.mark.parametrize("kind", ["500", "reset", "lost"])
async def test_a_download_breaks(
    bot: Bot, telegram: StandInTelegram, chat: Chat, jpeg: bytes, kind: str
) -> None:
    sent = await bot.send_photo(chat.id, jpeg)
    file = await bot.get_file(sent.photo[-1])
    telegram.faults.plan(kind, "file/photos/")  # type: ignore[arg-type]
    with pytest.raises(NetworkError):
        await file.download_as_bytearray()
    assert len(await file.download_as_bytearray()) == file.file_size


async def test_an_outage_breaks_what_is_under_way_and_what_comes(
    telegram: StandInTelegram, chat: Chat
) -> None:
    async with listening(telegram) as bot:
        telegram.outage(True)
        with pytest.raises(NetworkError):
            await bot.bot.send_message(chat.id, "말")
        await telegram.post(chat, chat.person, "거기 있어요?")
        telegram.outage(False)
        (update,) = await bot.next()
        assert update.message
        assert update.message.text == "거기 있어요?"
        await bot.bot.send_message(chat.id, "네")
    assert bot.errors


async def test_whoever_speaks_too_fast_is_told_to_wait(
    bot: Bot, telegram: StandInTelegram, chat: Chat
) -> None:
    telegram.flood = Flood(speed=1.0, burst=3)
    for text in "가나다":
        await bot.send_message(chat.id, text)
    with pytest.raises(RetryAfter) as refusal:
        await bot.send_message(chat.id, "라")
    assert 1 <= seconds(refusal.value) <= 3
    other = telegram.private(telegram.person("민수"))
    await bot.send_message(other.id, "다른 방")
    assert [one.text for one in telegram.answers(chat)] == ["가", "나", "다"]
    telegram.flood = None
    await bot.send_message(chat.id, "라")


async def test_a_group_takes_twenty_a_minute(bot: Bot, telegram: StandInTelegram) -> None:
    telegram.flood = Flood(speed=1.0, burst=100)
    group = telegram.group("우리집")
    outcomes = await asyncio.gather(
        *(bot.send_message(group.id, "말") for _ in range(22)), return_exceptions=True
    )
    refused = [one for one in outcomes if isinstance(one, TelegramError)]
    assert (len(refused), len(telegram.answers(group))) == (2, 20)


async def test_at_the_usual_pace_of_tests_a_chat_may_go_on(
    bot: Bot, telegram: StandInTelegram, chat: Chat
) -> None:
    began = time.monotonic()
    for number in range(8):
        try:
            await bot.send_message(chat.id, str(number))
        except RetryAfter as refusal:
            await asyncio.sleep(seconds(refusal))
    assert time.monotonic() - began < 5
