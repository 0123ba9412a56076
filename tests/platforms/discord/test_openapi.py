"""The judge of requests, by a description made here; and by Discord's own where that is on the machine."""

from __future__ import annotations

import aiohttp
import pytest

from tests.platforms.discord import StandInDiscord
from tests.platforms.discord.asking import Body, Upload
from tests.platforms.discord.conftest import TOKEN, Home
from tests.platforms.discord.openapi import Description, find_description

SNOWFLAKE = {"type": "string", "format": "snowflake", "pattern": "^[0-9]+$"}
FORM = {
    "allOf": [
        {"$ref": "#/components/schemas/Message"},
        {"type": "object", "properties": {"files[0]": {"type": "string"}}},
    ]
}
MESSAGE = {
    "type": "object",
    "properties": {
        "content": {"oneOf": [{"type": "string", "maxLength": 5}, {"type": ["string", "null"]}]},
        "reply": {"$ref": "#/components/schemas/Snowflake"},
        "count": {"type": "integer"},
    },
}
DOCUMENT = {
    "paths": {
        "/channels/{id}": {
            "get": {"operationId": "get", "parameters": [{"name": "limit", "in": "query"}]},
            "post": {
                "operationId": "post",
                "requestBody": {
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Message"}},
                        "multipart/form-data": {"schema": FORM},
                    }
                },
            },
        }
    },
    "components": {"schemas": {"Message": MESSAGE, "Snowflake": SNOWFLAKE}},
}


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"content": "가"}, []),  # both of its kinds fit: that is no fault
        ({"reply": 12345}, []),
        ({"reply": "x"}, ["reply: 'x' does not match '^[0-9]+$'"]),
        ({"count": "1"}, ["count: '1' is not of type 'integer'"]),
        ({"contents": "가"}, ["unknown field contents"]),
    ],
)
def test_a_body_is_judged_by_its_schema(fields: dict[str, object], told: list[str]) -> None:
    found = Description(DOCUMENT).faults("POST", "/channels/1", {}, Body(fields))
    assert found == [f"POST /channels/1: {one}" for one in told]


def test_files_and_queries_are_judged_too() -> None:
    description = Description(DOCUMENT)
    form = Body({"content": "가"}, [Upload("files[0]", "a.jpg", b"")], is_multipart=True)
    assert description.faults("POST", "/channels/1", {}, form) == []
    form.uploads.append(Upload("files[1]", "b.jpg", b""))
    assert description.faults("POST", "/channels/1", {}, form) == ["POST /channels/1: unknown field files[1]"]
    assert description.faults("GET", "/channels/1", {"limit": "1"}, Body()) == []
    assert len(description.faults("GET", "/channels/1", {"limits": "1"}, Body({"a": 1}))) == 2
    assert description.faults("PUT", "/channels/1", {}, Body()) == ["PUT /channels/1: no such endpoint"]


@pytest.mark.parametrize(
    ("form", "fault"),
    [
        ({"content": "가"}, ""),
        ({"contents": "가"}, "unknown field contents"),
        ({"content": 1}, "content: 1 is not"),
        ({"content": "가", "embeds": [{"color": -1}]}, "embeds.0.color"),
    ],
)
async def test_requests_are_judged_on_their_way(form: dict[str, object], fault: str) -> None:
    async with StandInDiscord(token=TOKEN) as discord:
        channel = discord.channel(discord.guild("우리집"), "사진")
        path, headers = f"/channels/{channel.id}/messages", {"Authorization": f"Bot {TOKEN}"}
        async with aiohttp.request("POST", discord.url + path, json=form, headers=headers):
            pass
        expected = bool(fault) and find_description() is not None
        assert [fault in told for told in discord.violations[:1]] == [True] * expected


async def test_an_endpoint_that_is_not_stood_in_for_is_told(discord: StandInDiscord, home: Home) -> None:
    async with aiohttp.request("GET", f"{discord.url}/guilds/{home.guild.id}/bans") as response:
        assert response.status == 404
    assert discord.violations[-1].endswith("the stand-in knows no such endpoint")
    discord.violations.clear()
