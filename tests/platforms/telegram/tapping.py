"""Taps on buttons and questions typed behind the bot's name, and what people see of the answers."""

from __future__ import annotations

import asyncio
import itertools
from typing import Any

from tests.platforms.telegram.people import People
from tests.platforms.telegram.profile import menu
from tests.platforms.telegram.queries import Toast
from tests.platforms.telegram.records import Chat, Json, Message, Person
from tests.platforms.telegram.rendering import inaccessible

SECONDS = 10.0


class Tapping(People):
    """Telegram with people who wait for an answer."""

    def __init__(self, token: str, *, privacy: bool = True) -> None:
        super().__init__(token, privacy=privacy)
        self._query_ids = itertools.count(4_382_000_000_000_001)

    async def tap(self, message: Message, data: str, person: Person, *, seconds: float = SECONDS) -> Toast:
        """Let somebody tap a button and return what they see.

        Raises:
            AssertionError: there is no such button.
            TimeoutError: the bot says nothing; the button goes on turning.
        """
        assert data in [button.data for button in message.buttons], f"no button {data!r} to tap"
        shown = inaccessible(message) if message.is_deleted else self.rendered(message)
        where = {"message": shown, "chat_instance": str(message.chat.id), "data": data}
        toast: Toast = await self._asked("callback_query", where, person, seconds)
        return toast

    async def inline(
        self, person: Person, query: str, *, kind: str = "sender", offset: str = "", seconds: float = SECONDS
    ) -> Json:
        """Let somebody type behind the bot's name and return the fields of its answer.

        Args:
            person: who.
            query: what.
            kind: of the chat they are in; "sender" is the one with the bot.
            offset: `next_offset` of the answer before, for more.
            seconds: that somebody waits.
        """
        where = {"query": query, "offset": offset, "chat_type": kind}
        found: Json = await self._asked("inline_query", where, person, seconds)
        return found

    def expire_queries(self) -> None:
        """Let so much time pass that it is too late to answer."""
        self.queries.clear()

    def menu(self, chat: Chat, person: Person) -> list[str]:
        """Return the commands that somebody is offered in a chat."""
        return menu(self, chat, person)

    async def _asked(self, kind: str, where: Json, person: Person, seconds: float) -> Any:
        number = str(next(self._query_ids))
        answer = self.queries[number] = asyncio.get_running_loop().create_future()
        self.updates.add(kind, {"id": number, "from": person.user()} | where)
        async with asyncio.timeout(seconds):
            return await answer
