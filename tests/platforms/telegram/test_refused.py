"""What Telegram refuses, in its own words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto, ReplyParameters
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError

from tests.platforms.telegram import Chat, StandInTelegram


@pytest.fixture
def chat(telegram: StandInTelegram) -> Chat:
    telegram.flood = None
    return telegram.private(telegram.person("지은"))


@pytest.mark.parametrize("letter", ["가", "😀"])
async def test_a_text_is_counted_in_utf_16(bot: Bot, chat: Chat, letter: str) -> None:
    most = 4096 // (len(letter.encode("utf-16-le")) // 2)
    await bot.send_message(chat.id, letter * most)
    with pytest.raises(BadRequest, match="Message is too long"):
        await bot.send_message(chat.id, letter * most + "!")


async def test_a_caption_is_counted_without_its_markup(bot: Bot, chat: Chat, jpeg: bytes) -> None:
    await bot.send_photo(chat.id, jpeg, f"<b>{'가' * 1024}</b>", parse_mode="HTML")
    with pytest.raises(BadRequest, match="Message caption is too long"):
        await bot.send_photo(chat.id, jpeg, "가" * 1025)


async def test_a_text_of_nothing_but_space_is_empty(bot: Bot, chat: Chat) -> None:
    with pytest.raises(BadRequest, match="Message text is empty"):
        await bot.send_message(chat.id, " \n ")


@pytest.mark.parametrize(
    ("html", "why"),
    [
        ("사진 <3 찰칵", 'Unsupported start tag "3" at byte offset 7'),
        ("사진 <3", "Unclosed start tag at byte offset 7"),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("<b>찰칵", 'Can\'t find end tag corresponding to start tag "b"'),
        ("찰칵</b>", "Unexpected end tag at byte offset 6"),
        ("<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
async def test_wrong_markup_is_refused(bot: Bot, chat: Chat, html: str, why: str) -> None:
    with pytest.raises(BadRequest) as refusal:
        await bot.send_message(chat.id, html, parse_mode="HTML")
    assert str(refusal.value).lower() == f"can't parse entities: {why}".lower()


async def test_right_markup_becomes_entities(bot: Bot, telegram: StandInTelegram, chat: Chat) -> None:
    html = '😀 <b>찰칵 <i>&lt;3</i></b> <a href="https://example.org">여기</a> <tg-spoiler>쉿</tg-spoiler>'
    sent = await bot.send_message(chat.id, html, parse_mode="HTML")
    kinds = [(one.type, sent.parse_entity(one)) for one in sent.entities]
    assert kinds == [("bold", "찰칵 <3"), ("italic", "<3"), ("text_link", "여기"), ("spoiler", "쉿")]
    assert telegram.answers(chat)[0].text == "😀 찰칵 <3 여기 쉿"


@pytest.mark.parametrize("size", [(5000, 5001), (2100, 100)])
async def test_a_photo_of_odd_shape_is_refused(
    bot: Bot, chat: Chat, make_photo: Callable[..., bytes], size: tuple[int, int]
) -> None:
    with pytest.raises(BadRequest, match="Photo_invalid_dimensions"):
        await bot.send_photo(chat.id, make_photo(size))


async def test_what_is_no_photo_or_too_heavy_for_one_is_refused(bot: Bot, chat: Chat, jpeg: bytes) -> None:
    with pytest.raises(BadRequest, match="Image_process_failed"):
        await bot.send_photo(chat.id, b"not a picture")
    with pytest.raises(BadRequest, match="too big for a photo; the maximum size is 10485760 bytes"):
        await bot.send_photo(chat.id, jpeg + bytes(10 * 1024 * 1024))


async def test_a_file_of_more_than_50_megabytes_is_refused(bot: Bot, chat: Chat) -> None:
    with pytest.raises(NetworkError, match="Request Entity Too Large"):
        await bot.send_document(chat.id, bytes(50 * 1024 * 1024 + 200_000), write_timeout=30)


async def test_an_album_of_eleven_is_refused(bot: Bot, chat: Chat, jpeg: bytes) -> None:
    with pytest.raises(BadRequest, match="Too many messages to send as an album"):
        await bot.send_media_group(chat.id, [InputMediaPhoto(jpeg)] * 11)


async def test_a_button_carries_64_bytes(bot: Bot, chat: Chat) -> None:
    def keyboard(data: str) -> InlineKeyboardMarkup:
        return InlineKeyboardMarkup([[InlineKeyboardButton("👍", callback_data=data)]])

    await bot.send_message(chat.id, "좋아요?", reply_markup=keyboard("a" * 64))
    with pytest.raises(BadRequest, match="Button_data_invalid"):
        await bot.send_message(chat.id, "좋아요?", reply_markup=keyboard("가" * 22))


async def test_whoever_has_blocked_the_bot_hears_nothing(bot: Bot, telegram: StandInTelegram) -> None:
    person = telegram.person("민수")
    chat = telegram.private(person)
    telegram.block(person)
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(chat.id, "안녕")
    telegram.unblock(person)
    await bot.send_message(chat.id, "안녕")


async def test_whoever_never_pressed_start_is_not_found(bot: Bot, telegram: StandInTelegram) -> None:
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(telegram.person("민수").id, "안녕")


@pytest.mark.parametrize("kind", ["group", "supergroup"])
async def test_a_group_that_threw_the_bot_out_is_closed(
    bot: Bot, telegram: StandInTelegram, kind: str
) -> None:
    group = telegram.group("우리집", supergroup=kind == "supergroup")
    telegram.kick_bot(group)
    with pytest.raises(Forbidden, match=f"bot was kicked from the {kind} chat"):
        await bot.send_message(group.id, "안녕")
    telegram.add_bot(group)
    await bot.leave_chat(group.id)
    with pytest.raises(Forbidden, match=f"bot is not a member of the {kind} chat"):
        await bot.send_message(group.id, "안녕")


async def test_rights_are_needed_unless_one_is_an_administrator(
    bot: Bot, telegram: StandInTelegram, jpeg: bytes
) -> None:
    group = telegram.group("우리집")
    telegram.restrict(group, "can_send_photos")
    await bot.send_message(group.id, "말은 돼요")
    with pytest.raises(BadRequest, match="Not enough rights to send photos to the chat"):
        await bot.send_photo(group.id, jpeg)
    telegram.restrict(group, "can_send_messages")
    with pytest.raises(BadRequest, match="Not enough rights to send text messages to the chat"):
        await bot.send_message(group.id, "안 돼요")
    telegram.promote_bot(group)
    await bot.send_photo(group.id, jpeg)


async def test_a_group_that_grew_says_where_it_went(bot: Bot, telegram: StandInTelegram) -> None:
    group = telegram.group("우리집")
    grown = telegram.migrate(group)
    with pytest.raises(ChatMigrated) as refusal:
        await bot.send_message(group.id, "안녕")
    assert refusal.value.new_chat_id == grown.id
    await bot.send_message(grown.id, "안녕")


async def test_a_reply_to_what_is_gone_is_refused(bot: Bot, telegram: StandInTelegram, chat: Chat) -> None:
    posted = await telegram.post(chat, chat.person, "지울 말")
    telegram.delete(posted)
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        await bot.send_message(chat.id, "답", reply_parameters=ReplyParameters(posted.id))
    gone = ReplyParameters(posted.id, allow_sending_without_reply=True)
    sent = await bot.send_message(chat.id, "답", reply_parameters=gone)
    assert sent.reply_to_message is None


async def test_after_48_hours_nothing_can_be_taken_back(
    bot: Bot, telegram: StandInTelegram, chat: Chat
) -> None:
    sent = await bot.send_message(chat.id, "오래된 말")
    telegram.age(telegram.answers(chat)[0], hours=49)
    with pytest.raises(BadRequest, match="Message can't be deleted for everyone"):
        await sent.delete()
    await sent.edit_text("지운 말")


async def test_what_others_said_is_taken_back_by_administrators_only(
    bot: Bot, telegram: StandInTelegram
) -> None:
    group = telegram.group("우리집")
    posted = await telegram.post(group, telegram.person("지은"), "말")
    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await bot.delete_message(group.id, posted.id)
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("다른 말", group.id, posted.id)
    telegram.promote_bot(group)
    await bot.delete_messages(group.id, [posted.id, 999_999])
    assert posted.is_deleted


async def test_words_and_captions_are_not_mixed_up(bot: Bot, chat: Chat, jpeg: bytes) -> None:
    text, photo = await bot.send_message(chat.id, "말"), await bot.send_photo(chat.id, jpeg)
    with pytest.raises(BadRequest, match="There is no caption in the message to edit"):
        await text.edit_caption("말")
    with pytest.raises(BadRequest, match="There is no text in the message to edit"):
        await photo.edit_text("말")


async def test_a_reaction_is_one_of_those_allowed(bot: Bot, telegram: StandInTelegram, chat: Chat) -> None:
    posted = await telegram.post(chat, chat.person, "말")
    with pytest.raises(BadRequest, match="Reaction_invalid"):
        await bot.set_message_reaction(chat.id, posted.id, "📷")
    chat.reactions_allowed = {"👍"}
    with pytest.raises(BadRequest, match="Reaction_invalid"):
        await bot.set_message_reaction(chat.id, posted.id, "👀")
    telegram.delete(posted)
    with pytest.raises(BadRequest, match="Message to react not found"):
        await bot.set_message_reaction(chat.id, posted.id, "👍")
