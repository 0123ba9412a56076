"""Addresses of files: signed, fresh with each fetch, gone when they expire or their message does."""

from __future__ import annotations

import io

import aiohttp
import discord as library
import pytest

from tests.platforms.discord import StandInDiscord
from tests.platforms.discord.conftest import TOKEN, Home
from tests.platforms.discord.listener import Listener, pointed_to


async def got(url: str) -> tuple[int, bytes]:
    async with aiohttp.ClientSession() as http, http.get(url) as response:
        return response.status, await response.read()


async def test_an_address_without_its_signature_is_not_there(
    discord: StandInDiscord, bot: Listener, home: Home, photo: bytes
) -> None:
    await discord.post(home.channel, home.mother, files=[("고양이 1.jpg", photo)])
    (file,) = (await bot.event_named("message")).attachments
    assert await got(file.url) == (200, photo)
    assert await got(file.proxy_url) == (200, photo)
    for wrong in (
        file.url.partition("?")[0],
        file.url.replace("hm=", "hm=0"),
        file.url.replace("ex=", "ex=f"),
    ):
        status, body = await got(wrong)
        assert (status, body) == (404, b"This content is no longer available.")


async def test_a_name_is_changed_and_kept_as_a_title(
    discord: StandInDiscord, bot: Listener, home: Home, photo: bytes
) -> None:
    names = ("한강 사진.jpg", "_my cat (2).PNG", "SPOILER_고양이.jpg", "plain.jpg")
    await discord.post(home.channel, home.mother, files=[(name, photo) for name in names])
    files = (await bot.event_named("message")).attachments
    assert [file.filename for file in files] == [
        "unknown.jpg",
        "my_cat_2.PNG",
        "SPOILER_unknown.jpg",
        "plain.jpg",
    ]
    assert [file.title for file in files] == ["한강 사진", "_my cat (2)", "고양이", None]
    assert await files[0].read() == photo


async def test_an_address_expires_and_the_message_fetched_again_has_a_fresh_one(
    discord: StandInDiscord, bot: Listener, home: Home, photo: bytes
) -> None:
    discord.world.cdn.seconds = -1
    posted = await discord.post(home.channel, home.mother, files=[("cat.jpg", photo)])
    (file,) = (await bot.event_named("message")).attachments
    with pytest.raises(library.NotFound):
        await file.read()
    discord.world.cdn.seconds = 60
    channel = bot.get_channel(home.channel.id)
    assert isinstance(channel, library.TextChannel)
    again = await channel.fetch_message(posted.id)
    assert await again.attachments[0].read() == photo


async def test_the_files_of_a_deleted_message_are_gone(
    discord: StandInDiscord, bot: Listener, home: Home, photo: bytes
) -> None:
    posted = await discord.post(home.channel, home.mother, files=[("cat.jpg", photo)])
    (file,) = (await bot.event_named("message")).attachments
    await discord.delete(posted)
    assert (await got(file.url))[0] == 404


async def test_a_message_may_lie_about_its_files(
    discord: StandInDiscord, bot: Listener, home: Home, photo: bytes
) -> None:
    liar = discord.file("cat.jpg", photo * 3, content_type="image/png", claimed_size=10)
    await discord.post(home.channel, home.mother, files=[liar])
    (file,) = (await bot.event_named("message")).attachments
    assert (file.size, file.content_type) == (10, "image/png")
    assert len(await file.read()) == 3 * len(photo)


async def test_files_fail_on_demand_too(
    discord: StandInDiscord, bot: Listener, home: Home, photo: bytes
) -> None:
    await discord.post(home.channel, home.mother, files=[("cat.jpg", photo)])
    (file,) = (await bot.event_named("message")).attachments
    discord.faults.plan("502", "GET /cdn/")
    assert (await got(file.url))[0] == 502
    assert await got(file.url) == (200, photo)


async def test_a_picture_shown_by_an_embed_is_not_listed_beside_it(
    discord: StandInDiscord, bot: Listener, home: Home, photo: bytes
) -> None:
    channel = bot.get_channel(home.channel.id)
    assert isinstance(channel, library.TextChannel)
    embed = library.Embed(title="고양이").set_image(url="attachment://cat.jpg")
    sent = await channel.send(embed=embed, file=library.File(io.BytesIO(photo), "cat.jpg"))
    assert sent.attachments == []
    assert await got(str(sent.embeds[0].image.url)) == (200, photo)
    assert discord.answers(home.channel)[0].attachments[0].data == photo


async def test_addresses_can_be_made_short_lived(monkeypatch: pytest.MonkeyPatch, photo: bytes) -> None:
    async with StandInDiscord(token=TOKEN, address_seconds=-1) as discord:
        pointed_to(discord, monkeypatch)
        guild, mother = discord.guild("우리집"), discord.person("엄마")
        discord.join(guild, mother)
        posted = await discord.post(discord.channel(guild, "사진"), mother, files=[("cat.jpg", photo)])
        assert (await got(discord.written(posted)["attachments"][0]["url"]))[0] == 404
