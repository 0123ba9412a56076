"""What a bot hears in groups, topics and channels, and how it comes in."""

from __future__ import annotations

import pytest
from telegram import ReplyParameters, Update
from telegram.constants import ChatMemberStatus
from telegram.error import BadRequest

from tests.platforms.telegram import Message, StandInTelegram
from tests.platforms.telegram.ptb import Listening, listening


async def heard(bot: Listening, count: int) -> list[str]:
    """Return the words that reach the bot next."""
    found = [update.effective_message for update in await bot.next(count)]
    return [one.text or one.caption or "" for one in found if one]


async def test_in_privacy_mode_a_group_tells_only_what_is_meant_for_the_bot(jpeg: bytes) -> None:
    async with StandInTelegram() as telegram, listening(telegram) as bot:
        person, group = telegram.person("지은"), telegram.group("우리집")
        sent = await bot.bot.send_message(group.id, "안녕하세요")
        said = telegram.answers(group)[0]
        for text in ("우리끼리", "/find 바다", "/find@other_bot 바다", "@chalkak_bot 이거"):
            await telegram.post(group, person, text)
        await telegram.post(group, person, "사진만", photo=jpeg)
        await telegram.post(group, person, "@chalkak_bot 사진", photo=jpeg)
        await telegram.post(group, person, "대답", reply_to=said)
        assert sent.message_id == said.id
        assert await heard(bot, 4) == ["/find 바다", "@chalkak_bot 이거", "@chalkak_bot 사진", "대답"]
        assert not (await bot.bot.get_me()).can_read_all_group_messages

        telegram.privacy = False  # holds where the bot is invited from now on
        await telegram.post(group, person, "아직 못 들어요")
        telegram.kick_bot(group)
        telegram.add_bot(group)
        await telegram.post(group, person, "이제 들려요")
        assert (await heard(bot, 5))[-1:] == ["이제 들려요"]
        assert telegram.violations == []


async def test_an_administrator_hears_everything_but_other_bots() -> None:
    async with StandInTelegram() as telegram, listening(telegram) as bot:
        group = telegram.group("우리집", bot_is_admin=True)
        await telegram.post(group, telegram.person("다른 봇", is_bot=True), "봇")
        await telegram.post(group, telegram.person("지은"), "사람")
        assert await heard(bot, 1) == ["사람"]


async def test_nobody_tells_of_what_is_deleted(telegram: StandInTelegram) -> None:
    person, group = telegram.person("지은"), telegram.group("우리집", bot_is_admin=True)
    posted = await telegram.post(group, person, "말")
    waiting = len(telegram.updates.waiting)
    telegram.delete(posted)
    assert len(telegram.updates.waiting) == waiting


async def test_a_topic_holds_what_belongs_to_it(telegram: StandInTelegram) -> None:
    person, forum = telegram.person("지은"), telegram.group("우리집", forum=True)
    topic = telegram.topic(forum, "여행")
    async with listening(telegram) as bot:
        await bot.next()
        await telegram.post(forum, person, "바다", topic=topic)
        await telegram.post(forum, person, "일반")
        there, general = [update.message for update in await bot.next(2)]
        assert there
        assert general
        assert (there.message_thread_id, there.is_topic_message) == (topic, True)
        assert there.reply_to_message
        assert there.reply_to_message.forum_topic_created
        assert (general.message_thread_id, general.is_topic_message) == (None, None)

        await there.reply_text("찰칵", do_quote=True)
        await bot.bot.send_message(forum.id, "어디든")
        assert [answer.topic for answer in telegram.answers(forum)] == [topic, None]
        with pytest.raises(BadRequest, match="Message thread not found"):
            await bot.bot.send_message(forum.id, "일반", message_thread_id=1)


async def test_a_topic_may_be_closed_deleted_or_gone_with_all_topics(telegram: StandInTelegram) -> None:
    forum = telegram.group("우리집", forum=True)
    first, second = telegram.topic(forum, "여행"), telegram.topic(forum, "고양이")
    async with listening(telegram) as bot:
        telegram.close_topic(forum, first)
        with pytest.raises(BadRequest, match="Topic_closed"):
            await bot.bot.send_message(forum.id, "말", message_thread_id=first)
        telegram.delete_topic(forum, first)
        with pytest.raises(BadRequest, match="Message thread not found"):
            await bot.bot.send_message(forum.id, "말", message_thread_id=first)
        telegram.end_topics(forum)
        with pytest.raises(BadRequest, match="Message thread not found"):
            await bot.bot.send_message(forum.id, "말", message_thread_id=second)


async def test_in_a_supergroup_without_topics_a_reply_has_a_thread_that_leads_nowhere(
    telegram: StandInTelegram,
) -> None:
    person, group = telegram.person("지은"), telegram.group("우리집", supergroup=True)
    first = await telegram.post(group, person, "처음")
    async with listening(telegram) as bot:
        await telegram.post(group, person, "답", reply_to=first)
        _, reply = [update.message for update in await bot.next(2)]
        assert reply
        assert (reply.message_thread_id, reply.is_topic_message) == (first.id, None)
        with pytest.raises(BadRequest, match="Message thread not found"):
            await bot.bot.send_message(group.id, "말", message_thread_id=first.id)


async def test_a_group_that_grows_tells_both_ids(telegram: StandInTelegram) -> None:
    group = telegram.group("우리집")
    async with listening(telegram) as bot:
        grown = telegram.migrate(group)
        old, new = [update.message for update in await bot.next(2)]
        assert old
        assert new
        assert (old.chat.id, old.migrate_to_chat_id) == (group.id, grown.id)
        assert (new.chat.id, new.migrate_from_chat_id) == (grown.id, group.id)
    assert grown.id < -1_000_000_000_000


async def test_the_bot_hears_that_it_comes_and_goes(telegram: StandInTelegram) -> None:
    person, group = telegram.person("지은"), telegram.group("우리집")
    chat = telegram.private(person)
    async with listening(telegram) as bot:
        telegram.kick_bot(group, by=person)
        telegram.add_bot(group, by=person)
        telegram.promote_bot(group, by=person)
        telegram.block(person)
        changes = [one.my_chat_member for one in await bot.next(6) if one.my_chat_member]
        assert [(one.chat.id, one.new_chat_member.status) for one in changes] == [
            (group.id, ChatMemberStatus.BANNED),
            (group.id, ChatMemberStatus.MEMBER),
            (group.id, ChatMemberStatus.ADMINISTRATOR),
            (chat.id, ChatMemberStatus.BANNED),
        ]


async def test_members_and_reactions_are_told_to_administrators_that_ask(telegram: StandInTelegram) -> None:
    person, group = telegram.person("지은"), telegram.group("우리집", bot_is_admin=True)
    posted = await telegram.post(group, person, "말")
    async with listening(telegram, allowed_updates=Update.ALL_TYPES) as bot:
        await bot.next()
        telegram.react(posted, person, "👍")
        telegram.admin(group, person)
        reaction, member = await bot.next(2)
        assert reaction.message_reaction
        assert reaction.message_reaction.message_id == posted.id
        assert member.chat_member
        assert member.chat_member.new_chat_member.status == ChatMemberStatus.ADMINISTRATOR

        admins = await bot.bot.get_chat_administrators(group.id)
        assert {one.user.first_name for one in admins} == {"주인", "지은", "찰칵"}
        member_now = await bot.bot.get_chat_member(group.id, person.id)
        assert member_now.status == ChatMemberStatus.ADMINISTRATOR
        assert (await bot.bot.get_chat(group.id)).title == "우리집"


async def test_a_channel_speaks_for_itself(telegram: StandInTelegram, jpeg: bytes) -> None:
    channel = telegram.channel("우리 사진", username="our_photos")
    async with listening(telegram) as bot:
        await telegram.post(channel, None, "바다", photo=jpeg)
        (update,) = await bot.next()
        assert update.channel_post
        assert update.channel_post.from_user is None
        assert update.channel_post.sender_chat
        assert update.channel_post.sender_chat.id == channel.id
        sent = await bot.bot.send_message("@our_photos", "찰칵")
        assert sent.from_user is None
    assert [answer.text for answer in telegram.answers(channel)] == ["찰칵"]


async def test_it_shows_where_something_came_from_and_who_hides(
    telegram: StandInTelegram, jpeg: bytes
) -> None:
    person, group = telegram.person("지은"), telegram.group("우리집")
    channel = telegram.channel("소식")
    news: Message = await telegram.post(channel, None, "소식", photo=jpeg)
    async with listening(telegram) as bot:
        await bot.next()
        for source in (news, person, "숨은 사람"):
            await telegram.post(group, person, photo=jpeg, forwarded=source)
        await telegram.post(group, person, "나는 관리자", anonymous=True)
        await telegram.post(group, None, photo=jpeg, forwarded=news)
        *forwards, anonymous, automatic = [update.message for update in await bot.next(5)]
        assert automatic
        assert automatic.is_automatic_forward
        origins = [one.forward_origin.type for one in forwards if one and one.forward_origin]
        assert origins == ["channel", "user", "hidden_user"]
        assert anonymous
        assert anonymous.sender_chat
        assert anonymous.sender_chat.id == group.id
        assert anonymous.from_user
        assert anonymous.from_user.username == "GroupAnonymousBot"


async def test_a_reply_stays_in_its_topic(telegram: StandInTelegram) -> None:
    person, forum = telegram.person("지은"), telegram.group("우리집", forum=True)
    first, second = telegram.topic(forum, "여행"), telegram.topic(forum, "고양이")
    posted = await telegram.post(forum, person, "바다", topic=first)
    async with listening(telegram) as bot:
        with pytest.raises(BadRequest, match="Message to be replied not found"):
            await bot.bot.send_message(
                forum.id, "찰칵", message_thread_id=second, reply_parameters=ReplyParameters(posted.id)
            )
        await bot.bot.send_message(forum.id, "찰칵", reply_parameters=ReplyParameters(posted.id))
    assert [answer.topic for answer in telegram.answers(forum)] == [first]
