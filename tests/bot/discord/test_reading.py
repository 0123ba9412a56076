from __future__ import annotations

from typing import Any

import discord
import pytest

from bot.adapters.discord.reading import (
    has_unseen,
    is_human,
    language_of,
    pictures_of,
    place_of,
    text_of,
)
from models.records import Language

ME = 42
ATTACHMENT = {"id": "7", "size": 10, "filename": "cat.jpg", "url": "u", "proxy_url": "p"}
LINK = "https://example.com/cat.jpg"
PROXY = "https://images-ext-1.discordapp.net/external/cat.jpg"
EMBED = {"type": "image", "url": LINK, "thumbnail": {"url": LINK, "proxy_url": PROXY}}
STICKER = {"id": "9", "name": "하이", "format_type": 1}


@pytest.fixture
async def client() -> discord.Client:
    """A client that was never connected, which makes messages out of what Discord sends."""
    return discord.Client(intents=discord.Intents.none())


def message_of(client: discord.Client, **data: Any) -> discord.Message:
    """Return a message as discord.py reads it."""
    author = {"id": "1", "username": "mom", "discriminator": "0", "avatar": None, "global_name": "엄마"}
    plain: dict[str, Any] = {
        "id": "1573303918442577925",
        "channel_id": "5",
        "author": author,
        "content": "",
        "timestamp": "2026-08-06T00:00:00+00:00",
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": [],
        "pinned": False,
        "type": 0,
    }
    channel = client.get_partial_messageable(5)
    payload: Any = {**plain, **data}
    return discord.Message(state=client._connection, channel=channel, data=payload)


@pytest.mark.parametrize(
    ("filename", "content_type", "is_picture"),
    [
        ("cat.jpg", "image/jpeg", True),
        ("IMG_1.HEIC", None, True),
        ("scan", "image/png; charset=binary", True),
        ("photo.webp", "application/octet-stream", True),
        ("drawing.svg", "image/svg+xml", False),
        ("raw.psd", "image/vnd.adobe.photoshop", False),
        ("film.mp4", "video/mp4", False),
        ("voice.ogg", "audio/ogg", False),
        ("jpg", None, False),
    ],
)
async def test_a_file_is_a_picture_by_its_type_or_its_name(
    client: discord.Client, filename: str, content_type: str | None, is_picture: bool
) -> None:
    file = {**ATTACHMENT, "filename": filename, "content_type": content_type}
    message = message_of(client, attachments=[file])

    assert bool(pictures_of(message)) == is_picture
    assert has_unseen(message)


@pytest.mark.parametrize(
    ("file", "is_spoiler", "is_moving"),
    [
        ({}, False, False),
        ({"filename": "SPOILER_cat.jpg"}, True, False),
        ({"flags": 1 << 3}, True, False),
        ({"content_type": "image/gif"}, False, True),
        ({"flags": 1 << 5}, False, True),
    ],
)
async def test_covers_and_movement_are_seen(
    client: discord.Client, file: dict[str, Any], is_spoiler: bool, is_moving: bool
) -> None:
    (shown,) = pictures_of(message_of(client, attachments=[{**ATTACHMENT, **file}]))

    assert (shown.is_spoiler, shown.is_moving) == (is_spoiler, is_moving)


async def test_a_linked_picture_is_fetched_from_the_proxy_and_named_without_its_address(
    client: discord.Client,
) -> None:
    (shown,) = pictures_of(message_of(client, content=LINK, embeds=[EMBED]))

    assert shown.url == PROXY
    assert "example" not in shown.key


async def test_a_linked_picture_that_is_covered_stays_so(client: discord.Client) -> None:
    (shown,) = pictures_of(message_of(client, content=f"비밀 ||{LINK}||", embeds=[EMBED]))

    assert shown.is_spoiler


@pytest.mark.parametrize("kind", ["article", "link", "rich", "video"])
async def test_other_previews_are_no_pictures(client: discord.Client, kind: str) -> None:
    message = message_of(client, content=LINK, embeds=[{**EMBED, "type": kind}])

    assert pictures_of(message) == []
    assert not has_unseen(message)


async def test_a_linked_picture_without_a_proxy_is_left_alone(client: discord.Client) -> None:
    embed = {"type": "image", "url": LINK, "thumbnail": {"url": LINK}}

    assert pictures_of(message_of(client, content=LINK, embeds=[embed])) == []


@pytest.mark.parametrize(
    ("kind", "address", "is_moving"),
    [
        (1, "https://cdn.discordapp.com/stickers/9.png", False),
        (2, "https://cdn.discordapp.com/stickers/9.png", True),
        (4, "https://media.discordapp.net/stickers/9.gif", True),
    ],
)
async def test_a_sticker_is_a_picture(
    client: discord.Client, kind: int, address: str, is_moving: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(discord.Asset, "BASE", "https://cdn.discordapp.com")
    (shown,) = pictures_of(message_of(client, sticker_items=[{**STICKER, "format_type": kind}]))

    assert (shown.key, shown.url, shown.is_moving) == ("sticker:9", address, is_moving)


async def test_a_drawn_animation_is_none(client: discord.Client) -> None:
    message = message_of(client, sticker_items=[{**STICKER, "format_type": 3}])

    assert pictures_of(message) == []
    assert has_unseen(message)


async def test_of_many_pictures_as_many_are_taken_as_one_answer_can_carry(client: discord.Client) -> None:
    attachments = [{**ATTACHMENT, "id": str(number)} for number in range(10)]
    message = message_of(client, attachments=attachments, embeds=[EMBED])

    assert [shown.key for shown in pictures_of(message)] == [str(number) for number in range(10)]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param({"webhook_id": "3"}, id="a webhook"),
        pytest.param({"type": 6}, id="Discord says that something was pinned"),
        pytest.param({"type": 21}, id="the beginning of a thread"),
    ],
)
async def test_what_nobody_wrote_is_from_no_human(client: discord.Client, data: dict[str, Any]) -> None:
    assert not is_human(message_of(client, attachments=[ATTACHMENT], **data))


async def test_a_text_has_names_for_people_and_none_for_us(client: discord.Client) -> None:
    father = {"id": "2", "username": "dad", "discriminator": "0", "avatar": None, "global_name": "아\\g<0>빠"}
    said = f"<@{ME}> <@!2> 좀 봐 <:nabi:123> <@{ME}>"
    message = message_of(client, content=said, mentions=[father])

    assert text_of(message, ME) == "@아\\g<0>빠 좀 봐 :nabi:"


@pytest.mark.parametrize(
    ("locale", "features", "language"),
    [
        ("ko", [], "ko"),
        ("en-US", [], None),
        ("en-US", ["COMMUNITY"], "en"),
        ("en-GB", ["COMMUNITY"], "en"),
        ("ja", ["COMMUNITY"], None),
    ],
)
async def test_the_language_of_a_server_is_what_somebody_chose(
    client: discord.Client, locale: str, features: list[str], language: Language | None
) -> None:
    guild = discord.Guild(
        data={"id": "1", "preferred_locale": locale, "features": features},  # type: ignore[typeddict-item]  # the rest may lack
        state=client._connection,
    )

    assert language_of(guild) == language


async def test_a_private_conversation_has_no_language_of_its_own() -> None:
    assert language_of(None) is None


async def test_of_an_unknown_channel_no_place_is_made_up(client: discord.Client) -> None:
    assert place_of(client.get_partial_messageable(5)) is None
