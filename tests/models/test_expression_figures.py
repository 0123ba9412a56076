"""Figures of expression models: right where the answer is known, and calibrated by a temperature."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from models.datasets.faces import Faces
from models.evaluate.calibration import best_temperature, calibration_error, softmax, tempered
from models.evaluate.expression import answers, confusion_of, figures, milliseconds_each, pictures_of
from models.expressions import CLASSES
from tests.models.faces import make_faces

ANGRY, DISGUST, FEAR, HAPPY, NEUTRAL, SAD, SURPRISE = range(7)


def faces_of(labels: list[int]) -> Faces:
    count = len(labels)
    pixels = np.zeros((count, 48, 48), np.uint8)
    return Faces(pixels, np.array(labels), np.arange(count).astype(str), np.zeros(count, np.bool_))


def sure_of(labels: list[int], score: float = 0.9) -> NDArray[np.float32]:
    given = np.full((len(labels), 7), (1 - score) / 6, np.float32)
    given[np.arange(len(labels)), labels] = score
    return given


def test_accuracy_counts_what_is_right_and_groups_forgive_what_folds_together() -> None:
    true = [ANGRY, DISGUST, FEAR, HAPPY]
    said = [ANGRY, ANGRY, SURPRISE, SAD]

    found = figures("one", sure_of(said), faces_of(true), {})

    assert found.accuracy == 0.25
    assert found.accuracy_of_groups == 0.75


def test_f1_of_a_class_is_the_harmonic_mean_and_absent_classes_do_not_count() -> None:
    true = [HAPPY, HAPPY, HAPPY, SAD]
    said = [HAPPY, HAPPY, SAD, SAD]

    found = figures("one", sure_of(said), faces_of(true), {})

    assert found.macro_f1 == pytest.approx((0.8 + 2 / 3) / 2, abs=1e-3)
    assert found.recall["happy"] == pytest.approx(2 / 3, abs=1e-3)
    assert found.precision["sad"] == 0.5
    assert found.recall["fear"] == 0


def test_confusion_has_the_truth_by_row_and_the_answer_by_column() -> None:
    table = confusion_of(np.array([SAD, SAD, HAPPY]), np.array([NEUTRAL, NEUTRAL, HAPPY]), 7)

    assert table[NEUTRAL, SAD] == 2
    assert table[HAPPY, HAPPY] == 1
    assert table.sum() == 3


def test_only_faces_that_would_be_spoken_of_count_as_shown() -> None:
    given = np.concatenate([sure_of([HAPPY, HAPPY], 0.9), sure_of([SAD, SAD], 0.4)])

    found = figures("one", given, faces_of([HAPPY, SAD, SAD, SAD]), {})

    assert found.shown == {"share": 0.5, "right": 0.5}


def noisy_logits(sharpness: float, count: int = 4000) -> tuple[NDArray[Any], NDArray[Any]]:
    """Logits whose probabilities are right at sharpness 1 and boast above it, and the true labels."""
    random = np.random.default_rng(3)
    logits = random.normal(size=(count, 7)) * 1.5
    labels = np.array([random.choice(7, p=row) for row in softmax(logits)])
    return logits * sharpness, labels


@pytest.mark.parametrize("sharpness", [0.4, 2.5])
def test_a_temperature_lowers_the_calibration_error_of_a_model_that_boasts_or_doubts(
    sharpness: float,
) -> None:
    logits, labels = noisy_logits(sharpness)

    temperature = best_temperature(logits, labels)

    assert temperature == pytest.approx(sharpness, rel=0.1)
    before = calibration_error(softmax(logits), labels)
    assert calibration_error(softmax(logits / temperature), labels) < min(0.03, before / 3)


def test_a_model_that_is_calibrated_is_left_as_it_is() -> None:
    logits, labels = noisy_logits(1.0)

    assert best_temperature(logits, labels) == pytest.approx(1, abs=0.05)


def test_the_calibration_error_is_the_gap_between_score_and_truth() -> None:
    given = sure_of([HAPPY] * 10, 0.9)

    assert calibration_error(given, np.array([HAPPY] * 9 + [SAD])) == pytest.approx(0, abs=1e-6)
    assert calibration_error(given, np.array([SAD] * 10)) == pytest.approx(0.9, abs=1e-6)


def test_a_temperature_never_changes_the_answer() -> None:
    given = softmax(np.random.default_rng(1).normal(size=(50, 7)))

    assert np.array_equal(tempered(given, 1.7).argmax(axis=1), given.argmax(axis=1))
    assert np.allclose(tempered(given, 1.0), given)


def test_every_picture_is_read_once_and_in_order_whatever_the_batches() -> None:
    faces = make_faces(30)  # 210, more than three batches
    counts: list[int] = []

    def read(pictures: list[Image.Image]) -> NDArray[np.float32]:
        return np.array([np.full(7, np.asarray(picture).mean()) for picture in pictures], np.float32)

    given = answers(read, pictures_of(faces), counts.append)

    assert sum(counts) == len(faces) == len(given)
    assert np.allclose(given[:, 0], faces.pixels.mean(axis=(1, 2)), atol=1e-3)


@pytest.mark.parametrize("batch", [1, 16])
def test_speed_is_measured_in_batches_of_the_size_that_is_asked(batch: int) -> None:
    sizes: list[int] = []

    def read(pictures: list[Image.Image]) -> NDArray[np.float32]:
        sizes.append(len(pictures))
        return np.zeros((len(pictures), 7), np.float32)

    assert milliseconds_each(read, pictures_of(make_faces(1)), batch) >= 0
    assert set(sizes) == {batch}


def test_the_figures_are_plain_values_for_json() -> None:
    found = figures("one", sure_of([HAPPY, SAD]), faces_of([HAPPY, SAD]), {"batches of 1": 2.0}).as_json()

    assert found["accuracy"] == 1.0
    assert list(found["recall"]) == list(CLASSES)
    assert all(isinstance(count, int) for row in found["confusion"] for count in row)
