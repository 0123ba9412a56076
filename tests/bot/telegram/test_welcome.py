"""The first words in a chat, and the button in them."""

from __future__ import annotations

import pytest

from tests.bot.telegram.home import Home, someone
from tests.platforms.telegram import Chat, Message, Person, StandInTelegram

AUTO, MENTION = "chalkak:mode:auto", "chalkak:mode:mention"


@pytest.fixture
def boss(telegram: StandInTelegram) -> Person:
    return someone(telegram, "방장")


async def welcomed(home: Home, boss: Person, *, is_admin: bool = False) -> tuple[Chat, Message]:
    """Let somebody bring the bot into a group, and return what it says."""
    group = home.telegram.group("우리집", boss)
    group.bot = "left"
    home.telegram.admin(group, boss)
    home.telegram.add_bot(group, by=boss, is_admin=is_admin)
    (message,) = await home.answered(group)
    return group, message


async def test_a_group_is_told_who_we_are_and_what_is_kept(home: Home, boss: Person) -> None:
    _, message = await welcomed(home, boss)

    assert "찰칵이에요" in message.text
    assert "부를 때만 답해요" in message.text
    assert "@chalkak_bot" in message.text
    assert "90일" in message.text
    assert "내보내" in message.text
    assert "프라이버시" not in message.text
    assert [(button.text, button.data) for button in message.buttons] == [("여기서 자동으로 답하기", AUTO)]


async def test_a_group_is_told_that_privacy_mode_hides_photos(
    telegram: StandInTelegram, home: Home, boss: Person
) -> None:
    telegram.privacy = True

    _, message = await welcomed(home, boss)

    assert "프라이버시 모드" in message.text
    assert "/setprivacy" in message.text


async def test_the_advice_on_privacy_mode_stays_after_a_tap(
    telegram: StandInTelegram, home: Home, boss: Person
) -> None:
    telegram.privacy = True
    _, message = await welcomed(home, boss)

    await telegram.tap(message, AUTO, boss)
    await telegram.until(lambda: [button.data for button in message.buttons] == [MENTION])

    assert "프라이버시 모드" in message.text


async def test_hello_is_said_even_when_nobody_knows_about_privacy_mode(
    telegram: StandInTelegram, home: Home, boss: Person
) -> None:
    telegram.faults.plan("500", "getMe")

    _, message = await welcomed(home, boss)

    assert "찰칵이에요" in message.text


async def test_an_administrator_sees_all_photos_and_says_nothing_of_privacy(
    telegram: StandInTelegram, home: Home, boss: Person
) -> None:
    telegram.privacy = True

    _, message = await welcomed(home, boss, is_admin=True)

    assert "프라이버시" not in message.text


async def test_one_tap_lets_us_answer_every_photo_and_another_one_ends_it(
    telegram: StandInTelegram, home: Home, boss: Person, jpeg: bytes
) -> None:
    group, message = await welcomed(home, boss)

    toast = await telegram.tap(message, AUTO, boss)
    assert "사진마다 답할게요" in toast.text
    await telegram.until(lambda: [button.data for button in message.buttons] == [MENTION])
    assert "사진마다 답하고 있어요" in message.text
    assert (await home.rules_of(group)).mode == "auto"
    posted = await telegram.post(group, boss, photo=jpeg)
    answers = await home.answered(group, 2)
    assert answers[1].reply_to is posted

    await telegram.tap(message, MENTION, boss)
    await telegram.until(lambda: [button.data for button in message.buttons] == [AUTO])
    assert (await home.rules_of(group)).mode == "mention"


async def test_only_administrators_may_tap(telegram: StandInTelegram, home: Home, boss: Person) -> None:
    group, message = await welcomed(home, boss)
    member = someone(telegram, "손님")
    telegram.join(group, member)

    toast = await telegram.tap(message, AUTO, member)

    assert toast.is_alert
    assert "관리자만" in toast.text
    assert (await home.rules_of(group)).mode == "mention"
    assert [button.data for button in message.buttons] == [AUTO]


async def test_who_cannot_be_asked_about_may_not_tap(
    telegram: StandInTelegram, home: Home, boss: Person
) -> None:
    group, message = await welcomed(home, boss)
    telegram.faults.plan("500", "getChatMember")

    toast = await telegram.tap(message, AUTO, boss)

    assert toast.is_alert
    assert (await home.rules_of(group)).mode == "mention"


async def test_start_introduces_us_in_private_without_a_button(telegram: StandInTelegram, home: Home) -> None:
    chat = telegram.private(someone(telegram, "Jane", "en"))

    await telegram.post(chat, chat.person, "/start")
    (message,) = await home.answered(chat)

    assert "I am Chalkak" in message.text
    assert "answer every photo" in message.text
    assert "block me" in message.text
    assert message.buttons == []


async def test_start_in_a_topic_is_answered_there(
    telegram: StandInTelegram, home: Home, boss: Person
) -> None:
    forum = telegram.group("동호회", boss, forum=True)
    topic = telegram.topic(forum, "사진")

    await telegram.post(forum, boss, "/start@chalkak_bot", topic=topic)
    (message,) = await home.answered(forum)

    assert message.topic == topic


async def test_start_of_another_bot_is_not_ours(telegram: StandInTelegram, home: Home, boss: Person) -> None:
    group = telegram.group("우리집", boss)

    await telegram.post(group, boss, "/start@other_bot")
    await telegram.post(group, boss, "/start@Chalkak_Bot")
    await home.answered(group)
    await home.settled()

    assert len(telegram.answers(group)) == 1


async def test_being_thrown_out_or_promoted_is_no_reason_to_say_hello(
    telegram: StandInTelegram, home: Home, boss: Person
) -> None:
    group, message = await welcomed(home, boss)

    telegram.promote_bot(group, by=boss)
    telegram.demote_bot(group, by=boss)
    telegram.kick_bot(group, by=boss)
    await home.settled()

    assert telegram.answers(group) == [message]
