"""Training of the expression model: two steps for real, killed and resumed, best kept, stopped in time."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from models.datasets.faces import BadData, load_faces
from models.train import expression as trainer
from models.train.expression import Training, load_best, resume, train
from models.train.network import Network
from models.train.recipe import PRESETS, Recipe
from models.train.runs import Run
from models.train.stopping import Best
from tests.models.faces import make_faces, write_folder, write_npz

QUICK = replace(PRESETS["tiny"], max_steps=2, held_out=0.2)


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture
def npz(tmp_path: Path) -> Path:
    return write_npz(tmp_path / "faces.npz", train=make_faces(10), validation=make_faces(4, seed=9))


def silent(_line: str) -> None:
    pass


def begun(data: Path, recipe: Recipe, runs: Path) -> Path:
    return train(data, recipe, runs, say=silent)


def metrics(run: Path) -> list[dict[str, Any]]:
    rows = list(Run(run).metrics())
    return [{name: value for name, value in row.items() if name != "seconds"} for row in rows]


def weights(run: Path, name: str = "best.pt") -> dict[str, Any]:
    state = Run(run).load(name)
    assert state is not None
    found: dict[str, Any] = state["weights" if name == "best.pt" else "average"]
    return found


def are_same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


@pytest.mark.parametrize("kind", ["npz", "folder"])
def test_two_steps_leave_a_run_that_tells_how_to_repeat_it(kind: str, npz: Path, tmp_path: Path) -> None:
    data = npz if kind == "npz" else write_folder(tmp_path / "faces", make_faces(10))

    run = begun(data, QUICK, tmp_path / "runs")

    names = {path.name for path in run.iterdir()}
    assert names == {"config.json", "metrics.jsonl", "best.pt", "last.pt", "curves.png", "result.json"}
    config = json.loads((run / "config.json").read_text())
    assert Recipe.of_json(config["recipe"]) == QUICK
    assert config["data_sha256"] == load_faces(data, "train").sha256()
    assert config["commit"] == "" or len(config["commit"]) == 40
    assert [row["epoch"] for row in metrics(run)] == [0, 1]
    assert (run / "curves.png").read_bytes().startswith(b"\x89PNG")
    assert 0.2 <= json.loads((run / "result.json").read_text())["temperature"] <= 5


def test_a_run_learns_what_there_is_to_learn(npz: Path, tmp_path: Path) -> None:
    recipe = replace(QUICK, epochs=12, max_steps=0, average=0.8, dropout=0.0, smoothing=0.0, batch=8)

    run = begun(npz, recipe, tmp_path / "runs")

    rows = metrics(run)
    assert rows[-1]["train_loss"] < 0.8 * rows[0]["train_loss"]
    assert json.loads((run / "result.json").read_text())["held_out_accuracy"] > 2 / 7


def test_the_same_command_gives_the_same_weights(npz: Path, tmp_path: Path) -> None:
    one, other = (begun(npz, QUICK, tmp_path / name) for name in ("a", "b"))

    assert are_same(weights(one), weights(other))
    assert metrics(one) == metrics(other)


class Killed(BaseException):
    """Stands for the power going off."""


@pytest.mark.parametrize("moment", ["epoch", "best.pt", "note", "last.pt"])
def test_a_run_that_was_killed_anywhere_and_resumed_ends_as_if_nothing_had_been(
    moment: str, npz: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = replace(QUICK, epochs=4, mixup=0.4, dropout=0.3)
    is_new = Best.is_new
    monkeypatch.setattr(Best, "is_new", lambda self, _score, epoch: is_new(self, epoch, epoch))
    undisturbed = begun(npz, recipe, tmp_path / "whole")

    with monkeypatch.context() as patch:
        _kill_in_epoch_2(moment, patch)
        with pytest.raises(Killed):
            begun(npz, recipe, tmp_path / "killed")
    (killed,) = (tmp_path / "killed").iterdir()
    resume(killed, say=silent)

    assert metrics(killed) == metrics(undisturbed)
    assert are_same(weights(killed), weights(undisturbed))
    assert are_same(weights(killed, "last.pt"), weights(undisturbed, "last.pt"))
    assert (killed / "result.json").read_text() == (undisturbed / "result.json").read_text()


def _kill_in_epoch_2(moment: str, patch: pytest.MonkeyPatch) -> None:
    epoch, note, save = Training.epoch, Run.note, Run.save

    def dying_epoch(self: Training, faces: Any, number: int) -> dict[str, float]:
        if moment == "epoch" and number == 2:
            raise Killed
        return epoch(self, faces, number)

    def dying_note(self: Run, number: int, figures: dict[str, Any]) -> None:
        note(self, number, figures)
        if moment == "note" and number == 2:
            raise Killed

    def dying_save(self: Run, name: str, state: dict[str, Any]) -> None:
        if name == "best.pt" or name != moment or state["epoch"] != 2:
            save(self, name, state)
        if name == moment and state["epoch"] == 2:
            raise Killed

    patch.setattr(Training, "epoch", dying_epoch)
    patch.setattr(Run, "note", dying_note)
    patch.setattr(Run, "save", dying_save)


def test_the_best_epoch_is_what_is_kept_and_not_the_last(
    npz: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[dict[str, Any]] = []
    _score_by(monkeypatch, [0.2, 0.7, 0.4, 0.7], kept)

    run = begun(npz, replace(QUICK, epochs=4), tmp_path / "runs")

    assert json.loads((run / "result.json").read_text())["epoch"] == 1
    assert are_same(weights(run), kept[1])
    assert not are_same(weights(run), kept[3])


def test_ten_epochs_without_a_better_score_end_the_run_and_the_best_is_kept(
    npz: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """E23."""
    kept: list[dict[str, Any]] = []
    _score_by(monkeypatch, [0.1, 0.5, *[0.4] * 30], kept)

    run = begun(npz, replace(QUICK, epochs=30, patience=10, max_steps=1), tmp_path / "runs")

    assert len(metrics(run)) == 2 + 10
    assert are_same(weights(run), kept[1])


def _score_by(monkeypatch: pytest.MonkeyPatch, scores: list[float], kept: list[dict[str, Any]]) -> None:
    """Let the epochs have these scores, and keep the averaged weights of each."""
    real = Training.logits
    of_result = trainer._figures

    def logits(self: Training, faces: Any) -> Any:
        kept.append({name: value.clone() for name, value in self.average.module.state_dict().items()})
        return real(self, faces)

    def figures(given: Any, faces: Any) -> dict[str, float]:
        found = of_result(given, faces)
        return found | {"held_out_accuracy": scores[min(len(kept), len(scores)) - 1]}

    monkeypatch.setattr(Training, "logits", logits)
    monkeypatch.setattr(trainer, "_figures", figures)


def test_a_tie_is_not_better() -> None:
    best = Best(patience=2)

    assert [best.is_new(score, epoch) for epoch, score in enumerate([0.5, 0.5, 0.4])] == [True, False, False]
    assert best.is_over


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5])
def test_dropout_is_what_was_asked_for_in_every_module(share: float) -> None:
    """E21."""
    network = Network(replace(QUICK, dropout=share))

    found = [module.p for module in network.modules() if isinstance(module, torch.nn.Dropout)]
    assert found == [share]


def test_dropout_changes_what_is_learned_from_and_never_what_is_answered(npz: Path, tmp_path: Path) -> None:
    run = begun(npz, replace(QUICK, dropout=0.5), tmp_path / "runs")
    network, _ = load_best(run)
    faces = torch.from_numpy(make_faces(2).pixels).float()[:, None]

    assert torch.equal(network(faces), network(faces))
    plain, dropped = (begun(npz, replace(QUICK, dropout=p), tmp_path / f"{p}") for p in (0.0, 0.5))
    assert not are_same(weights(plain), weights(dropped))


def test_the_validation_part_is_never_read(tmp_path: Path) -> None:
    faces = make_faces(10)
    whole = write_npz(tmp_path / "whole.npz", train=faces, validation=make_faces(3, seed=5))
    none = write_npz(
        tmp_path / "none.npz",
        train=faces,
        **{f"validation_{name}": None for name in ("x", "y", "source", "copy")},
    )

    one, other = (begun(data, QUICK, tmp_path / data.stem) for data in (whole, none))

    assert are_same(weights(one), weights(other))


def test_copies_are_learned_from_only_where_that_is_asked_for(tmp_path: Path) -> None:
    data = write_npz(tmp_path / "faces.npz", train=make_faces(10, copies=2))
    counts = []

    for with_copies in (False, True):
        run = begun(data, replace(QUICK, with_copies=with_copies), tmp_path / str(with_copies))
        counts.append(json.loads((run / "config.json").read_text())["learned"])

    assert counts[0] == 7 * 8 < counts[1] <= 7 * 12


def test_a_run_goes_on_only_with_the_data_that_it_began_with(npz: Path, tmp_path: Path) -> None:
    run = begun(npz, QUICK, tmp_path / "runs")
    write_npz(npz, train=make_faces(10, seed=3))

    with pytest.raises(BadData, match=r"is not the data set that .* began with"):
        resume(run, say=silent)


def test_a_run_that_has_ended_ends_again_with_the_same(npz: Path, tmp_path: Path) -> None:
    run = begun(npz, QUICK, tmp_path / "runs")
    before = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in run.iterdir()}

    resume(run, say=silent)

    assert before == {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in run.iterdir()}


def test_a_folder_that_is_no_run_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadData, match=r"is no run: it has no config\.json"):
        resume(tmp_path, say=silent)


def test_data_that_lack_a_class_are_a_sentence(tmp_path: Path) -> None:
    faces = make_faces(10)
    data = write_npz(tmp_path / "faces.npz", train=faces.at(faces.labels != 1))

    with pytest.raises(BadData, match="no faces to learn from for: disgust"):
        begun(data, QUICK, tmp_path / "runs")
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_small_enough(name: str) -> None:
    network = Network(PRESETS[name])

    assert sum(weight.numel() for weight in network.parameters()) <= 1_500_000


@pytest.mark.parametrize("wrong", [{"epochs": 0}, {"dropout": 1.0}, {"held_out": 0.0}, {"depths": (1,)}])
def test_a_recipe_that_cannot_be_cooked_is_a_sentence(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Recipe(**wrong)


def test_the_network_does_not_mind_how_bright_a_face_is() -> None:
    network = Network(QUICK).eval()
    face = torch.from_numpy(np.random.default_rng(0).integers(60, 120, (1, 1, 48, 48))).float()

    with torch.inference_mode():
        assert torch.allclose(network(face), network(face * 1.5 + 20), atol=0.02)
