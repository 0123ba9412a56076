"""What is too large or too long: refused with a sentence on the way in, cut or shrunk on the way out."""

from __future__ import annotations

import io
import random

from PIL import Image

from bot.adapters.discord.answering import FILE_BYTES
from bot.adapters.telegram.posting import PHOTO_BYTES
from bot.texts import say
from tests.bot.platforms.eyes import Eyes
from tests.bot.platforms.rooms import DiscordRoom, Room, answers
from tests.bot.platforms.town import Town
from tests.bot.web.pages import flat

DISCORD_TEXT, TELEGRAM_CAPTION = 2000, 1024  # in UTF-16 units
ALT = 1024  # characters on Discord; on Telegram it is a part of the caption
LONG = "찰칵! 📷 " * 600
TOO_LARGE = 31_000_000


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def noise(side: int = 3600) -> bytes:
    """Return a JPEG that is larger than either platform takes."""
    image, target = (
        Image.frombytes("RGB", (side, side), random.Random(1).randbytes(3 * side * side)),
        io.BytesIO(),
    )
    image.save(target, "JPEG", quality=95)
    return target.getvalue()


async def post_large(town: Town, room: Room) -> object:
    """Post a file that is too large, or on Discord one that is said to be: nobody fetches it then."""
    if not isinstance(room, DiscordRoom):
        return await room.file("large.jpg", bytes(TOO_LARGE))
    large = town.discord.file("large.jpg", flat(), claimed_size=TOO_LARGE)
    return await town.discord.post(room.channel, room.person("엄마"), files=[large])


async def test_a_file_that_is_too_large_gets_a_sentence_with_the_limit(quick: Town, platform: str) -> None:
    room = quick.room(platform)
    async with quick.running():
        post = await post_large(quick, room)
        [answer] = await answers(room)
        [kept] = await quick.photos(room)
        assert "getFile" not in {one.path for one in quick.telegram.asked}
        await room.post(flat())
        await answers(room, 2)

    assert answer.reply_to is post
    assert (kept.state, kept.error) == ("refused", "too-many-bytes")
    assert answer.text == say("ko", "error-too-many-bytes", **kept.error_data)


async def test_a_marked_copy_that_is_too_large_is_sent_smaller(
    quick: Town, eyes: Eyes, platform: str
) -> None:
    eyes.marked = noise()
    most = {"discord": FILE_BYTES, "telegram": PHOTO_BYTES}[platform]
    assert len(eyes.marked) > most
    room = quick.room(platform)
    async with quick.running():
        await room.post(flat())
        [answer] = await answers(room)

    assert 0 < len(answer.pictures[0]) <= most


async def test_a_text_that_is_too_long_is_cut_as_the_platform_counts(
    quick: Town, eyes: Eyes, platform: str
) -> None:
    eyes.comment = LONG
    most = {"discord": DISCORD_TEXT, "telegram": TELEGRAM_CAPTION}[platform]
    room = quick.room(platform)
    async with quick.running():
        await room.post(flat())
        [answer] = await answers(room)

    assert most // 2 < units(answer.text) <= most
    assert answer.text.endswith("…")
    assert answer.text[:-1].replace("\\", "") in LONG


async def test_a_description_that_is_too_long_is_cut_too(quick: Town, eyes: Eyes, platform: str) -> None:
    eyes.caption = LONG
    room = quick.room(platform)
    async with quick.running():
        await room.post(flat())
        [answer] = await answers(room)

    assert answer.text == eyes.comment
    count = {"discord": len, "telegram": units}[platform]
    assert ALT // 2 < count(answer.alts[0]) <= ALT
    assert answer.alts[0].endswith("…")
