"""What people do on this Discord while the bot is there, or is not."""

from __future__ import annotations

import json as jsonlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from tests.platforms.discord import events, payloads
from tests.platforms.discord.drafts import CALL
from tests.platforms.discord.pictures import SPOILER, attached, measured
from tests.platforms.discord.places import Places
from tests.platforms.discord.things import Attachment, Channel, Json, Message, Person

REPLY = 19
File = tuple[str, bytes]


class People(Places):
    """Posting, editing, deleting, reacting: by people, in channels that they have."""

    async def post(
        self,
        channel: Channel,
        person: Person,
        text: str = "",
        *,
        files: Sequence[File | Attachment] = (),
        spoiler: bool = False,
        reply_to: Message | None = None,
        pings: bool = True,
        mentions_bot: bool = False,
        embeds: Sequence[Json] = (),
        stickers: Sequence[str] = (),
        forward_of: Message | None = None,
        at: datetime | None = None,
        kind: int = 0,
        webhook: bool = False,
    ) -> Message:
        """Post a message, now or at a moment in the past, of which the bot is told all the same.

        Args:
            channel: a text channel, thread or private conversation.
            person: who posts.
            text: what is said.
            files: names and bytes, or attachments from `file`.
            spoiler: whether the files are to be hidden at first.
            reply_to: what it replies to.
            pings: whether a reply calls the one who is replied to.
            mentions_bot: whether the bot is called by name.
            embeds: as Discord makes them out of links.
            stickers: names.
            forward_of: what is passed on.
            at: when, if not now.
            kind: of system messages, like 6 for "pinned a message" or 7 for "joined".
            webhook: whether it comes from a webhook under somebody's name.
        """
        said = f"<@{self.bot.id}> {text}".rstrip() if mentions_bot else text
        message = Message(self.world.ids.next(at), channel, person, said)
        message.attachments = [self._attached(one, is_spoiler=spoiler) for one in files]
        message.embeds, message.forwarded = list(embeds), forward_of
        message.stickers = [self._sticker(name) for name in stickers]
        message.reference, message.kind = reply_to, REPLY if reply_to is not None else kind
        message.webhook = self.world.ids.next() if webhook else None
        self._call(message, pings=pings)
        self.world.add(message)
        if channel.is_private:
            channel.thread_members.setdefault(person.id, datetime.now(UTC))
        events.created(self.world, message)
        return message

    def _attached(self, file: File | Attachment, *, is_spoiler: bool) -> Attachment:
        if isinstance(file, Attachment):
            return file
        name, data = file
        return attached(self.world.ids.next(), f"{SPOILER if is_spoiler else ''}{name}", data)

    def file(
        self,
        filename: str,
        data: bytes,
        *,
        description: str | None = None,
        content_type: str | None = None,
        claimed_size: int | None = None,
    ) -> Attachment:
        """Return a file to post of which the message says what is not so by itself."""
        made = attached(self.world.ids.next(), filename, data, description=description)
        made.content_type, made.claimed_size = content_type or made.content_type, claimed_size
        return made

    def _sticker(self, name: str) -> Json:
        return {"id": str(self.world.ids.next()), "name": name, "format_type": 1}

    def _call(self, message: Message, *, pings: bool) -> None:
        """Note whom a message calls."""
        called = [int(number) for number in CALL.findall(message.content)]
        found = [self.world.people[number] for number in called if number in self.world.people]
        if message.reference is not None and pings:
            found.append(message.reference.author)
        message.mentions = list(dict.fromkeys(found))

    def embed(self, url: str, picture: bytes, *, kind: str = "image", title: str = "") -> Json:
        """Return what Discord makes of a link to a picture; the proxy for pictures serves it."""
        name = f"{self.world.ids.next()}/picture.jpg"
        self.world.external[name] = picture
        width, height = measured(picture) or (0, 0)
        shown = {"url": url, "proxy_url": self.world.cdn.external(name), "width": width, "height": height}
        made: Json = {"type": kind, "url": url, "image" if kind == "rich" else "thumbnail": shown}
        return {**made, "title": title} if title else made

    async def edit(
        self, message: Message, *, text: str | None = None, drop_attachment: int | None = None
    ) -> None:
        """Change the text of a message, or take one of its files away by its place."""
        if text is not None:
            message.versions.append(message.content)
            message.content = text
            self._call(message, pings=True)
        if drop_attachment is not None:
            del message.attachments[drop_attachment]
        message.edited_at = datetime.now(UTC)
        events.updated(self.world, message)

    async def unfurl(self, message: Message, *embeds: Json) -> None:
        """Let Discord show what the links of a message lead to, some time after it was posted."""
        message.embeds = [*message.embeds, *embeds]
        events.updated(self.world, message)

    async def pin(self, message: Message) -> None:
        """Pin a message, which changes nothing that it says."""
        message.is_pinned = True
        events.updated(self.world, message)
        events.pinned(self.world, message.channel, message)

    async def delete(self, message: Message, *, by: Person | None = None) -> None:
        """Delete a message, by its author or by somebody else."""
        message.is_deleted, message.deleted_by = True, by or message.author
        events.deleted(self.world, message)

    async def delete_many(self, messages: Iterable[Message], *, by: Person | None = None) -> None:
        """Delete messages of one channel at once, as moderating bots do."""
        gone = list(messages)
        for message in gone:
            message.is_deleted, message.deleted_by = True, by or self.world.owner
        if gone:
            events.deleted_many(self.world, gone[0].channel, gone)

    async def react(self, message: Message, person: Person, emoji: str) -> None:
        """Put a reaction under a message."""
        message.reactions.setdefault(emoji, []).append(person.id)
        events.reacted(self.world, message, person, emoji, is_added=True)

    async def unreact(self, message: Message, person: Person, emoji: str) -> None:
        """Take a reaction away."""
        message.reactions[emoji].remove(person.id)
        if not message.reactions[emoji]:
            del message.reactions[emoji]
        events.reacted(self.world, message, person, emoji, is_added=False)

    async def types(self, channel: Channel, person: Person) -> None:
        """Let somebody write without posting yet."""
        events.typing(self.world, channel, person)

    def written(self, message: Message) -> Any:
        """Return a message as REST would give it to the bot."""
        return jsonlib.loads(jsonlib.dumps(self.world.told(message)))

    def membership(self, channel: Channel, person: Person) -> Json:
        """Return somebody's membership of a thread as Discord writes it."""
        return payloads.thread_member(channel, person)
