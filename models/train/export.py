"""Writes a trained expression network as ONNX, and checks that it still says the same."""

from __future__ import annotations

import contextlib
import io
import warnings
from pathlib import Path

import onnx
import torch
from torch import nn

from models.datasets.faces import SIDE, BadData
from models.train.expression import load_best
from models.train.network import Shipped

OPSET = 18
MAX_BYTES = 6_000_000


def export(run: Path, target: Path) -> Path:
    """Write the best epoch of a run as ONNX: RGB (B, 3, 48, 48), 0..255, to probabilities (B, 7).

    Raises:
        BadData: it is no run that has ended, or the file came out too large.
    """
    network, temperature = load_best(run)
    shipped = Shipped(network, temperature).eval()
    write_onnx(shipped, torch.rand(2, 3, SIDE, SIDE) * 255, target)
    size = target.stat().st_size
    if size > MAX_BYTES:
        target.unlink()
        raise BadData(f"the network of {run} takes {size:,} bytes, {MAX_BYTES:,} are allowed")
    return target


def write_onnx(module: nn.Module, example: torch.Tensor, target: Path) -> None:
    """Write a module of one input and one output as one ONNX file, for any number of pictures."""
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")  # of the exporter's own libraries
        program = torch.onnx.export(
            module,
            (example,),
            input_names=["pictures"],
            output_names=["probabilities"],
            dynamic_shapes=({0: torch.export.Dim("faces")},),
            opset_version=OPSET,
            dynamo=True,
        )
    assert program is not None
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    onnx.save(_without_traces(program.model_proto), part)
    part.replace(target)


def _without_traces(model: onnx.ModelProto) -> onnx.ModelProto:
    """Take off what the exporter notes of the source: it is half the file, and names folders here."""
    for part in (
        *model.graph.node,
        *model.graph.value_info,
        *model.graph.input,
        *model.graph.output,
        model.graph,
    ):
        part.ClearField("metadata_props")
        part.ClearField("doc_string")
    del model.metadata_props[:]
    onnx.checker.check_model(model)
    return model
