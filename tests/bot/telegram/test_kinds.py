"""What counts as a photo, and what does not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.bot.telegram.home import Home, someone
from tests.platforms.telegram import StandInTelegram, Sticker

MakePhoto = Callable[..., bytes]


async def test_the_largest_size_of_a_photo_is_looked_at(
    telegram: StandInTelegram, home: Home, jpeg: bytes
) -> None:
    chat = telegram.private(someone(telegram))

    posted = await telegram.post(chat, chat.person, photo=jpeg)
    await home.answered(chat)

    assert home.eyes.received == [posted.seen]


@pytest.mark.parametrize("mime", ["image/png", "application/octet-stream"])
async def test_a_picture_sent_as_a_file_is_a_photo(
    telegram: StandInTelegram, home: Home, make_photo: MakePhoto, mime: str
) -> None:
    chat, png = telegram.private(someone(telegram)), make_photo(format="PNG")

    await telegram.post(chat, chat.person, document=("IMG_1.PNG", mime, png))
    (answer,) = await home.answered(chat)

    assert answer.photo
    assert home.eyes.received == [png]


async def test_other_files_and_mere_words_are_no_photos(
    telegram: StandInTelegram, home: Home, jpeg: bytes
) -> None:
    chat = telegram.private(someone(telegram))

    await telegram.post(chat, chat.person, "안녕")
    await telegram.post(chat, chat.person, document=("book.pdf", "application/pdf", b"%PDF-1.7"))
    await telegram.post(chat, chat.person, document=("photo.jpg.exe", "application/octet-stream", b"MZ"))
    posted = await telegram.post(chat, chat.person, photo=jpeg)
    (answer,) = await home.answered(chat)

    assert answer.reply_to is posted


async def test_a_still_sticker_is_a_photo(
    telegram: StandInTelegram, home: Home, make_photo: MakePhoto
) -> None:
    chat, webp = telegram.private(someone(telegram)), make_photo((512, 512), format="WEBP")

    await telegram.post(chat, chat.person, sticker=webp)
    (answer,) = await home.answered(chat)

    assert home.eyes.received == [webp]
    assert "첫 장면" not in answer.caption


@pytest.mark.parametrize("is_video", [False, True])
async def test_of_a_sticker_that_moves_the_first_frame_is_looked_at_and_that_is_said(
    telegram: StandInTelegram, home: Home, jpeg: bytes, is_video: bool
) -> None:
    chat = telegram.private(someone(telegram))

    posted = await telegram.post(
        chat, chat.person, sticker=Sticker(b"film", jpeg, is_animated=not is_video, is_video=is_video)
    )
    (answer,) = await home.answered(chat)

    thumbnail = posted.content["sticker"]["thumbnail"]
    assert home.eyes.received == [telegram.files.known(thumbnail["file_id"]).data]
    assert "첫 장면" in answer.caption
    (photo,) = await home.photos(posted)
    assert photo.attachment == posted.content["sticker"]["file_unique_id"]


async def test_of_a_gif_the_first_frame_is_looked_at_and_that_is_said(
    telegram: StandInTelegram, home: Home, jpeg: bytes
) -> None:
    chat = telegram.private(someone(telegram))

    posted = await telegram.post(chat, chat.person, animation=jpeg)
    (answer,) = await home.answered(chat)

    thumbnail = posted.content["animation"]["thumbnail"]
    assert home.eyes.received == [telegram.files.known(thumbnail["file_id"]).data]
    assert "첫 장면" in answer.caption


async def test_a_gif_sent_as_a_file_is_opened_itself(
    telegram: StandInTelegram, home: Home, make_photo: MakePhoto
) -> None:
    chat, gif = telegram.private(someone(telegram)), make_photo(mode="P", color=3, format="GIF")

    await telegram.post(chat, chat.person, document=("party.gif", "image/gif", gif))
    (answer,) = await home.answered(chat)

    assert home.eyes.received == [gif]
    assert "첫 장면" in answer.caption


async def test_a_spoiler_stays_one(telegram: StandInTelegram, home: Home, jpeg: bytes) -> None:
    chat = telegram.private(someone(telegram))

    await telegram.post(chat, chat.person, photo=jpeg, spoiler=True)
    await telegram.post(chat, chat.person, photo=jpeg)
    hidden, shown = await home.answered(chat, 2)

    assert (hidden.spoiler, shown.spoiler) == (True, False)


async def test_a_photo_that_is_passed_on_is_answered_to_who_passed_it_on(
    telegram: StandInTelegram, home: Home, jpeg: bytes
) -> None:
    chat, other = telegram.private(someone(telegram)), someone(telegram, "민수")

    posted = await telegram.post(chat, chat.person, photo=jpeg, forwarded=other)
    await home.answered(chat)

    (photo,) = await home.photos(posted)
    assert photo.author.name == "지은"


async def test_an_album_gets_one_answer_with_every_picture(
    telegram: StandInTelegram, home: Home, jpeg: bytes
) -> None:
    chat = telegram.private(someone(telegram))

    posted = await telegram.album(chat, chat.person, [jpeg] * 10, "여행", spoiler=True)
    answers = await home.answered(chat, 10)
    await home.settled()

    assert len(telegram.answers(chat)) == 10
    assert home.asked("sendMediaGroup") == 1
    assert {answer.media_group for answer in answers} == {answers[0].media_group}
    assert {answer.reply_to for answer in answers} == {posted[0]}
    assert all(answer.spoiler for answer in answers)
    assert "찰칵!" in answers[0].caption
    assert {answer.caption for answer in answers[1:]} == {"강아지 한 마리"}
    assert telegram.reactions(posted[0]) == ("👀",)
    assert home.asked("setMessageReaction") == 1
