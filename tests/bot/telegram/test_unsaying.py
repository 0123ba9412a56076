"""Answers that are taken back when their photo is deleted."""

from __future__ import annotations

import pytest

from bot.platform import Later
from models.records import Place
from storage.records import Unsaid
from tests.bot.telegram.home import Home, someone
from tests.platforms.telegram import Chat, Message, StandInTelegram


async def answer_to(home: Home, jpeg: bytes, count: int = 1) -> tuple[Chat, list[Message], Unsaid]:
    """Return a chat, our answer in it, and the wish to have it gone."""
    chat = home.telegram.private(someone(home.telegram))
    if count == 1:
        await home.telegram.post(chat, chat.person, photo=jpeg)
    else:
        await home.telegram.album(chat, chat.person, [jpeg] * count)
    answers = await home.answered(chat, count)
    await home.settled()
    place = Place("telegram", "", str(chat.id), is_private=True)
    reply = " ".join(str(answer.id) for answer in answers)
    return chat, answers, Unsaid(1, place, "1", reply)


async def test_when_a_photo_is_erased_its_answer_goes_too(
    telegram: StandInTelegram, home: Home, jpeg: bytes
) -> None:
    chat = telegram.private(someone(telegram))
    posted = await telegram.post(chat, chat.person, photo=jpeg)
    await home.answered(chat)
    await home.settled()

    await home.door.deleted("telegram", str(chat.id), [str(posted.id)])
    await home.takebacks.run_once()

    assert telegram.answers(chat) == []


async def test_every_picture_of_an_album_goes(telegram: StandInTelegram, home: Home, jpeg: bytes) -> None:
    chat, _, unsaid = await answer_to(home, jpeg, 3)

    await home.chat.unsay(unsaid)

    assert telegram.answers(chat) == []
    assert home.asked("deleteMessages") == 1


async def test_what_is_gone_already_is_fine(telegram: StandInTelegram, home: Home, jpeg: bytes) -> None:
    _, (answer,), unsaid = await answer_to(home, jpeg)
    telegram.delete(answer)

    await home.chat.unsay(unsaid)
    await home.chat.unsay(Unsaid(2, unsaid.place, "1", ""))


async def test_what_is_too_old_to_be_deleted_is_blanked(
    telegram: StandInTelegram, home: Home, jpeg: bytes
) -> None:
    chat, answers, unsaid = await answer_to(home, jpeg, 2)
    shown = [answer.photo for answer in answers]
    for answer in answers:
        telegram.age(answer, 49)

    await home.chat.unsay(unsaid)
    await home.chat.unsay(unsaid)  # a crash may ask for it again

    assert [answer.caption for answer in telegram.answers(chat)] == ["지워진 사진이에요."] * 2
    assert not {answer.photo for answer in answers} & set(shown)


async def test_old_words_are_blanked_too(telegram: StandInTelegram, home: Home, jpeg: bytes) -> None:
    home.eyes.unsafe = 0.99
    _, (answer,), unsaid = await answer_to(home, jpeg)
    telegram.age(answer, 49)

    await home.chat.unsay(unsaid)

    assert answer.text == "지워진 사진이에요."


async def test_where_we_are_no_longer_there_is_nothing_to_be_done(
    telegram: StandInTelegram, home: Home, jpeg: bytes
) -> None:
    chat, _, unsaid = await answer_to(home, jpeg)
    assert chat.person
    telegram.block(chat.person)

    await home.chat.unsay(unsaid)


@pytest.mark.parametrize("kind", ["500", "reset", "429"])
async def test_what_may_pass_is_tried_again(
    telegram: StandInTelegram, home: Home, jpeg: bytes, kind: str
) -> None:
    chat, _, unsaid = await answer_to(home, jpeg)
    telegram.faults.plan(kind, "deleteMessages", seconds=7)  # type: ignore[arg-type]

    with pytest.raises(Later) as later:
        await home.chat.unsay(unsaid)
    await home.chat.unsay(unsaid)

    assert later.value.seconds == 7 or kind != "429"
    assert telegram.answers(chat) == []
