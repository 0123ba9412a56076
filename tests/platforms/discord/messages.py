"""Messages as Discord writes them, and as it blanks them for those who may not read them."""

from __future__ import annotations

from typing import Any

from tests.platforms.discord.cdn import Cdn
from tests.platforms.discord.payloads import member, user
from tests.platforms.discord.pictures import cleansed
from tests.platforms.discord.snowflakes import stamp
from tests.platforms.discord.things import IS_SPOILER, Attachment, Channel, Json, Message, Person

READABLE = ("content", "embeds", "attachments", "components")
REPLY, FORWARD = 0, 1


class Writer:
    """Writes messages for a bot.

    Args:
        cdn: signs the addresses of files anew each time.
        bot: for whom is written.
    """

    def __init__(self, cdn: Cdn, bot: Person) -> None:
        self._cdn, self._bot = cdn, bot

    def message(self, one: Message, *, may_read: bool = True) -> Json:
        """Return a message as REST gives it; what it replies to one level deep."""
        told = self._plain(one, may_read=may_read)
        if one.reference is not None:
            told["message_reference"] = pointer(one.reference, REPLY)
            alive = not one.reference.is_deleted
            told["referenced_message"] = self._plain(one.reference, may_read=may_read) if alive else None
        if one.forwarded is not None:
            told["message_reference"] = pointer(one.forwarded, FORWARD)
            told["message_snapshots"] = [{"message": self._snapshot(one, may_read=may_read)}]
        return told

    def event(self, one: Message, *, may_read: bool = True) -> Json:
        """Return a message as the gateway tells of it: with guild and membership, and the nonce once."""
        told = self.message(one, may_read=may_read)
        if one.channel.guild is not None:
            told["guild_id"] = str(one.channel.guild.id)
            who = one.channel.guild.members.get(one.author.id)
            if who is not None and one.webhook is None:
                told["member"] = member(who, with_user=False)
        return told

    def attachment(self, channel: Channel, file: Attachment) -> Json:
        """Return a file of a message, under fresh addresses."""
        told: Json = {
            "id": str(file.id),
            "filename": file.filename,
            "size": len(file.data) if file.claimed_size is None else file.claimed_size,
            "url": self._cdn.address(channel, file),
            "proxy_url": self._cdn.proxied(channel, file),
        }
        if file.content_type is not None:
            told["content_type"] = file.content_type
        if file.size is not None:
            told["width"], told["height"] = file.size
        if file.title is not None:
            told["title"] = file.title
        if file.description is not None:
            told["description"] = file.description
        if file.is_spoiler:
            told["flags"] = IS_SPOILER
        return told

    def _plain(self, one: Message, *, may_read: bool) -> Json:
        told: Json = {
            "id": str(one.id),
            "channel_id": str(one.channel.id),
            "type": one.kind,
            "author": user(one.author),
            "content": one.content,
            "attachments": [self.attachment(one.channel, file) for file in one.listed],
            "embeds": self._resolved(one, one.embeds),
            "components": self._resolved(one, one.components, "attachment_id"),
            "timestamp": stamp(one.sent_at),
            "edited_timestamp": None if one.edited_at is None else stamp(one.edited_at),
            "mentions": [user(person) for person in one.mentions],
            "mention_roles": [str(role) for role in one.mentioned_roles],
            "mention_everyone": one.mentions_everyone,
            "flags": one.flags,
            "pinned": one.is_pinned,
            "tts": one.is_tts,
            **self._at_times(one),
        }
        if one.is_ephemeral:
            told["attachments"] = [{**file, "ephemeral": True} for file in told["attachments"]]
        return told if may_read or self._is_open(one) else blanked(told)

    def _at_times(self, one: Message) -> Json:
        """Return the fields that only some messages have."""
        told: Json = {}
        if one.reactions:
            told["reactions"] = [self._reaction(emoji, who) for emoji, who in one.reactions.items()]
        if one.stickers:
            told["sticker_items"] = one.stickers
        if one.webhook is not None:
            told["webhook_id"] = str(one.webhook)
            if one.webhook == self._bot.id:
                told["application_id"] = str(one.webhook)
        if one.interaction is not None:
            told["interaction_metadata"] = one.interaction
        return told

    def _reaction(self, emoji: str, who: list[int]) -> Json:
        return {
            "emoji": {"id": None, "name": emoji},
            "count": len(who),
            "count_details": {"burst": 0, "normal": len(who)},
            "burst_colors": [],
            "me": self._bot.id in who,
            "me_burst": False,
            "burst_me": False,
            "burst_count": 0,
        }

    def _is_open(self, one: Message) -> bool:
        """Tell whether a message may be read without the intent: private, our own, or to us."""
        return one.channel.guild is None or self._bot is one.author or self._bot in one.mentions

    def _snapshot(self, one: Message, *, may_read: bool) -> Json:
        """Return what was forwarded, as far as the message around it may be read."""
        assert one.forwarded is not None
        told = self._plain(one.forwarded, may_read=True)
        kept = (*READABLE, "timestamp", "edited_timestamp", "flags", "mentions", "mention_roles", "type")
        told = {name: told[name] for name in kept} | {"sticker_items": one.forwarded.stickers}
        return told if may_read or self._is_open(one) else blanked(told)

    def _resolved(self, one: Message, parts: Any, number: str = "") -> Any:
        """Return embeds or components with the addresses of the files that they show.

        Components name the file as well.
        """
        if isinstance(parts, list):
            return [self._resolved(one, part, number) for part in parts]
        if not isinstance(parts, dict):
            return parts
        told = {name: self._resolved(one, part, number) for name, part in parts.items()}
        address = parts.get("url")
        if isinstance(address, str) and address.startswith("attachment://"):
            for file in one.attachments:
                if file.filename == cleansed(address.removeprefix("attachment://")):
                    told |= self._media(one.channel, file)
                    told |= {"id": str(file.id), number: str(file.id)} if number else {}
        return told

    def _media(self, channel: Channel, file: Attachment) -> Json:
        told = self.attachment(channel, file)
        kept = ("url", "proxy_url", "width", "height", "content_type")
        return {name: told[name] for name in kept if name in told}


def pointer(one: Message, kind: int) -> Json:
    """Return a reference to a message."""
    told = {"type": kind, "message_id": str(one.id), "channel_id": str(one.channel.id)}
    return told if one.channel.guild is None else {**told, "guild_id": str(one.channel.guild.id)}


def blanked(told: Json) -> Json:
    """Return a message of which nothing can be read."""
    return {**told, "content": "", "embeds": [], "attachments": [], "components": []}
