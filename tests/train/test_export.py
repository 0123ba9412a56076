"""What is exported says what torch says, and holds nothing else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from PIL import Image

from inference.runtime import OpenVinoSession
from models.datasets.faces import BadData
from models.detectors.expression import INPUT, Expression
from models.evaluate.calibration import softmax
from models.evaluate.expression import pictures_of
from models.train import export as exporting
from models.train.export import OPSET, export
from models.train.expression import load_best, train
from models.train.network import mirrored_too
from models.train.recipe import PRESETS
from tests.models.faces import make_faces, write_npz

QUICK = replace(PRESETS["tiny"], max_steps=2, held_out=0.2)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.set_num_threads(1)
    folder = tmp_path_factory.mktemp("export")
    data = write_npz(folder / "faces.npz", train=make_faces(10))
    return train(data, QUICK, folder / "runs", say=lambda _: None)


@pytest.fixture(scope="module")
def exported(run: Path) -> Path:
    return export(run, run / "expression.onnx")


def test_the_exported_file_answers_as_torch_does(run: Path, exported: Path) -> None:
    faces = make_faces(5, seed=2)
    network, temperature = load_best(run)
    with torch.inference_mode():
        logits = mirrored_too(network, torch.from_numpy(faces.pixels).float()[:, None])

    session = OpenVinoSession(exported, INPUT, precision="f32", streams=1)
    given = Expression(session).probabilities(pictures_of(faces))

    assert np.abs(given - softmax(logits.numpy() / temperature)).max() < 1e-4


def test_color_becomes_the_same_grey_as_in_the_training_data(exported: Path) -> None:
    image = Image.new("RGB", (48, 48), (255, 0, 0))
    image.paste((0, 0, 255), (10, 0, 30, 30))
    grey, swapped = image.convert("L").convert("RGB"), Image.merge("RGB", image.split()[::-1])
    session = OpenVinoSession(exported, INPUT, precision="f32", streams=1)

    given, of_grey, of_swapped = (raw[0] for raw in session(map(np.asarray, (image, grey, swapped))))

    assert np.abs(given - of_grey).max() < 0.1 * np.abs(of_swapped - of_grey).max()


def test_the_mirror_image_of_a_face_gets_the_same_answer(exported: Path) -> None:
    face = pictures_of(make_faces(1))[3]
    model = Expression(OpenVinoSession(exported, INPUT, precision="f32", streams=1))

    one, other = model.probabilities([face, face.transpose(Image.Transpose.FLIP_LEFT_RIGHT)])

    assert np.abs(one - other).max() < 1e-5


def test_the_file_takes_any_number_of_faces_and_names_no_folder_of_this_machine(exported: Path) -> None:
    model = onnx.load(exported)

    (opset,) = model.opset_import
    assert opset.version == OPSET
    sizes = [size.dim_param or size.dim_value for size in model.graph.input[0].type.tensor_type.shape.dim]
    assert sizes == ["faces", 3, 48, 48]
    assert b".py" not in exported.read_bytes()
    assert not list(exported.parent.glob("*.part*"))


def test_the_same_run_is_exported_as_the_same_bytes(run: Path, exported: Path) -> None:
    assert export(run, run / "again.onnx").read_bytes() == exported.read_bytes()


def test_a_file_that_came_out_too_large_is_not_left_behind(
    run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "MAX_BYTES", 1000)

    with pytest.raises(BadData, match=r"bytes, 1,000 are allowed"):
        export(run, run / "large.onnx")
    assert not (run / "large.onnx").exists()


def test_a_run_that_has_not_ended_is_a_sentence(run: Path, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text((run / "config.json").read_text())

    with pytest.raises(BadData, match=r"result\.json cannot be read"):
        export(tmp_path, tmp_path / "x.onnx")
