"""Runtimes: OpenVINO sessions on a CPU.

A session compiles a network once per picture size, lazily, and runs several pictures at once,
one per core: on a CPU that is worth more than a batch, and one photo alone still takes a few
hundredths of a second.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

import numpy as np

# OpenVINO reports each import to an analytics service, with an id that it keeps in the home folder.
# Where that package cannot be imported it uses a stub of its own: nothing leaves this machine.
sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]  # how Python says "not importable"

import openvino as ov  # noqa: E402
from openvino.preprocess import ColorFormat, PrePostProcessor  # noqa: E402

from models.session import InputSpec, Pixels, Raw  # noqa: E402

Precision = Literal["auto", "f32", "bf16"]


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0))


def has_bf16() -> bool:
    """Return whether the CPU multiplies bfloat16 in hardware."""
    return "BF16" in ov.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")


class OpenVinoSession:
    """One network on the CPU.  It belongs to one thread.

    Args:
        weights: an ONNX file, verified by the caller.
        spec: how uint8 RGB becomes the network's input.
        precision: auto takes bf16 where the CPU has it.
        streams: pictures that run at once, by default one per core.
    """

    def __init__(
        self, weights: Path, spec: InputSpec, *, precision: Precision = "auto", streams: int | None = None
    ) -> None:
        self._core = ov.Core()
        self._model = self._core.read_model(weights)
        self._spec = spec
        self._precision = ("bf16" if has_bf16() else "f32") if precision == "auto" else precision
        self._streams = streams or cores()
        self._compiled: dict[tuple[int, ...], ov.CompiledModel] = {}
        self._idle: dict[tuple[int, ...], list[ov.InferRequest]] = {}

    def __call__(self, pictures: Iterable[Pixels]) -> list[Raw]:
        """Return the outputs for each (H, W, 3) uint8 RGB picture, in order."""
        running = [(picture.shape, self._start(picture)) for picture in pictures]
        return [self._finish(shape, request) for shape, request in running]

    def _start(self, picture: Pixels) -> ov.InferRequest:
        idle = self._idle.setdefault(picture.shape, [])
        request = idle.pop() if idle else self._compile(picture.shape).create_infer_request()
        request.start_async({0: picture[None]}, share_inputs=True)
        return request

    def _finish(self, shape: tuple[int, ...], request: ov.InferRequest) -> Raw:
        request.wait()
        outputs: Raw = tuple(np.array(tensor.data, np.float32) for tensor in request.output_tensors)
        self._idle[shape].append(request)
        return outputs

    def _compile(self, shape: tuple[int, ...]) -> ov.CompiledModel:
        if shape not in self._compiled:
            options: dict[str, Any] = {
                "INFERENCE_PRECISION_HINT": self._precision,
                "INFERENCE_NUM_THREADS": cores(),
                "NUM_STREAMS": self._streams,
            }
            self._compiled[shape] = self._core.compile_model(self._for_shape(shape), "CPU", options)
        return self._compiled[shape]

    def _for_shape(self, shape: tuple[int, ...]) -> ov.Model:
        """Return the network reshaped to one picture size, with the conversion inside its graph."""
        height, width, channels = shape
        model = self._model.clone()
        sizes = [1, channels, height, width] if self._spec.layout == "NCHW" else [1, height, width, channels]
        model.reshape(sizes)
        graph = PrePostProcessor(model)
        tensor = graph.input().tensor()
        tensor.set_element_type(ov.Type.u8).set_layout(ov.Layout("NHWC")).set_color_format(ColorFormat.RGB)
        graph.input().model().set_layout(ov.Layout(self._spec.layout))
        steps = graph.input().preprocess().convert_element_type(ov.Type.f32)
        if self._spec.is_bgr:
            steps.convert_color(ColorFormat.BGR)
        steps.mean(list(self._spec.mean)).scale(self._spec.scale)
        return graph.build()
