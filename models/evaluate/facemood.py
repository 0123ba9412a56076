"""The packaged network `facemood`, for comparison: brought as a wheel, rebuilt from its numbers.

Nothing of the package is imported or run: the wheel is opened as a zip, its Keras file read as HDF5,
and its layers written down again as a torch module, which is exported to ONNX.  Its own source
(`facemood/emotion_predictor.py`) says how it is fed (RGB, 170x170, divided by 255) and the order of its
classes.  Author: Emir Kaan Özdemir; licence: Apache-2.0.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.datasets.faces import BadData
from models.expressions import CLASSES
from models.registry import Entry, Source
from models.session import InputSpec, Pixels, Session
from models.weights import Weights

INPUT = InputSpec(scale=255.0)
SIDE = 170  # pixels
STAGES = 5
EPSILON = 1e-3  # of their norms
THEIRS = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
ORDER = [THEIRS.index(name) for name in CLASSES]

ENTRY = Entry(
    key="facemood",
    about="facemood 1.0.1: seven expressions, for comparison with ours only.",
    licence="Apache-2.0",
    author="Emir Kaan Özdemir",
    name="facemood.h5",
    bytes=4709704,
    sha256="75f55618fa5ff9d3bce00b5db0037f3fba5541e32f0acc743f55f65dcc0ff9da",
    sources=(
        Source(kind="wheel", package="facemood", version="1.0.1", member="facemood/model__version1.0.0__.h5"),
    ),
)


class Facemood:
    """Tells the expression of a face as the package does."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def probabilities(self, images: list[Image.Image]) -> NDArray[np.float32]:
        """Return the probabilities of our seven classes, (N, 7)."""
        rows = [raw[0][0] for raw in self._session(_prepared(images))]
        return np.array(rows, np.float32).reshape(-1, len(THEIRS))[:, ORDER]


def _prepared(images: list[Image.Image]) -> Iterator[Pixels]:
    yield from (np.asarray(image.resize((SIDE, SIDE))) for image in images)  # their resize: bicubic


def brought(weights: Weights) -> Path:
    """Return the network as ONNX, made once from the wheel.

    Raises:
        WeightsMissing: the wheel could not be had.
        BadData: the extra `[torch]` is not installed.
    """
    keras = weights.fetch(ENTRY)
    target = keras.with_suffix(".onnx")
    return target if target.exists() else to_onnx(keras, target)


def to_onnx(weights: Path, target: Path) -> Path:
    """Rebuild the network of the Keras file and write it as ONNX.

    Raises:
        BadData: the extra `[torch]` is not installed.
    """
    try:
        import h5py  # noqa: PLC0415 - of the extra [torch]
        import torch  # noqa: PLC0415

        from models.train.export import write_onnx  # noqa: PLC0415
    except ImportError as error:
        raise BadData(f"facemood is rebuilt with torch ({error}); install chalkak[torch]") from error
    with h5py.File(weights) as file:
        module = _network(file["model_weights"])
    write_onnx(module.eval(), torch.rand(2, 3, SIDE, SIDE), target)
    return target


def _network(weights: Any) -> Any:  # noqa: ANN401 - an HDF5 group, a torch module
    """Return the network: five times convolution, ReLU, norm and pool, then two dense layers."""
    from torch import nn  # noqa: PLC0415

    layers: list[Any] = []
    for number in range(STAGES):
        suffix = f"_{number}" if number else ""
        kernel = _tensor(weights, f"conv2d{suffix}", "kernel").permute(3, 2, 0, 1)  # out, in, H, W
        convolution = nn.Conv2d(kernel.shape[1], kernel.shape[0], 3)
        _set(convolution, weight=kernel, bias=_tensor(weights, f"conv2d{suffix}", "bias"))
        norm = _normed(nn.BatchNorm2d(kernel.shape[0], eps=EPSILON), weights, f"batch_normalization{suffix}")
        layers += [convolution, nn.ReLU(), norm, nn.MaxPool2d(2)]
    middle = _tensor(weights, "dense", "kernel")  # (3 * 3 * 120, 128): theirs is flattened channels last
    middle = middle.view(3, 3, -1, middle.shape[1]).permute(3, 2, 0, 1).flatten(1)
    last = _tensor(weights, "dense_1", "kernel").T
    dense = [nn.Linear(*reversed(kernel.shape)) for kernel in (middle, last)]
    _set(dense[0], weight=middle, bias=_tensor(weights, "dense", "bias"))
    _set(dense[1], weight=last, bias=_tensor(weights, "dense_1", "bias"))
    norm = _normed(nn.BatchNorm1d(middle.shape[0], eps=EPSILON), weights, f"batch_normalization_{STAGES}")
    return nn.Sequential(*layers, nn.Flatten(), dense[0], norm, dense[1], nn.Softmax(1))


def _normed(norm: Any, weights: Any, layer: str) -> Any:  # noqa: ANN401 - a torch module, an HDF5 group
    names = {
        "weight": "gamma", "bias": "beta", "running_mean": "moving_mean", "running_var": "moving_variance",
    }  # fmt: skip
    _set(norm, **{ours: _tensor(weights, layer, theirs) for ours, theirs in names.items()})
    return norm


def _set(module: Any, **values: Any) -> None:  # noqa: ANN401 - a torch module, tensors
    for name, value in values.items():
        getattr(module, name).data.copy_(value)


def _tensor(weights: Any, layer: str, name: str) -> Any:  # noqa: ANN401 - an HDF5 group, a tensor
    import torch  # noqa: PLC0415

    return torch.from_numpy(np.array(weights[layer][layer][f"{name}:0"]))
