"""Answers taken back: deleted, or blanked where Telegram lets nobody delete them any more."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable
from functools import cache

from PIL import Image
from telegram import Bot, InputMediaPhoto
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from bot.adapters.telegram.refusals import Refusal, outcome_of, refusal_of
from bot.door import Door
from bot.texts import say
from storage.records import Unsaid

log = logging.getLogger(__name__)

MOST = 100  # messages at once
GREY = (224, 224, 224)
NO_TEXT = "there is no text in the message to edit"


class Unsayer:
    """Takes answers back.

    Args:
        bot: the bot of this moment; raises `Later` where there is none.
        door: knows the language of a chat.
    """

    def __init__(self, bot: Callable[[], Bot], door: Door) -> None:
        self._bot, self._door = bot, door

    async def unsay(self, unsaid: Unsaid) -> None:
        """Delete an answer; what is gone already is fine, and so is a chat that we are no longer in.

        Raises:
            Later: see `bot.platform`.
        """
        numbers = [int(number) for number in unsaid.reply.split()][:MOST]
        if not numbers:
            return  # nobody knows its id, and Telegram cannot be asked
        chat = int(unsaid.place.chat)
        try:
            await self._bot().delete_messages(chat, numbers)
        except (Forbidden, ChatMigrated):  # what was said before a move has ids that nobody knows
            log.info("answer stays where we cannot reach it")
        except BadRequest:  # older than two days
            for number in numbers:
                await self._blank(unsaid, chat, number)
        except TelegramError as error:
            raise outcome_of(error) from error

    async def _blank(self, unsaid: Unsaid, chat: int, number: int) -> None:
        """Leave nothing of a message but a word that there was one."""
        text = say(self._door.rules(unsaid.place).language, "telegram-taken-back")
        bot = self._bot()
        try:
            try:
                await bot.edit_message_text(text, chat, number)
            except BadRequest as error:
                if NO_TEXT not in error.message.lower():
                    raise
                await bot.edit_message_media(InputMediaPhoto(_grey(), caption=text), chat, number)
        except (BadRequest, Forbidden) as error:
            if refusal_of(error) not in (Refusal.NOT_MODIFIED, Refusal.NO_MESSAGE):
                log.warning("answer stays reason=%s", error.message)
        except TelegramError as error:
            raise outcome_of(error) from error


@cache
def _grey() -> bytes:
    """Return a picture with nothing on it."""
    target = io.BytesIO()
    Image.new("RGB", (320, 180), GREY).save(target, "JPEG")
    return target.getvalue()
