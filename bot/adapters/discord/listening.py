"""What happens on Discord, told to the door: posts, changes, deletions, each channel's in its order."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Collection
from dataclasses import replace
from functools import partial

import discord

from bot.adapters.discord.errands import ERASING
from bot.adapters.discord.failures import explained
from bot.adapters.discord.parts import Shared
from bot.adapters.discord.positions import PLATFORM
from bot.adapters.discord.reading import (
    Shown,
    arrived_from,
    has_unseen,
    is_addressed,
    is_fresh,
    is_human,
    language_of,
    photos_of,
    pictures_of,
    place_of,
    text_of,
)
from bot.adapters.discord.signs import Signs
from bot.adapters.discord.storing import until_stored
from bot.door import Arrived, Taken
from bot.platform import Barred, Gone, Later
from bot.texts import say
from models.records import Place

log = logging.getLogger(__name__)

SIGN_SECONDS = 60.0  # after a post in which somebody may still be looking at it
FRESH_SECONDS = 300.0  # a picture that appears later than that is no answer to anybody any more
REMEMBERED = 2000  # deleted messages, in case their post is still waiting for its turn


class Listening:
    """Hears what happens; everything that counts is on the disk before a position moves on."""

    def __init__(self, shared: Shared) -> None:
        self._link, self._door, self._chats = shared.link, shared.door, shared.chats
        self._lanes, self._positions = shared.lanes, shared.positions
        self._answering, self._errands = shared.answering, shared.errands
        self._signs = Signs(shared.errands)
        self._gone: deque[int] = deque(maxlen=REMEMBERED)

    # As the gateway tells; none of these waits

    def posted(self, message: discord.Message) -> None:
        """Hear of a new message."""
        self._lanes.put(message.channel.id, partial(self._take, message))

    def changed(self, message: discord.Message) -> None:
        """Hear that somebody, perhaps Discord itself, changed a message."""
        if is_human(message):
            self._lanes.put(message.channel.id, partial(self.follow, message))

    def deleted(self, channel: int, messages: Collection[int]) -> None:
        """Hear that messages are gone.  Nothing else has to be dealt with before that."""
        self._gone.extend(messages)
        self._errands.run(ERASING, self.erase, channel, messages)

    def emptied(self, channel: int) -> None:
        """Hear that a channel or thread is gone with everything in it."""
        self._errands.run(ERASING, self._erase_all, channel)

    # In turn

    async def _take(self, message: discord.Message) -> None:
        """Deal with a message that was posted this moment."""
        taken = await self.take(message)
        notice = taken.notice or self._apology(message, taken)
        if notice:
            self._errands.run("notice", self._answering.remark, message, notice)

    async def take(
        self, message: discord.Message, *, is_late: bool = False, is_silent: bool = False
    ) -> Taken:
        """Let the photos of a message in, and note that its channel has been read so far."""
        taken = Taken()
        arrived = await self._arrived(message) if message.id not in self._gone else None
        if arrived is not None:
            arrived = replace(arrived, is_late=is_late, is_silent=is_silent)
            taken = await until_stored(partial(self._door.take, arrived))
            self._show_sign(message, taken)
        self._positions.note(message.channel.id, message.id)
        return taken

    def _show_sign(self, message: discord.Message, taken: Taken) -> None:
        if taken.is_new and is_fresh(message, SIGN_SECONDS):
            self._signs.show(message)

    async def _arrived(self, message: discord.Message) -> Arrived | None:
        place = await self._place(message) if is_human(message) else None
        return arrived_from(message, place, self._link.me) if place else None

    async def _place(self, message: discord.Message) -> Place | None:
        """Return where a message is; a thread that just woke up has to be asked for."""
        if place := place_of(message.channel):
            return place
        while True:
            try:
                async with explained():
                    return place_of(await self._link.live().fetch_channel(message.channel.id))
            except Later as later:
                await asyncio.sleep(later.seconds)
            except (Gone, Barred, discord.DiscordException) as error:
                log.info("channel unknown channel=%d error=%s", message.channel.id, error)
                return None

    def _apology(self, message: discord.Message, taken: Taken) -> str:
        """Return what to say to somebody who shows us something that we cannot look at."""
        me = self._link.me
        if taken.accepted or not is_human(message) or not is_addressed(message, me):
            return ""
        if pictures_of(message) or not has_unseen(message):
            return ""
        place = place_of(message.channel)
        if place is None or self._door.rules(place).mode == "off":
            return ""
        language = self._door.rules(place, language_of(message.guild)).language
        is_sticker = bool(message.stickers)
        return say(language, "notice-moving-sticker" if is_sticker else "notice-no-photo")

    async def follow(self, message: discord.Message) -> None:
        """Follow a message that was changed: its text, pictures that vanished, pictures that appeared."""
        me = self._link.me
        if not self._link.reads_content and not is_addressed(message, me):
            return  # it looks empty to us, which means nothing
        chat, shown, text = str(message.channel.id), pictures_of(message), text_of(message, me)
        known = await until_stored(partial(self._chats.known, PLATFORM, chat, str(message.id)))
        seen, there = {photo.attachment for photo in known}, {one.key for one in shown}
        new = await self._appeared(message, [one for one in shown if one.key not in seen])
        if new or not seen <= there or any(photo.text != text for photo in known):
            edited = partial(self._door.edited, PLATFORM, chat, str(message.id))
            taken = await until_stored(lambda: edited(text=text, attachments=there, new=new))
            self._show_sign(message, taken)

    async def _appeared(self, message: discord.Message, shown: list[Shown]) -> Arrived | None:
        """Return pictures that a message did not show before, unless it is too late to speak of them."""
        place = await self._place(message) if shown and is_fresh(message, FRESH_SECONDS) else None
        if place is None:
            return None
        me = self._link.me
        photos = photos_of(message, shown, place, me)
        return Arrived(photos, language_of(message.guild), is_addressed(message, me))

    # Deletions

    async def erase(self, channel: int, messages: Collection[int]) -> None:
        """Erase what messages brought."""
        names = [str(message) for message in messages]
        await until_stored(partial(self._door.deleted, PLATFORM, str(channel), names))

    async def _erase_all(self, channel: int) -> None:
        """Erase everything that a channel or thread ever brought, sleeping threads included."""
        asking = partial(self._chats.messages, PLATFORM, str(channel), with_topics=True)
        names = await until_stored(asking)
        await until_stored(partial(self._door.deleted, PLATFORM, str(channel), names))
