"""What becomes of photos whose message was changed."""

from __future__ import annotations

from collections.abc import Callable

from tests.bot.telegram.home import Home, someone
from tests.platforms.telegram import StandInTelegram


async def test_a_new_caption_is_read_and_answered_to_by_nobody(
    telegram: StandInTelegram, home: Home, jpeg: bytes
) -> None:
    chat = telegram.private(someone(telegram))
    posted = await telegram.post(chat, chat.person, "강아지", photo=jpeg)
    (answer,) = await home.answered(chat)

    await telegram.edit(posted, "고양이")

    async def is_read() -> bool:
        return [photo.text for photo in await home.photos(posted)] == ["고양이"]

    await home.until(is_read)
    await home.settled()
    assert telegram.answers(chat) == [answer]


async def test_a_photo_that_took_the_place_of_another_is_a_new_one(
    telegram: StandInTelegram, home: Home, jpeg: bytes, make_photo: Callable[..., bytes]
) -> None:
    chat = telegram.private(someone(telegram))
    posted = await telegram.post(chat, chat.person, photo=jpeg)
    (first,) = await home.answered(chat)
    (before,) = await home.photos(posted)

    await telegram.edit(posted, photo=make_photo((300, 200), color=(9, 9, 200)))
    await home.until(lambda: len(home.eyes.received) == 2)
    await home.settled()
    await home.takebacks.run_once()

    (after,) = await home.photos(posted)
    assert after.id != before.id
    assert await home.store.photo(before.id) is None
    assert first.is_deleted
    (second,) = telegram.answers(chat)
    assert second.reply_to is posted


async def test_an_old_photo_that_was_never_ours_is_not_taken_for_a_new_caption(
    telegram: StandInTelegram, home: Home, jpeg: bytes
) -> None:
    person = someone(telegram)
    group = telegram.group("우리집", person)
    posted = await telegram.post(group, person, "강아지", photo=jpeg)
    await home.settled()
    await home.auto(group)

    await telegram.edit(posted, "고양이")
    await home.settled()

    assert await home.photos(posted) == []


async def test_calling_us_in_a_new_caption_calls_us(
    telegram: StandInTelegram, home: Home, jpeg: bytes
) -> None:
    person = someone(telegram)
    group = telegram.group("우리집", person)
    posted = await telegram.post(group, person, "이거", photo=jpeg)

    await telegram.edit(posted, "@chalkak_bot 이거")
    (answer,) = await home.answered(group)

    assert answer.reply_to is posted
