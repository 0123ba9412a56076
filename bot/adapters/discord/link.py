"""The connection to Discord of this moment, for everybody who needs it, and what we may do through it."""

from __future__ import annotations

import discord

from bot.platform import Later

AWAY_SECONDS = 2.0  # until somebody who finds no connection asks again


class Link:
    """Holds the client that is logged in; a new one takes its place after a fall."""

    def __init__(self) -> None:
        self.client: discord.Client | None = None

    def live(self) -> discord.Client:
        """Return a client that can be asked.

        Raises:
            Later: there is none right now.
        """
        client = self.client
        if client is None or client.user is None or client.is_closed():
            raise Later(AWAY_SECONDS)
        return client

    @property
    def me(self) -> int:
        """Return our own id, 0 where nobody has told it yet."""
        user = self.client.user if self.client else None
        return user.id if user else 0

    @property
    def reads_content(self) -> bool:
        """Return whether we are told what messages say that do not address us."""
        return self.client is not None and self.client.intents.message_content

    def room(self, channel: int) -> discord.PartialMessageable:
        """Return a channel by its id alone, for calls.

        Raises:
            Later: there is no connection right now.
        """
        return self.live().get_partial_messageable(channel)

    def permissions(self, channel: int) -> discord.Permissions:
        """Return what we may do in a channel; everything where nobody knows, for Discord to refuse."""
        found = self.client.get_channel(channel) if self.client else None
        return permissions_in(found)


def permissions_in(channel: object) -> discord.Permissions:
    """Return what we may do in a channel as Discord last told of it."""
    if not isinstance(channel, discord.abc.GuildChannel | discord.Thread):
        return discord.Permissions.all()
    if isinstance(channel, discord.Thread) and channel.parent is None:
        return discord.Permissions.all()
    return channel.permissions_for(channel.guild.me)


def may_speak(channel: object) -> bool:
    """Return whether we may write in a channel."""
    may = permissions_in(channel)
    speaks = may.send_messages_in_threads if isinstance(channel, discord.Thread) else may.send_messages
    return may.view_channel and speaks


def may_read_back(channel: object) -> bool:
    """Return whether we may read what was said, without which there is no fetching and no replying."""
    may = permissions_in(channel)
    return may.view_channel and may.read_message_history
