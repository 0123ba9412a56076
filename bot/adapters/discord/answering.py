"""Our own messages: answers that are sent once and only once, remarks, and answers taken back."""

from __future__ import annotations

import io
import logging
from collections.abc import Sequence

import discord

from bot.adapters.discord.failures import UNKNOWN_MESSAGE, explained, is_too_large
from bot.adapters.discord.link import Link
from bot.adapters.discord.positions import PLATFORM
from bot.adapters.discord.writing import written
from bot.answers import Answers, Reply
from bot.platform import Barred, Gone
from storage.chats import ChatStore
from storage.records import Photo, Unsaid

log = logging.getLogger(__name__)

FILE_BYTES = 10 * 2**20  # of one file, for applications
REQUEST_BYTES = 25 * 2**20 - 64 * 1024  # of a whole message; the rest is for what is around the files
LOOKED_BACK = 100  # messages after a photo in which its answer is looked for


class Answering:
    """Says things on Discord.

    Args:
        link: the connection to Discord.
        answers: what an answer says and shows.
        chats: knows which of our messages answers which photo.
    """

    def __init__(self, link: Link, answers: Answers, chats: ChatStore) -> None:
        self._link, self._answers, self._chats = link, answers, chats

    async def send(self, photos: Sequence[Photo]) -> str:
        """Answer photos of one message with one message, and return its id.

        Raises:
            Later, Gone, Barred: see `bot.platform.Adapter`.
        """
        first = photos[0]
        channel = int(first.place.topic or first.place.chat)
        may = self._allowed(channel)
        reply = await self._answers.reply(photos, most_bytes=FILE_BYTES, all_bytes=REQUEST_BYTES)
        async with explained():
            if first.is_doubtful and (sent := await self._sent_before(channel, first, reply)):
                return sent
            try:
                message = await self._say(channel, first, reply, with_files=may.attach_files)
            except discord.NotFound as error:
                if error.code != UNKNOWN_MESSAGE:
                    raise
                return ""  # it had gone out, and a moderator has deleted it since
        return str(message.id)

    def _allowed(self, channel: int) -> discord.Permissions:
        """Return what we may do in a channel in which we may answer.

        Raises:
            Barred: we may not; Discord need not be asked, and counts what it refuses.
        """
        may = self._link.permissions(channel)
        is_thread = isinstance(self._link.live().get_channel(channel), discord.Thread)
        lacking = [
            name
            for name, is_there in (
                ("View Channel", may.view_channel),
                ("Send Messages", may.send_messages_in_threads if is_thread else may.send_messages),
                ("Read Message History", may.read_message_history),
            )
            if not is_there
        ]
        if lacking:
            raise Barred(f"give our role {', '.join(lacking)} in channel {channel}")
        return may

    async def _say(self, channel: int, first: Photo, reply: Reply, *, with_files: bool) -> discord.Message:
        """Send an answer, without its pictures where there is no way for them."""
        if with_files and reply.pictures:
            try:
                return await self._post(channel, first, reply, files(reply))
            except discord.HTTPException as error:
                if not is_too_large(error):
                    raise
                log.warning("pictures too large for Discord photo=%.8s", first.id)
        return await self._post(channel, first, reply, [])

    async def _post(
        self, channel: int, first: Photo, reply: Reply, pictures: list[discord.File]
    ) -> discord.Message:
        room = self._link.room(channel)
        return await room.send(
            written(reply.text),
            files=pictures,
            reference=room.get_partial_message(int(first.reply_to)).to_reference(fail_if_not_exists=True),
            mention_author=False,
            allowed_mentions=discord.AllowedMentions.none(),
            nonce=f"c{first.id}",  # the same for every try, so that Discord itself drops the second
        )

    async def _sent_before(self, channel: int, first: Photo, reply: Reply) -> str:
        """Return the answer that an earlier process may have sent already, "" where it has not."""
        known = await self._chats.known(PLATFORM, str(channel), first.message)
        others = {name for photo in known if photo.id != first.id for name in photo.reply.split()}
        text = written(reply.text)
        for message in await self._ours(channel, int(first.reply_to)):
            is_answer = bool(message.attachments) or message.content == text
            if is_answer and str(message.id) not in others:
                log.info("answer found again photo=%.8s", first.id)
                return str(message.id)
        return ""

    async def _ours(self, channel: int, replied_to: int) -> list[discord.Message]:
        """Return what we replied to a message, the oldest first."""
        after = discord.Object(replied_to)
        history = self._link.room(channel).history(after=after, limit=LOOKED_BACK, oldest_first=True)
        return [
            message
            async for message in history
            if message.author.id == self._link.me
            and message.reference is not None
            and message.reference.message_id == replied_to
        ]

    async def remark(self, message: discord.Message, text: str) -> None:
        """Reply to somebody's message with a text of ours."""
        async with explained():
            await self._link.room(message.channel.id).send(
                written(text),
                reference=message.to_reference(fail_if_not_exists=True),
                mention_author=False,
                allowed_mentions=discord.AllowedMentions.none(),
                nonce=f"n{message.id}",
            )

    async def tell(self, channel: int, text: str, nonce: str) -> None:
        """Say a line of ours to a channel; the nonce keeps it from being said twice."""
        async with explained():
            await self._link.room(channel).send(written(text), nonce=nonce, suppress_embeds=True)

    async def unsay(self, unsaid: Unsaid) -> None:
        """Delete an answer of ours; what is gone already is fine.

        Raises:
            Later, Barred: see `bot.platform.Adapter`.
        """
        channel = int(unsaid.place.topic or unsaid.place.chat)
        for name in unsaid.reply.split() or await self._replies(channel, unsaid.message):
            await self._delete(channel, int(name))

    async def _replies(self, channel: int, message: str) -> list[str]:
        try:
            async with explained():
                return [str(found.id) for found in await self._ours(channel, int(message))]
        except Gone:
            return []  # the whole channel is

    async def _delete(self, channel: int, message: int) -> None:
        try:
            async with explained():
                await self._link.room(channel).get_partial_message(message).delete()
        except Gone:
            pass


def files(reply: Reply) -> list[discord.File]:
    """Return the pictures of an answer as Discord takes them; a hidden one stays hidden."""
    return [
        discord.File(
            io.BytesIO(picture.jpeg),
            filename=picture.name,
            description=picture.alt,
            spoiler=picture.is_spoiler,
        )
        for picture in reply.pictures
    ]
