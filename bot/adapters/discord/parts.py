"""What the parts of the Discord chat share."""

from __future__ import annotations

from dataclasses import dataclass

from bot.adapters.discord.answering import Answering
from bot.adapters.discord.errands import Errands
from bot.adapters.discord.lanes import Lanes
from bot.adapters.discord.link import Link
from bot.adapters.discord.positions import Positions
from bot.door import Door
from storage.chats import ChatStore


@dataclass(frozen=True, slots=True)
class Shared:
    """One of each: the connection, the door, what is remembered, and what runs on the side."""

    link: Link
    door: Door
    chats: ChatStore
    lanes: Lanes
    positions: Positions
    answering: Answering
    errands: Errands
