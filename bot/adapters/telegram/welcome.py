"""The first words in a chat: what we do, what is kept, and the button that lets us answer by ourselves.

Anybody may read it, only an administrator may tap the button.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Literal

from telegram import (
    Bot,
    CallbackQuery,
    Chat,
    ChatMember,
    ChatMemberUpdated,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
    User,
)
from telegram.error import TelegramError

from bot.adapters.telegram.budget import Budget
from bot.adapters.telegram.queue import Courtesy
from bot.adapters.telegram.reading import PLATFORM, Us, language_of
from bot.door import Door
from bot.platform import Later
from bot.texts import say
from models.records import Language, Place

log = logging.getLogger(__name__)

Mode = Literal["auto", "mention"]
TAPS: dict[str, Mode] = {"chalkak:mode:auto": "auto", "chalkak:mode:mention": "mention"}
ADMINISTRATORS = (ChatMember.OWNER, ChatMember.ADMINISTRATOR)
ASK_SECONDS = 3.0  # whether somebody is an administrator; no update is read meanwhile


class Welcome:
    """Introduces us, and lets a chat's administrators choose when we answer.

    Args:
        bot: the bot of this moment; raises `Later` where there is none.
        budget: of messages; what it has no room for is not said.
        door: knows and changes what a chat has decided.
    """

    def __init__(self, bot: Callable[[], Bot], budget: Budget, door: Door) -> None:
        self._bot, self._budget, self._door = bot, budget, door

    def joined(self, change: ChatMemberUpdated) -> Courtesy | None:
        """Introduce us to a group that we came into."""
        is_group = change.chat.type in (Chat.GROUP, Chat.SUPERGROUP)
        if not is_group or _is_in(change.old_chat_member) or not _is_in(change.new_chat_member):
            return None
        return Courtesy(lambda: self._introduce(change.chat, None))

    def asked(self, message: Message, us: Us) -> Courtesy | None:
        """Introduce us to whoever says /start."""
        words = (message.text or "").split(maxsplit=1)
        if not words or words[0].lower() not in ("/start", f"/start@{us.name.lower()}"):
            return None
        return Courtesy(lambda: self._introduce(message.chat, message.from_user, message))

    async def tapped(self, query: CallbackQuery) -> Courtesy | None:
        """Change when we answer, where the one who tapped may; a button of others is none of ours.

        Raises:
            StorageError: it could not be written.
        """
        mode = TAPS.get(query.data or "")
        if mode is None or query.message is None:
            return None
        chat = query.message.chat
        language = self._language(chat, query.from_user)
        refusal = await self._refusal(chat, query.from_user)
        if refusal:
            return Courtesy(lambda: self._tell(query, say(language, refusal), is_alert=True))
        await self._door.set_mode(place_of(chat), mode)
        log.info("mode changed platform=%s mode=%s", PLATFORM, mode)
        shown = query.message.message_id
        return Courtesy(lambda: self._confirm(query, shown, language, mode))

    async def _refusal(self, chat: Chat, person: User) -> str:
        """Return the name of a text that says why somebody may not decide for a chat, "" where they may."""
        if chat.type == Chat.PRIVATE:
            return ""
        try:
            async with asyncio.timeout(ASK_SECONDS):
                member = await self._bot().get_chat_member(chat.id, person.id)
        except (TelegramError, TimeoutError, Later):
            return "telegram-try-again"
        return "" if member.status in ADMINISTRATORS else "telegram-administrators-only"

    # Saying it

    async def _introduce(self, chat: Chat, person: User | None, asking: Message | None = None) -> None:
        if self._budget.spend(str(chat.id)):
            return
        language, mode = self._language(chat, person), self._door.rules(place_of(chat)).mode
        text, markup = await self._text(chat, language, mode), _buttons(chat, language, mode)
        thread = asking.message_thread_id if asking and asking.is_topic_message else None
        await self._bot().send_message(chat.id, text, message_thread_id=thread, reply_markup=markup)

    async def _confirm(self, query: CallbackQuery, shown: int, language: Language, mode: Mode) -> None:
        """Tell what a tap has changed, also in the message that has the button."""
        await self._tell(query, say(language, f"telegram-now-{mode}"))
        assert query.message
        chat = query.message.chat
        text, markup = await self._text(chat, language, mode), _buttons(chat, language, mode)
        await self._bot().edit_message_text(text, chat.id, shown, reply_markup=markup)

    async def _tell(self, query: CallbackQuery, text: str, *, is_alert: bool = False) -> None:
        """Answer a tap; it may be too old for that, which changes nothing."""
        try:
            await query.answer(text, show_alert=is_alert)
        except TelegramError as error:
            log.info("tap not answered error=%s", type(error).__name__)

    async def _text(self, chat: Chat, language: Language, mode: str) -> str:
        days = self._door.rules(place_of(chat)).retention_days
        leave = "telegram-leave-private" if chat.type == Chat.PRIVATE else "telegram-leave"
        parts = [
            say(language, "welcome-hello"),
            say(language, f"telegram-mode-{mode}", us=self._bot().username),
            f"{say(language, 'telegram-kept', days=days)} {say(language, leave)}",
        ]
        if chat.type != Chat.PRIVATE and await self._is_kept_in_the_dark(chat):
            parts.append(say(language, "telegram-privacy"))
        return "\n\n".join(parts)

    async def _is_kept_in_the_dark(self, chat: Chat) -> bool:
        """Return whether privacy mode hides photos from us: not from administrators."""
        bot = self._bot()
        try:
            if (await bot.get_me()).can_read_all_group_messages:
                return False
            return (await bot.get_chat_member(chat.id, bot.id)).status not in ADMINISTRATORS
        except TelegramError as error:
            log.info("privacy mode not known error=%s", type(error).__name__)
            return False

    def _language(self, chat: Chat, person: User | None) -> Language:
        """Return the language of a chat; alone with us that of the person's app."""
        own = language_of(person) if chat.type == Chat.PRIVATE else None
        return self._door.rules(place_of(chat), own).language


def _buttons(chat: Chat, language: Language, mode: str) -> InlineKeyboardMarkup | None:
    """Return the button for the other mode; alone with us nobody needs one."""
    if chat.type == Chat.PRIVATE:
        return None
    data, other = next((data, other) for data, other in TAPS.items() if other != mode)
    text = say(language, f"welcome-button-{other}")
    return InlineKeyboardMarkup([[InlineKeyboardButton(text, callback_data=data)]])


def place_of(chat: Chat) -> Place:
    """Return a chat as a whole, whatever topics it has."""
    return Place(PLATFORM, "", str(chat.id), is_private=chat.type == Chat.PRIVATE)


def _is_in(member: ChatMember) -> bool:
    """Return whether somebody is in a chat."""
    if member.status == ChatMember.RESTRICTED:
        return bool(getattr(member, "is_member", False))
    return member.status in (*ADMINISTRATORS, ChatMember.MEMBER)
