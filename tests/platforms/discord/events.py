"""What the bot is told of, as far as it may know: messages, reactions, channels, guilds."""

from __future__ import annotations

from tests.platforms.discord.gateway import Intent
from tests.platforms.discord.payloads import channel as written_channel
from tests.platforms.discord.payloads import member
from tests.platforms.discord.snowflakes import stamp
from tests.platforms.discord.things import Channel, Json, Message, Person
from tests.platforms.discord.world import World


def _intent(channel: Channel, guild: Intent, direct: Intent) -> Intent:
    return direct if channel.guild is None else guild


def _place(channel: Channel) -> Json:
    place = {"channel_id": str(channel.id)}
    return place if channel.guild is None else {**place, "guild_id": str(channel.guild.id)}


def created(world: World, message: Message) -> None:
    """Tell of a new message."""
    _told(world, "MESSAGE_CREATE", message, with_nonce=True)


def updated(world: World, message: Message) -> None:
    """Tell of a message that was changed by anybody, Discord itself included."""
    _told(world, "MESSAGE_UPDATE", message)


def _told(world: World, name: str, message: Message, *, with_nonce: bool = False) -> None:
    if message.is_ephemeral or not world.sees(message.channel):
        return
    intent = _intent(message.channel, Intent.GUILD_MESSAGES, Intent.DIRECT_MESSAGES)
    nonce = {"nonce": message.nonce} if with_nonce and message.nonce is not None else {}
    whole = {**world.write.event(message), **nonce}
    bare = {**world.write.event(message, may_read=False), **nonce}
    if message.channel.guild is None:
        whole["channel_type"] = bare["channel_type"] = 1
    world.gateway.dispatch(name, whole, intent=intent, bare=bare)


def deleted(world: World, message: Message) -> None:
    """Tell that a message is gone."""
    if not world.sees(message.channel) or message.is_ephemeral:
        return
    intent = _intent(message.channel, Intent.GUILD_MESSAGES, Intent.DIRECT_MESSAGES)
    told = {"id": str(message.id), **_place(message.channel)}
    world.gateway.dispatch("MESSAGE_DELETE", told, intent=intent)


def deleted_many(world: World, channel: Channel, messages: list[Message]) -> None:
    """Tell that many messages of a channel are gone at once."""
    if world.sees(channel):
        told = {"ids": [str(message.id) for message in messages], **_place(channel)}
        intent = _intent(channel, Intent.GUILD_MESSAGES, Intent.DIRECT_MESSAGES)
        world.gateway.dispatch("MESSAGE_DELETE_BULK", told, intent=intent)


def reacted(world: World, message: Message, person: Person, emoji: str, *, is_added: bool) -> None:
    """Tell that somebody put a reaction or took it away."""
    if not world.sees(message.channel):
        return
    intents = Intent.GUILD_MESSAGE_REACTIONS, Intent.DIRECT_MESSAGE_REACTIONS
    told: Json = {
        "user_id": str(person.id),
        "message_id": str(message.id),
        **_place(message.channel),
        "emoji": {"id": None, "name": emoji},
        "burst": False,
        "type": 0,
    }
    guild = message.channel.guild
    if is_added:
        told |= {"message_author_id": str(message.author.id), "burst_colors": []}
        if guild is not None and person.id in guild.members:
            told["member"] = member(guild.members[person.id])
    name = "MESSAGE_REACTION_ADD" if is_added else "MESSAGE_REACTION_REMOVE"
    world.gateway.dispatch(name, told, intent=_intent(message.channel, *intents))


def cleared(world: World, message: Message) -> None:
    """Tell that all reactions of a message are gone."""
    intents = Intent.GUILD_MESSAGE_REACTIONS, Intent.DIRECT_MESSAGE_REACTIONS
    told = {"message_id": str(message.id), **_place(message.channel)}
    world.gateway.dispatch("MESSAGE_REACTION_REMOVE_ALL", told, intent=_intent(message.channel, *intents))


def channel(world: World, one: Channel, change: str) -> None:
    """Tell of a channel or thread: CREATE, UPDATE or DELETE."""
    told = written_channel(one, world.bot)
    if one.guild is None:
        world.gateway.dispatch(f"CHANNEL_{change}", told, intent=Intent.DIRECT_MESSAGES)
    elif not one.is_thread:
        world.gateway.dispatch(f"CHANNEL_{change}", told, intent=Intent.GUILDS)
    elif world.sees(one):
        if change == "CREATE":
            told["newly_created"] = True
        elif change == "DELETE":
            told = {name: told[name] for name in ("id", "guild_id", "parent_id", "type")}
        world.gateway.dispatch(f"THREAD_{change}", told, intent=Intent.GUILDS)


def joined(world: World, thread: Channel) -> None:
    """Tell the bot of a thread that it was added to."""
    world.gateway.dispatch("THREAD_CREATE", written_channel(thread, world.bot), intent=Intent.GUILDS)


def pinned(world: World, one: Channel, message: Message) -> None:
    """Tell that the pins of a channel changed."""
    told = {**_place(one), "last_pin_timestamp": stamp(message.sent_at)}
    world.gateway.dispatch("CHANNEL_PINS_UPDATE", told, intent=Intent.GUILDS)


def typing(world: World, one: Channel, person: Person) -> None:
    """Tell that somebody is writing."""
    intents = Intent.GUILD_MESSAGE_TYPING, Intent.DIRECT_MESSAGE_TYPING
    told = {**_place(one), "user_id": str(person.id), "timestamp": 0}
    world.gateway.dispatch("TYPING_START", told, intent=_intent(one, *intents))
