"""What people see when they post a photo."""

from __future__ import annotations

import pytest

from models.errors import Undecodable
from tests.bot.telegram.home import CAPTION, COMMENT, Home, someone
from tests.platforms.telegram import StandInTelegram


async def test_a_photo_gets_one_reply_with_comment_picture_and_description(
    telegram: StandInTelegram, home: Home, jpeg: bytes
) -> None:
    chat = telegram.private(someone(telegram))

    posted = await telegram.post(chat, chat.person, "우리 강아지", photo=jpeg)
    (answer,) = await home.answered(chat)
    await home.settled()

    assert answer.reply_to is posted
    assert answer.photo
    assert answer.caption == f"{COMMENT}\n{CAPTION}"
    assert answer.content["caption_entities"] == [
        {"type": "expandable_blockquote", "offset": len(COMMENT) + 1, "length": len(CAPTION)}
    ]
    assert telegram.answers(chat) == [answer]
    (photo,) = await home.photos(posted)
    assert (photo.state, photo.text, photo.reply) == ("answered", "우리 강아지", str(answer.id))


async def test_a_photo_that_cannot_be_opened_gets_a_sentence_that_says_why(
    telegram: StandInTelegram, home: Home
) -> None:
    chat = telegram.private(someone(telegram))
    home.eyes.refusal = Undecodable("broken")

    posted = await telegram.post(chat, chat.person, document=("photo.jpg", "image/jpeg", b"broken"))
    (answer,) = await home.answered(chat)

    assert answer.reply_to is posted
    assert answer.text == "파일이 많이 깨져 있어서 사진을 꺼내지 못했어요. 원본을 다시 보내 주시겠어요?"


async def test_a_photo_that_trips_us_gets_an_apology_and_the_next_one_is_answered(
    telegram: StandInTelegram, home: Home, jpeg: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.flight.RETRY_SECONDS", 0.01)
    chat, other = telegram.private(someone(telegram)), telegram.private(someone(telegram, "민수"))
    tripping = await telegram.post(chat, chat.person, photo=jpeg)

    async def trip(scope: str) -> None:
        (photo,) = await home.photos(tripping)
        if scope == str(photo.scope):
            raise ZeroDivisionError

    home.eyes.eyes = trip
    (apology,) = await home.answered(chat)
    await telegram.post(other, other.person, photo=jpeg)
    (answer,) = await home.answered(other)
    await home.settled()

    assert apology.text.startswith("이 사진을 볼 때마다 제가 넘어져서")
    assert answer.photo


async def test_the_same_photo_twice_is_answered_twice(
    telegram: StandInTelegram, home: Home, jpeg: bytes
) -> None:
    chat = telegram.private(someone(telegram))

    posted = [await telegram.post(chat, chat.person, photo=jpeg) for _ in range(2)]
    answers = await home.answered(chat, 2)

    assert [answer.reply_to for answer in answers] == posted


async def test_what_is_said_mentions_nobody_and_previews_nothing(
    telegram: StandInTelegram, home: Home, jpeg: bytes
) -> None:
    chat = telegram.private(someone(telegram))
    home.eyes.unsafe = 0.99

    await telegram.post(chat, chat.person, "@everyone <b>안녕</b> http://127.0.0.1/", photo=jpeg)
    (answer,) = await home.answered(chat)

    (asked,) = [one for one in telegram.asked if one.path == "sendMessage"]
    assert "parse_mode" not in asked.fields
    assert "is_disabled" in str(asked.fields["link_preview_options"])
    assert "everyone" not in answer.text
