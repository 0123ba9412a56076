"""The whole service with its real models behind the real client."""

from __future__ import annotations

import asyncio
import io
import os
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from bot.service import Service
from bot.settings import read_settings
from tests.bot.telegram.home import settings_for, someone
from tests.platforms.telegram import Chat, Message, StandInTelegram

SECONDS = 120.0


async def test_real_photos_get_real_answers_and_no_answer_survives_its_photo(
    telegram: StandInTelegram, tmp_path: Path, sample: Callable[[str], Path]
) -> None:
    names = {"CHALKAK_CACHE": os.environ["CHALKAK_CACHE"], "CHALKAK_DATA": str(tmp_path / "data")}
    chosen = settings_for(telegram).model_dump(by_alias=True)
    settings = read_settings(
        {name: str(value) for name, value in chosen.items()} | names | {"WEB_PORT": "0"}, None
    )
    chat = telegram.private(someone(telegram))

    async with Service(settings) as service:
        await telegram.online()
        posted = await telegram.post(chat, chat.person, photo=sample("cat").read_bytes())
        (answer,) = await answers(telegram, chat, 1)
        assert_is_about_a_cat(answer)
        assert answer.reply_to is posted
        album = [sample(name).read_bytes() for name in ("bus", "zidane", "cat")]
        await telegram.album(chat, chat.person, album)
        _, *shown = await answers(telegram, chat, 4)
        assert len({one.media_group for one in shown}) == 1
        assert service.health()["platforms"] == {"web": "online", "telegram": "online"}
        assert service.door
        await service.door.deleted("telegram", str(chat.id), [str(posted.id)])
        await telegram.until(lambda: answer.is_deleted, SECONDS)

    assert telegram.answers(chat) == shown


async def answers(telegram: StandInTelegram, chat: Chat, count: int) -> list[Message]:
    """Wait for so many messages of the bot."""
    async with asyncio.timeout(SECONDS):
        await telegram.until(lambda: len(telegram.answers(chat)) >= count, SECONDS)
    return telegram.answers(chat)


def assert_is_about_a_cat(answer: Message) -> None:
    comment, description = answer.caption.rsplit("\n", 1)
    assert comment
    assert "고양이" in description
    assert max(Image.open(io.BytesIO(answer.upload)).size) <= 2048
