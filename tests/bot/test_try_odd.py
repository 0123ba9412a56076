"""`chalkak try` with odd names, links, folders and streams: nothing is lost, nothing is overwritten."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli.answers import printable
from bot.cli.files import expand, marked_names, write_copy
from models.weights import Weights
from tests.bot.terminal import CHALKAK, Terminal, cache_of, linked_cache

Sample = Callable[[str], Path]


@pytest.fixture
def terminal(weights: Weights, tmp_path: Path) -> Terminal:
    return Terminal(tmp_path, cache_of(weights))


def test_one_odd_argument_does_not_stop_the_others(terminal: Terminal, sample: Sample) -> None:
    (terminal.folder / "loop.jpg").symlink_to("loop.jpg")
    long_name = "x" * 300 + ".jpg"
    legal = terminal.folder / ("한" * 83 + ".jpg")
    shutil.copy(sample("cat"), legal)

    ended = terminal.chalkak("try", "loop.jpg", long_name, legal.name, "--json", QUEUE_PHOTOS="1")

    loop, too_long, cat = json.loads(ended.out)
    assert ended.code == 1
    assert loop.keys() == too_long.keys() == {"file", "error"}
    assert Path(terminal.folder / cat["annotated"]).stat().st_size > 1000


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-"])
def test_a_closed_stream_does_not_cost_the_answer(closed: str, terminal: Terminal, sample: Sample) -> None:
    command = f'"$0" try "$1" --out marked {closed}'
    environment = {**os.environ, "CHALKAK_CACHE": str(terminal.cache)}

    subprocess.run(
        ["/bin/sh", "-c", command, str(CHALKAK), str(sample("cat"))],
        cwd=terminal.folder,
        env=environment,
        capture_output=True,
        check=False,
        timeout=60,
    )

    assert (terminal.folder / "marked" / "chelsea-marked.jpg").stat().st_size > 1000


def test_a_full_disk_behind_stdout_is_a_sentence(terminal: Terminal, sample: Sample) -> None:
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(
            [CHALKAK, "try", sample("cat"), "--json"],
            cwd=terminal.folder,
            env={**os.environ, "CHALKAK_CACHE": str(terminal.cache)},
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            timeout=60,
        )

    assert ended.returncode != 0
    assert b"Traceback" not in ended.stderr


def test_a_damaged_safety_model_is_refused_before_any_photo(
    weights: Weights, tmp_path: Path, sample: Sample
) -> None:
    entry = weights.registry.entry("open-nsfw")
    place = linked_cache(weights, tmp_path) / "weights" / entry.key / entry.name
    good = place.read_bytes()
    place.unlink()
    place.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))

    ended = Terminal(tmp_path, tmp_path).chalkak("try", sample("cat"), "--json")

    assert ended.code == 1
    assert ended.out == ""
    assert "`chalkak models fetch open-nsfw`" in ended.err


def test_copies_never_land_on_a_photo_and_two_of_a_name_get_two(tmp_path: Path) -> None:
    files = [str(tmp_path / name) for name in ("a.jpg", "a.png", "a-marked.jpg")]

    names = marked_names(files, tmp_path)

    assert len(set(names.values())) == 3
    assert not {str(path) for path in names.values()} & set(files)


def test_a_thousand_photos_of_one_name_are_named_at_once(tmp_path: Path) -> None:
    files = [str(tmp_path / str(number) / "photo.jpg") for number in range(1000)]

    assert len(set(marked_names(files, tmp_path).values())) == 1000


def test_a_folder_of_photos_and_our_copies_yields_the_photos(tmp_path: Path) -> None:
    for name in ("b.jpg", "a.JPG", "a-marked.jpg", "a-marked-2.jpg", "note.txt"):
        (tmp_path / name).touch()

    assert [Path(file).name for file in expand([str(tmp_path)])] == ["a.JPG", "b.jpg"]


def test_a_copy_replaces_a_link_and_leaves_what_it_pointed_to(tmp_path: Path) -> None:
    precious, photo = tmp_path / "precious.txt", tmp_path / "photo.jpg"
    precious.write_bytes(b"keep me")
    photo.write_bytes(b"a photo")
    (tmp_path / "soft.jpg").symlink_to(precious)
    (tmp_path / "hard.jpg").hardlink_to(photo)

    write_copy(tmp_path / "soft.jpg", b"copy")
    write_copy(tmp_path / "hard.jpg", b"copy")

    assert precious.read_bytes() == b"keep me"
    assert photo.read_bytes() == b"a photo"
    assert (tmp_path / "soft.jpg").read_bytes() == (tmp_path / "hard.jpg").read_bytes() == b"copy"


def test_a_name_cannot_colour_the_terminal_or_break_the_line() -> None:
    assert printable("고양이 🐱\x1b[31m\n.jpg") == "고양이 🐱\\x1b[31m\\n.jpg"


def test_the_version_is_told(terminal: Terminal) -> None:
    ended = terminal.chalkak("--version")

    assert (ended.code, ended.out.split()[0]) == (0, "chalkak")
