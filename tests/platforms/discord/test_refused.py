"""What Discord refuses, with its own codes: asked by discord.py, or by hand where that would not ask."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from tests.platforms.discord import StandInDiscord
from tests.platforms.discord.conftest import TOKEN, Home

Ask = Callable[..., Awaitable[tuple[int, Any]]]
MIB = 2**20


@pytest.fixture
async def ask(discord: StandInDiscord) -> AsyncIterator[Ask]:
    """Requests by hand, which may be against the description of the API."""

    async with aiohttp.ClientSession(headers={"Authorization": f"Bot {TOKEN}"}) as http:

        async def ask(method: str, path: str, **options: Any) -> tuple[int, Any]:
            async with http.request(method, discord.url + path, **options) as response:
                return response.status, await response.json() if response.status != 204 else None

        yield ask
        discord.violations.clear()


def codes(answer: Any) -> list[str]:
    """Return the codes of what is wrong with a form."""
    if isinstance(answer, dict):
        own = [error["code"] for error in answer.get("_errors", ())]
        return own + [code for part in answer.values() for code in codes(part)]
    return []


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({}, 50006),
        ({"content": "   "}, 50006),
        ({"content": "가" * 2001}, "BASE_TYPE_MAX_LENGTH"),
        ({"content": "가", "nonce": "n" * 26}, "BASE_TYPE_MAX_LENGTH"),
        ({"embeds": [{"title": "t" * 257}]}, "BASE_TYPE_MAX_LENGTH"),
        ({"embeds": [{"title": "t"}] * 11}, "BASE_TYPE_MAX_LENGTH"),
        ({"embeds": [{"fields": [{"name": "n", "value": "v"}] * 26}]}, "BASE_TYPE_MAX_LENGTH"),
        ({"embeds": [{"fields": [{"name": "n", "value": ""}]}]}, "BASE_TYPE_REQUIRED"),
        (
            {"embeds": [{"description": "d" * 4000, "footer": {"text": "f" * 2001}}]},
            "MAX_EMBED_SIZE_EXCEEDED",
        ),
        ({"content": "가", "attachments": [{"id": "0"}]}, "ATTACHMENT_NOT_FOUND"),
        ({"content": "가", "flags": 1 << 15}, "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"),
        (
            {"content": "가", "allowed_mentions": {"parse": ["users"], "users": ["1"]}},
            "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
        ),
        ({"content": "가", "components": [{"type": 2, "style": 1, "custom_id": "a"}]}, "UNION_TYPE_CHOICES"),
        (
            {"content": "가", "components": [{"type": 1, "components": [{"type": 2, "custom_id": "a"}] * 2}]},
            "COMPONENT_CUSTOM_ID_DUPLICATED",
        ),
        (
            {"content": "가", "message_reference": {"message_id": "1"}},
            "MESSAGE_REFERENCE_UNKNOWN_MESSAGE",
        ),
    ],
)
async def test_a_message_that_breaks_a_limit_is_refused(
    home: Home, discord: StandInDiscord, ask: Ask, form: dict[str, Any], code: int | str
) -> None:
    status, answer = await ask("POST", f"/channels/{home.channel.id}/messages", json=form)
    assert status == 400
    assert answer["code"] == code if isinstance(code, int) else codes(answer["errors"]) == [code]
    assert discord.answers(home.channel) == []


async def test_a_reply_to_what_is_gone_can_be_sent_without_it(
    home: Home, discord: StandInDiscord, ask: Ask
) -> None:
    posted = await discord.post(home.channel, home.mother, "곧 없어요")
    await discord.delete(posted)
    pointer = {"message_id": str(posted.id), "fail_if_not_exists": False}
    form = {"content": "네", "message_reference": pointer}
    status, answer = await ask("POST", f"/channels/{home.channel.id}/messages", json=form)
    assert (status, answer["type"], answer.get("message_reference")) == (200, 0, None)


@pytest.mark.parametrize(
    ("sizes", "status"), [([10 * MIB], 200), ([10 * MIB + 1], 413), ([9 * MIB] * 3, 413), ([1] * 11, 400)]
)
async def test_files_are_limited_each_and_together(
    home: Home, discord: StandInDiscord, ask: Ask, sizes: list[int], status: int
) -> None:
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("payload_json", '{"content": "가"}')
    for index, size in enumerate(sizes):
        form.add_field(f"files[{index}]", io.BytesIO(bytes(size)), filename=f"{index}.bin")
    got, answer = await ask("POST", f"/channels/{home.channel.id}/messages", data=form)
    assert got == status
    assert answer.get("code", 40005) == 40005 or status == 400


async def test_a_description_is_limited(home: Home, discord: StandInDiscord, ask: Ask) -> None:
    form = aiohttp.FormData(quote_fields=False)
    entry = '{"id": 0, "filename": "a.jpg", "description": "' + "가" * 1025 + '"}'
    form.add_field("payload_json", f'{{"attachments": [{entry}]}}')
    form.add_field("files[0]", b"a", filename="a.jpg")
    status, answer = await ask("POST", f"/channels/{home.channel.id}/messages", data=form)
    assert (status, codes(answer["errors"])) == (400, ["BASE_TYPE_MAX_LENGTH"])


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/channels/1", 404, 10003),
        ("GET", "/channels/{channel}/messages/1", 404, 10008),
        ("GET", "/channels/abc", 400, 50035),
        ("GET", "/channels/{channel}/messages?limit=101", 400, 50035),
        ("GET", "/guilds/1", 404, 10004),
        ("GET", "/guilds/{guild}/members/1", 404, 10013),
        ("DELETE", "/channels/{channel}/messages/{mothers}", 403, 50013),
        ("POST", "/channels/{channel}/messages/bulk-delete", 403, 50013),
        ("PUT", "/channels/{channel}/messages/{mothers}/reactions/abc/@me", 400, 10014),
        ("POST", "/webhooks/{bot}/token-1", 401, 50027),
        ("POST", "/webhooks/1/token-1", 404, 10015),
        ("POST", "/interactions/1/token-1/callback", 404, 10062),
        ("GET", "/no/such/endpoint", 404, 0),
    ],
)
async def test_what_is_not_there_or_not_allowed_is_refused_by_code(
    home: Home, discord: StandInDiscord, ask: Ask, method: str, path: str, status: int, code: int
) -> None:
    mothers = await discord.post(home.channel, home.mother, "제 것")
    names = {"channel": home.channel.id, "guild": home.guild.id, "mothers": mothers.id, "bot": discord.bot.id}
    body: dict[str, Any] = {} if method == "GET" else {"json": {}}
    got, answer = await ask(method, path.format(**names), **body)
    assert (got, answer["code"]) == (status, code)


async def test_only_its_author_edits_a_message(home: Home, discord: StandInDiscord, ask: Ask) -> None:
    posted = await discord.post(home.channel, home.mother, "제 것")
    path = f"/channels/{home.channel.id}/messages/{posted.id}"
    assert (await ask("PATCH", path, json={"content": "아니"}))[1]["code"] == 50005
    assert posted.content == "제 것"


async def test_an_edit_that_leaves_nothing_changes_nothing(
    home: Home, discord: StandInDiscord, ask: Ask
) -> None:
    _, sent = await ask("POST", f"/channels/{home.channel.id}/messages", json={"content": "처음"})
    path = f"/channels/{home.channel.id}/messages/{sent['id']}"
    assert (await ask("PATCH", path, json={"content": ""}))[1]["code"] == 50006
    assert discord.answers(home.channel)[0].content == "처음"


async def test_many_are_deleted_at_once_only_if_they_are_young(
    home: Home, discord: StandInDiscord, ask: Ask
) -> None:
    role = next(role for role in home.guild.roles.values() if role.is_managed)
    discord.change_role(home.guild, role, role.permissions | 1 << 13)
    long_ago = datetime.now(UTC) - timedelta(days=15)
    posted = [await discord.post(home.channel, home.mother, "x", at=at) for at in (None, None, long_ago)]
    path, ids = f"/channels/{home.channel.id}/messages/bulk-delete", [str(one.id) for one in posted]
    assert (await ask("POST", path, json={"messages": ids}))[1]["code"] == 50034
    assert discord.deleted == []


async def test_a_wrong_token_is_refused_and_counted(home: Home, discord: StandInDiscord) -> None:
    wrong = {"Authorization": "Bot no"}
    async with aiohttp.request("GET", f"{discord.url}/users/@me", headers=wrong) as response:
        answer = await response.json()
    assert (response.status, answer) == (401, {"message": "401: Unauthorized", "code": 0})
    assert discord.invalid == 1
