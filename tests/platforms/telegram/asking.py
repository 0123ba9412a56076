"""The methods by which the bot asks about chats and acts as one of their members."""

from __future__ import annotations

from tests.platforms.telegram.arguments import Arguments
from tests.platforms.telegram.membership import PERMISSIONS, changed, member
from tests.platforms.telegram.records import INSIDE, Chat, Json
from tests.platforms.telegram.refusals import bad
from tests.platforms.telegram.registry import answers
from tests.platforms.telegram.state import Telegram

GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")


@answers("getChat")
async def get_chat(telegram: Telegram, arguments: Arguments) -> Json:
    """Tell about a chat."""
    chat = telegram.open_chat(arguments)
    found = chat.brief() | {"accent_color_id": 0, "max_reaction_count": 11}
    found["accepted_gift_types"] = dict.fromkeys(GIFTS, False)
    if chat.is_group:
        found["permissions"] = {name: name not in chat.denied for name in PERMISSIONS}
    if chat.reactions_allowed is not None:
        allowed = sorted(chat.reactions_allowed)
        found["available_reactions"] = [{"type": "emoji", "emoji": emoji} for emoji in allowed]
    if chat.pinned:
        found["pinned_message"] = telegram.rendered(chat.messages[chat.pinned[-1]])
    return found


@answers("getChatMember")
async def get_chat_member(telegram: Telegram, arguments: Arguments) -> Json:
    """Tell what somebody may do in a chat."""
    chat = telegram.open_chat(arguments)
    person = telegram.people.get(arguments.number("user_id"))
    if not person:
        raise bad("invalid user_id specified")
    return member(chat, person, telegram.status(chat, person))


@answers("getChatAdministrators")
async def get_chat_administrators(telegram: Telegram, arguments: Arguments) -> list[Json]:
    """Tell who may do everything in a chat; other bots are left out."""
    chat = telegram.open_chat(arguments)
    if chat.kind == "private":
        raise bad("there are no administrators in the private chat")
    people = [telegram.people[number] for number in (*chat.members, telegram.bot.id)]
    found = [(person, telegram.status(chat, person)) for person in people]
    return [
        member(chat, person, status)
        for person, status in found
        if status in ("creator", "administrator") and (not person.is_bot or person is telegram.bot)
    ]


@answers("getChatMemberCount")
async def get_chat_member_count(telegram: Telegram, arguments: Arguments) -> int:
    """Tell how many are in a chat."""
    chat = telegram.open_chat(arguments)
    return sum(status in INSIDE for status in (*chat.members.values(), chat.bot))


@answers("leaveChat")
async def leave_chat(telegram: Telegram, arguments: Arguments) -> bool:
    """Go."""
    chat = telegram.open_chat(arguments)
    if chat.kind == "private":
        raise bad("chat member status can't be changed in private chats")
    old = member(chat, telegram.bot, chat.bot)
    chat.bot = "left"
    new = member(chat, telegram.bot, chat.bot)
    telegram.updates.add("my_chat_member", changed(chat, telegram.bot, old, new))
    return True


@answers("pinChatMessage")
async def pin_chat_message(telegram: Telegram, arguments: Arguments) -> bool:
    """Put a message on top."""
    chat = _pinnable(telegram, arguments)
    message = telegram.message(chat, arguments.number("message_id"), "pin")
    chat.pinned.append(message.id)
    return True


@answers("unpinChatMessage")
async def unpin_chat_message(telegram: Telegram, arguments: Arguments) -> bool:
    """Take a message down from the top, the last one where none is named."""
    chat = _pinnable(telegram, arguments)
    number = arguments.number("message_id", chat.pinned[-1] if chat.pinned else 0)
    if number not in chat.pinned:
        raise bad("message to unpin not found")
    chat.pinned.remove(number)
    return True


def _pinnable(telegram: Telegram, arguments: Arguments) -> Chat:
    chat = telegram.open_chat(arguments)
    if chat.is_group and "can_pin_messages" not in chat.bot_rights:
        raise bad("not enough rights to manage pinned messages in the chat")
    return chat
