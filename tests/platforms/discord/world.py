"""Everything that is on this Discord, which outlives the bot, and how it is found."""

from __future__ import annotations

from dataclasses import dataclass

from tests.platforms.discord.cdn import Cdn
from tests.platforms.discord.gateway import Gateway
from tests.platforms.discord.interactions import Interaction
from tests.platforms.discord.messages import Writer
from tests.platforms.discord.permissions import Permission, in_channel
from tests.platforms.discord.refusals import Refused
from tests.platforms.discord.snowflakes import Snowflakes
from tests.platforms.discord.things import Attachment, Channel, Guild, Json, Message, Person

Scope = int | None  # the guild that commands are for, None for all


@dataclass(slots=True)
class Rules:
    """What of Discord's behaviour a test may choose."""

    token: str
    may_read: bool = True  # MESSAGE_CONTENT is switched on
    may_know_members: bool = True  # GUILD_MEMBERS is switched on
    nonce_seconds: float = 180.0
    callback_seconds: float = 3.0  # for the first response to an interaction
    token_seconds: float = 900.0  # that an interaction can be followed up
    request_limit: int = 25 * 2**20
    identify_limit: int = 1000
    invalid_limit: int = 10_000  # requests refused with 401, 403 or 429 before nothing is answered


class World:
    """People, guilds, channels and messages.

    Args:
        rules: of this Discord.
        cdn: serves the files.
        gateway: tells the bot what happens.
    """

    def __init__(self, rules: Rules, cdn: Cdn, gateway: Gateway) -> None:
        self.rules, self.cdn, self.gateway = rules, cdn, gateway
        self.ids = Snowflakes()
        self.bot = Person(self.ids.next(), "chalkak", is_bot=True, locale="en-US")
        self.owner = Person(self.ids.next(), "운영자")
        self.people = {person.id: person for person in (self.bot, self.owner)}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.messages: dict[int, dict[int, Message]] = {}  # channel → message
        self.nonces: dict[tuple[int, str], Message] = {}  # author and nonce → the last one
        self.external: dict[str, bytes] = {}  # pictures of other sites
        self.loose: dict[int, Attachment] = {}  # files that came with a command, in no message
        self.commands: dict[Scope, list[Json]] = {}
        self.interactions: dict[str, Interaction] = {}  # by token
        self.gateway_url = ""
        self.write = Writer(cdn, self.bot)

    @property
    def application(self) -> int:
        """Return the id of the application, which is the bot's own."""
        return self.bot.id

    def channels_of(self, guild: Guild) -> list[Channel]:
        """Return the channels and threads of a guild."""
        return [channel for channel in self.channels.values() if channel.guild is guild]

    def add(self, message: Message) -> None:
        """Keep a message."""
        self.messages.setdefault(message.channel.id, {})[message.id] = message
        if message.nonce is not None:
            self.nonces[message.author.id, str(message.nonce)] = message
        message.channel.last_message = max(message.id, message.channel.last_message or 0)

    def alive(self, channel: Channel) -> list[Message]:
        """Return the messages that everybody sees in a channel now, the oldest first."""
        kept = self.messages.get(channel.id, {}).values()
        seen = (message for message in kept if not message.is_deleted and not message.is_ephemeral)
        return sorted(seen, key=lambda message: message.id)

    def all_messages(self) -> list[Message]:
        """Return all that was ever written, in the order in which it came."""
        return [message for kept in self.messages.values() for message in kept.values()]

    def may(self, channel: Channel, permission: Permission) -> bool:
        """Tell whether the bot may do something in a channel."""
        return bool(in_channel(channel, self.bot) & permission)

    def sees(self, channel: Channel) -> bool:
        """Tell whether the bot sees a channel."""
        return self.may(channel, Permission.VIEW_CHANNEL)

    def need(self, channel: Channel, *permissions: Permission) -> None:
        """Refuse what the bot may not do in a channel."""
        if not all(self.may(channel, permission) for permission in permissions):
            raise Refused(50013)

    def channel(self, number: int) -> Channel:
        """Return a channel that the bot asks for, or refuse."""
        found = self.channels.get(number)
        if found is None:
            raise Refused(10003)
        if not self.sees(found):
            raise Refused(50001)
        return found

    def guild(self, number: int) -> Guild:
        """Return a guild that the bot asks for, or refuse."""
        found = self.guilds.get(number)
        if found is None:
            raise Refused(10004)
        if self.bot.id not in found.members:
            raise Refused(50001)
        return found

    def message(self, channel: Channel, number: int) -> Message:
        """Return a message that the bot asks for, or refuse."""
        found = self.messages.get(channel.id, {}).get(number)
        if found is None or found.is_deleted or found.is_ephemeral:
            raise Refused(10008)
        return found

    def direct(self, person: Person) -> Channel:
        """Return the private conversation of the bot with somebody, opened where there is none."""
        for channel in self.channels.values():
            if channel.recipient is person:
                return channel
        channel = Channel(self.ids.next(), "dm", "", recipient=person)
        self.channels[channel.id] = channel
        return channel

    def forget(self, channel: Channel) -> None:
        """Let a channel go with its threads; its messages are gone with it, without a word."""
        for one in [each for each in self.channels.values() if each is channel or each.parent is channel]:
            del self.channels[one.id]
            for message in self.messages.get(one.id, {}).values():
                message.is_deleted = True

    def told(self, message: Message) -> Json:
        """Return a message as REST gives it to the bot."""
        return self.write.message(message, may_read=self.rules.may_read)
