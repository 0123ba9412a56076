"""People, chats and messages as Telegram knows them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
Kind = Literal["private", "group", "supergroup", "channel"]
Status = Literal["creator", "administrator", "member", "restricted", "left", "kicked"]

INSIDE = ("creator", "administrator", "member", "restricted")


@dataclass(slots=True, eq=False)
class Person:
    """Somebody with an account, the bot among them."""

    id: int
    name: str
    username: str = ""
    language: str = ""
    is_bot: bool = False
    has_blocked_bot: bool = False
    is_deactivated: bool = False

    def user(self) -> Json:
        """Return a User."""
        found: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.name}
        if self.username:
            found["username"] = self.username
        if self.language:
            found["language_code"] = self.language
        return found


@dataclass(slots=True, eq=False)
class Chat:
    """A chat, who is in it, and everything that was ever said there."""

    id: int
    kind: Kind
    title: str
    person: Person | None = None  # of a private chat
    username: str = ""
    bot: Status = "member"
    bot_rights: set[str] = field(default_factory=set)  # of the bot as an administrator
    bot_reads_all: bool = False  # privacy mode was off when the bot came in
    members: dict[int, Status] = field(default_factory=dict)
    denied: set[str] = field(default_factory=set)  # can_send_photos and the like
    reactions_allowed: set[str] | None = None
    is_forum: bool = False
    topics: dict[int, str] = field(default_factory=dict)
    closed_topics: set[int] = field(default_factory=set)
    messages: dict[int, Message] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    migrated_to: int | None = None
    is_deleted: bool = False

    @property
    def is_group(self) -> bool:
        """Whether several people talk here."""
        return self.kind in ("group", "supergroup")

    def brief(self) -> Json:
        """Return a Chat."""
        found: Json = {"id": self.id, "type": self.kind}
        if self.person:
            found["first_name"] = self.person.name
        else:
            found["title"] = self.title
        username = self.person.username if self.person else self.username
        if username:
            found["username"] = username
        if self.is_forum:
            found["is_forum"] = True
        return found


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message."""

    text: str
    data: str = ""
    url: str = ""


@dataclass(slots=True, eq=False)
class Message:
    """A message as it is now.

    `content` holds what is shown, in the fields of the Bot API.  `upload` is the file as it was posted and
    `seen` what others get to see of it.
    """

    chat: Chat
    id: int
    date: int
    sender: Person | None
    content: Json
    is_by_bot: bool = False
    reply_to: Message | None = None
    thread: int | None = None
    origin: Json = field(default_factory=dict)  # forward_origin, sender_chat, ...
    markup: Json | None = None
    media_group: str = ""
    edited: int | None = None
    is_deleted: bool = False
    upload: bytes = b""
    seen: bytes = b""
    reactions: dict[int, tuple[str, ...]] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """What it says, without a medium."""
        return str(self.content.get("text", ""))

    @property
    def caption(self) -> str:
        """What it says beside a medium."""
        return str(self.content.get("caption", ""))

    @property
    def photo(self) -> bytes:
        """The photo as people see it, empty where there is none; `upload` is the file as it was sent."""
        return self.seen if "photo" in self.content else b""

    @property
    def document(self) -> bytes:
        """The bytes of the document, empty where there is none."""
        return self.upload if "document" in self.content else b""

    @property
    def spoiler(self) -> bool:
        """Whether its medium is hidden until tapped."""
        return bool(self.content.get("has_media_spoiler"))

    @property
    def topic(self) -> int | None:
        """The topic of a forum that it is in, None in the General topic."""
        return self.thread if self.thread in self.chat.topics else None

    @property
    def buttons(self) -> list[Button]:
        """All buttons, row by row."""
        rows = (self.markup or {}).get("inline_keyboard", [])
        return [
            Button(one.get("text", ""), one.get("callback_data", ""), one.get("url", ""))
            for row in rows
            for one in row
        ]
