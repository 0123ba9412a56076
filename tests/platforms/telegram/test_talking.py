"""python-telegram-bot hears people and answers them."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from telegram import InputMediaPhoto, ReplyParameters
from telegram.error import BadRequest

from tests.platforms.telegram import StandInTelegram
from tests.platforms.telegram.ptb import listening


async def test_a_photo_is_heard_fetched_and_answered(telegram: StandInTelegram, jpeg: bytes) -> None:
    person = telegram.person("지은", language="ko")
    chat = telegram.private(person)
    async with listening(telegram) as bot:
        posted = await telegram.post(chat, person, "우리 강아지", photo=jpeg, spoiler=True)
        (update,) = await bot.next()
        message = update.message
        assert message
        assert message.from_user
        assert (message.caption, message.has_media_spoiler) == ("우리 강아지", True)
        assert (message.from_user.full_name, message.from_user.language_code) == ("지은", "ko")
        assert [max(one.width, one.height) for one in message.photo] == [90, 320, 800, 1280]

        file = await message.photo[-1].get_file()
        data = bytes(await file.download_as_bytearray())
        with Image.open(io.BytesIO(data)) as image:
            assert (image.format, image.size) == ("JPEG", (1280, 960))

        await message.set_reaction("👀")
        await message.reply_photo(data, caption="<b>찰칵</b>", parse_mode="HTML", do_quote=True)

    (answer,) = telegram.answers(chat)
    assert (answer.caption, answer.reply_to, answer.upload) == ("찰칵", posted, data)
    assert telegram.reactions(posted) == ("👀",)


async def test_an_album_comes_in_parts_and_goes_out_as_one(telegram: StandInTelegram, jpeg: bytes) -> None:
    person = telegram.person("지은")
    group = telegram.group("우리집")
    async with listening(telegram) as bot:
        posted = await telegram.album(group, person, [jpeg] * 3, "여행")
        heard = [update.message for update in await bot.next(3)]
        assert [one and one.caption for one in heard] == ["여행", None, None]
        assert {one and one.media_group_id for one in heard} == {posted[0].media_group}

        media = [InputMediaPhoto(jpeg, caption="첫째"), InputMediaPhoto(jpeg, has_spoiler=True)]
        sent = await bot.bot.send_media_group(group.id, media, reply_parameters=ReplyParameters(posted[0].id))
        assert len({one.media_group_id for one in sent}) == 1

    first, second = telegram.answers(group)
    assert (first.caption, first.spoiler, first.reply_to) == ("첫째", False, posted[0])
    assert (second.caption, second.spoiler, second.reply_to) == ("", True, posted[0])


async def test_what_was_said_can_be_changed_and_taken_back(telegram: StandInTelegram, jpeg: bytes) -> None:
    chat = telegram.private(telegram.person("지은"))
    async with listening(telegram) as bot:
        sent = await bot.bot.send_message(chat.id, "보는 중")
        await sent.edit_text("거의 다 봤어요")
        with pytest.raises(BadRequest, match="Message is not modified"):
            await sent.edit_text("거의 다 봤어요")
        await bot.bot.edit_message_media(InputMediaPhoto(jpeg, "찰칵"), chat.id, sent.message_id)

        (answer,) = telegram.answers(chat)
        assert (answer.text, answer.caption, answer.upload) == ("", "찰칵", jpeg)
        await bot.bot.edit_message_caption(chat.id, sent.message_id, caption="찰칵!")
        assert answer.caption == "찰칵!"
        await sent.delete()
        with pytest.raises(BadRequest, match="Message to delete not found"):
            await sent.delete()
    assert (telegram.answers(chat), telegram.deleted) == ([], [answer])
