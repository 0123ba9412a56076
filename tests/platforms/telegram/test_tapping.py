"""Buttons, inline questions and commands, as people see them."""

from __future__ import annotations

import asyncio

import pytest
from telegram import (
    BotCommand,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultCachedPhoto,
)
from telegram.error import BadRequest

from tests.platforms.telegram import StandInTelegram
from tests.platforms.telegram.ptb import listening

LIKE = InlineKeyboardMarkup([[InlineKeyboardButton("👍", callback_data="like:1")]])


async def test_a_tap_is_answered_once(telegram: StandInTelegram) -> None:
    person = telegram.person("지은")
    chat = telegram.private(person)
    async with listening(telegram) as bot:
        await bot.bot.send_message(chat.id, "좋아요?", reply_markup=LIKE)
        (message,) = telegram.answers(chat)
        tap = asyncio.create_task(telegram.tap(message, "like:1", person))
        query = (await bot.next())[0].callback_query
        assert query
        assert (query.data, query.from_user.id) == ("like:1", person.id)
        await query.answer("고마워요", show_alert=True)
        seen = await tap
        assert (seen.text, seen.is_alert) == ("고마워요", True)
        with pytest.raises(BadRequest, match="Query is too old"):
            await query.answer()

        await query.edit_message_reply_markup(None)
        with pytest.raises(AssertionError, match="no button"):
            await telegram.tap(message, "like:1", person)


async def test_a_bot_that_says_nothing_leaves_the_button_turning(telegram: StandInTelegram) -> None:
    person = telegram.person("지은")
    chat = telegram.private(person)
    async with listening(telegram) as bot:
        await bot.bot.send_message(chat.id, "좋아요?", reply_markup=LIKE)
        with pytest.raises(TimeoutError):
            await telegram.tap(telegram.answers(chat)[0], "like:1", person, seconds=0.05)
        query = (await bot.next())[0].callback_query
        assert query
        telegram.expire_queries()
        with pytest.raises(BadRequest, match="Query is too old"):
            await query.answer("늦었어요")


async def test_a_tap_on_what_is_gone_shows_no_message(telegram: StandInTelegram) -> None:
    person = telegram.person("지은")
    chat = telegram.private(person)
    async with listening(telegram) as bot:
        sent = await bot.bot.send_message(chat.id, "좋아요?", reply_markup=LIKE)
        (message,) = telegram.answers(chat)
        await sent.delete()
        tap = asyncio.create_task(telegram.tap(message, "like:1", person))
        query = (await bot.next())[0].callback_query
        assert query
        assert query.message
        assert not query.message.is_accessible
        await query.answer()
        assert (await tap).text == ""


async def test_photos_are_found_from_any_chat_by_their_file_id(
    telegram: StandInTelegram, jpeg: bytes
) -> None:
    person = telegram.person("지은")
    async with listening(telegram) as bot:
        sent = await bot.bot.send_photo(telegram.private(person).id, jpeg)
        ask = asyncio.create_task(telegram.inline(person, "바다"))
        query = (await bot.next())[0].inline_query
        assert query
        assert query.query == "바다"
        result = InlineQueryResultCachedPhoto("1", sent.photo[-1].file_id)
        with pytest.raises(BadRequest, match="Result_id_duplicate"):
            await query.answer([result, result])
        await query.answer([result], cache_time=0, is_personal=True)
        answer = await ask
    assert [one["photo_file_id"] for one in answer["results"]] == [sent.photo[-1].file_id]
    assert (answer["cache_time"], answer["is_personal"]) == (0, True)


async def test_commands_are_offered_by_language_and_scope(telegram: StandInTelegram) -> None:
    child, admin = telegram.person("지은", language="ko"), telegram.person("Tom", language="de")
    group = telegram.group("우리집", child)
    telegram.admin(group, admin)
    async with listening(telegram) as bot:
        await bot.bot.set_my_commands([BotCommand("help", "Help")])
        await bot.bot.set_my_commands([BotCommand("find", "사진 찾기")], language_code="ko")
        groups = [BotCommand("find", "Find"), BotCommand("forget", "Forget")]
        await bot.bot.set_my_commands(groups, BotCommandScopeAllGroupChats())
        moderate = [*groups, BotCommand("purge", "Purge")]
        await bot.bot.set_my_commands(moderate, BotCommandScopeAllChatAdministrators())
        assert telegram.menu(telegram.private(child), child) == ["find"]
        assert telegram.menu(telegram.private(admin), admin) == ["help"]
        assert telegram.menu(group, child) == ["find", "forget"]
        assert telegram.menu(group, admin) == ["find", "forget", "purge"]
        with pytest.raises(BadRequest, match="Bot_command_invalid"):
            await bot.bot.set_my_commands([BotCommand("찾기", "사진 찾기")])
        with pytest.raises(BadRequest, match="Description is too long"):
            await bot.bot.set_my_description("가" * 513)
        await bot.bot.set_my_description("사진 친구", "ko")
        assert (await bot.bot.get_my_description("ko")).description == "사진 친구"
