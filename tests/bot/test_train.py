"""`chalkak train` where torch is not installed, and asked for what there is not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

WITHOUT_TORCH = """
import sys
sys.modules["torch"] = None
from bot.cli import main
main()
"""


@pytest.mark.parametrize("arguments", [("expression", "--data", "faces.npz"), ("export", "run")])
def test_without_torch_training_says_what_to_install(arguments: tuple[str, ...], tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_TORCH, "train", *arguments],
        cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip

    assert done.returncode == 1
    assert "pip install 'chalkak[torch]'" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "runs").exists()
