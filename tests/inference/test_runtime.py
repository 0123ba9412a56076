"""The runtime does what it is told: precision, order, sizes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from inference.parts import session_for
from inference.runtime import has_bf16
from models.weights import Weights


def test_the_precision_that_is_asked_for_is_used(weights: Weights) -> None:
    picture = np.random.default_rng(1).integers(0, 256, (224, 224, 3), np.uint8)

    exact = session_for(weights, "unsafe", precision="f32")([picture])[0][0]
    rough = session_for(weights, "unsafe", precision="bf16")([picture])[0][0]

    assert np.allclose(exact, rough, atol=0.05)
    assert (exact != rough).any() == has_bf16()


def test_pictures_of_different_sizes_come_back_in_order(weights: Weights) -> None:
    session = session_for(weights, "objects", precision="f32")
    pictures = [np.full((side, 320, 3), side % 256, np.uint8) for side in (320, 256, 320, 256)]

    together = session(iter(pictures))
    alone = [session([picture])[0] for picture in pictures]

    for a, b in zip(together, alone, strict=True):
        assert np.array_equal(a[0], b[0])


def test_red_is_red_whatever_the_network_was_trained_on(weights: Weights) -> None:
    session = session_for(weights, "unsafe", precision="f32")
    red, blue = (np.zeros((224, 224, 3), np.uint8) for _ in range(2))
    red[..., 0], blue[..., 2] = 255, 255

    of_red, of_blue = session([red, blue])

    assert of_red[0][0, 1] != pytest.approx(float(of_blue[0][0, 1]), abs=1e-4)


def test_openvino_tells_nobody_that_it_runs(tmp_path: Path) -> None:
    """Its telemetry would ask a server on every import and keep an id in the home folder."""
    code = (
        "import socket, sys\n"
        "def refused(*_): raise AssertionError('somebody asked the network')\n"
        "socket.getaddrinfo = socket.socket.connect = refused\n"
        "import inference.runtime\n"
        "assert sys.modules['openvino_telemetry'] is None\n"
    )
    environment = {**os.environ, "HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert list(tmp_path.iterdir()) == []
