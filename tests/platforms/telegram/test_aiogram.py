"""Another client, aiogram, finds the same Telegram."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator

import pytest
from aiogram import Bot, Dispatcher, F
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramBadRequest, TelegramRetryAfter
from aiogram.types import (
    BufferedInputFile,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
    ReactionTypeEmoji,
)
from PIL import Image

from tests.platforms.telegram import StandInTelegram

DELETE = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="지우기", callback_data="delete")]])


@pytest.fixture
async def other(telegram: StandInTelegram) -> AsyncIterator[Bot]:
    address = telegram.url.removesuffix("/bot")
    server = TelegramAPIServer(f"{address}/bot{{token}}/{{method}}", f"{address}/file/bot{{token}}/{{path}}")
    async with Bot(telegram.token, AiohttpSession(api=server)) as found:
        yield found


async def answer_photo(message: Message, bot: Bot) -> None:
    """React, fetch, and answer with a copy that is half as large."""
    assert message.photo
    await message.react([ReactionTypeEmoji(emoji="👀")])
    data = io.BytesIO()
    await bot.download(message.photo[-1], data)
    with Image.open(data) as image:
        target = io.BytesIO()
        image.reduce(2).save(target, "JPEG")
    file = BufferedInputFile(target.getvalue(), "copy.jpg")
    await message.reply_photo(file, caption="<b>찰칵</b>", parse_mode="HTML", reply_markup=DELETE)


async def delete(query: CallbackQuery) -> None:
    await query.answer("지웠어요")
    assert isinstance(query.message, Message)
    await query.message.delete()


async def test_aiogram_polls_answers_and_deletes(telegram: StandInTelegram, other: Bot, jpeg: bytes) -> None:
    dispatcher = Dispatcher()
    dispatcher.message.register(answer_photo, F.photo)
    dispatcher.callback_query.register(delete, F.data == "delete")
    polling = asyncio.create_task(
        dispatcher.start_polling(other, handle_signals=False, close_bot_session=False)
    )
    await telegram.online()
    person = telegram.person("지은")
    chat = telegram.private(person)
    posted = await telegram.post(chat, person, photo=jpeg)
    (answer,) = await telegram.answered(chat)
    assert (answer.caption, answer.reply_to, telegram.reactions(posted)) == ("찰칵", posted, ("👀",))
    with Image.open(io.BytesIO(answer.photo)) as image:
        assert image.size == (640, 480)
    assert (await telegram.tap(answer, "delete", person)).text == "지웠어요"
    await telegram.until(lambda: telegram.deleted == [answer])
    await dispatcher.stop_polling()
    await polling


async def test_aiogram_hears_refusals(telegram: StandInTelegram, other: Bot) -> None:
    chat = telegram.private(telegram.person("지은"))
    with pytest.raises(TelegramBadRequest, match="message text is empty"):
        await other.send_message(chat.id, " ")
    telegram.faults.plan("429", seconds=3)
    with pytest.raises(TelegramRetryAfter) as refusal:
        await other.send_message(chat.id, "말")
    assert refusal.value.retry_after == 3
