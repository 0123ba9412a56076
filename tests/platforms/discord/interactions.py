"""A press of a button, a command or a form that was sent: what the bot made of it, as the person sees it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.platforms.discord.things import LOADING, Channel, Json, Message, Person

COMMAND, COMPONENT, AUTOCOMPLETE, FORM = 2, 3, 4, 5  # kinds of interactions
SAYS, DEFERS, DEFERS_CHANGE, CHANGES, CHOICES, MODAL = 4, 5, 6, 7, 8, 9  # kinds of responses


@dataclass(slots=True, eq=False)
class Interaction:
    """Something that a person did and the bot has to respond to within three seconds.

    Attributes:
        response: kind of the first response, None as long as there is none.
        original: the message that it made or changed.
        follow_ups: what was said after it.
        choices: that an autocompletion offers.
        modal: the form that was opened.
    """

    id: int
    token: str
    kind: int
    person: Person
    channel: Channel
    data: Json
    command: str = ""
    opened_by: Interaction | None = None  # what led to the form that was sent
    source: Message | None = None  # whose button was pressed, or whose form sent
    began: float = field(default_factory=time.monotonic)
    response: int | None = None
    original: Message | None = None
    follow_ups: list[Message] = field(default_factory=list)
    choices: list[Json] = field(default_factory=list)
    modal: Json | None = None
    responded_after: float | None = None
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def failed(self) -> bool:
        """Tell whether the person was told that the interaction failed."""
        return self.response is None

    @property
    def is_ephemeral(self) -> bool:
        """Tell whether only the person sees the first response."""
        return self.original is not None and self.original.is_ephemeral

    @property
    def is_thinking(self) -> bool:
        """Tell whether the bot has only said so far that it will say something."""
        return self.original is not None and bool(self.original.flags & LOADING)

    @property
    def seen(self) -> list[Message]:
        """Return what the person sees of it now."""
        messages = [*([] if self.original is None else [self.original]), *self.follow_ups]
        return [one for one in messages if not one.is_deleted and not one.flags & LOADING]

    @property
    def text(self) -> str:
        """Return the texts that the person sees."""
        return "\n".join(message.content for message in self.seen)

    @property
    def age(self) -> float:
        """Return for how many seconds it has been there."""
        return time.monotonic() - self.began

    def respond(self, kind: int) -> None:
        """Take the first response."""
        self.response, self.responded_after = kind, self.age

    async def announce(self) -> None:
        """Wake up whoever waits for something to be seen."""
        async with self._changed:
            self._changed.notify_all()

    async def until(self, seen: Callable[[], bool], seconds: float) -> bool:
        """Wait until something is so, and tell whether it came to that."""
        async with self._changed:
            try:
                await asyncio.wait_for(self._changed.wait_for(seen), seconds)
            except TimeoutError:
                return False
        return True

    async def settled(self, seconds: float = 10.0) -> Interaction:
        """Wait until the bot has said what it was thinking about."""
        done = await self.until(lambda: self.response is not None and not self.is_thinking, seconds)
        assert done, "the bot is still thinking"
        return self

    async def followed_up(self, count: int = 1, seconds: float = 10.0) -> Interaction:
        """Wait until the bot has said more."""
        done = await self.until(lambda: len(self.follow_ups) >= count, seconds)
        assert done, f"{len(self.follow_ups)} follow-ups came"
        return self
