"""Faces as they might have been photographed: mirrored, turned, nearer, darker, partly hidden; mixed."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

TURN = 10.0  # degrees, either way
ZOOM = (0.85, 1.2)
SHIFT = 0.1  # of the side, either way
SHEAR = 0.08
GAMMA = 0.35  # as a power of e, either way
NOISE = 4.0  # grey levels, at most
HIDDEN = (0.1, 0.35)  # side of the grey patch, of the face's
HIDES = 0.3  # share of faces with a patch


def augmented(faces: Tensor, random: torch.Generator) -> Tensor:
    """Return one changed copy of each face, (B, 1, 48, 48), 0..255; borders repeat the edge."""
    moved = _moved(faces, random)
    lit = 255 * (moved / 255).clamp(0, 1) ** torch.exp(_between(-GAMMA, GAMMA, faces, random))
    noise = torch.randn(faces.shape, generator=random) * _between(0, NOISE, faces, random)
    return _hidden((lit + noise).clamp(0, 255), random)


def _between(low: float, high: float, faces: Tensor, random: torch.Generator) -> Tensor:
    """Return a number for each face, as (B, 1, 1, 1)."""
    return low + (high - low) * torch.rand(len(faces), 1, 1, 1, generator=random)


def _moved(faces: Tensor, random: torch.Generator) -> Tensor:
    angle = _between(-TURN, TURN, faces, random).flatten() * math.pi / 180
    zoom = torch.exp(_between(math.log(ZOOM[0]), math.log(ZOOM[1]), faces, random)).flatten()
    mirror = torch.where(_between(0, 1, faces, random).flatten() < 0.5, -1.0, 1.0)
    shear = _between(-SHEAR, SHEAR, faces, random).flatten()
    shift = [_between(-2 * SHIFT, 2 * SHIFT, faces, random).flatten() for _ in range(2)]
    cos, sin = angle.cos() / zoom, angle.sin() / zoom
    rows = [cos * mirror, -sin + shear, shift[0], sin * mirror, cos, shift[1]]
    grid = functional.affine_grid(torch.stack(rows, 1).view(-1, 2, 3), list(faces.shape), align_corners=False)
    return functional.grid_sample(faces, grid, padding_mode="border", align_corners=False)


def _hidden(faces: Tensor, random: torch.Generator) -> Tensor:
    """Lay a patch of one grey over some of the faces."""
    side = faces.shape[-1]
    size = _between(*HIDDEN, faces, random) * side
    left, top = _between(0, side, faces, random), _between(0, side, faces, random)
    ruler = torch.arange(side).float()
    across = (ruler.view(1, 1, 1, -1) - left).abs() < size / 2
    down = (ruler.view(1, 1, -1, 1) - top).abs() < size / 2
    is_patched = _between(0, 1, faces, random) < HIDES
    return torch.where(across & down & is_patched, _between(0, 255, faces, random), faces)


def mixed(faces: Tensor, targets: Tensor, *, alpha: float, random: torch.Generator) -> tuple[Tensor, Tensor]:
    """Return faces and targets, (B, 7), each mixed with those of another face of the batch.

    Source: Zhang et al., "mixup: Beyond Empirical Risk Minimization", 2017.
    """
    first, second = (_gamma(alpha, random) for _ in range(2))
    share = first / (first + second)
    others = torch.randperm(len(faces), generator=random)
    return share * faces + (1 - share) * faces[others], share * targets + (1 - share) * targets[others]


def _gamma(alpha: float, random: torch.Generator) -> float:
    """Return a draw of Gamma(alpha, 1), never quite 0; two of them make a Beta."""
    seed = int(torch.randint(2**62, (1,), generator=random))
    return float(np.random.default_rng(seed).gamma(alpha)) + 1e-9
