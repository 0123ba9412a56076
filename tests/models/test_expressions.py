"""The classes of expressions have one order and one way to fold, and everything reads them there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from models.datasets.faces import load_faces
from models.detectors.expression import Expression
from models.evaluate.facemood import ORDER, THEIRS
from models.expressions import CLASSES, FOLDED, GROUPS, fold, group_of
from models.records import Emotion
from models.session import Pixels, Raw
from tests.models.faces import make_faces, write_folder, write_npz

ROOT = Path(__file__).resolve().parents[2]


class Answer:
    """A session that gives every picture the same probabilities."""

    def __init__(self, *values: float) -> None:
        self.values = values

    def __call__(self, pictures: Iterable[Pixels]) -> list[Raw]:
        return [(np.array([self.values], np.float32),) for _ in pictures]


def only(name: str) -> tuple[float, ...]:
    return tuple(float(one == name) for one in CLASSES)


def test_there_are_seven_classes_in_the_order_that_the_weights_were_trained_in() -> None:
    assert CLASSES == ("angry", "disgust", "fear", "happy", "neutral", "sad", "surprise")


def test_the_five_groups_are_the_emotions_of_the_records() -> None:
    assert tuple(Emotion) == GROUPS
    assert set(FOLDED.values()) == set(Emotion)


def test_fear_and_surprise_are_panic_and_disgust_is_anger() -> None:
    by_group = {group: {name for name in CLASSES if FOLDED[name] is group} for group in GROUPS}

    assert by_group == {
        Emotion.ANGER: {"angry", "disgust"},
        Emotion.SADNESS: {"sad"},
        Emotion.PANIC: {"fear", "surprise"},
        Emotion.HAPPINESS: {"happy"},
        Emotion.NEUTRAL: {"neutral"},
    }


@pytest.mark.parametrize("name", CLASSES)
def test_a_class_means_the_same_to_data_set_model_and_evaluation(name: str, tmp_path: Path) -> None:
    """E07, E08: whoever changes the order in one place only fails here."""
    faces = make_faces(1)
    npz = load_faces(write_npz(tmp_path / "faces.npz", train=faces), "train")
    folder = load_faces(write_folder(tmp_path / "faces", faces), "train")
    index = CLASSES.index(name)
    (seen,) = Expression(Answer(*only(name)))([Image.new("RGB", (48, 48))])

    assert npz.labels[index] == folder.labels[index] == index
    assert seen[FOLDED[name]] == 1
    assert GROUPS[group_of(index)] is FOLDED[name]


def test_nobody_else_writes_down_the_classes() -> None:
    """Three class names in a row anywhere else would be a second truth; theirs of facemood is its own."""
    row = re.compile(r"[\"']angry[\"'],\s*[\"']disgust[\"']", re.IGNORECASE)
    files = [path for package in ("bot", "inference", "models") for path in (ROOT / package).rglob("*.py")]

    assert [path.name for path in files if row.search(path.read_text(encoding="utf-8"))] == ["facemood.py"]
    assert [THEIRS[index] for index in ORDER] == list(CLASSES)


def test_folding_adds_up_and_loses_nothing() -> None:
    given = np.random.default_rng(0).dirichlet(np.ones(7), 50).astype(np.float32)

    folded = fold(given)

    assert folded.shape == (50, 5)
    assert np.allclose(folded.sum(axis=1), 1, atol=1e-6)
    panic = given[:, CLASSES.index("fear")] + given[:, CLASSES.index("surprise")]
    assert np.allclose(folded[:, GROUPS.index(Emotion.PANIC)], panic)
