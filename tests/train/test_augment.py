"""Faces are changed as photographs differ, and never into something that is no face."""

from __future__ import annotations

import torch

from models.train.augment import augmented, mixed


def faces() -> torch.Tensor:
    return torch.rand(64, 1, 48, 48, generator=torch.Generator().manual_seed(0)) * 255


def random(seed: int = 1) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_changed_faces_keep_shape_and_range() -> None:
    changed = augmented(faces(), random())

    assert changed.shape == (64, 1, 48, 48)
    assert changed.min() >= 0
    assert changed.max() <= 255
    assert torch.isfinite(changed).all()


def test_every_face_is_changed_and_the_original_is_not() -> None:
    before = faces()
    given = before.clone()

    changed = augmented(given, random())

    assert torch.equal(given, before)
    assert all(not torch.equal(one, other) for one, other in zip(changed, before, strict=True))


def test_the_same_chance_gives_the_same_faces_and_another_others() -> None:
    assert torch.equal(augmented(faces(), random()), augmented(faces(), random()))
    assert not torch.equal(augmented(faces(), random()), augmented(faces(), random(2)))


def test_about_half_of_the_faces_are_mirrored() -> None:
    bright_left = torch.zeros(400, 1, 48, 48)
    bright_left[:, :, :, :20] = 255

    changed = augmented(bright_left, random())

    is_mirrored = changed[:, 0, :, 28:].mean((1, 2)) > changed[:, 0, :, :20].mean((1, 2))
    assert 150 < int(is_mirrored.sum()) < 250


def test_faces_stay_upright() -> None:
    bright_top = torch.zeros(200, 1, 48, 48)
    bright_top[:, :, :20] = 255

    changed = augmented(bright_top, random())

    assert (changed[:, 0, :20].mean((1, 2)) > changed[:, 0, 28:].mean((1, 2))).all()


def test_mixed_targets_add_up_and_lie_between_the_two() -> None:
    targets = torch.eye(7).repeat(10, 1)[:64]

    pictures, shares = mixed(faces(), targets, alpha=0.4, random=random())

    assert pictures.shape == (64, 1, 48, 48)
    assert torch.allclose(shares.sum(1), torch.ones(64))
    assert ((shares > 0).sum(1) <= 2).all()
