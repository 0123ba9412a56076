"""Groups that became supergroups.  They have another id there, and so has every message from now on.

A photo from before cannot be replied to any more: its number means nothing there, or another message.
"""

from __future__ import annotations

from datetime import UTC, datetime

from bot.adapters.telegram.reading import PLATFORM
from bot.door import Door
from storage.chats import ChatStore
from storage.records import Photo


class Moves:
    """Follows chats, and remembers when they moved as their position: from there on numbers count.

    Args:
        door: gives what a chat had to its new id.
        chats: where the moment is kept.
    """

    def __init__(self, door: Door, chats: ChatStore) -> None:
        self._door, self._chats = door, chats
        self._moved_at: dict[str, datetime] = {}

    async def load(self) -> None:
        """Read which chats have moved so far."""
        known = await self._chats.positions(PLATFORM)
        self._moved_at = {chat: datetime.fromtimestamp(int(at), UTC) for chat, at in known.items()}

    async def follow(self, old: str, new: str, at: datetime) -> None:
        """Give everything of a chat to its new id."""
        self._moved_at[new] = max(at, self._moved_at.get(new, at))  # before they are answered
        await self._chats.set_positions(PLATFORM, {new: str(int(at.timestamp()))})
        await self._door.moved(PLATFORM, old, new)

    def is_from_before(self, photo: Photo) -> bool:
        """Return whether a photo was posted before its chat moved."""
        moved_at = self._moved_at.get(photo.place.chat)
        return moved_at is not None and photo.sent_at <= moved_at
