"""What a model asks of a runtime: a session that maps pictures to raw outputs.

A model is handed its session and never knows which runtime is behind it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from numpy.typing import NDArray

Pixels = NDArray[Any]
"""One picture for a model: uint8, (H, W, 3), RGB."""

Raw = tuple[NDArray[Any], ...]
"""The raw outputs for one picture, float32, each with a leading dimension of 1."""


@dataclass(frozen=True, slots=True)
class InputSpec:
    """How uint8 RGB pixels become what the network was trained on.

    The runtime converts inside its graph: `(value - mean) / scale`, after exchanging red and
    blue where `is_bgr`; `layout` is the network's own, NCHW or NHWC.
    """

    layout: str = "NCHW"
    scale: float = 1.0
    mean: tuple[float, float, float] = (0.0, 0.0, 0.0)
    is_bgr: bool = False


class Session(Protocol):
    """Runs one network."""

    def __call__(self, pictures: Iterable[Pixels]) -> list[Raw]:
        """Return the outputs for each picture, in order.

        Pictures may differ in size.  They are taken one by one, so a generator that prepares
        the next picture works while the last one runs.
        """
        ...
