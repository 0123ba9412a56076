"""What a Discord is made of: people, guilds, channels, messages and their attachments."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from tests.platforms.discord.snowflakes import moment

Json = dict[str, Any]
Kind = Literal["text", "dm", "thread", "private thread"]

KINDS: dict[Kind, int] = {"text": 0, "dm": 1, "thread": 11, "private thread": 12}

CROSSED, SUPPRESS_EMBEDS, EPHEMERAL, LOADING, SNAPSHOT, COMPONENTS_V2 = (
    1 << 0,
    1 << 2,
    1 << 6,
    1 << 7,
    1 << 14,
    1 << 15,
)
IS_SPOILER = 1 << 3  # of an attachment


@dataclass(slots=True, eq=False)
class Person:
    """An account, of a human or of a bot."""

    id: int
    name: str
    is_bot: bool = False
    locale: str = "ko"
    takes_messages: bool = True  # from the bot, in private


@dataclass(slots=True, eq=False)
class Role:
    """A role of a guild."""

    id: int
    name: str
    permissions: int
    position: int
    is_managed: bool = False


@dataclass(slots=True, eq=False)
class Member:
    """A person in a guild."""

    person: Person
    joined: datetime
    roles: set[int] = field(default_factory=set)
    nick: str | None = None


@dataclass(slots=True, eq=False)
class Guild:
    """What people call a server."""

    id: int
    name: str
    locale: str
    owner: int
    roles: dict[int, Role] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    is_unavailable: bool = False
    upload_limit: int = 10 * 2**20


@dataclass(slots=True, eq=False)
class Channel:
    """A text channel, a thread, or a private conversation with one person."""

    id: int
    kind: Kind
    name: str
    guild: Guild | None = None
    is_nsfw: bool = False
    parent: Channel | None = None  # of a thread
    owner: int = 0  # of a thread
    recipient: Person | None = None  # of a private conversation
    overwrites: dict[int, tuple[int, int]] = field(default_factory=dict)  # who → allow, deny
    thread_members: dict[int, datetime] = field(default_factory=dict)
    is_archived: bool = False
    is_locked: bool = False
    last_message: int | None = None

    @property
    def is_thread(self) -> bool:
        return self.parent is not None

    @property
    def is_private(self) -> bool:
        """Tell whether only its members see it, as a thread."""
        return self.kind == "private thread"


@dataclass(slots=True, eq=False)
class Attachment:
    """A file of a message."""

    id: int
    filename: str
    data: bytes
    content_type: str | None = None
    description: str | None = None
    title: str | None = None  # its name as it was, where that had to be changed
    is_spoiler: bool = False
    size: tuple[int, int] | None = None  # width and height of a picture
    is_embedded: bool = False  # shown by an embed or a component, and therefore not listed
    claimed_size: int | None = None  # what the message says of its bytes, where that is a lie


@dataclass(slots=True, eq=False)
class Message:
    """A message, also after it was deleted."""

    id: int
    channel: Channel
    author: Person
    content: str = ""
    attachments: list[Attachment] = field(default_factory=list)
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    stickers: list[Json] = field(default_factory=list)
    reactions: dict[str, list[int]] = field(default_factory=dict)  # emoji → who, in order
    mentions: list[Person] = field(default_factory=list)
    mentions_everyone: bool = False
    mentioned_roles: list[int] = field(default_factory=list)
    reference: Message | None = None  # what it replies to
    forwarded: Message | None = None
    nonce: str | int | None = None
    flags: int = 0
    kind: int = 0  # 19 is a reply, 20 the answer to a command, 23 that to a menu
    is_pinned: bool = False
    is_tts: bool = False
    edited_at: datetime | None = None
    webhook: int | None = None
    interaction: Json | None = None  # its metadata
    deleted_by: Person | None = None
    is_deleted: bool = False
    versions: list[str] = field(default_factory=list)  # contents it had before

    @property
    def edited(self) -> bool:
        return self.edited_at is not None

    @property
    def sent_at(self) -> datetime:
        return moment(self.id)

    @property
    def is_ephemeral(self) -> bool:
        return bool(self.flags & EPHEMERAL)

    @property
    def listed(self) -> list[Attachment]:
        """Return the attachments that the message lists itself."""
        return [one for one in self.attachments if not one.is_embedded]
