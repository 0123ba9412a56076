"""The published API judges what a bot asks, and what the stand-in answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from telegram import Bot

from tests.platforms.telegram import StandInTelegram
from tests.platforms.telegram.spec import Spec, spec


def field(name: str, *types: str, required: bool = True, description: str = "") -> dict[str, Any]:
    return {"name": name, "types": list(types), "required": required, "description": description}


SMALL = Spec(
    {
        "methods": {
            "sendAlbum": {
                "fields": [
                    field("chat_id", "Integer", "String"),
                    field("media", "Array of InputMedia"),
                    field("silent", "Boolean", required=False),
                    field("cover", "InputFile", required=False),
                ],
                "returns": ["Array of Message"],
            }
        },
        "types": {
            "InputMedia": {"subtypes": ["Photo", "Film"]},
            "Photo": {
                "fields": [
                    field("type", "String", description="Type, must be photo"),
                    field("media", "String"),
                ]
            },
            "Film": {
                "fields": [
                    field("type", "String", description="Type, must be film"),
                    field("media", "String"),
                    field("duration", "Integer", required=False),
                ]
            },
            "Message": {"fields": [field("id", "Integer")]},
            "Update": {
                "fields": [field("update_id", "Integer"), field("message", "Message", required=False)]
            },
        },
    }
)
PHOTO = {"type": "photo", "media": "attach://a"}


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"chat_id": 1, "media": [PHOTO]}, []),
        ({"chat_id": "@a", "media": [PHOTO], "silent": True}, []),
        ({"media": [PHOTO]}, ["chat_id is missing"]),
        ({"chat_id": 1.5, "media": [PHOTO]}, ["chat_id: 1.5 is no Integer"]),
        ({"chat_id": 1, "media": [PHOTO], "silent": 1}, ["silent: 1 is no Boolean"]),
        ({"chat_id": 1, "media": [PHOTO], "loud": True}, ["loud is unknown"]),
        ({"chat_id": 1, "media": PHOTO}, [f"media: {PHOTO!r} is no array"]),
        ({"chat_id": 1, "media": [PHOTO | {"duration": 1}]}, ["media: duration is unknown"]),
        ({"chat_id": 1, "media": [{"type": "photo", "media": "b"}]}, ["nothing names the file a"]),
    ],
)
def test_what_is_asked_is_compared_with_the_published_api(fields: dict[str, Any], wrong: list[str]) -> None:
    files = {"a": b"jpeg", "cover": b"jpeg"}
    assert SMALL.asked("sendAlbum", fields, files) == [f"sendAlbum: {one}" for one in wrong]


def test_what_is_answered_is_compared_as_well() -> None:
    assert SMALL.answered("sendAlbum", [{"id": 1}]) == []
    assert SMALL.answered("sendAlbum", [{"id": "1"}]) == ["stand-in: sendAlbum: id: '1' is no Integer"]
    assert SMALL.update({"message": {"id": 1}}) == ["stand-in: update_id is missing"]


async def test_a_bot_that_asks_for_what_there_is_not_is_told_on() -> None:
    async with (
        StandInTelegram() as telegram,
        Bot(telegram.token, base_url=telegram.url, base_file_url=telegram.file_url) as bot,
    ):
        chat = telegram.private(telegram.person("지은"))
        await bot.send_message(chat.id, "말")
        assert telegram.violations == []
        await bot.send_message(chat.id, "말", api_kwargs={"colour": "red"})
        assert telegram.violations == (["sendMessage: colour is unknown"] if spec() else [])


async def test_it_stands_in_without_the_published_api(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, jpeg: bytes
) -> None:
    monkeypatch.setenv("CHALKAK_SHARED", str(tmp_path))
    spec.cache_clear()
    try:
        assert spec() is None
        async with (
            StandInTelegram() as telegram,
            Bot(telegram.token, base_url=telegram.url, base_file_url=telegram.file_url) as bot,
        ):
            chat = telegram.private(telegram.person("지은"))
            await bot.send_photo(chat.id, jpeg, "찰칵")
            assert [answer.caption for answer in telegram.answers(chat)] == ["찰칵"]
            assert telegram.asked[-1].path == "sendPhoto"
    finally:
        spec.cache_clear()
