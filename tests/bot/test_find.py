"""`chalkak find` as a person and as a program use it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.texts import say
from models.weights import Weights
from tests.bot.running import Running, running
from tests.bot.terminal import Terminal, cache_of
from tests.bot.web.pages import small

Sample = Callable[[str], Path]


@pytest.fixture(scope="module")
def terminal(weights: Weights, sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    """A shell beside a data folder with a cat, called 나비, in the chat home."""
    folder = tmp_path_factory.mktemp("find")
    (folder / "a.jpg").write_bytes(small(sample("cat")))
    found = Terminal(folder, cache_of(weights))
    ended = found.chalkak("post", "a.jpg", "--text", "산책하는 나비", "--author", "지은", CHALKAK_DATA="data")
    assert ended.code == 0, ended
    return found


@pytest.fixture(scope="module")
def service(terminal: Terminal) -> Iterator[Running]:
    with running(terminal, terminal.folder / "data") as found:
        yield found


def test_without_a_service_it_finds_all_the_same(terminal: Terminal) -> None:
    ended = terminal.chalkak("find", "고양이", "--json", "--data", "data")

    assert (ended.code, ended.err) == (0, "")
    assert json.loads(ended.out)["outcome"] == "found"


def test_json_has_the_documented_shape(terminal: Terminal, service: Running) -> None:
    ended = terminal.chalkak("find", "cat", "--json", "--data", "data")
    found = json.loads(ended.out)

    assert ended.out == json.dumps(found, ensure_ascii=False, indent=2) + "\n"
    assert list(found) == ["query", "outcome", "hits", "seconds"]
    (hit,) = found["hits"]
    assert list(hit) == ["photo", "score", "reason", "sent_at", "author"]
    assert (hit["author"], hit["reason"]) == ("지은", "고양이")


def test_people_read_one_line_for_each_photo(terminal: Terminal, service: Running) -> None:
    ended = terminal.chalkak("find", "나비", "--data", "data")

    assert (ended.code, ended.err) == (0, "")
    assert "“나비”" in ended.out
    assert "(지은)" in ended.out


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_nothing_found_is_said_and_is_no_failure(terminal: Terminal, service: Running, lang: str) -> None:
    ended = terminal.chalkak("find", "잠수함", "--data", "data", "--lang", lang)

    assert ended.code == 0
    assert ended.out.strip() == say("ko" if lang == "ko" else "en", "find-none", query="잠수함")


def test_another_chat_is_another_place(terminal: Terminal, service: Running) -> None:
    found = json.loads(terminal.chalkak("find", "고양이", "--json", "--data", "data", "--chat", "other").out)

    assert (found["outcome"], found["hits"]) == ("none", [])


ODD_LINES = {
    "고양이": "found",
    "": "none",
    "   ": "none",
    "나비\u2028산책": "found",
    "나비\x0b\x0c\x1c\x85": "found",
    '"; DROP TABLE photo; --': "none",
    "잠수함": "none",
    "😀": "none",
    "\x00\x01": "none",
    "가" * 10_000: "none",
    "cat " * 5_000: "found",
}


@pytest.fixture(scope="module")
def batch(terminal: Terminal, service: Running) -> list[dict[str, Any]]:
    text = "\ufeff" + "\n".join(ODD_LINES) + "\r\n나비"
    (terminal.folder / "queries.txt").write_bytes(text.encode())
    ended = terminal.chalkak("find", "--batch", "queries.txt", "--data", "data")
    assert (ended.code, ended.err) == (0, "")
    return [json.loads(line) for line in ended.out.removesuffix("\n").split("\n")]


def test_a_batch_gives_one_object_a_line_in_order(batch: list[dict[str, Any]]) -> None:
    assert [found["outcome"] for found in batch] == [*ODD_LINES.values(), "found"]
    assert [found["query"].strip() for found in batch] == [*(line.strip() for line in ODD_LINES), "나비"]
    assert all({"query", "outcome", "hits", "seconds"} <= set(found) for found in batch)


def test_a_batch_of_nothing_is_nothing(terminal: Terminal, service: Running) -> None:
    (terminal.folder / "empty.txt").write_bytes(b"")
    ended = terminal.chalkak("find", "--batch", "empty.txt", "--data", "data")

    assert (ended.code, ended.out) == (0, "")


def test_a_batch_that_cannot_be_read_is_a_wrong_usage(terminal: Terminal) -> None:
    (terminal.folder / "binary").write_bytes(b"\xff\xfe\x00")
    for name in ("binary", "missing.txt", "."):
        ended = terminal.chalkak("find", "--batch", name, "--data", "data")

        assert (ended.code, ended.out) == (2, "")
        assert "Traceback" not in ended.err


@pytest.mark.parametrize(
    "arguments",
    [[], [""], ["  "], ["a", "--batch", "queries.txt"], ["a", "--limit", "0"], ["a", "--limit", "101"]],
)
def test_a_wrong_usage_is_told_on_stderr(terminal: Terminal, arguments: list[str]) -> None:
    ended = terminal.chalkak("find", *arguments, "--data", "data")

    assert (ended.code, ended.out) == (2, "")
    assert ended.err


@pytest.mark.parametrize("text", ["가" * 10_000, b"\xff\xfe", "-- '\"*", "\u202e\x1b[2J"])
def test_odd_texts_are_looked_for_like_any_other(
    terminal: Terminal, service: Running, text: str | bytes
) -> None:
    ended = terminal.chalkak("find", "--data", "data", "--", text)

    assert ended.code == 0, ended.err
    assert "Traceback" not in ended.err
    assert "\x1b" not in ended.out


@pytest.mark.parametrize("chat", ["a b", "a/b", "..", "?", "", "a" * 41])
def test_an_impossible_chat_is_told_in_a_sentence(terminal: Terminal, service: Running, chat: str) -> None:
    ended = terminal.chalkak("find", "a", "--data", "data", "--chat", chat)

    assert ended.code in (1, 2)
    assert ended.out == ""
    assert say("ko", "error-bad-chat", most=40) in ended.err
