"""`chalkak post` as a person uses it: with a service that runs and without one."""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.cli import client, post
from bot.texts import say
from models.weights import Weights
from tests.bot.running import Running, running, start
from tests.bot.terminal import Ended, Terminal, cache_of
from tests.bot.web.pages import flat, serving, settings_in, small, until

KEYS = {
    "file", "photo", "width", "height", "objects", "faces", "caption", "comment", "unsafe", "annotated",
    "models", "seconds", "degraded",
}  # fmt: skip
ODD = b"\xff\xfe"  # no UTF-8

Sample = Callable[[str], Path]


@pytest.fixture(scope="module")
def terminal(weights: Weights, sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    folder = tmp_path_factory.mktemp("post")
    (folder / "사진들").mkdir()
    (folder / "사진들" / "나비.jpg").write_bytes(small(sample("cat")))
    (folder / "사진들" / "버스.jpg").write_bytes(small(sample("bus")))
    (folder / "메모.jpg").write_text("사진이 아니에요")
    return Terminal(folder, cache_of(weights))


@pytest.fixture(scope="module")
def service(terminal: Terminal) -> Iterator[Running]:
    with running(terminal, terminal.folder / "data", LOG_LEVEL="DEBUG") as found:
        yield found


@pytest.fixture(scope="module")
def posted(terminal: Terminal, service: Running) -> Ended:
    arguments = ("메모.jpg", "사진들", "없음.jpg", "--json", "--text", "우리 집 카나리아", "--author", "민수")
    return terminal.chalkak("post", *arguments, "--data", "data", LOG_LEVEL="DEBUG")


@pytest.fixture(scope="module")
def found(posted: Ended) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = json.loads(posted.out)
    return listed


def test_stdout_is_one_document_of_an_object_for_each_photo_in_order(
    posted: Ended, found: list[dict[str, Any]]
) -> None:
    assert posted.out == json.dumps(found, ensure_ascii=False, indent=2) + "\n"
    assert [one["file"] for one in found] == ["메모.jpg", "사진들/나비.jpg", "사진들/버스.jpg", "없음.jpg"]


def test_answered_photos_have_the_fields_of_try_and_their_id(found: list[dict[str, Any]]) -> None:
    for one in found[1:3]:
        assert set(one) == KEYS
        assert one["comment"]
        assert all(set(thing) == {"label", "label_ko", "score", "box"} for thing in one["objects"])
    assert [thing["label_ko"] for thing in found[1]["objects"]] == ["고양이"]


def test_refused_and_missing_files_say_why_and_the_others_go_on(
    posted: Ended, found: list[dict[str, Any]]
) -> None:
    assert found[0] == {"file": "메모.jpg", "error": say("ko", "error-not-a-picture")}
    assert found[3] == {"file": "없음.jpg", "error": say("ko", "error-no-file")}
    assert posted.code == 1


def test_marked_copies_lie_where_the_json_says(terminal: Terminal, found: list[dict[str, Any]]) -> None:
    for one in found[1:3]:
        assert (terminal.folder / one["annotated"]).read_bytes().startswith(b"\xff\xd8")


def test_people_read_the_answers_on_stdout_and_nothing_on_stderr(
    terminal: Terminal, service: Running
) -> None:
    ended = terminal.chalkak("post", "사진들/나비.jpg", "--data", "data", "--lang", "en")

    assert (ended.code, ended.err) == (0, "")
    assert "사진들/나비.jpg" in ended.out
    assert "💬" in ended.out
    assert "cat" in ended.out.lower()


def test_an_owned_folder_is_reached_through_the_service_and_nothing_is_opened_twice(
    terminal: Terminal, service: Running, found: list[dict[str, Any]]
) -> None:
    stats = json.loads(terminal.chalkak("stats", "--json", "--data", "data").out)

    assert stats["answered"] >= 2
    assert stats["states"]["answered"] >= 2
    assert int((service.data / "owner").read_text()) == service.process.pid


@pytest.mark.parametrize(
    ("options", "error"),
    [
        (["--chat", "a b"], "error-bad-chat"),
        (["--chat", "a/b"], "error-bad-chat"),
        (["--chat", "../x"], "error-bad-chat"),
        (["--chat", "a?b#c"], "error-bad-chat"),
        (["--chat", "%68ome"], "error-bad-chat"),
        (["--author", "가" * 41], "error-bad-name"),
        (["--text", "가" * 1001], "error-long-text"),
    ],
)
def test_what_is_not_allowed_is_said_in_a_sentence(
    terminal: Terminal, service: Running, options: list[str], error: str
) -> None:
    ended = terminal.chalkak("post", "사진들/나비.jpg", "--data", "data", *options)

    assert ended.code in (1, 2)
    assert (
        say("ko", error, most=40 if error != "error-long-text" else 1000, found=1001) in ended.out + ended.err
    )
    assert "Traceback" not in ended.err


def test_bytes_that_are_no_text_are_posted_or_refused_but_no_bug(
    terminal: Terminal, service: Running
) -> None:
    ended = terminal.chalkak(
        "post", "사진들/나비.jpg", "--data", "data", "--text", b"a" + ODD, "--author", b"me" + ODD
    )

    assert ended.code in (0, 1, 2)
    assert "Traceback" not in ended.err


def test_without_a_photo_or_with_a_wrong_language_the_usage_is_told(terminal: Terminal) -> None:
    assert terminal.chalkak("post", "--data", "data").code == 2
    assert terminal.chalkak("post", "사진들", "--data", "data", "--lang", "fr").code == 2


def test_the_log_of_it_all_has_no_word_of_anybodys(
    service: Running, posted: Ended, found: list[dict[str, Any]]
) -> None:
    code = service.end()
    out, err = service.rest()

    assert code == 0
    assert say("ko", "run-stopped") in out
    assert "photo accepted" in err
    key = (service.data / "key").read_text().strip()
    for word in ("카나리아", "민수", "나비", "버스", "사진들", "메모", found[1]["comment"], key):
        assert word not in err + posted.err, word


def test_without_a_service_it_answers_itself_and_remembers(terminal: Terminal) -> None:
    ended = terminal.chalkak("post", "사진들/나비.jpg", "--json", "--data", "alone", "--chat", "산책")
    (one,) = json.loads(ended.out)
    again = terminal.chalkak("find", "고양이", "--json", "--data", "alone", "--chat", "산책")

    assert (ended.code, ended.err) == (0, "")
    assert [hit["photo"] for hit in json.loads(again.out)["hits"]] == [one["photo"]]
    assert not (terminal.folder / "alone" / "service.json").exists()


def test_a_service_that_dies_meanwhile_is_told_in_a_sentence(terminal: Terminal, sample: Sample) -> None:
    folder = terminal.folder / "many"
    folder.mkdir()
    for number in range(60):
        (folder / f"{number:02}.jpg").write_bytes(flat((number, 90, 9), (1200, 900)))
    with running(terminal, terminal.folder / "dying") as service:
        process = start(terminal, "post", "many", "--data", "dying")
        assert process.stdout
        process.stdout.readline()  # the first answer is there
        service.end(signal.SIGKILL)
        out, err = (text.decode() for text in process.communicate(timeout=60))

    assert process.returncode == 1
    assert say("ko", "post-gone") in out + err
    assert say("ko", "error-no-reading", reason="?") not in out
    assert "Traceback" not in err


async def test_a_socket_that_is_closed_at_once_does_not_leave_anybody_waiting(
    weights: Weights, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.adapters.web.live.MAX_SOCKETS", 0)
    photo = tmp_path / "a.jpg"
    photo.write_bytes(flat())
    settings = settings_in(tmp_path)
    async with serving(settings) as page:
        assert page.service.desk
        await until(lambda: page.service.desk and page.service.desk.is_warm)
        async with client.connected(settings, "ko", is_answering=True) as found:
            poster = post.Poster(found, chat="x", author="me", text="", language="ko", out=tmp_path)

            async with asyncio.timeout(20):
                (one,) = await poster.post([str(photo)], lambda one: None)

    assert one == {"file": str(photo), "error": say("ko", "post-gone")}
