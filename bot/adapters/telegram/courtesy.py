"""Signs of life: 👀 on a photo that was taken, a line that the answer will take the place of, notices.

All of it may be lost or fail; none of it makes anybody wait.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable

from telegram import Bot, LinkPreviewOptions, ReplyParameters
from telegram.constants import ChatAction
from telegram.error import BadRequest

from bot.adapters.telegram.budget import Budget
from bot.adapters.telegram.reading import PLATFORM
from bot.door import Arrived, Taken
from bot.texts import say
from models.records import Incoming
from storage.chats import ChatStore
from storage.records import Photo

log = logging.getLogger(__name__)

SEEN = "👀"
LONG_SECONDS = 3.0  # of waiting, from which on a line says so
REMEMBERED = 512  # albums whose first picture has its sign of life, and lines


class Courtesies:
    """Is polite about photos that were taken.

    Args:
        bot: the bot of this moment; raises `Later` where there is none.
        budget: of messages; what it has no room for is not said.
        chats: where placeholders are noted.
    """

    def __init__(self, bot: Callable[[], Bot], budget: Budget, chats: ChatStore) -> None:
        self._bot, self._budget, self._chats = bot, budget, chats
        self._albums: OrderedDict[tuple[str, str], None] = OrderedDict()
        self._placing: OrderedDict[str, asyncio.Future[str]] = OrderedDict()  # photo → its line
        self._told_until: dict[str, float] = {}  # chat → when the wait that it was told of is over

    async def receive(self, arrived: Arrived, taken: Taken) -> None:
        """Show that photos were seen, or why not."""
        first = arrived.photos[0]
        if taken.notice:
            await self._reply(first, taken.notice)
        if arrived.is_late or arrived.is_silent or not any(not one.is_deleted for one in taken.accepted):
            return
        if self._is_first_of_album(first):
            await self._show_life(first)
        if taken.is_new and taken.wait > LONG_SECONDS and not first.album and self._is_untold(first, taken):
            await self._hold_place(first, taken)

    async def placeholder_of(self, photo: Photo) -> str:
        """Return the line whose place the answer to a photo takes, also one that is still on its way."""
        placing = self._placing.get(photo.id)
        return (await asyncio.shield(placing) if placing else "") or photo.placeholder

    async def _show_life(self, photo: Incoming) -> None:
        """React to a message, or show typing where reactions are not wanted."""
        bot, chat = self._bot(), photo.place.chat
        try:
            await bot.set_message_reaction(chat, int(photo.reply_to or photo.message), SEEN)
        except BadRequest:
            await bot.send_chat_action(chat, ChatAction.TYPING, message_thread_id=_thread(photo))

    def _is_first_of_album(self, photo: Incoming) -> bool:
        """Return whether nothing of its album has had a sign of life yet."""
        key = (photo.place.chat, photo.album)
        if not photo.album:
            return True
        is_first = key not in self._albums
        self._albums[key] = None
        if len(self._albums) > REMEMBERED:
            self._albums.popitem(last=False)
        return is_first

    def _is_untold(self, photo: Incoming, taken: Taken) -> bool:
        """Return whether a chat has not been told yet that it has to wait; once is enough."""
        chat, now = photo.place.chat, time.monotonic()
        self._told_until = {told: until for told, until in self._told_until.items() if until > now}
        is_untold = chat not in self._told_until
        self._told_until.setdefault(chat, now + taken.wait)
        return is_untold

    async def _hold_place(self, photo: Incoming, taken: Taken) -> None:
        """Say how long it will take, in a message that becomes the answer."""
        code, message = taken.accepted[0].photo, ""
        placing = self._placing[code] = asyncio.get_running_loop().create_future()
        if len(self._placing) > REMEMBERED:
            self._placing.popitem(last=False)
        try:
            waiting = [one for one in await self._known(photo) if one.id == code and _is_unseen(one)]
            if waiting:  # who answers asks us after a photo was looked at, and finds us from now on
                text = say(waiting[0].language, "telegram-placeholder", seconds=round(taken.wait))
                message = await self._reply(photo, text)
                await self._chats.note_placeholder([code], message)
        finally:
            placing.set_result(message)

    async def _known(self, photo: Incoming) -> list[Photo]:
        return await self._chats.known(PLATFORM, photo.place.chat, photo.message)

    async def _reply(self, photo: Incoming, text: str) -> str:
        """Reply with a line and return its id, "" where too much was said already."""
        if self._budget.spend(photo.place.chat):
            return ""
        message = await self._bot().send_message(
            photo.place.chat,
            text,
            message_thread_id=_thread(photo),
            reply_parameters=ReplyParameters(int(photo.reply_to or photo.message)),
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        )
        return str(message.message_id)


def _is_unseen(photo: Photo) -> bool:
    return photo.state in ("received", "ready")


def _thread(photo: Incoming) -> int | None:
    return int(photo.place.topic) if photo.place.topic else None
