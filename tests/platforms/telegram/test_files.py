"""Files: their names, their sizes, and the kinds that people post."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from PIL import Image
from telegram import Bot
from telegram.error import BadRequest, InvalidToken

from tests.platforms.telegram import Chat, StandInTelegram, Sticker
from tests.platforms.telegram.ptb import listening

MakePhoto = Callable[..., bytes]


@pytest.fixture
def chat(telegram: StandInTelegram) -> Chat:
    return telegram.private(telegram.person("지은"))


async def test_a_small_photo_has_no_large_sizes(
    telegram: StandInTelegram, chat: Chat, make_photo: MakePhoto
) -> None:
    posted = await telegram.post(chat, chat.person, photo=make_photo((400, 100)))
    assert [(one["width"], one["height"]) for one in posted.content["photo"]] == [
        (90, 22),
        (320, 80),
        (400, 100),
    ]


async def test_a_photo_is_turned_upright_and_loses_what_it_tells_of_its_maker(
    telegram: StandInTelegram, chat: Chat
) -> None:
    picture, exif, target = Image.new("RGB", (64, 48)), Image.Exif(), io.BytesIO()
    exif[0x0112], exif[0x010F] = 6, "Kamera"
    picture.save(target, "JPEG", exif=exif)
    posted = await telegram.post(chat, chat.person, photo=target.getvalue())
    with Image.open(io.BytesIO(posted.photo)) as seen:
        assert (seen.size, dict(seen.getexif())) == ((48, 64), {})
    assert posted.upload == target.getvalue()


async def test_a_document_stays_as_it_is(telegram: StandInTelegram, chat: Chat, jpeg: bytes) -> None:
    async with listening(telegram) as bot:
        await telegram.post(chat, chat.person, "원본", document=("바다.jpg", "image/jpeg", jpeg))
        message = (await bot.next())[0].message
        assert message
        assert message.document
        assert (message.document.file_name, message.document.mime_type) == ("바다.jpg", "image/jpeg")
        assert message.document.thumbnail
        file = await message.document.get_file()
        assert bytes(await file.download_as_bytearray()) == jpeg
        await bot.bot.send_document(chat.id, jpeg, filename="바다.jpg")
    assert telegram.answers(chat)[0].document == jpeg


async def test_what_weighs_more_than_20_megabytes_cannot_be_fetched(
    bot: Bot, telegram: StandInTelegram, chat: Chat
) -> None:
    heavy = bytes(20 * 1024 * 1024 + 1)
    posted = await telegram.post(chat, chat.person, document=("책.pdf", "application/pdf", heavy))
    with pytest.raises(BadRequest, match="File is too big"):
        await bot.get_file(posted.content["document"]["file_id"])


async def test_a_link_grows_old_and_is_given_anew(bot: Bot, telegram: StandInTelegram, chat: Chat) -> None:
    posted = await telegram.post(chat, chat.person, document=("a.txt", "text/plain", b"abc"))
    name = posted.content["document"]["file_id"]
    file = await bot.get_file(name)
    telegram.files.expire()
    with pytest.raises(InvalidToken, match="Not Found"):  # what the client makes of a 404
        await file.download_as_bytearray()
    file = await bot.get_file(name)
    assert bytes(await file.download_as_bytearray()) == b"abc"


async def test_a_file_id_sends_again_without_an_upload(
    bot: Bot, telegram: StandInTelegram, chat: Chat, jpeg: bytes
) -> None:
    first = await bot.send_photo(chat.id, jpeg)
    second = await bot.send_photo(chat.id, first.photo[0].file_id)
    assert second.photo == first.photo
    assert [one.upload for one in telegram.answers(chat)] == [jpeg, jpeg]
    assert [bool(one.files) for one in telegram.asked if one.path == "sendPhoto"] == [True, False]
    with pytest.raises(BadRequest, match="Can't use file of type photo as document"):
        await bot.send_document(chat.id, first.photo[0].file_id)
    with pytest.raises(BadRequest, match="Wrong file identifier"):
        await bot.send_photo(chat.id, "AgACAgIAAxkDAAM")


async def test_another_bot_has_other_ids(telegram: StandInTelegram, jpeg: bytes) -> None:
    async with StandInTelegram("654321:AAanother") as other:
        ids = []
        for one in (telegram, other):
            person = one.person("지은")
            posted = await one.post(one.private(person), person, photo=jpeg)
            ids.append(
                (posted.content["photo"][-1]["file_id"], posted.content["photo"][-1]["file_unique_id"])
            )
    assert ids[0][0] != ids[1][0]
    assert ids[0][1] == ids[1][1]


async def test_stickers_and_animations_bring_a_preview(
    telegram: StandInTelegram, chat: Chat, make_photo: MakePhoto
) -> None:
    webp, gif = make_photo((512, 512), format="WEBP"), make_photo((300, 200), format="GIF")
    async with listening(telegram) as bot:
        await telegram.post(chat, chat.person, sticker=webp)
        await telegram.post(chat, chat.person, sticker=Sticker(b"webm", preview=webp, is_video=True))
        await telegram.post(chat, chat.person, "움직여요", animation=gif)
        still, moving, animated = [update.message for update in await bot.next(3)]
    assert still
    assert still.sticker
    assert (still.sticker.is_video, still.sticker.is_animated, bool(still.sticker.thumbnail)) == (
        False,
        False,
        True,
    )
    assert moving
    assert moving.sticker
    assert (moving.sticker.is_video, bool(moving.sticker.thumbnail)) == (True, True)
    assert animated
    assert animated.animation
    assert animated.document
    assert (animated.caption, animated.animation.mime_type) == ("움직여요", "video/mp4")
    assert (animated.animation.width, animated.animation.height) == (300, 200)
    assert animated.animation.thumbnail


async def test_a_live_photo_is_a_photo_too(telegram: StandInTelegram, chat: Chat, jpeg: bytes) -> None:
    async with listening(telegram) as bot:
        await telegram.post(chat, chat.person, photo=jpeg, live=True)
        message = (await bot.next())[0].message
        assert message
        assert len(message.photo) == 4
        assert "live_photo" in message.to_dict()
