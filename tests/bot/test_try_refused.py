"""`chalkak try` where it cannot do what was asked: one clear sentence, an exit code, no traceback."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from models.weights import Weights
from tests.bot.terminal import Terminal, cache_of, linked_cache

Sample = Callable[[str], Path]


@pytest.fixture
def terminal(weights: Weights, tmp_path: Path) -> Terminal:
    return Terminal(tmp_path, cache_of(weights))


def test_no_photo_is_a_wrong_use(terminal: Terminal) -> None:
    ended = terminal.chalkak("try")

    assert ended.code == 2
    assert "PHOTO" in ended.err


def test_an_unknown_language_is_a_wrong_use_that_names_the_known_ones(terminal: Terminal) -> None:
    ended = terminal.chalkak("try", "photo.jpg", "--lang", "fr", "--json")

    assert ended.code == 2
    assert "'fr' is no language of mine, choose ko or en" in ended.err
    assert ended.out == ""


def test_a_bad_setting_is_a_wrong_use_that_names_it(terminal: Terminal) -> None:
    ended = terminal.chalkak("try", "photo.jpg", "--json", DECODE_WORKERS="99")

    assert ended.code == 2
    assert ended.err.startswith("chalkak: DECODE_WORKERS='99' is not allowed")
    assert ended.out == ""


def test_a_setting_in_the_working_folder_is_read(terminal: Terminal) -> None:
    (terminal.folder / ".env").write_text("LOG_LEVEL=LOUD\n")

    ended = terminal.chalkak("try", "photo.jpg")

    assert ended.code == 2
    assert ended.err.startswith("chalkak: LOG_LEVEL='LOUD' is not allowed")


def test_without_weights_the_command_that_fetches_them_is_named(tmp_path: Path, sample: Sample) -> None:
    ended = Terminal(tmp_path, tmp_path / "empty").chalkak("try", sample("bus"), "--json")

    assert ended.code == 1
    assert ended.err.startswith("chalkak: ")
    assert "`chalkak models fetch`" in ended.err
    assert "Traceback" not in ended.err
    assert ended.out == ""


def test_a_damaged_font_is_refused_with_the_command_that_mends_it(
    weights: Weights, tmp_path: Path, sample: Sample
) -> None:
    font = weights.registry.role("font")[0]
    place = linked_cache(weights, tmp_path) / "weights" / font.key / font.name
    place.unlink()
    place.write_bytes(b"no font")

    ended = Terminal(tmp_path, tmp_path).chalkak("try", sample("bus"))

    assert ended.code == 1
    assert f"`chalkak models fetch {font.key}`" in ended.err
    assert "Traceback" not in ended.err


@pytest.mark.parametrize("out", ["a-file", "a-file/below", "/proc/nothing-may-be-made-here"])
def test_a_place_where_no_folder_can_be_made_fails_at_once(
    out: str, terminal: Terminal, sample: Sample
) -> None:
    (terminal.folder / "a-file").write_text("in the way")

    ended = terminal.chalkak("try", sample("bus"), "--json", "--out", out)

    assert ended.code == 1
    assert ended.err.startswith(f"chalkak: {out}에 쓸 수 없었어요(")
    assert "다른 폴더를 골라 주세요" in ended.err
    assert ended.out == ""


def test_a_copy_that_cannot_be_written_leaves_the_answer_and_says_so(
    terminal: Terminal, sample: Sample
) -> None:
    ended = terminal.chalkak("try", sample("cat"), "--json", "--out", "/proc")

    (answer,) = json.loads(ended.out)
    assert ended.code == 1
    assert answer["comment"]
    assert answer["annotated"] is None
    assert "annotated" in answer["degraded"]


def test_a_marked_copy_never_takes_the_place_of_a_photo(terminal: Terminal, sample: Sample) -> None:
    for name in ("bus.jpg", "bus-marked.jpg"):
        shutil.copy(sample("cat"), terminal.folder / name)
    before = {path.name: path.read_bytes() for path in terminal.folder.iterdir()}

    terminal.chalkak("try", "bus.jpg", "bus-marked.jpg", "--out", ".")

    assert {name: (terminal.folder / name).read_bytes() for name in before} == before


def test_a_file_name_that_is_no_text_does_not_spoil_the_json(terminal: Terminal) -> None:
    name = "사진.jpg".encode("euc-kr")
    Path(os.fsdecode(os.fsencode(terminal.folder) + b"/" + name)).write_text("no photo")

    ended = terminal.chalkak("try", name, "--json", PYTHONIOENCODING="utf-8:strict")

    (answer,) = json.loads(ended.out)
    assert "사진 파일이 아닌 것 같아요" in answer["error"]
    assert "Traceback" not in ended.err


def test_a_pipe_a_device_and_an_empty_folder_are_refused_and_never_waited_for(
    terminal: Terminal, sample: Sample
) -> None:
    os.mkfifo(terminal.folder / "pipe.jpg")
    (terminal.folder / "empty").mkdir()

    ended = terminal.chalkak("try", "pipe.jpg", "/dev/zero", "empty", "", sample("bus"), "--json")

    pipe, device, folder, nameless, bus = json.loads(ended.out)
    assert ended.code == 1
    assert "not a regular file" in pipe["error"]
    assert "not a regular file" in device["error"]
    assert "사진이 없어요" in folder["error"]
    assert nameless.keys() == {"file", "error"}
    assert bus["comment"]


def test_a_terminal_without_emoji_or_korean_still_gets_an_answer(terminal: Terminal, sample: Sample) -> None:
    ended = terminal.chalkak("try", sample("cat"), "--json", PYTHONIOENCODING="ascii")

    assert ended.code == 0
    assert "고양이" in json.loads(ended.out)[0]["comment"]
