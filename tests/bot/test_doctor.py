"""`chalkak doctor`: well on a machine that is well, and otherwise the command that mends it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from models.registry import load_registry
from models.weights import Weights
from tests.bot.terminal import Terminal, cache_of, linked_cache

CHECKS = ["python", "memory", "disk", "sqlite", "data", "device", "weights", "decoder", "platforms"]


@pytest.fixture
def terminal(weights: Weights, tmp_path: Path) -> Terminal:
    return Terminal(tmp_path, cache_of(weights))


def test_a_healthy_machine_is_well_in_every_respect(terminal: Terminal) -> None:
    ended = terminal.chalkak("doctor")

    assert [line.split()[:2] for line in ended.out.splitlines()] == [["✓", check] for check in CHECKS]
    assert ended.code == 0


def test_as_json_every_check_says_what_it_found_and_how_to_mend_it(terminal: Terminal) -> None:
    ended = terminal.chalkak("doctor", "--json")

    findings = json.loads(ended.out)
    assert [finding["what"] for finding in findings] == CHECKS
    assert all(finding.keys() == {"what", "is_well", "found", "fix"} for finding in findings)
    assert all(finding["found"] for finding in findings)


def test_without_weights_the_command_that_fetches_them_is_named(tmp_path: Path) -> None:
    ended = Terminal(tmp_path, tmp_path / "empty").chalkak("doctor")

    lines = ended.out.splitlines()
    place = next(number for number, line in enumerate(lines) if line.startswith("✗ weights"))
    entries = load_registry().entries.items()
    assert all((key in lines[place]) is (entry.sources[0].kind != "own") for key, entry in entries)
    assert lines[place + 1] == "  → run: chalkak models fetch"
    assert ended.code == 1


def test_a_damaged_file_is_named(weights: Weights, tmp_path: Path) -> None:
    place = linked_cache(weights, tmp_path) / "weights" / "cat" / "chelsea.png"
    place.unlink()
    place.write_bytes(b"no cat")

    ended = Terminal(tmp_path, tmp_path).chalkak("doctor", "--json")

    (bad,) = [finding for finding in json.loads(ended.out) if not finding["is_well"]]
    assert bad["found"].startswith("missing or damaged: cat in ")
    assert bad["fix"] == "run: chalkak models fetch"
    assert ended.code == 1


@pytest.mark.parametrize("cache", ["a-file", "a-file/below", "/proc/nothing-may-be-made-here"])
def test_a_cache_that_cannot_be_a_folder_is_found_out(cache: str, tmp_path: Path) -> None:
    (tmp_path / "a-file").write_text("in the way")

    ended = Terminal(tmp_path, tmp_path).chalkak("doctor", "--json", CHALKAK_CACHE=cache)

    disk = next(finding for finding in json.loads(ended.out) if finding["what"] == "disk")
    assert not disk["is_well"]
    assert "CHALKAK_CACHE" in disk["fix"]


def test_a_bad_setting_is_a_wrong_use_that_names_it(terminal: Terminal) -> None:
    ended = terminal.chalkak("doctor", CPU_PRECISION="int8")

    assert ended.code == 2
    assert ended.err.startswith("chalkak: CPU_PRECISION='int8' is not allowed")
