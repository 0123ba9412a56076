"""Messages of people and of the bot, as discord.py sees and sends them."""

from __future__ import annotations

import io
from typing import Any

import discord as library
import pytest

from tests.platforms.discord import Message, StandInDiscord
from tests.platforms.discord.conftest import Home
from tests.platforms.discord.listener import Listener


def jpeg(data: bytes, name: str = "marked.jpg", **options: Any) -> library.File:
    return library.File(io.BytesIO(data), filename=name, **options)


async def test_a_photo_is_heard_of_with_everything_that_belongs_to_it(
    discord: StandInDiscord, bot: Listener, home: Home, photo: bytes
) -> None:
    posted = await discord.post(home.channel, home.mother, "고양이", files=[("cat.jpg", photo)], spoiler=True)
    message = await bot.event_named("message")
    (file,) = message.attachments
    assert (message.id, message.content, message.author.name) == (posted.id, "고양이", "엄마")
    assert (message.guild.name, message.channel.name) == ("우리집", "사진")
    assert (file.filename, file.content_type) == ("SPOILER_cat.jpg", "image/jpeg")
    assert (file.width, file.height, file.size) == (64, 48, len(photo))
    assert file.is_spoiler()


async def test_a_reply_arrives_with_its_file_and_description(
    discord: StandInDiscord, bot: Listener, home: Home, photo: bytes
) -> None:
    posted = await discord.post(home.channel, home.mother, files=[("cat.jpg", photo)])
    message = await bot.event_named("message")
    await message.reply("귀엽네요", file=jpeg(photo, description="고양이 한 마리"), mention_author=False)
    (answer,) = discord.answers(home.channel)
    assert (answer.content, answer.reference, answer.mentions) == ("귀엽네요", posted, [])
    assert answer.attachments[0].data == photo
    assert answer.attachments[0].description == "고양이 한 마리"
    assert discord.asked[-1].files == {"marked.jpg": photo}


async def test_a_message_of_ours_is_edited_and_deleted(
    discord: StandInDiscord, bot: Listener, home: Home, photo: bytes
) -> None:
    channel = await bot.fetch_channel(home.channel.id)
    assert isinstance(channel, library.TextChannel)
    sent = await channel.send("처음", files=[jpeg(photo, "1.jpg"), jpeg(photo, "2.jpg")])
    await sent.edit(content="나중", attachments=[sent.attachments[1]])
    (answer,) = discord.answers(home.channel)
    assert (answer.content, answer.edited, answer.versions) == ("나중", True, ["처음"])
    assert [file.filename for file in answer.attachments] == ["2.jpg"]
    await sent.delete()
    assert discord.answers(home.channel) == []
    assert discord.deleted == [answer]
    assert answer.deleted_by is discord.bot


async def test_the_description_of_a_file_can_be_changed_afterwards(
    discord: StandInDiscord, bot: Listener, home: Home, photo: bytes
) -> None:
    channel = await bot.fetch_channel(home.channel.id)
    assert isinstance(channel, library.TextChannel)
    sent = await channel.send(file=jpeg(photo))
    entry = {"id": str(sent.attachments[0].id), "description": "바다"}
    route = library.http.Route(
        "PATCH", "/channels/{channel_id}/messages/{number}", channel_id=channel.id, number=sent.id
    )
    await bot.http.request(route, json={"attachments": [entry]})
    assert discord.answers(home.channel)[0].attachments[0].description == "바다"


async def test_a_nonce_is_sent_once_within_its_time(
    discord: StandInDiscord, bot: Listener, home: Home
) -> None:
    channel = bot.get_channel(home.channel.id)
    assert isinstance(channel, library.TextChannel)
    first = await channel.send("하나", nonce="photo-1")
    again = await channel.send("하나", nonce="photo-1")
    other = await channel.send("하나", nonce="photo-2")
    assert first.id == again.id != other.id
    assert len(discord.answers(home.channel)) == 2
    await bot.event_named("message", lambda message: message.id == other.id)
    assert bot.names().count("message") == 2


async def test_a_nonce_is_forgotten_after_its_time(
    discord: StandInDiscord, bot: Listener, home: Home
) -> None:
    discord.world.rules.nonce_seconds = 0.0
    channel = bot.get_channel(home.channel.id)
    assert isinstance(channel, library.TextChannel)
    assert (await channel.send("하나", nonce="1")).id != (await channel.send("하나", nonce="1")).id


async def test_histories_do_not_know_nonces(discord: StandInDiscord, bot: Listener, home: Home) -> None:
    channel = bot.get_channel(home.channel.id)
    assert isinstance(channel, library.TextChannel)
    sent = await channel.send("하나", nonce="photo-1")
    assert sent.nonce == "photo-1"
    assert (await channel.fetch_message(sent.id)).nonce is None


async def test_a_reaction_comes_and_goes(discord: StandInDiscord, bot: Listener, home: Home) -> None:
    posted = await discord.post(home.channel, home.mother, "바다")
    message = await bot.event_named("message")
    await message.add_reaction("👀")
    assert posted.reactions == {"👀": [discord.bot.id]}
    assert bot.user is not None
    await message.remove_reaction("👀", bot.user)
    assert posted.reactions == {}
    await discord.react(posted, home.mother, "👍")
    added = await bot.event_named("raw_reaction_add", lambda event: event.user_id == home.mother.id)
    assert (added.emoji.name, added.message_id) == ("👍", posted.id)


async def test_deletions_by_people_are_told(discord: StandInDiscord, bot: Listener, home: Home) -> None:
    posted = [await discord.post(home.channel, home.mother, f"{n}") for n in range(3)]
    await discord.delete(posted[0])
    await discord.delete_many(posted[1:])
    assert (await bot.event_named("raw_message_delete")).message_id == posted[0].id
    assert (await bot.event_named("raw_bulk_message_delete")).message_ids == {one.id for one in posted[1:]}


async def test_an_edit_by_its_author_is_told_with_what_is_left(
    discord: StandInDiscord, bot: Listener, home: Home, photo: bytes
) -> None:
    files = [("1.jpg", photo), ("2.jpg", photo)]
    posted = await discord.post(home.channel, home.mother, "둘", files=files)
    await discord.edit(posted, text="하나", drop_attachment=0)
    edited = await bot.event_named("raw_message_edit")
    assert edited.data["content"] == "하나"
    assert [file["filename"] for file in edited.data["attachments"]] == ["2.jpg"]
    assert edited.data["edited_timestamp"]


async def test_link_previews_and_pins_are_updates_that_are_no_edits(
    discord: StandInDiscord, bot: Listener, home: Home, photo: bytes
) -> None:
    posted = await discord.post(home.channel, home.mother, "https://photos.example/cat.jpg")
    await discord.unfurl(posted, discord.embed("https://photos.example/cat.jpg", photo))
    await discord.pin(posted)
    shown = await bot.event_named("raw_message_edit")
    pinned = await bot.event_named("raw_message_edit", count=2)
    assert shown.data["edited_timestamp"] is pinned.data["edited_timestamp"] is None
    assert pinned.data["pinned"]
    proxied = shown.data["embeds"][0]["thumbnail"]["proxy_url"]
    assert await bot.http.get_from_cdn(proxied) == photo


async def test_a_forwarded_photo_comes_as_a_snapshot(
    discord: StandInDiscord, bot: Listener, home: Home, photo: bytes
) -> None:
    first = await discord.post(home.channel, home.mother, "원본", files=[("cat.jpg", photo)])
    await discord.post(home.channel, home.mother, forward_of=first)
    message = await bot.event_named("message", count=2)
    (snapshot,) = message.message_snapshots
    assert message.content == ""
    assert await snapshot.attachments[0].read() == photo


async def test_a_history_is_read_on_from_a_position(
    discord: StandInDiscord, bot: Listener, home: Home
) -> None:
    posted: list[Message] = [await discord.post(home.channel, home.mother, str(n)) for n in range(7)]
    channel = bot.get_channel(home.channel.id)
    assert isinstance(channel, library.TextChannel)
    after = library.Object(posted[1].id)
    later = [one.content async for one in channel.history(after=after, limit=3, oldest_first=True)]
    latest = [one.content async for one in channel.history(limit=2)]
    around = [one.content async for one in channel.history(around=library.Object(posted[3].id), limit=3)]
    assert (later, latest, around) == (["2", "3", "4"], ["6", "5"], ["4", "3", "2"])


async def test_a_gallery_shows_its_files_and_only_those_that_are_there(
    discord: StandInDiscord, bot: Listener, home: Home, photo: bytes
) -> None:
    channel = bot.get_channel(home.channel.id)
    assert isinstance(channel, library.TextChannel)
    gallery = library.ui.MediaGallery[library.ui.LayoutView]()
    gallery.add_item(media="attachment://1.jpg", description="바다", spoiler=True)
    view = library.ui.LayoutView().add_item(library.ui.TextDisplay("찾은 사진")).add_item(gallery)
    with pytest.raises(library.HTTPException) as refused:
        await channel.send(view=view, file=jpeg(photo, "2.jpg"))
    assert refused.value.code == 50035
    sent = await channel.send(view=view, file=jpeg(photo, "1.jpg"))
    (answer,) = discord.answers(home.channel)
    assert answer.attachments[0].data == photo
    assert (sent.attachments, answer.components[1]["items"][0]["description"]) == ([], "바다")
    shown = sent.components[1].items[0].media.url  # type: ignore[union-attr]
    assert await bot.http.get_from_cdn(shown) == photo


async def test_what_no_person_wrote_is_told_as_such(
    discord: StandInDiscord, bot: Listener, home: Home
) -> None:
    await discord.post(home.channel, home.mother, kind=7)
    await discord.post(home.channel, discord.person("소식", bot=True), "새 글", webhook=True)
    joined = await bot.event_named("message")
    posted = await bot.event_named("message", count=2)
    assert joined.is_system()
    assert posted.webhook_id is not None
    assert posted.author.bot


@pytest.mark.parametrize("who", ["mother", "bot"])
async def test_a_mention_is_told(discord: StandInDiscord, bot: Listener, home: Home, who: str) -> None:
    called = home.mother if who == "mother" else discord.bot
    await discord.post(home.channel, home.mother, f"<@{called.id}> 봐", mentions_bot=False)
    message = await bot.event_named("message")
    assert [person.id for person in message.mentions] == [called.id]
