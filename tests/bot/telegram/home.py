"""Everything between a Telegram and a store, in one process: the real parts, only the eyes are closed."""

from __future__ import annotations

import asyncio
import contextlib
import io
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from PIL import Image

from bot.adapters.telegram.chat import TelegramChat
from bot.answers import Answers
from bot.desk import Desk
from bot.door import Door
from bot.settings import Settings, read_settings
from bot.takebacks import Takebacks
from inference.decode.pool import CleanPhoto
from models.errors import Stopped
from models.records import Analysis, ChatRules, Language, Place
from storage.records import Photo
from storage.store import Store
from tests.bot.stands_in import StandIn, open_store
from tests.platforms.telegram import Chat, Message, Person, StandInTelegram

SECONDS = 20.0
COMMENT, CAPTION = "찰칵!", "강아지 한 마리"


class Eyes(StandIn):
    """Sees the same in every photo."""

    def __init__(self) -> None:
        super().__init__()
        self.size = (64, 48)
        self.comment, self.caption = COMMENT, CAPTION
        self.unsafe_chats: set[str] = set()
        self.received: list[bytes] = []
        self.refusal: Exception | None = None

    async def clean(self, data: bytes) -> CleanPhoto:
        self.received.append(data)
        if self.refusal:
            raise self.refusal
        return CleanPhoto(Image.new("RGB", (64, 48)), data, (64, 48), is_partial=False, seconds=0.0)

    async def reopen(self, jpeg: bytes) -> CleanPhoto:
        return await super().clean(jpeg)

    async def analyse(self, photo: CleanPhoto, rules: ChatRules, *, chat: str = "") -> Analysis:
        await super().analyse(photo, rules, chat=chat)
        return Analysis(64, 48, comment=self.comment, caption=self.caption, unsafe=self.unsafe)

    async def mark(self, photo: CleanPhoto, analysis: Analysis, language: Language) -> bytes:
        target = io.BytesIO()
        Image.new("RGB", self.size, "white").save(target, "JPEG")
        return target.getvalue()


class House:
    """A bot, without the Telegram that it lives in.

    Args:
        store: where photos are kept.
        settings: of the bot.
    """

    def __init__(self, store: Store, settings: Settings) -> None:
        self.store, self.eyes = store, Eyes()
        adapters: dict[str, TelegramChat] = {}
        self.desk = Desk(store, self.eyes, adapters, self.rules)
        self.door = Door(store, self.desk, settings)
        self.answers = Answers(store, self.eyes, self.rules)
        self.chat = adapters["telegram"] = TelegramChat(settings, self.door, self.answers, store.chats)
        self.takebacks = Takebacks(store.chats, adapters)

    def rules(self, photo: Photo) -> ChatRules:
        return self.door.rules(photo.place, photo.language)

    @asynccontextmanager
    async def alive(self) -> AsyncIterator[None]:
        """Answer until the block ends."""
        await self.door.open()
        answering = asyncio.create_task(_answer(self.desk))
        await self.chat.start()
        try:
            yield
        finally:
            await self.desk.stop(seconds=0.5)
            await self.chat.stop()
            await asyncio.wait_for(answering, SECONDS)
            await asyncio.to_thread(self.store.close)


class Home(House):
    """A bot at home in a Telegram.

    Args:
        telegram: where people are.
        store, settings: see `House`.
    """

    def __init__(self, telegram: StandInTelegram, store: Store, settings: Settings) -> None:
        super().__init__(store, settings)
        self.telegram = telegram

    async def auto(self, chat: Chat) -> None:
        """Let every photo of a group be answered."""
        await self.door.set_mode(Place("telegram", "", str(chat.id)), "auto")

    async def photos(self, message: Message) -> list[Photo]:
        """Return what is kept of a message."""
        return await self.store.chats.known("telegram", str(message.chat.id), str(message.id))

    async def answered(self, chat: Chat, count: int = 1) -> list[Message]:
        """Wait until there are so many messages of the bot in a chat and return them."""
        await self.until(lambda: len(self.telegram.answers(chat)) >= count)
        return self.telegram.answers(chat)

    async def until(self, is_so: Callable[[], Awaitable[bool] | bool]) -> None:
        """Wait for something that becomes true in its own time."""
        async with asyncio.timeout(SECONDS):
            while True:
                found = is_so()
                if found if isinstance(found, bool) else await found:
                    return
                await asyncio.sleep(0.005)

    async def settled(self) -> None:
        """Wait until everything that was posted is read and nothing waits for an answer."""

        async def is_quiet() -> bool:
            is_read = not self.telegram.updates.waiting
            return is_read and not self.desk.flying and not await self.store.waiting()

        await self.until(is_quiet)

    async def settled_updates(self) -> None:
        """Wait until everything that happened has been confirmed."""
        await self.until(lambda: not self.telegram.updates.waiting)

    async def rules_of(self, chat: Chat) -> ChatRules:
        """Return what a chat has decided, as it is on the disk."""
        await self.door.open()
        return self.door.rules(Place("telegram", "", str(chat.id)))

    def asked(self, method: str) -> int:
        """Return how often a method was called."""
        return sum(one.path == method for one in self.telegram.asked)


def settings_for(telegram: StandInTelegram, **more: str) -> Settings:
    """Return the settings of a bot of this Telegram."""
    names = {
        "TELEGRAM_TOKEN": telegram.token,
        "TELEGRAM_API": telegram.url,
        "TELEGRAM_FILES": telegram.file_url,
        "TELEGRAM_GROUP_PER_MINUTE": "1000",
        "PHOTOS_PER_MINUTE": "1000",
        "CHAT_PHOTOS_PER_MINUTE": "1000",
        "DISK_RESERVE_MB": "64",
    }
    return read_settings(names | more, dotenv=None)


@asynccontextmanager
async def at_home(
    telegram: StandInTelegram, folder: Path, *, is_online: bool = True, **settings: str
) -> AsyncIterator[Home]:
    """Let a bot live in a Telegram until the block ends."""
    home = Home(telegram, open_store(folder), settings_for(telegram, **settings))
    async with home.alive():
        if is_online:
            await telegram.online()
        yield home


async def _answer(desk: Desk) -> None:
    with contextlib.suppress(Stopped):
        await desk.run()


def someone(telegram: StandInTelegram, name: str = "지은", language: str = "ko") -> Person:
    return telegram.person(name, language=language)
