"""Signs of life between a photo and its answer."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.bot.telegram.home import COMMENT, Home, at_home, someone
from tests.platforms.telegram import StandInTelegram


async def test_a_photo_that_was_taken_is_seen_at_once(
    telegram: StandInTelegram, home: Home, jpeg: bytes
) -> None:
    chat = telegram.private(someone(telegram))
    home.eyes.is_open.clear()

    posted = await telegram.post(chat, chat.person, photo=jpeg)
    async with asyncio.timeout(0.5):
        await telegram.until(lambda: telegram.reactions(posted) == ("👀",))

    assert telegram.answers(chat) == []
    home.eyes.is_open.set()
    await home.answered(chat)


async def test_where_reactions_are_not_wanted_we_are_typing(
    telegram: StandInTelegram, home: Home, jpeg: bytes
) -> None:
    person = someone(telegram)
    forum = telegram.group("동호회", person, forum=True)
    topic = telegram.topic(forum, "사진")
    forum.reactions_allowed = set()
    await home.auto(forum)

    await telegram.post(forum, person, photo=jpeg, topic=topic)
    await telegram.until(lambda: home.asked("sendChatAction") > 0)

    assert telegram.actions == [(forum, "typing")]
    (asked,) = [one for one in telegram.asked if one.path == "sendChatAction"]
    assert asked.fields["message_thread_id"] in (topic, str(topic))


async def test_a_sign_of_life_that_fails_costs_nothing(
    telegram: StandInTelegram, home: Home, jpeg: bytes
) -> None:
    chat = telegram.private(someone(telegram))
    telegram.faults.by_chance("500", 1.0, "setMessageReaction|sendChatAction")

    await telegram.post(chat, chat.person, photo=jpeg)
    (answer,) = await home.answered(chat)

    assert answer.photo


@pytest.fixture
def slow(home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A bot that knows that answers take long, and looks at nothing yet."""
    home.eyes.is_open.clear()
    monkeypatch.setattr(home.desk, "seconds_for", lambda photos: 12.0)
    return home


async def test_a_long_wait_is_told_in_a_line_that_becomes_the_answer(
    telegram: StandInTelegram, slow: Home, jpeg: bytes
) -> None:
    chat = telegram.private(someone(telegram))

    posted = await telegram.post(chat, chat.person, photo=jpeg)
    (line,) = await slow.answered(chat)
    assert (line.text, line.reply_to) == ("보고 있어요… 12초쯤 걸릴 것 같아요.", posted)
    slow.eyes.is_open.set()
    await slow.settled()

    assert telegram.answers(chat) == [line]
    assert line.photo
    assert line.caption.startswith(COMMENT)
    assert [photo.reply for photo in await slow.photos(posted)] == [str(line.id)]


async def test_a_line_becomes_words_where_there_is_nothing_to_show(
    telegram: StandInTelegram, slow: Home, jpeg: bytes
) -> None:
    chat = telegram.private(someone(telegram))
    slow.eyes.unsafe = 0.99

    await telegram.post(chat, chat.person, photo=jpeg)
    (line,) = await slow.answered(chat)
    slow.eyes.is_open.set()
    await slow.settled()

    assert telegram.answers(chat) == [line]
    assert line.text.startswith("민감한 사진일 수 있어서")


async def test_a_line_that_somebody_deleted_is_replaced_by_a_new_answer(
    telegram: StandInTelegram, slow: Home, jpeg: bytes
) -> None:
    chat = telegram.private(someone(telegram))
    posted = await telegram.post(chat, chat.person, photo=jpeg)
    (line,) = await slow.answered(chat)

    telegram.delete(line)
    slow.eyes.is_open.set()
    (answer,) = await slow.answered(chat)

    assert answer.reply_to is posted
    assert answer.photo


async def test_an_answer_waits_for_a_line_that_is_still_on_its_way(
    telegram: StandInTelegram, slow: Home, jpeg: bytes
) -> None:
    chat = telegram.private(someone(telegram))
    telegram.faults.plan("delay", "sendMessage", seconds=0.5)

    await telegram.post(chat, chat.person, photo=jpeg)
    await slow.until(lambda: slow.eyes.inside > 0)
    await telegram.until(lambda: slow.asked("setMessageReaction") == 1)
    await asyncio.sleep(0.1)  # the line is on its way now
    slow.eyes.is_open.set()
    await slow.settled()

    (answer,) = telegram.answers(chat)
    assert answer.photo
    assert slow.asked("sendMessage") == 1


async def test_an_answer_that_was_lost_on_its_way_takes_the_same_line_again(
    telegram: StandInTelegram, slow: Home, jpeg: bytes
) -> None:
    chat = telegram.private(someone(telegram))
    await telegram.post(chat, chat.person, photo=jpeg)
    (line,) = await slow.answered(chat)

    telegram.faults.plan("lost", "editMessageMedia")
    slow.eyes.is_open.set()
    await slow.settled()

    assert telegram.answers(chat) == [line]
    assert line.photo


async def test_words_that_were_lost_on_their_way_are_not_said_again(
    telegram: StandInTelegram, slow: Home, jpeg: bytes
) -> None:
    chat = telegram.private(someone(telegram))
    slow.eyes.unsafe = 0.99
    posted = await telegram.post(chat, chat.person, photo=jpeg)
    (line,) = await slow.answered(chat)

    telegram.faults.plan("lost", "editMessageText")
    slow.eyes.is_open.set()
    await slow.settled()

    assert telegram.answers(chat) == [line]
    assert [photo.reply for photo in await slow.photos(posted)] == [str(line.id)]


async def test_an_album_has_no_line(telegram: StandInTelegram, slow: Home, jpeg: bytes) -> None:
    chat = telegram.private(someone(telegram))

    await telegram.album(chat, chat.person, [jpeg] * 2)
    await slow.until(lambda: slow.asked("setMessageReaction") > 0)
    slow.eyes.is_open.set()
    await slow.answered(chat, 2)
    await slow.settled()

    assert slow.asked("sendMessage") == 0


async def test_who_posts_too_much_is_told_once(
    telegram: StandInTelegram, tmp_path: Path, jpeg: bytes
) -> None:
    async with at_home(telegram, tmp_path / "data", PHOTOS_PER_MINUTE="2") as home:
        chat = telegram.private(someone(telegram))
        for _ in range(4):
            await telegram.post(chat, chat.person, photo=jpeg)
        answers = await home.answered(chat, 3)
        await home.settled()

    assert len(telegram.answers(chat)) == 3
    assert sum("1분에 2장까지" in answer.text for answer in answers) == 1


async def test_a_chat_is_told_once_that_it_has_to_wait(
    telegram: StandInTelegram, slow: Home, jpeg: bytes
) -> None:
    chat = telegram.private(someone(telegram))

    for _ in range(5):
        await telegram.post(chat, chat.person, photo=jpeg)
    await telegram.until(lambda: slow.asked("setMessageReaction") == 5)
    slow.eyes.is_open.set()
    await slow.answered(chat, 5)
    await slow.settled()

    assert slow.asked("sendMessage") == 1
    assert len(telegram.answers(chat)) == 5
