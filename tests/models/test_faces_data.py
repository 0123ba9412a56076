"""Data sets of faces: read from npz and folders, split without leaks, refused with a clear sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.datasets.faces import BadData, Faces, also_in, hold_out, load_faces
from models.expressions import CLASSES
from tests.models.faces import make_faces, write_folder, write_npz


def test_an_npz_and_a_folder_give_the_same_faces(tmp_path: Path) -> None:
    faces = make_faces(3)

    npz = load_faces(write_npz(tmp_path / "faces.npz", train=faces), "train")
    folder = load_faces(write_folder(tmp_path / "faces", faces), "train")

    assert sorted(map(bytes, npz.pixels)) == sorted(map(bytes, folder.pixels))
    assert np.array_equal(npz.labels, folder.labels)


def test_a_file_with_its_classes_in_another_order_means_the_same(tmp_path: Path) -> None:
    faces = make_faces(2)
    backwards: dict[str, Any] = {"classes": np.array(CLASSES[::-1]), "train_y": 6 - faces.labels}

    read = load_faces(write_npz(tmp_path / "faces.npz", train=faces, **backwards), "train")

    assert np.array_equal(read.labels, faces.labels)


def test_a_folder_may_hold_its_parts_in_folders(tmp_path: Path) -> None:
    write_folder(tmp_path / "train", make_faces(3))
    write_folder(tmp_path / "validation", make_faces(2, seed=1))

    assert [len(load_faces(tmp_path, part)) for part in ("train", "validation")] == [21, 14]


def test_copies_are_told_from_originals(tmp_path: Path) -> None:
    faces = load_faces(write_npz(tmp_path / "faces.npz", train=make_faces(3, copies=2)), "train")

    assert len(faces) == 7 * (3 + 4)
    assert len(faces.originals()) == 21


def test_a_part_without_sources_and_copies_is_read_all_the_same(tmp_path: Path) -> None:
    path = write_npz(tmp_path / "faces.npz", train=make_faces(3), train_source=None, train_copy=None)

    faces = load_faces(path, "train")

    assert len(set(faces.sources.tolist())) == len(faces) == len(faces.originals())


def test_other_data_have_another_sha256_and_the_same_have_the_same() -> None:
    faces = make_faces(3)
    other = Faces(faces.pixels, (faces.labels + 1) % 7, faces.sources, faces.is_copy)

    assert faces.sha256() == make_faces(3).sha256()
    assert len({faces.sha256(), other.sha256(), make_faces(3, seed=1).sha256()}) == 3


# The split


@given(seed=st.integers(0, 1000), share=st.sampled_from([0.1, 0.25, 0.5]))
@settings(max_examples=30, deadline=None)
def test_no_source_and_no_picture_is_on_both_sides_of_the_split(seed: int, share: float) -> None:
    faces = make_faces(10, copies=3)
    faces.pixels[5] = faces.pixels[0]  # one picture under two names
    learned, held_out = hold_out(faces, share, seed)

    assert set(learned.sources.tolist()).isdisjoint(held_out.sources.tolist())
    assert not also_in(held_out, learned).any()
    assert not held_out.is_copy.any()


def test_faces_that_are_bound_by_others_stay_together() -> None:
    """One source, two pictures, each of them also under another source: all four are one family."""
    faces = make_faces(12)
    faces.sources[1] = faces.sources[0]
    faces.pixels[2], faces.pixels[3] = faces.pixels[0], faces.pixels[1]

    for seed in range(20):
        learned, held_out = hold_out(faces, 0.3, seed)
        inside = [any(np.array_equal(faces.pixels[i], face) for face in held_out.pixels) for i in range(4)]
        assert len(set(inside)) == 1, seed
        assert len(learned) + len(held_out) == len(faces)


def test_about_the_share_of_every_class_is_held_out() -> None:
    _, held_out = hold_out(make_faces(40), 0.1, 0)

    assert np.bincount(held_out.labels).tolist() == [4] * 7


def test_one_seed_gives_one_split_and_another_another() -> None:
    faces = make_faces(20)
    first, again, other = (hold_out(faces, 0.2, seed)[1].sources.tolist() for seed in (1, 1, 2))

    assert first == again != other


# What is refused


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"train_x": None}, "lacks train_x"),
        ({"classes": None}, "lacks classes"),
        ({"train_x": np.zeros((14, 64, 64), np.uint8)}, r"uint8 \(14, 64, 64\); grey faces are uint8"),
        ({"train_x": np.zeros((14, 48, 48))}, r"float64 \(14, 48, 48\); grey faces are uint8"),
        ({"train_y": np.zeros(3, np.int64)}, "14 faces in train_x, but 3"),
        ({"train_y": np.full(14, 7)}, "the label 7, but only 7 classes"),
        ({"train_y": np.full(14, -1)}, "no class numbers"),
        ({"train_y": np.full(14, 0.5)}, "no class numbers"),
        ({"classes": np.array([*CLASSES[:6], "bored"])}, r"classes \['bored'\]; there are: angry"),
    ],
)
def test_an_npz_that_is_not_as_it_should_be_is_a_sentence(
    changed: dict[str, Any], sentence: str, tmp_path: Path
) -> None:
    path = write_npz(tmp_path / "faces.npz", train=make_faces(2), **changed)

    with pytest.raises(BadData, match=sentence):
        load_faces(path, "train")


def test_an_empty_part_is_a_sentence(tmp_path: Path) -> None:
    faces = make_faces(2)
    path = write_npz(tmp_path / "faces.npz", train=faces.at(np.zeros(14, np.bool_)))

    with pytest.raises(BadData, match="has no faces"):
        load_faces(path, "train")


@pytest.mark.parametrize("content", [b"", b"garbage", b"PK\x03\x04 and no more", b"\x93NUMPY"])
def test_garbage_for_an_npz_is_a_sentence(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "faces.npz"
    path.write_bytes(content)

    with pytest.raises(BadData, match=r"is no \.npz file"):
        load_faces(path, "train")


def test_an_npz_with_objects_in_it_is_never_unpickled(tmp_path: Path) -> None:
    path = write_npz(tmp_path / "faces.npz", train=make_faces(2), train_source=np.array([{}] * 14, object))

    with pytest.raises(BadData, match=r"is no \.npz file of plain arrays"):
        load_faces(path, "train")


def test_an_npz_that_was_cut_off_is_a_sentence(tmp_path: Path) -> None:
    path = write_npz(tmp_path / "faces.npz", train=make_faces(5))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    with pytest.raises(BadData, match=r"is no \.npz file"):
        load_faces(path, "train")


def test_nothing_at_the_path_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadData, match="does not exist; a data set is"):
        load_faces(tmp_path / "none", "train")


def test_a_folder_of_something_else_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadData, match="no pictures in class folders; those are: angry, disgust"):
        load_faces(tmp_path, "train")


def test_a_folder_with_a_class_that_there_is_not_is_a_sentence(tmp_path: Path) -> None:
    write_folder(tmp_path, make_faces(1))
    (tmp_path / "bored").mkdir()

    with pytest.raises(BadData, match=r"folders \['bored'\]; class folders are: angry"):
        load_faces(tmp_path, "train")


@pytest.mark.parametrize("content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n and no more"])
def test_a_picture_that_is_none_is_named(content: bytes, tmp_path: Path) -> None:
    write_folder(tmp_path, make_faces(1))
    (tmp_path / "sad" / "broken.png").write_bytes(content)

    with pytest.raises(BadData, match=r"sad/broken\.png is no picture"):
        load_faces(tmp_path, "train")
