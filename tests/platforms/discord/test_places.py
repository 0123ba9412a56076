"""Where the bot may see and do what: permissions, private threads, direct messages, guilds."""

from __future__ import annotations

import io

import discord as library
import pytest

from tests.platforms.discord import Channel, StandInDiscord
from tests.platforms.discord.conftest import Home
from tests.platforms.discord.listener import Listener


async def place(bot: Listener, channel: Channel) -> library.TextChannel | library.Thread:
    """Return a channel as discord.py has it, once it has heard of it."""
    name = "thread_create" if channel.is_thread else "guild_channel_create"
    if bot.get_channel(channel.id) is None:
        await bot.event_named(name, lambda one: one.id == channel.id)
    found = bot.get_channel(channel.id)
    assert isinstance(found, library.TextChannel | library.Thread)
    return found


@pytest.mark.parametrize(
    ("denied", "does", "code"),
    [
        ("view_channel", "send", 50001),
        ("send_messages", "send", 50013),
        ("attach_files", "send a file", 50013),
        ("embed_links", "send an embed", 50013),
        ("read_message_history", "reply", 160002),
        ("read_message_history", "fetch", 50013),
        ("add_reactions", "react", 50013),
    ],
)
async def test_what_is_denied_in_a_channel_is_a_403(
    discord: StandInDiscord, bot: Listener, home: Home, denied: str, does: str, code: int
) -> None:
    posted = await discord.post(home.channel, home.mother, "바다")
    message = await bot.event_named("message")
    discord.permit(home.channel, discord.bot, deny=(denied,))
    channel = message.channel
    acts = {
        "send": lambda: channel.send("안녕"),
        "send a file": lambda: channel.send(file=library.File(io.BytesIO(b"a"), "a.jpg")),
        "send an embed": lambda: channel.send(embed=library.Embed(title="a")),
        "reply": lambda: message.reply("안녕"),
        "fetch": lambda: channel.fetch_message(posted.id),
        "react": lambda: message.add_reaction("👀"),
    }
    with pytest.raises(library.Forbidden) as refused:
        await acts[does]()
    assert refused.value.code == code
    assert discord.answers(home.channel) == []
    assert discord.invalid == 1


async def test_an_overwrite_of_a_role_is_taken_back_by_one_of_the_bot(
    discord: StandInDiscord, bot: Listener, home: Home
) -> None:
    channel = await place(bot, home.channel)
    discord.permit(home.channel, "everyone", deny=("send_messages",))
    with pytest.raises(library.Forbidden):
        await channel.send("하나")
    discord.permit(home.channel, discord.bot, allow=("send_messages",))
    await channel.send("둘")
    assert [one.content for one in discord.answers(home.channel)] == ["둘"]


async def test_without_history_a_channel_seems_empty(
    discord: StandInDiscord, bot: Listener, home: Home
) -> None:
    await discord.post(home.channel, home.mother, "바다")
    discord.permit(home.channel, discord.bot, deny=("read_message_history",))
    channel = await place(bot, home.channel)
    assert [one async for one in channel.history()] == []


async def test_a_channel_that_the_bot_does_not_see_is_silent(
    discord: StandInDiscord, bot: Listener, home: Home
) -> None:
    hidden = discord.channel(home.guild, "비밀")
    discord.permit(hidden, discord.bot, deny=("view_channel",))
    await discord.post(hidden, home.mother, "비밀")
    await discord.post(home.channel, home.mother, "바다")
    assert (await bot.event_named("message")).content == "바다"


async def test_discord_py_computes_the_same_permissions(
    discord: StandInDiscord, bot: Listener, home: Home
) -> None:
    role = discord.role(home.guild, "사진사", "attach_files")
    discord.permit(home.channel, "everyone", deny=("view_channel",))
    discord.permit(home.channel, role, allow=("view_channel",))
    discord.join(home.guild, home.mother, roles=(role,))
    await bot.event_named("member_update")
    channel = await place(bot, home.channel)
    mother = channel.guild.get_member(home.mother.id)
    assert mother is not None
    assert channel.permissions_for(mother).view_channel
    assert not channel.permissions_for(channel.guild.me).view_channel
    assert not discord.world.sees(home.channel)


async def test_a_thread_is_written_in_by_its_own_permission(
    discord: StandInDiscord, bot: Listener, home: Home
) -> None:
    thread = discord.thread(home.channel, "바다")
    found = await place(bot, thread)
    await found.send("하나")
    discord.permit(home.channel, discord.bot, deny=("send_messages",))
    await found.send("둘")
    discord.permit(home.channel, discord.bot, deny=("send_messages_in_threads",))
    with pytest.raises(library.Forbidden):
        await found.send("셋")
    assert [one.content for one in discord.answers(thread)] == ["하나", "둘"]


async def test_a_private_thread_is_for_its_members(
    discord: StandInDiscord, bot: Listener, home: Home
) -> None:
    thread = discord.thread(home.channel, "비밀", private=True, by=home.mother)
    await discord.post(thread, home.mother, "못 들어요")
    with pytest.raises(library.Forbidden):
        await bot.fetch_channel(thread.id)
    discord.add_to_thread(thread, discord.bot)
    await discord.post(thread, home.mother, "들어요")
    message = await bot.event_named("message")
    assert message.content == "들어요"
    members = await message.channel.fetch_members()
    assert {one.id for one in members} == {home.mother.id, discord.bot.id}
    discord.remove_from_thread(thread, discord.bot)
    await bot.event_named("thread_remove")
    with pytest.raises(library.Forbidden):
        await message.reply("늦었네요")


async def test_an_archived_thread_opens_when_written_in_unless_it_is_locked(
    discord: StandInDiscord, bot: Listener, home: Home
) -> None:
    thread = discord.thread(home.channel)
    found = await place(bot, thread)
    discord.archive(thread)
    await found.send("다시")
    assert not thread.is_archived
    discord.archive(thread, locked=True)
    with pytest.raises(library.HTTPException) as refused:
        await found.send("다시")
    assert refused.value.code == 50083


async def test_a_direct_message_is_answered_unless_they_are_closed(
    discord: StandInDiscord, bot: Listener, home: Home, photo: bytes
) -> None:
    talk = discord.dm(home.mother)
    await discord.post(talk, home.mother, "둘이서", files=[("cat.jpg", photo)])
    message = await bot.event_named("message")
    assert isinstance(message.channel, library.DMChannel)
    await message.reply("네")
    assert discord.answers(talk)[0].content == "네"
    home.mother.takes_messages = False
    father = await bot.fetch_user(home.mother.id)
    with pytest.raises(library.Forbidden) as refused:
        await father.send("저기요")
    assert refused.value.code == 50007


async def test_guilds_come_and_go(discord: StandInDiscord, bot: Listener, home: Home) -> None:
    other = discord.guild("이웃집")
    await bot.event_named("guild_join", lambda guild: guild.id == other.id)
    channel = discord.channel(other, "사진")
    discord.dismiss(other)
    await bot.event_named("guild_remove", lambda guild: guild.id == other.id)
    with pytest.raises(library.Forbidden):
        await bot.fetch_channel(channel.id)
    discord.invite(other)
    await bot.event_named("guild_join", count=2)
    discord.unavailable(home.guild)
    await bot.event_named("guild_unavailable")
    discord.unavailable(home.guild, False)
    await bot.event_named("guild_available", count=2)


async def test_a_removed_channel_is_unknown_with_everything_in_it(
    discord: StandInDiscord, bot: Listener, home: Home
) -> None:
    channel = await place(bot, home.channel)
    await channel.send("안녕")
    discord.remove(home.channel)
    await bot.event_named("guild_channel_delete")
    with pytest.raises(library.NotFound) as refused:
        await channel.send("안녕")
    assert refused.value.code == 10003
    assert len(discord.deleted) == 1


async def test_members_are_told_of_and_found(discord: StandInDiscord, bot: Listener, home: Home) -> None:
    father = discord.person("아빠")
    discord.join(home.guild, father)
    await bot.event_named("member_join")
    guild = bot.get_guild(home.guild.id)
    assert guild is not None
    assert (await guild.fetch_member(father.id)).name == "아빠"
    discord.leave(home.guild, father)
    await bot.event_named("raw_member_remove")
    with pytest.raises(library.NotFound) as refused:
        await guild.fetch_member(father.id)
    assert refused.value.code == 10007


async def test_threads_of_the_bot_and_an_age_restriction(
    discord: StandInDiscord, bot: Listener, home: Home
) -> None:
    posted = await discord.post(home.channel, home.mother, "바다")
    message = await bot.event_named("message")
    thread = await message.create_thread(name="바다 이야기")
    assert thread.id == posted.id
    await thread.send("여기요")
    assert [one.content for one in discord.answers(discord.world.channels[thread.id])] == ["여기요"]
    discord.restrict(home.channel, True)
    await bot.event_named("guild_channel_update")
    found = await place(bot, home.channel)
    assert isinstance(found, library.TextChannel)
    assert found.is_nsfw()
