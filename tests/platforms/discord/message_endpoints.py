"""Endpoints for messages and what people put under them."""

from __future__ import annotations

import time
import unicodedata
from datetime import UTC, datetime, timedelta

from tests.platforms.discord import drafts, events
from tests.platforms.discord.asking import Answer, Ask, Endpoints, Rate
from tests.platforms.discord.permissions import Permission
from tests.platforms.discord.refusals import Refused, invalid
from tests.platforms.discord.things import SUPPRESS_EMBEDS, Channel, Message
from tests.platforms.discord.world import World

endpoints = Endpoints()
MESSAGES = "/channels/{channel}/messages"
MESSAGE = f"{MESSAGES}/{{message}}"
REACTIONS = f"{MESSAGE}/reactions"
OLDEST_TO_DELETE = timedelta(days=14)
MOST_REACTIONS = 20
REPLY = 19


@endpoints.on("GET", MESSAGES, rate=Rate(5, 1.0))
async def history(ask: Ask) -> Answer:
    """Return up to `limit` messages, the newest first."""
    channel = ask.world.channel(ask.id("channel"))
    limit = _number(ask, "limit", 50)
    if not 1 <= limit <= 100:
        raise invalid("limit", "NUMBER_TYPE_MAX", "int value should be between 1 and 100.")
    if not ask.world.may(channel, Permission.READ_MESSAGE_HISTORY):
        return []
    found = _chosen(ask, ask.world.alive(channel), limit)
    return [ask.world.told(message) for message in reversed(found)]


def _number(ask: Ask, name: str, default: int) -> int:
    text = ask.query.get(name, str(default))
    if not text.isdecimal():
        raise invalid(name, "NUMBER_TYPE_COERCE", f'Value "{text}" is not int.')
    return int(text)


def _chosen(ask: Ask, messages: list[Message], limit: int) -> list[Message]:
    """Return the part of a channel's messages that is asked for, the oldest first."""
    if "around" in ask.query:
        middle = _number(ask, "around", 0)
        earlier = [message for message in messages if message.id < middle][-(limit // 2) :]
        later = [message for message in messages if message.id >= middle][: limit - limit // 2]
        return [*(earlier if limit > 1 else []), *later]
    if "after" in ask.query:
        return [message for message in messages if message.id > _number(ask, "after", 0)][:limit]
    before = _number(ask, "before", 1 << 63)
    return [message for message in messages if message.id < before][-limit:]


@endpoints.on("GET", MESSAGE)
async def one(ask: Ask) -> Answer:
    """Return a message, with fresh addresses of its files."""
    return ask.world.told(_found(ask))


def _found(ask: Ask) -> Message:
    channel = ask.world.channel(ask.id("channel"))
    if channel.guild is not None:
        ask.world.need(channel, Permission.READ_MESSAGE_HISTORY)
    return ask.world.message(channel, ask.id("message"))


@endpoints.on("POST", MESSAGES, rate=Rate(5, 5.0))
async def create(ask: Ask) -> Answer:
    """Send a message; with `enforce_nonce` only if none was sent with it lately."""
    world, fields = ask.world, ask.fields
    channel = world.channel(ask.id("channel"))
    message = Message(world.ids.next(), channel, world.bot, nonce=fields.get("nonce"))
    drafts.check_sending(world, message, fields, ask.body.uploads)
    if channel.is_locked and not world.may(channel, Permission.MANAGE_THREADS):
        raise Refused(50083)
    _refer(ask, message)
    drafts.fill(ask, message)
    sent = _sent_already(world, message) if fields.get("enforce_nonce") else None
    if sent is None:
        _unarchive(world, channel)
        world.add(message)
        events.created(world, message)
    return _with_nonce(world, sent or message)


def _with_nonce(world: World, message: Message) -> Answer:
    """Return a message as its sender gets it back; histories do not have the nonce."""
    return {**world.told(message), **({} if message.nonce is None else {"nonce": message.nonce})}


def _sent_already(world: World, message: Message) -> Message | None:
    """Return what the same author sent with the same nonce a short while ago, deleted or not."""
    if message.nonce in (None, ""):
        return None
    sent = world.nonces.get((message.author.id, str(message.nonce)))
    if (
        sent is None
        or sent.nonce is None
        or sent.sent_at.timestamp() < time.time() - world.rules.nonce_seconds
    ):
        return None
    return sent


def _refer(ask: Ask, message: Message) -> None:
    """Let a message reply to another one."""
    pointer = ask.fields.get("message_reference")
    if not pointer:
        return
    place = int(pointer.get("channel_id") or message.channel.id)
    if pointer.get("type") or place != message.channel.id:
        code = "MESSAGE_REFERENCE_CANNOT_REPLY_OTHER_CHANNEL"
        raise invalid("message_reference", code, "Cannot reply to a message in a different channel")
    if not ask.world.may(message.channel, Permission.READ_MESSAGE_HISTORY):
        raise Refused(160002)
    try:
        message.reference = ask.world.message(message.channel, int(pointer["message_id"]))
        message.kind = REPLY
    except Refused:
        if pointer.get("fail_if_not_exists", True):
            raise invalid(
                "message_reference", "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message"
            ) from None


def _unarchive(world: World, channel: Channel) -> None:
    if channel.is_archived:
        channel.is_archived = False
        events.channel(world, channel, "UPDATE")


@endpoints.on("PATCH", MESSAGE, rate=Rate(5, 5.0))
async def edit(ask: Ask) -> Answer:
    """Change a message of the bot; of others' only whether embeds are shown."""
    world, message = ask.world, _found(ask)
    if message.author is not world.bot:
        return _suppress(ask, message)
    if message.channel.is_archived:
        raise Refused(50083)
    if ask.body.uploads and message.channel.guild is not None:
        world.need(message.channel, Permission.ATTACH_FILES)
    rewrite(ask, message)
    return world.told(message)


def _suppress(ask: Ask, message: Message) -> Answer:
    if set(ask.fields) - {"flags"}:
        raise Refused(50005)
    ask.world.need(message.channel, Permission.MANAGE_MESSAGES)
    message.flags = message.flags & ~SUPPRESS_EMBEDS | int(ask.fields["flags"]) & SUPPRESS_EMBEDS
    events.updated(ask.world, message)
    return ask.world.told(message)


def rewrite(ask: Ask, message: Message) -> None:
    """Write a form over a message and tell of it."""
    before = message.content
    drafts.fill(ask, message)
    message.versions.append(before)
    message.edited_at = datetime.now(UTC)
    events.updated(ask.world, message)


@endpoints.on("DELETE", MESSAGE, rate=Rate(5, 1.0))
async def delete(ask: Ask) -> Answer:
    """Delete a message, others' only with the permission to."""
    world = ask.world
    channel = world.channel(ask.id("channel"))
    message = world.message(channel, ask.id("message"))
    if message.author is not world.bot:
        if channel.guild is None:
            raise Refused(50003)
        world.need(channel, Permission.MANAGE_MESSAGES)
    remove(world, message)
    events.deleted(world, message)


def remove(world: World, message: Message) -> None:
    """Let the bot delete a message."""
    message.is_deleted, message.deleted_by = True, world.bot


@endpoints.on("POST", f"{MESSAGES}/bulk-delete", rate=Rate(1, 1.0))
async def delete_many(ask: Ask) -> Answer:
    """Delete 2 to 100 messages that are younger than two weeks; those that are not there do not matter."""
    world, channel = ask.world, ask.world.channel(ask.id("channel"))
    if channel.guild is None:
        raise Refused(50003)
    world.need(channel, Permission.MANAGE_MESSAGES)
    numbers = {int(number) for number in ask.fields.get("messages") or []}
    if not 2 <= len(numbers) <= 100:
        raise Refused(50016)
    messages = [message for message in world.alive(channel) if message.id in numbers]
    if any(message.sent_at < datetime.now(UTC) - OLDEST_TO_DELETE for message in messages):
        raise Refused(50034)
    for message in messages:
        remove(world, message)
    events.deleted_many(world, channel, messages)


@endpoints.on("PUT", f"{REACTIONS}/{{emoji}}/@me", rate=Rate(1, 0.25))
async def react(ask: Ask) -> Answer:
    """Put a reaction; a new emoji needs the permission to, one that is there already does not."""
    message, emoji = _found(ask), _emoji(ask.names["emoji"])
    who = message.reactions.get(emoji, [])
    if not who and message.channel.guild is not None:
        ask.world.need(message.channel, Permission.ADD_REACTIONS)
    if not who and len(message.reactions) >= MOST_REACTIONS:
        raise Refused(30010)
    if ask.world.bot.id not in who:
        message.reactions[emoji] = [*who, ask.world.bot.id]
        events.reacted(ask.world, message, ask.world.bot, emoji, is_added=True)


@endpoints.on("DELETE", f"{REACTIONS}/{{emoji}}/@me", rate=Rate(1, 0.25))
async def take_back(ask: Ask) -> Answer:
    """Take the bot's reaction away."""
    message, emoji = _found(ask), _emoji(ask.names["emoji"])
    if ask.world.bot.id not in message.reactions.get(emoji, []):
        return
    message.reactions[emoji].remove(ask.world.bot.id)
    if not message.reactions[emoji]:
        del message.reactions[emoji]
    events.reacted(ask.world, message, ask.world.bot, emoji, is_added=False)


@endpoints.on("DELETE", REACTIONS, rate=Rate(1, 0.25))
async def clear(ask: Ask) -> Answer:
    """Take everybody's reactions away."""
    message = _found(ask)
    ask.world.need(message.channel, Permission.MANAGE_MESSAGES)
    message.reactions.clear()
    events.cleared(ask.world, message)


def _emoji(text: str) -> str:
    """Return an emoji, or refuse what is none; this Discord has none of its own."""
    pictures = any(unicodedata.category(letter) in ("So", "Sk") for letter in text) or "\u20e3" in text
    if not pictures or any(letter.isalpha() for letter in text):
        raise Refused(10014)
    return text
