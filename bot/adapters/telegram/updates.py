"""What an update does: everything that must not be lost happens before it is confirmed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from telegram import Message, Update

from bot.adapters.telegram.connection import Connection
from bot.adapters.telegram.courtesy import Courtesies
from bot.adapters.telegram.moves import Moves
from bot.adapters.telegram.queue import Courtesy
from bot.adapters.telegram.reading import PLATFORM, Us, media_of, read
from bot.adapters.telegram.welcome import Welcome
from bot.door import Arrived, Door, Taken
from storage.chats import ChatStore

LATE = timedelta(minutes=1)  # what waited longer while we were away is under no quota
SILENT = timedelta(hours=1)  # and after this it is kept without an answer


class Updates:
    """Takes updates in; `commit` is called for one after the other.

    Args:
        connection: tells who we are, and which updates have waited for us.
        door: lets photos in.
        chats: what is known of a message.
        courtesies, welcome: what is said beside answers.
        moves: follows chats.
    """

    def __init__(
        self,
        connection: Connection,
        door: Door,
        chats: ChatStore,
        *,
        courtesies: Courtesies,
        welcome: Welcome,
        moves: Moves,
    ) -> None:
        self._connection, self._door, self._chats = connection, door, chats
        self._courtesies, self._welcome, self._moves = courtesies, welcome, moves

    async def commit(self, update: Update) -> Courtesy | None:
        """Do what an update asks for as far as it must last, and return the rest.

        Raises:
            StorageError: it could not be written and has to be tried again.
        """
        if changed := update.edited_message or update.edited_channel_post:
            return await self._edited(changed)
        if message := update.message or update.channel_post:
            return await self._posted(message)
        if update.callback_query:
            return await self._welcome.tapped(update.callback_query)
        if update.my_chat_member:
            return self._welcome.joined(update.my_chat_member)
        return None

    async def _posted(self, message: Message) -> Courtesy | None:
        here = str(message.chat.id)
        if message.migrate_to_chat_id:
            await self._moves.follow(here, str(message.migrate_to_chat_id), message.date)
        elif message.migrate_from_chat_id:
            await self._moves.follow(str(message.migrate_from_chat_id), here, message.date)
        arrived = read(message, self._us())
        if arrived:
            arrived = self._dated(arrived, message.date)
            return self._courtesy(arrived, await self._door.take(arrived))
        return self._welcome.asked(message, self._us())

    async def _edited(self, message: Message) -> Courtesy | None:
        """Follow a change; what was never taken is not taken for a change of its words."""
        chat, number, media = str(message.chat.id), str(message.message_id), media_of(message)
        arrived = read(message, self._us())
        is_known = bool(await self._chats.known(PLATFORM, chat, number))
        new = arrived if arrived and (is_known or arrived.is_addressed) else None
        attachments = {media.attachment} if media else set()
        text = message.caption or ""
        taken = await self._door.edited(PLATFORM, chat, number, text=text, attachments=attachments, new=new)
        return self._courtesy(new, taken) if new and taken.is_new else None

    def _us(self) -> Us:
        bot = self._connection.bot()
        return Us(bot.id, bot.username)

    def _dated(self, arrived: Arrived, sent_at: datetime) -> Arrived:
        """Return what arrived, marked where it has waited for us.

        What comes while we listen is new whatever the clocks say, ours may be wrong.
        """
        if not self._connection.is_behind:
            return arrived
        age = datetime.now(UTC) - sent_at
        return replace(arrived, is_late=age > LATE, is_silent=age > SILENT)

    def _courtesy(self, arrived: Arrived, taken: Taken) -> Courtesy | None:
        if not taken.accepted and not taken.notice:
            return None
        return Courtesy(lambda: self._courtesies.receive(arrived, taken))
