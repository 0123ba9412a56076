"""All that Telegram knows while bots come and go: people, chats, files, updates."""

from __future__ import annotations

import asyncio
import itertools
import time
from typing import TYPE_CHECKING, Any

from tests.platforms.faults import Asked, Faults
from tests.platforms.telegram.arguments import Arguments
from tests.platforms.telegram.files import Files
from tests.platforms.telegram.flood import Flood
from tests.platforms.telegram.records import Chat, Json, Message, Person, Status
from tests.platforms.telegram.refusals import Refused, bad, forbidden
from tests.platforms.telegram.rendering import rendered
from tests.platforms.telegram.spec import spec
from tests.platforms.telegram.updates import Updates

if TYPE_CHECKING:
    from tests.platforms.telegram.webhook import Webhook

KINDS = {"text": "text messages", "photo": "photos", "document": "documents"}


class Telegram:
    """Telegram as one bot sees it.

    Args:
        token: of the bot; its part before the colon is the bot's id.
        privacy: groups tell the bot only what is meant for it, as BotFather has it when nobody asks.
    """

    def __init__(self, token: str, *, privacy: bool = True) -> None:
        self.token, self.privacy = token, privacy
        self.bot = Person(int(token.partition(":")[0]), "찰칵", "chalkak_bot", is_bot=True)
        self.people: dict[int, Person] = {self.bot.id: self.bot}
        self.chats: dict[int, Chat] = {}
        self.files = Files(token)
        self.flood: Flood | None = Flood()
        self.faults = Faults()
        self.happened = asyncio.Event()
        self.updates = Updates(self._check_update, self.stir)
        self.asked: list[Asked] = []
        self.violations: list[str] = []
        self.deleted: list[Message] = []
        self.actions: list[tuple[Chat, str]] = []
        self.profile: dict[tuple[str, str], str] = {}  # names and descriptions by language
        self.commands: dict[tuple[str, str], list[Json]] = {}  # by scope and language
        self.menu_buttons: dict[int, Json] = {}
        self.queries: dict[str, asyncio.Future[Any]] = {}
        self.webhook: Webhook | None = None
        self.is_out = False
        self._message_ids = itertools.count(41)
        self._supergroup_ids: dict[int, itertools.count[int]] = {}

    def stir(self) -> None:
        """Let those look again who wait for something."""
        self.happened.set()
        self.happened = asyncio.Event()

    def _check_update(self, update: Json) -> None:
        described = spec()
        if described:
            self.violations += described.update(update)

    def chat(self, arguments: Arguments, name: str = "chat_id") -> Chat:
        """Return the chat that a request names.

        Raises:
            Refused: there is none, or none any more.
        """
        wanted = arguments.fields.get(name, "")
        if wanted == "":
            raise bad(f"{name} is empty")
        found = self.named(wanted)
        if not found:
            raise bad("chat not found")
        if found.migrated_to:
            raise bad("group chat was upgraded to a supergroup chat", migrate_to_chat_id=found.migrated_to)
        return found

    def named(self, name: Any) -> Chat | None:
        """Return a chat by its id or @username."""
        if isinstance(name, str) and name.startswith("@"):
            return next((c for c in self.chats.values() if c.username == name[1:] and c.username), None)
        return self.chats.get(int(name)) if str(name).lstrip("-").isdigit() else None

    def open_chat(self, arguments: Arguments, kind: str = "") -> Chat:
        """Return a chat that the bot may write to, or act in.

        Args:
            arguments: with `chat_id`.
            kind: text, photo or document; empty where the bot does not send anything.

        Raises:
            Refused: it may not.
        """
        chat = self.chat(arguments)
        refusal = _shut(chat) or (_muted(chat, kind) if kind else None)
        if refusal:
            raise refusal
        return chat

    def message(self, chat: Chat, number: int, task: str) -> Message:
        """Return a message that is there.

        Raises:
            Refused: it is gone; `task` says what for it was wanted.
        """
        found = chat.messages.get(number)
        if not found or found.is_deleted:
            raise bad(f"message to {task} not found")
        return found

    def add(self, chat: Chat, sender: Person | None, content: Json, **more: Any) -> Message:
        """Put a message into a chat."""
        message = Message(chat, self._next_id(chat), int(time.time()), sender, content, **more)
        chat.messages[message.id] = message
        return message

    def status(self, chat: Chat, person: Person) -> Status:
        """Return what somebody is in a chat."""
        return chat.bot if person is self.bot else chat.members.get(person.id, "left")

    def rendered(self, message: Message) -> Json:
        """Return a Message."""
        return rendered(message)

    def _next_id(self, chat: Chat) -> int:
        """Supergroups and channels count for themselves, all other chats of an account together.

        1 is the General topic.
        """
        if chat.kind in ("supergroup", "channel"):
            return next(self._supergroup_ids.setdefault(chat.id, itertools.count(2)))
        return next(self._message_ids)


def _shut(chat: Chat) -> Refused | None:
    if chat.person and chat.person.is_deactivated:
        return forbidden("user is deactivated")
    if chat.person and chat.person.has_blocked_bot:
        return forbidden("bot was blocked by the user")
    if chat.is_deleted:
        return forbidden("the group chat was deleted")
    if chat.bot == "kicked":
        return forbidden(f"bot was kicked from the {chat.kind} chat")
    if chat.bot == "left":
        return forbidden(f"bot is not a member of the {chat.kind} chat")
    return None


def _muted(chat: Chat, kind: str) -> Refused | None:
    if chat.kind == "channel" and chat.bot != "administrator":
        return bad("need administrator rights in the channel chat")
    if chat.is_group and chat.bot not in ("creator", "administrator"):
        right = "can_send_messages" if kind == "text" else f"can_send_{kind}s"
        if {right, "can_send_messages"} & chat.denied:
            return bad(f"not enough rights to send {KINDS[kind]} to the chat")
    return None
