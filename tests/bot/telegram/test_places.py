"""Where photos are answered, and whose."""

from __future__ import annotations

from collections.abc import Callable

from tests.bot.telegram.home import Home, someone
from tests.platforms.telegram import Chat, StandInTelegram

CALL = "@chalkak_bot 이거 봐"


async def first_word(home: Home, chat: Chat) -> None:
    """Let the bot answer something in another chat after whatever it keeps silent about here."""
    await home.settled()
    assert home.telegram.answers(chat) == []


async def test_in_a_group_a_photo_is_answered_when_we_are_called(
    telegram: StandInTelegram, home: Home, jpeg: bytes
) -> None:
    person = someone(telegram)
    group = telegram.group("우리집", person)

    await telegram.post(group, person, photo=jpeg)
    await telegram.post(group, person, "@chalkak_bot_fan 이거", photo=jpeg)
    await first_word(home, group)
    posted = await telegram.post(group, person, "@Chalkak_Bot 이거!", photo=jpeg)
    (answer,) = await home.answered(group)

    assert answer.reply_to is posted


async def test_in_a_group_that_wants_it_every_photo_is_answered(
    telegram: StandInTelegram, home: Home, jpeg: bytes
) -> None:
    person = someone(telegram)
    group = telegram.group("우리집", person)
    await home.auto(group)

    posted = await telegram.post(group, person, photo=jpeg)
    (answer,) = await home.answered(group)

    assert answer.reply_to is posted


async def test_where_every_photo_is_answered_a_sticker_is_left_alone_until_somebody_asks_about_it(
    telegram: StandInTelegram, home: Home, make_photo: Callable[..., bytes]
) -> None:
    person = someone(telegram)
    group = telegram.group("우리집", person)
    await home.auto(group)

    sticker = await telegram.post(group, person, sticker=make_photo((512, 512), format="WEBP"))
    await first_word(home, group)
    asking = await telegram.post(group, person, CALL, reply_to=sticker)
    (answer,) = await home.answered(group)

    assert answer.reply_to is asking


async def test_calling_us_under_a_photo_of_somebody_else_answers_that_photo(
    telegram: StandInTelegram, home: Home, jpeg: bytes
) -> None:
    person, other = someone(telegram), someone(telegram, "민수")
    group = telegram.group("우리집", person, other)

    shown = await telegram.post(group, other, "바다", photo=jpeg)
    asking = await telegram.post(group, person, CALL, reply_to=shown)
    (answer,) = await home.answered(group)

    assert answer.reply_to is asking
    (photo,) = await home.photos(shown)
    assert (photo.author.name, photo.text, photo.reply_to) == ("민수", "바다", str(asking.id))
    assert telegram.reactions(asking) == ("👀",)


async def test_a_photo_that_replies_to_us_calls_us(
    telegram: StandInTelegram, home: Home, jpeg: bytes
) -> None:
    person = someone(telegram)
    group = telegram.group("우리집", person)

    await telegram.post(group, person, CALL, photo=jpeg)
    (answer,) = await home.answered(group)
    posted = await telegram.post(group, person, photo=jpeg, reply_to=answer)
    answers = await home.answered(group, 2)

    assert answers[1].reply_to is posted


async def test_our_own_pictures_are_never_looked_at(
    telegram: StandInTelegram, home: Home, jpeg: bytes
) -> None:
    person = someone(telegram)
    group = telegram.group("우리집", person)
    await telegram.post(group, person, CALL, photo=jpeg)
    (answer,) = await home.answered(group)

    await telegram.post(group, person, CALL, reply_to=answer)
    await home.settled()

    assert telegram.answers(group) == [answer]


async def test_other_bots_are_ignored(telegram: StandInTelegram, home: Home, jpeg: bytes) -> None:
    person, bot = someone(telegram), telegram.person("로봇", is_bot=True)
    group = telegram.group("우리집", person, bot)
    await home.auto(group)

    elsewhere = await telegram.post(telegram.group("다른 방", person), person, photo=jpeg)
    message = telegram.add(group, bot, elsewhere.content)
    telegram.updates.add("message", telegram.rendered(message))  # as if bots heard each other
    await first_word(home, group)


async def test_an_administrator_without_a_name_is_no_bot(
    telegram: StandInTelegram, home: Home, jpeg: bytes
) -> None:
    person = someone(telegram)
    group = telegram.group("우리집", person, supergroup=True)
    await home.auto(group)

    posted = await telegram.post(group, person, photo=jpeg, anonymous=True)
    await home.answered(group)

    (photo,) = await home.photos(posted)
    assert (photo.author.id, photo.author.name) == (str(group.id), "우리집")


async def test_a_channel_is_a_chat(telegram: StandInTelegram, home: Home, jpeg: bytes) -> None:
    channel = telegram.channel("풍경")
    await home.auto(channel)

    posted = await telegram.post(channel, photo=jpeg)
    (answer,) = await home.answered(channel)

    assert answer.reply_to is posted


async def test_topics_are_kept_apart_and_general_has_no_number(
    telegram: StandInTelegram, home: Home, jpeg: bytes
) -> None:
    person = someone(telegram)
    forum = telegram.group("동호회", person, forum=True)
    topic = telegram.topic(forum, "사진")
    await home.auto(forum)

    inside = await telegram.post(forum, person, photo=jpeg, topic=topic)
    (first,) = await home.answered(forum)
    general = await telegram.post(forum, person, photo=jpeg)
    _, second = await home.answered(forum, 2)

    assert (first.topic, second.topic) == (topic, None)
    assert [photo.place.topic for photo in await home.photos(inside)] == [str(topic)]
    assert [photo.place.topic for photo in await home.photos(general)] == [""]


async def test_a_thread_of_replies_is_no_topic(telegram: StandInTelegram, home: Home, jpeg: bytes) -> None:
    person = someone(telegram)
    group = telegram.group("우리집", person, supergroup=True)
    await home.auto(group)

    first = await telegram.post(group, person, "누가 사진 좀")
    posted = await telegram.post(group, person, photo=jpeg, reply_to=first)
    await home.answered(group)

    (photo,) = await home.photos(posted)
    assert photo.place.topic == ""


async def test_a_private_chat_speaks_the_language_of_the_person(
    telegram: StandInTelegram, home: Home, jpeg: bytes
) -> None:
    for language, expected in (("en-GB", "en"), ("ko", "ko"), ("fr", "ko")):
        chat = telegram.private(someone(telegram, language, language))
        posted = await telegram.post(chat, chat.person, photo=jpeg)
        await home.answered(chat)
        (photo,) = await home.photos(posted)
        assert photo.language == expected


async def test_a_group_that_became_a_supergroup_keeps_its_photos_and_its_mode(
    telegram: StandInTelegram, home: Home, jpeg: bytes
) -> None:
    person = someone(telegram)
    group = telegram.group("우리집", person)
    await home.auto(group)
    posted = await telegram.post(group, person, photo=jpeg)
    await home.answered(group)
    (before,) = await home.photos(posted)

    grown = telegram.migrate(group)
    await telegram.post(grown, person, photo=jpeg)
    await home.answered(grown)

    after = await home.store.photo(before.id)
    assert after
    assert after.place.chat == str(grown.id)
