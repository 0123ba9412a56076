"""`chalkak evaluate expression` as a person meets it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from models.expressions import CLASSES
from models.weights import Weights
from tests.bot.terminal import Ended, Terminal, cache_of
from tests.models.faces import make_faces, write_folder, write_npz

FIGURES = {"accuracy", "accuracy_of_groups", "macro_f1", "confusion", "calibration_error", "temperature"}


@pytest.fixture
def terminal(tmp_path: Path, weights: Weights) -> Terminal:
    return Terminal(tmp_path, cache_of(weights))


@pytest.fixture
def npz(tmp_path: Path) -> Path:
    train, validation = make_faces(3), make_faces(2, seed=1, copies=2)
    validation.pixels[0] = train.pixels[0]
    return write_npz(tmp_path / "faces.npz", train=train, validation=validation)


def evaluated(terminal: Terminal, *arguments: str | Path) -> Ended:
    return terminal.chalkak("evaluate", "expression", *arguments)


def test_the_shipped_model_is_measured_on_an_npz(terminal: Terminal, npz: Path) -> None:
    ended = evaluated(terminal, "--data", npz, "--json")

    assert ended.code == 0, ended.err
    report = json.loads(ended.out)
    assert report["faces"] == 14  # without the copies
    (model,) = report["models"]
    assert model.keys() >= FIGURES
    assert np.sum(model["confusion"]) == 14
    assert set(model["milliseconds"]) == {"batches of 1", "batches of 16"}


def test_two_models_stand_side_by_side(terminal: Terminal, npz: Path, weights: Weights) -> None:
    file = weights.verified(weights.registry.role("expression")[0])

    ended = evaluated(terminal, "--data", npz, "--model", "expression", "--model", file, "--no-speed")

    assert ended.code == 0, ended.err
    head, *rows = [line for line in ended.out.splitlines() if line.startswith((" " * 24, "expression"))][:3]
    assert head.split()[:4] == ["of", "7", "F1", "of"]
    assert rows[0].split()[1:] == rows[1].split()[1:]  # the same weights twice
    assert all(name[:7] in ended.out for name in CLASSES)


def test_a_folder_of_class_folders_is_measured(terminal: Terminal, tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "faces", make_faces(2))

    ended = evaluated(terminal, "--data", folder, "--json", "--no-speed")

    assert json.loads(ended.out)["faces"] == 14


def test_copies_count_and_faces_known_from_training_are_left_out_only_when_asked(
    terminal: Terminal, npz: Path
) -> None:
    counts = [
        json.loads(evaluated(terminal, "--data", npz, "--json", "--no-speed", *more).out)["faces"]
        for more in ((), ("--copies",), ("--unseen",))
    ]

    assert counts == [14, 14 + 2 * 2 * 7, 13]


def test_a_network_for_something_else_is_a_sentence(terminal: Terminal, npz: Path, weights: Weights) -> None:
    faces = weights.verified(weights.registry.entry("centerface"))

    ended = evaluated(terminal, "--data", npz, "--model", faces)

    assert ended.code == 2
    assert "is no expression network" in " ".join(ended.err.replace("│", " ").split())
    assert "Traceback" not in ended.err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--data", "none.npz"), "none.npz does not exist"),
        (("--data", "garbage.npz"), "is no .npz file"),
        (
            ("--data", "faces.npz", "--model", "nothing"),
            "'nothing' is no file and none of expression, facemood",
        ),
        (("--data", "faces.npz", "--model", "garbage.npz"), "garbage.npz is no expression network"),
        (("--data", "faces.npz", "--part", "test"), "'test' is no part"),
    ],
)
def test_what_cannot_be_measured_is_a_sentence(
    arguments: tuple[str, ...], sentence: str, terminal: Terminal, npz: Path
) -> None:
    npz.with_name("garbage.npz").write_bytes(b"garbage")

    ended = evaluated(terminal, *arguments)

    assert ended.code == 2
    assert sentence in " ".join(ended.err.replace("│", " ").split())
    assert "Traceback" not in ended.err
