"""`chalkak train` as a person meets it."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from pathlib import Path

import pytest

from models.weights import sha256_of
from tests.bot.terminal import CHALKAK, Ended
from tests.models.faces import make_faces, write_npz

SECONDS = 180
TINY = ("--preset", "tiny", "--max-steps", "2", "--threads", "1")


def chalkak(folder: Path, *arguments: str | Path) -> Ended:
    done = subprocess.run(
        [CHALKAK, *map(str, arguments)],
        cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=False,
    )  # fmt: skip
    return Ended(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def npz(tmp_path: Path) -> Path:
    return write_npz(tmp_path / "faces.npz", train=make_faces(12))


def test_a_model_is_trained_and_exported_in_two_commands(npz: Path, tmp_path: Path) -> None:
    trained = chalkak(tmp_path, "train", "expression", "--data", npz, *TINY)
    run = Path(trained.out.strip())
    exported = chalkak(tmp_path, "train", "export", run, "--to", "ours.onnx")

    assert (trained.code, exported.code) == (0, 0), trained.err + exported.err
    assert run.parent == Path("runs")
    assert "epoch   1" in trained.err
    assert f'sha256 = "{sha256_of(tmp_path / "ours.onnx")}"' in exported.out


def test_a_run_that_was_really_killed_goes_on(npz: Path, tmp_path: Path) -> None:
    """With SIGKILL, in the middle of an epoch, in a process of its own."""
    command = ("train", "expression", "--data", str(npz), *TINY, "--epochs", "60")
    process = subprocess.Popen([CHALKAK, *command], cwd=tmp_path, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + SECONDS
    while not list(tmp_path.glob("runs/*/last.pt")):
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    (run,) = (tmp_path / "runs").iterdir()
    assert not (run / "result.json").exists()

    resumed = chalkak(tmp_path, "train", "expression", "--resume", run, "--threads", "1")

    assert resumed.code == 0, resumed.err
    assert json.loads((run / "result.json").read_text())["parameters"] > 0
    epochs = [json.loads(line)["epoch"] for line in (run / "metrics.jsonl").read_text().splitlines()]
    assert epochs == list(range(len(epochs)))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--preset", "tiny"), "say what to learn from"),
        (("--data", "none.npz"), "does not exist"),
        (
            ("--data", "faces.npz", "--preset", "huge"),
            "'huge' is no preset, choose standard, small, long, tiny",
        ),
        (("--resume", "."), "is no run"),
        (("--resume", ".", "--epochs", "3"), "goes on as it began, without --epochs"),
    ],
)
def test_what_is_asked_for_wrongly_is_a_sentence(
    arguments: tuple[str, ...], sentence: str, npz: Path, tmp_path: Path
) -> None:
    ended = chalkak(tmp_path, "train", "expression", *arguments)

    assert ended.code == 2
    assert sentence in " ".join(ended.err.replace("│", " ").split())
    assert "Traceback" not in ended.err
    assert npz.exists()
    assert not (tmp_path / "runs").exists()
