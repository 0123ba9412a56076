"""Updates wait until they are confirmed, whoever dies in between."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from telegram.error import Conflict

from tests.platforms.telegram import Chat, Person, StandInTelegram
from tests.platforms.telegram.ptb import listening


@pytest.fixture
def person(telegram: StandInTelegram) -> Person:
    return telegram.person("지은")


@pytest.fixture
def chat(telegram: StandInTelegram, person: Person) -> Chat:
    return telegram.private(person)


async def call(session: aiohttp.ClientSession, telegram: StandInTelegram, method: str, **fields: Any) -> Any:
    async with session.post(f"{telegram.url}{telegram.token}/{method}", json=fields) as response:
        return await response.json()


async def test_what_is_not_confirmed_is_delivered_again(
    telegram: StandInTelegram, chat: Chat, person: Person
) -> None:
    for text in "가나다":
        await telegram.post(chat, person, text)
    async with aiohttp.ClientSession() as session:
        first = (await call(session, telegram, "getupdates", limit=2))["result"]
        again = (await call(session, telegram, "getUpdates"))["result"]
        rest = (await call(session, telegram, "getUpdates", offset=first[1]["update_id"] + 1))["result"]
    assert [one["message"]["text"] for one in first] == ["가", "나"]
    assert [one["message"]["text"] for one in again] == ["가", "나", "다"]
    assert [one["message"]["text"] for one in rest] == ["다"]


async def test_a_bot_that_dies_while_polling_leaves_nothing_behind(
    telegram: StandInTelegram, chat: Chat, person: Person
) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", int(telegram.url.split(":")[2].split("/")[0]))
    writer.write(f"GET /bot{telegram.token}/getUpdates?timeout=50 HTTP/1.1\r\nHost: a\r\n\r\n".encode())
    await telegram.online()
    writer.transport.abort()  # what the kernel does to the sockets of a killed process
    await telegram.until(lambda: not telegram.updates.is_heard.is_set())

    await telegram.post(chat, person, "거기 있어요?")
    async with listening(telegram) as bot:
        (update,) = await bot.next()
        assert update.message
        assert update.message.text == "거기 있어요?"
        assert bot.errors == []


async def test_of_two_pollers_the_earlier_hears_of_a_conflict(telegram: StandInTelegram) -> None:
    async with listening(telegram) as bot, aiohttp.ClientSession() as session:
        await call(session, telegram, "getUpdates", timeout=1)
        await telegram.until(lambda: bool(bot.errors))
    assert isinstance(bot.errors[0], Conflict)
    assert "terminated by other getUpdates request" in str(bot.errors[0])


async def test_only_what_was_asked_for_is_delivered(
    telegram: StandInTelegram, chat: Chat, person: Person
) -> None:
    async with listening(telegram, allowed_updates=["edited_message"]) as bot:
        posted = await telegram.post(chat, person, "처음")
        await telegram.edit(posted, text="나중")
        (update,) = await bot.next()
        assert update.edited_message
        assert update.edited_message.text == "나중"


async def test_an_update_may_come_twice(telegram: StandInTelegram, chat: Chat, person: Person) -> None:
    telegram.updates.repeat(1)
    async with listening(telegram) as bot:
        await telegram.post(chat, person, "하나")
        first, second = await bot.next(2)
    assert first.update_id == second.update_id


async def test_updates_may_come_in_another_order(
    telegram: StandInTelegram, chat: Chat, person: Person, jpeg: bytes
) -> None:
    telegram.updates.reorder(3)
    async with listening(telegram) as bot:
        posted = await telegram.album(chat, person, [jpeg] * 3, "여행")
        heard = [update.message.message_id for update in await bot.next(3) if update.message]
    assert heard == [message.id for message in reversed(posted)]


class Bot:
    """One that has updates brought to it, and is not well at first."""

    def __init__(self, failures: int = 0) -> None:
        self.failures, self.heard, self.secrets = failures, asyncio.Queue[dict[str, Any]](), set[str]()

    async def answer(self, request: web.Request) -> web.Response:
        self.secrets.add(request.headers.get("X-Telegram-Bot-Api-Secret-Token", ""))
        if self.failures:
            self.failures -= 1
            return web.Response(status=500)
        await self.heard.put(await request.json())
        return web.Response()


async def test_a_webhook_is_brought_everything_until_it_takes_it(
    telegram: StandInTelegram, chat: Chat, person: Person
) -> None:
    bot, app = Bot(failures=2), web.Application()
    app.router.add_post("/hook", bot.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    async with aiohttp.ClientSession() as session:
        await call(session, telegram, "setWebhook", url=url, secret_token="geheim")
        await telegram.online()
        await telegram.post(chat, person, "하나")
        async with asyncio.timeout(5):
            assert (await bot.heard.get())["message"]["text"] == "하나"
        assert bot.secrets == {"geheim"}

        refusal = await call(session, telegram, "getUpdates")
        assert (refusal["error_code"], refusal["description"][:30]) == (409, "Conflict: can't use getUpdates")
        info = (await call(session, telegram, "getWebhookInfo"))["result"]
        assert info["last_error_message"] == "Wrong response from the webhook: 500 Internal Server Error"
        await call(session, telegram, "deleteWebhook")
        assert (await call(session, telegram, "getUpdates"))["result"] == []
    await runner.cleanup()


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"url": "http://example.org/hook"}, "An HTTPS URL must be provided for webhook"),
        ({"url": "https://example.org:5000/"}, "Webhook can be set up only on ports 80, 88, 443 or 8443"),
        (
            {"url": "https://example.org/", "secret_token": "a b"},
            "secret token contains unallowed characters",
        ),
    ],
)
async def test_a_webhook_that_telegram_could_not_reach_is_refused(
    telegram: StandInTelegram, fields: dict[str, str], why: str
) -> None:
    async with aiohttp.ClientSession() as session:
        refusal = await call(session, telegram, "setWebhook", **fields)
    assert why in refusal["description"]


async def test_a_wrong_token_is_not_let_in(telegram: StandInTelegram) -> None:
    async with aiohttp.ClientSession() as session:
        for token, code in (("123456:AAsomebodyelse", 401), ("nonsense", 404)):
            async with session.get(f"{telegram.url}{token}/getMe") as response:
                assert (response.status, (await response.json())["error_code"]) == (code, code)
