"""The log: secrets are struck out wherever they stand, and every line can be read by a program."""

from __future__ import annotations

import io
import json
import logging
import secrets
from typing import Any

import pytest

from bot.logs import TEXT, AsJson, Redacting, set_up_logging

TELEGRAM = "7214365870:AAH" + "x1Y-z_" * 5 + "Qw"
DISCORD = "MTE4NzY1NDMyMTA5ODc2NTQz" + "." + "GhJkL2" + "." + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9"
OURS = "kL3mN4oP5qR6sT7uV8wX9yZ0aB1cD2eF3gH4iJ5kL6m"

WAYS = {
    "Telegram in an address": (TELEGRAM, "GET https://api.telegram.org/bot{}/getMe"),
    "Telegram alone": (TELEGRAM, "token {} refused"),
    "Telegram as a field": (TELEGRAM, "refused token={}"),
    "Discord alone": (DISCORD, "token {} refused"),
    "Discord in a header": (DISCORD, "Authorization: Bot {}"),
    "ours in an address": (OURS, "GET http://127.0.0.1:8427/?key={} 200"),
    "ours first in an address": (OURS, "/c/home?a=b&key={}"),
    "ours as a field": (OURS, "opened key={}"),
    "ours at the beginning": (OURS, "key={} opened"),
    "ours as a bearer": (OURS, "Authorization: Bearer {}"),
    "ours as a cookie": (OURS, "Cookie: chalkak-8427={}; a=b"),
    "ours given as a cookie": (OURS, "Set-Cookie: chalkak-8427={}; HttpOnly"),
    "ours in a dictionary": (OURS, "query {{'key': '{}'}}"),
    "ours in JSON": (OURS, '{{"key": "{}"}}'),
}


@pytest.fixture(params=[Redacting(TEXT), AsJson()], ids=["text", "json"])
def log(request: pytest.FixtureRequest) -> tuple[logging.Logger, io.StringIO]:
    target = io.StringIO()
    handler = logging.StreamHandler(target)
    handler.setFormatter(request.param)
    logger = logging.Logger("canary")  # noqa: LOG001 - one that no other test hears
    logger.addHandler(handler)
    return logger, target


Log = tuple[logging.Logger, io.StringIO]


@pytest.mark.parametrize("way", WAYS)
def test_a_secret_is_struck_out_of_a_message_an_argument_and_a_traceback(log: Log, way: str) -> None:
    (logger, target), (secret, shape) = log, WAYS[way]
    said = shape.format(secret)
    logger.info(said.replace("%", "%%"))
    logger.info("%s", said)
    logger.info("said: %r", said)
    logger.info("said: %s", {"a": [said]})
    try:
        raise ValueError(said)
    except ValueError:
        logger.exception("failed")

    assert secret not in target.getvalue()
    assert secret[-12:] not in target.getvalue()
    assert "***" in target.getvalue()


def test_the_key_of_a_data_folder_looks_like_the_one_of_these_tests() -> None:
    assert len(secrets.token_urlsafe(32)) == len(OURS)


@pytest.mark.parametrize(
    "said",
    [
        "service started port=8427 recovered=0",
        "photo accepted photo=0123abcd bytes=123456789 new=True",
        "model objects name=yolov8m-oiv7@1234abcd seconds=0.123",
        "commit failed jobs=3 error=DiskFull('no room to write /home/me/x.db: database or disk is full')",
        "key frames were sought",
    ],
)
def test_what_is_no_secret_stays(log: Log, said: str) -> None:
    logger, target = log
    logger.info(said)

    assert "***" not in target.getvalue()
    assert all(word.rsplit("=")[-1] in target.getvalue() for word in said.split())


def test_characters_that_move_a_terminal_are_not_written(log: Log) -> None:
    logger, target = log
    logger.warning("a\x1b[2Jb\x07\u202ec\x9b1m\rd")

    assert not any(sign in target.getvalue() for sign in "\x1b\x07\u202e\x9b\r")


def lines(*messages: tuple[Any, ...]) -> list[dict[str, str]]:
    target = io.StringIO()
    handler = logging.StreamHandler(target)
    handler.setFormatter(AsJson())
    logger = logging.Logger("bot.desk")  # noqa: LOG001 - one that no other test hears
    logger.addHandler(handler)
    for message in messages:
        logger.warning(*message)
    return [json.loads(line) for line in target.getvalue().removesuffix("\n").split("\n")]


def test_an_event_becomes_an_object_with_its_fields() -> None:
    (line,) = lines(("photo analysed photo=%.8s boxes=%d seconds=%.3f", "0123456789", 3, 0.25))

    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "WARNING", "logger": "bot.desk", "event": "photo analysed",
        "photo": "01234567", "boxes": "3", "seconds": "0.250",
    }  # fmt: skip


def test_a_value_of_several_words_is_kept_whole() -> None:
    (line,) = lines(("no work taken up error=%s tries=%d", "no room to write /data: disk is full", 2))

    assert line["error"] == "no room to write /data: disk is full"
    assert line["tries"] == "2"


def test_every_line_is_one_object_whatever_is_in_it() -> None:
    odd = (
        '"quoted"\n{"level": "forged"}',
        "\x00\u2028\ud800",
        "a=b=c =d e= f",
        "time=now level=x",
        "가나다 €",
        "",
    )
    found = lines(*(("odd %s", text) for text in odd))

    assert len(found) == len(odd)
    assert all(len(json.dumps(line, ensure_ascii=False).splitlines()) == 1 for line in found)
    assert {line["level"] for line in found} == {"WARNING"}


def test_requests_are_not_logged_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    try:
        set_up_logging("DEBUG", "json")
        assert not logging.getLogger("aiohttp.access").isEnabledFor(logging.INFO)
        assert [type(handler.formatter) for handler in root.handlers] == [AsJson]
    finally:
        root.handlers[:] = before
        root.setLevel(level)
