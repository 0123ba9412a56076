"""Answers up to Telegram, whatever a chat allows of them.

Telegram refuses in words.  What can be mended is mended and sent again at once: a chat that has moved,
a topic that is gone, a photo that was deleted, pictures that are not wanted.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from telegram import Bot
from telegram.error import ChatMigrated, TelegramError

from bot.adapters.telegram.budget import Budget
from bot.adapters.telegram.courtesy import Courtesies
from bot.adapters.telegram.moves import Moves
from bot.adapters.telegram.posting import ALL_BYTES, PHOTO_BYTES, Post, put
from bot.adapters.telegram.reading import PLATFORM
from bot.adapters.telegram.refusals import Refusal, outcome_of, refusal_of
from bot.adapters.telegram.requests import Flooded
from bot.answers import Answers
from bot.door import Door
from bot.platform import Gone, Later
from storage.records import Photo

log = logging.getLogger(__name__)


class Sender:
    """Sends answers.

    Args:
        bot: the bot of this moment; raises `Later` where there is none.
        door: hears of messages that are gone.
        answers: composes.
        budget: of messages.
        courtesies: has the lines that become answers.
        moves: knows which chats have moved.
    """

    def __init__(
        self,
        bot: Callable[[], Bot],
        door: Door,
        answers: Answers,
        *,
        budget: Budget,
        courtesies: Courtesies,
        moves: Moves,
    ) -> None:
        self._bot, self._door, self._answers = bot, door, answers
        self._budget, self._courtesies, self._moves = budget, courtesies, moves

    async def send(self, photos: Sequence[Photo]) -> str:
        """Answer one photo or an album and return our message ids, separated by spaces.

        Raises:
            Later, Gone, Barred: see `bot.platform`.
        """
        bot, chat = self._bot(), photos[0].place.chat
        if wait := self._budget.spend(chat, len(photos)):
            raise Later(wait)
        post = await self._addressed(photos)
        reply = await self._answers.reply(post.photos, most_bytes=PHOTO_BYTES, all_bytes=ALL_BYTES)
        while True:
            try:
                return " ".join(map(str, await put(bot, post, reply)))
            except TelegramError as error:
                mended = await self._mended(post, error)
            if mended.photos != post.photos:
                reply = await self._answers.reply(mended.photos, most_bytes=PHOTO_BYTES, all_bytes=ALL_BYTES)
            post = mended

    async def _addressed(self, photos: Sequence[Photo]) -> Post:
        first = photos[0]
        line = await self._courtesies.placeholder_of(first) if len(photos) == 1 else ""
        post = Post(
            tuple(photos),
            int(first.place.chat),
            int(first.reply_to),
            topic=int(first.place.topic or 0),
            placeholder=int(line or 0),
        )
        return replace(post, message=0, placeholder=0) if self._moves.is_from_before(first) else post

    async def _mended(self, post: Post, error: TelegramError) -> Post:
        """Return how the same answer may be given after all.

        Raises:
            Later, Gone, Barred: it may not.
        """
        if isinstance(error, ChatMigrated):
            return await self._move(post, error.new_chat_id)
        if isinstance(error, Flooded):
            self._budget.silence(post.photos[0].place.chat, error.seconds)
        mended = await self._without(post, refusal_of(error))
        if mended is None:
            raise outcome_of(error) from error
        log.info("answer mended photo=%.8s reason=%s", post.photos[0].id, refusal_of(error).name.lower())
        return mended

    async def _without(self, post: Post, refusal: Refusal) -> Post | None:
        """Return a post without what was refused, None where there is nothing to leave out."""
        match refusal:
            case Refusal.NO_REPLIED if post.message:
                return await self._without_replied(post)
            case Refusal.NO_TOPIC if post.topic:
                return replace(post, topic=0)
            case Refusal.NO_MESSAGE if post.placeholder:
                return replace(post, placeholder=0)
            case Refusal.BAD_PICTURE if post.has_pictures and not post.is_as_files:
                return replace(post, is_as_files=True)
            case Refusal.NO_PICTURES | Refusal.BAD_PICTURE if post.has_pictures:
                return replace(post, has_pictures=False)
        return None

    async def _without_replied(self, post: Post) -> Post:
        """Reply to the photo itself where the question about it is gone, else to the rest of its album."""
        first, *rest = post.photos
        if post.message != int(first.message):
            return replace(post, message=int(first.message))
        if not rest:
            raise Gone("its message was deleted")
        await self._door.deleted(PLATFORM, first.place.chat, [first.message])
        return replace(post, photos=tuple(rest), message=int(rest[0].reply_to))

    async def _move(self, post: Post, chat: int) -> Post:
        """Follow a group that became a supergroup."""
        first = post.photos[0]
        await self._moves.follow(first.place.chat, str(chat), max(datetime.now(UTC), first.sent_at))
        return replace(post, chat=chat, message=0, topic=0, placeholder=0)
