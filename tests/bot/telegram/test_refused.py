"""Answers that a chat does not take as they are, and those that it does not take at all."""

from __future__ import annotations

import pytest

from bot.adapters.telegram.moves import Moves
from tests.bot.telegram.home import CAPTION, COMMENT, Home, someone
from tests.platforms.telegram import Chat, Message, StandInTelegram


async def group_of(home: Home, **options: bool) -> tuple[Chat, Message]:
    """Return a group whose photos are answered, and a word in it."""
    person = someone(home.telegram)
    group = home.telegram.group("우리집", person, **options)
    await home.auto(group)
    return group, await home.telegram.post(group, person, "안녕")


async def blinked(home: Home, chat: Chat, jpeg: bytes) -> Message:
    """Let somebody post a photo that is not looked at yet."""
    home.eyes.is_open.clear()
    (person,) = (one for one in home.telegram.people.values() if one.name == "지은")
    posted = await home.telegram.post(chat, person, photo=jpeg)
    await home.until(lambda: home.eyes.inside > 0)
    return posted


async def test_where_pictures_are_not_allowed_words_are_enough(
    telegram: StandInTelegram, home: Home, jpeg: bytes
) -> None:
    group, _ = await group_of(home)
    posted = await blinked(home, group, jpeg)
    telegram.restrict(group, "can_send_photos")
    home.eyes.is_open.set()
    (answer,) = await home.answered(group)

    assert (answer.text, answer.reply_to) == (COMMENT, posted)


async def test_where_nothing_may_be_said_the_photo_is_kept_and_given_up(
    telegram: StandInTelegram, home: Home, jpeg: bytes
) -> None:
    group, _ = await group_of(home)
    posted = await blinked(home, group, jpeg)
    telegram.restrict(group, "can_send_photos", "can_send_messages")
    home.eyes.is_open.set()
    await home.settled()

    assert telegram.answers(group) == []
    assert [photo.state for photo in await home.photos(posted)] == ["answered"]


@pytest.mark.parametrize("end", ["kick", "dissolve", "block"])
async def test_where_we_are_no_longer_welcome_we_give_up_and_others_are_answered(
    telegram: StandInTelegram, home: Home, jpeg: bytes, end: str
) -> None:
    person = someone(telegram)
    chat = telegram.private(person) if end == "block" else telegram.group("우리집", person)
    await home.auto(chat)
    posted = await blinked(home, chat, jpeg)
    {"kick": telegram.kick_bot, "dissolve": telegram.dissolve}.get(end, lambda _: telegram.block(person))(
        chat
    )
    home.eyes.is_open.set()
    other = telegram.private(someone(telegram, "민수"))
    await telegram.post(other, other.person, photo=jpeg)
    await home.answered(other)
    await home.settled()

    assert telegram.answers(chat) == []
    assert [photo.state for photo in await home.photos(posted)] == ["answered"]


async def test_a_photo_that_was_deleted_before_its_answer_is_erased(
    telegram: StandInTelegram, home: Home, jpeg: bytes
) -> None:
    group, _ = await group_of(home)
    posted = await blinked(home, group, jpeg)
    telegram.delete(posted)
    home.eyes.is_open.set()

    async def is_erased() -> bool:
        return await home.photos(posted) == []

    await home.until(is_erased)
    assert telegram.answers(group) == []


async def test_of_an_album_whose_first_photo_was_deleted_the_others_are_answered(
    telegram: StandInTelegram, home: Home, jpeg: bytes
) -> None:
    person = someone(telegram)
    chat = telegram.private(person)
    home.eyes.is_open.clear()
    first, *rest = await telegram.album(chat, person, [jpeg] * 3)
    await home.until(lambda: home.eyes.inside > 0)
    telegram.delete(first)
    home.eyes.is_open.set()
    answers = await home.answered(chat, 2)
    await home.settled()

    assert len(telegram.answers(chat)) == 2
    assert {answer.reply_to for answer in answers} == {rest[0]}
    assert await home.photos(first) == []
    assert [len(await home.photos(message)) for message in rest] == [1, 1]


async def test_when_the_question_is_gone_its_photo_is_answered(
    telegram: StandInTelegram, home: Home, jpeg: bytes
) -> None:
    person = someone(telegram)
    group = telegram.group("우리집", person)
    shown = await telegram.post(group, person, photo=jpeg)
    home.eyes.is_open.clear()
    asking = await telegram.post(group, person, "@chalkak_bot 이거", reply_to=shown)
    await home.until(lambda: home.eyes.inside > 0)
    telegram.delete(asking)
    home.eyes.is_open.set()
    (answer,) = await home.answered(group)

    assert answer.reply_to is shown


async def test_an_answer_follows_a_group_that_moves(
    telegram: StandInTelegram, home: Home, jpeg: bytes
) -> None:
    group, _ = await group_of(home)
    posted = await blinked(home, group, jpeg)
    (before,) = await home.photos(posted)
    grown = telegram.migrate(group)
    await home.settled_updates()
    home.eyes.is_open.set()
    (answer,) = await home.answered(grown)
    await home.settled()

    assert answer.reply_to is None  # its photo has another number there
    after = await home.store.photo(before.id)
    assert after
    assert (after.place.chat, after.state) == (str(grown.id), "answered")
    moves = Moves(home.door, home.store.chats)  # of the next life
    await moves.load()
    assert moves.is_from_before(after)


async def test_an_answer_hears_from_the_refusal_that_its_group_has_moved(
    telegram: StandInTelegram, home: Home, jpeg: bytes
) -> None:
    group, _ = await group_of(home)
    posted = await blinked(home, group, jpeg)
    (before,) = await home.photos(posted)
    await home.settled_updates()
    telegram.updates.allowed = ["callback_query"]  # as if the service messages came much later
    grown = telegram.migrate(group)
    home.eyes.is_open.set()
    (answer,) = await home.answered(grown)

    assert answer.photo
    assert (await home.rules_of(grown)).mode == "auto"
    after = await home.store.photo(before.id)
    assert after
    assert after.place.chat == str(grown.id)


async def test_an_answer_comes_even_when_topics_were_turned_off(
    telegram: StandInTelegram, home: Home, jpeg: bytes
) -> None:
    person = someone(telegram)
    forum = telegram.group("동호회", person, forum=True)
    topic = telegram.topic(forum, "사진")
    await home.auto(forum)
    home.eyes.is_open.clear()
    posted = await telegram.post(forum, person, photo=jpeg, topic=topic)
    await home.until(lambda: home.eyes.inside > 0)
    telegram.end_topics(forum)
    home.eyes.is_open.set()
    (answer,) = await home.answered(forum)

    assert answer.reply_to is posted


async def test_a_picture_too_thin_for_a_photo_goes_as_a_file(
    telegram: StandInTelegram, home: Home, jpeg: bytes
) -> None:
    chat = telegram.private(someone(telegram))
    home.eyes.size = (2048, 60)

    await telegram.post(chat, chat.person, photo=jpeg)
    (answer,) = await home.answered(chat)

    assert answer.document
    assert answer.caption == f"{COMMENT}\n{CAPTION}"


async def test_a_hidden_picture_never_goes_as_a_file_that_shows_it(
    telegram: StandInTelegram, home: Home, jpeg: bytes
) -> None:
    chat = telegram.private(someone(telegram))
    home.eyes.size = (2048, 60)

    await telegram.post(chat, chat.person, photo=jpeg, spoiler=True)
    (answer,) = await home.answered(chat)

    assert (answer.text, answer.document) == (COMMENT, b"")


async def test_an_unsafe_photo_is_spoken_of_in_words_only(
    telegram: StandInTelegram, home: Home, jpeg: bytes
) -> None:
    chat = telegram.private(someone(telegram))
    home.eyes.unsafe = 0.99

    await telegram.post(chat, chat.person, photo=jpeg)
    (answer,) = await home.answered(chat)

    assert answer.text.startswith("민감한 사진일 수 있어서")
    assert not answer.photo


async def test_a_very_long_comment_is_cut_at_a_word(
    telegram: StandInTelegram, home: Home, jpeg: bytes
) -> None:
    chat = telegram.private(someone(telegram))
    home.eyes.comment = "강아지 😀 " * 400

    await telegram.post(chat, chat.person, photo=jpeg)
    (answer,) = await home.answered(chat)

    assert 900 < len(answer.caption.encode("utf-16-le")) // 2 <= 1024
    assert answer.caption.endswith(("강아지…", "😀…"))
