"""Trains the expression model, from a data set to a run folder with weights that can be exported.

One straight script.  Each epoch has its own random numbers, so that a run that was killed and
resumed gives the same weights as one that was not.  Everything is chosen by faces held out
from the training part; the validation part is never read here.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from models.datasets.faces import BadData, Faces, hold_out, load_faces
from models.evaluate.calibration import best_temperature, calibration_error, log_loss, softmax
from models.expressions import CLASSES
from models.train.augment import augmented, mixed
from models.train.curves import draw_curves
from models.train.network import Network, mirrored_too
from models.train.recipe import Recipe
from models.train.runs import Run
from models.train.stopping import Best

Say = Callable[[str], None]
LOOKED_AT = 512  # faces at once, when nothing is learned


def train(data: Path, recipe: Recipe, runs: Path, *, name: str = "expression", say: Say = print) -> Path:
    """Train from the beginning, and return the folder of the run.

    Raises:
        BadData: the data set cannot be read, or lacks a class.
    """
    faces = load_faces(data, "train")
    config = {
        "data": str(data),
        "data_sha256": faces.sha256(),
        "classes": CLASSES,
        "recipe": recipe.as_json(),
    }
    learned, held_out = _split(faces, recipe)
    run = Run.begin(runs, name, config | {"learned": len(learned), "held_out": len(held_out)})
    return _go_on(run, recipe, learned, held_out, say)


def resume(folder: Path, *, data: Path | None = None, say: Say = print) -> Path:
    """Go on with a run that was interrupted, and return its folder.

    Raises:
        BadData: it is no run, or the data are not those it began with.
    """
    run = Run.resume(folder)
    config = run.read("config.json")
    faces = load_faces(data or Path(config["data"]), "train")
    if faces.sha256() != config["data_sha256"]:
        raise BadData(f"{data or config['data']} is not the data set that {folder} began with")
    recipe = Recipe.of_json(config["recipe"])
    return _go_on(run, recipe, *_split(faces, recipe), say)


def _split(faces: Faces, recipe: Recipe) -> tuple[Faces, Faces]:
    learned, held_out = hold_out(faces, recipe.held_out, recipe.seed)
    learned = learned if recipe.with_copies else learned.originals()
    for part, what in ((learned, "to learn from"), (held_out, "to hold out")):
        counts = np.bincount(part.labels, minlength=len(CLASSES))
        lacking = [name for name, count in zip(CLASSES, counts, strict=True) if not count]
        if lacking:
            raise BadData(
                f"there are no faces {what} for: {', '.join(lacking)}; more are needed of each class"
            )
    return learned, held_out


def _go_on(run: Run, recipe: Recipe, learned: Faces, held_out: Faces, say: Say) -> Path:
    training = Training(recipe, steps=_steps(recipe, len(learned)))
    best = Best(recipe.patience)
    first = _restored(run, training, best)
    say(f"{run.folder}: {len(learned)} faces to learn from, {len(held_out)} held out, on {training.device}")
    for epoch in range(first, recipe.epochs):
        if best.is_over:
            say(f"no better for {best.patience} epochs, so it stops here")
            break
        began = time.monotonic()
        figures = training.epoch(learned, epoch)
        logits = training.logits(held_out)
        figures |= _figures(logits, held_out)
        if best.is_new(figures["held_out_accuracy"], epoch):
            run.save("best.pt", {"epoch": epoch, "weights": training.average.module.state_dict()})
        run.note(epoch, figures | {"seconds": round(time.monotonic() - began, 1)})
        run.save("last.pt", {"epoch": epoch, "best": asdict(best), **training.state()})
        say(_line(epoch, figures, best))
    return _ended(run, recipe, held_out, say)


def _steps(recipe: Recipe, count: int) -> int:
    steps = max(1, count // recipe.batch)
    return min(steps, recipe.max_steps) if recipe.max_steps else steps


def _restored(run: Run, training: Training, best: Best) -> int:
    """Bring a run to where its last checkpoint was, and return the epoch that comes next."""
    state = run.load("last.pt")
    if state is None:
        return 0
    training.restore(state)
    for name, value in state["best"].items():
        setattr(best, name, value)
    return int(state["epoch"]) + 1


def _figures(logits: np.ndarray[Any, Any], faces: Faces) -> dict[str, float]:
    probabilities = softmax(logits)
    return {
        "held_out_loss": round(log_loss(probabilities, faces.labels), 5),
        "held_out_accuracy": round(float((probabilities.argmax(1) == faces.labels).mean()), 5),
    }


def _line(epoch: int, figures: dict[str, float], best: Best) -> str:
    shown = "  ".join(f"{name} {value:.4f}" for name, value in figures.items())
    return f"epoch {epoch:3d}  {shown}{'  best' if best.epoch == epoch else ''}"


def _ended(run: Run, recipe: Recipe, held_out: Faces, say: Say) -> Path:
    """Calibrate the best epoch by the faces held out, and write down how it ended."""
    state = run.load("best.pt")
    assert state is not None
    training = Training(recipe, steps=1)
    training.average.module.load_state_dict(state["weights"])
    logits = training.logits(held_out)
    temperature = best_temperature(logits, held_out.labels)
    before, after = softmax(logits), softmax(logits / temperature)
    result = _figures(logits, held_out) | {
        "epoch": state["epoch"],
        "temperature": round(temperature, 4),
        "held_out_calibration_error": round(calibration_error(before, held_out.labels), 4),
        "held_out_calibration_error_with_temperature": round(calibration_error(after, held_out.labels), 4),
        "parameters": sum(weight.numel() for weight in training.network.parameters()),
    }
    run.write("result.json", result)
    draw_curves(list(run.metrics()), run.folder / "curves.png")
    say(f"best epoch {state['epoch']}: {result['held_out_accuracy']:.4f} of the faces held out; {run.folder}")
    return run.folder


class Training:
    """A network while it learns: weights, their average, and the optimizer.

    Args:
        recipe: how.
        steps: of an epoch.
    """

    def __init__(self, recipe: Recipe, *, steps: int) -> None:
        self.recipe, self.steps = recipe, steps
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        torch.manual_seed(recipe.seed)
        self.network = Network(recipe).to(self.device, memory_format=torch.channels_last)
        averaging = get_ema_multi_avg_fn(recipe.average)
        self.average = AveragedModel(self.network, multi_avg_fn=averaging, use_buffers=True)
        self.optimizer = torch.optim.SGD(
            _groups(self.network, recipe.decay), lr=recipe.rate, momentum=0.9, nesterov=True
        )

    def epoch(self, faces: Faces, epoch: int) -> dict[str, float]:
        """Learn from every face once, and return loss and accuracy on the faces as they were changed."""
        self.network.train()
        seed = self.recipe.seed * 100_003 + epoch
        torch.manual_seed(seed)  # dropout
        random = torch.Generator().manual_seed(seed)  # order and changes, on the CPU wherever it learns
        loss = right = seen = 0.0
        for step, (pictures, targets) in enumerate(self._batches(faces, random)):
            for group in self.optimizer.param_groups:
                group["lr"] = self._rate(epoch + step / self.steps)
            logits = self._step(pictures.to(self.device), targets.to(self.device))
            answers, truth = logits.argmax(1).cpu(), targets.argmax(1)
            right += float((answers == truth).sum())
            loss += float(functional.cross_entropy(logits.cpu(), targets)) * len(targets)
            seen += len(targets)
        return {"train_loss": round(loss / seen, 5), "train_accuracy": round(right / seen, 5)}

    def _batches(self, faces: Faces, random: torch.Generator) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield changed faces (B, 1, 48, 48) and smoothed targets (B, 7), mixed in every other batch."""
        order = torch.randperm(len(faces), generator=random)
        spread = self.recipe.smoothing
        for step in range(self.steps):
            chosen = order[step * self.recipe.batch : (step + 1) * self.recipe.batch].numpy()
            pictures = augmented(_tensor(faces.pixels[chosen]), random)
            targets = functional.one_hot(torch.from_numpy(faces.labels[chosen]), len(CLASSES)).float()
            targets = targets * (1 - spread) + spread / len(CLASSES)
            if self.recipe.mixup and step % 2:
                pictures, targets = mixed(pictures, targets, alpha=self.recipe.mixup, random=random)
            yield pictures, targets

    def _step(self, pictures: Tensor, targets: Tensor) -> Tensor:
        with torch.autocast(self.device.type, torch.bfloat16):
            logits = self.network(pictures.contiguous(memory_format=torch.channels_last)).float()
        loss = functional.cross_entropy(logits, targets)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        self.average.update_parameters(self.network)
        return logits.detach()

    def _rate(self, epochs: float) -> float:
        """Return the learning rate after so many epochs: up in a line, then down along a cosine."""
        warmup, whole = self.recipe.warmup, self.recipe.epochs
        if epochs < warmup:
            return self.recipe.rate * (epochs / warmup + 0.01)
        share = (epochs - warmup) / max(whole - warmup, 1e-9)
        return self.recipe.rate * (0.5 + 0.5 * math.cos(math.pi * min(share, 1.0))) + 1e-5

    def logits(self, faces: Faces) -> np.ndarray[Any, Any]:
        """Return the logits of the averaged weights, (N, 7), in full precision, mirror images included."""
        self.average.eval()
        with torch.inference_mode():
            parts = _tensor(faces.pixels).split(LOOKED_AT)
            return np.concatenate(
                [mirrored_too(self.average, p.to(self.device)).cpu().numpy() for p in parts]
            )

    def state(self) -> dict[str, Any]:
        """Return what a checkpoint must hold."""
        return {
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Become what a checkpoint holds."""
        self.network.load_state_dict(state["network"])
        self.average.load_state_dict(state["average"])
        self.optimizer.load_state_dict(state["optimizer"])


def _tensor(pixels: np.ndarray[Any, Any]) -> Tensor:
    return torch.from_numpy(pixels).float()[:, None]


def _groups(network: Network, decay: float) -> list[dict[str, Any]]:
    """Return the optimizer's groups: only the kernels decay, not what scales and shifts."""
    kernels = [weight for weight in network.parameters() if weight.ndim > 1]
    others = [weight for weight in network.parameters() if weight.ndim <= 1]
    return [{"params": kernels, "weight_decay": decay}, {"params": others, "weight_decay": 0.0}]


def use_threads(count: int) -> None:
    """Train on so many processor threads; on a machine shared with others one is often fastest."""
    torch.set_num_threads(count)


def load_best(folder: Path) -> tuple[Network, float]:
    """Return the network of a run's best epoch and its temperature.

    Raises:
        BadData: it is no run that has ended.
    """
    run = Run.resume(folder)
    recipe = Recipe.of_json(run.read("config.json")["recipe"])
    result, state = run.read("result.json"), run.load("best.pt")
    if state is None:
        raise BadData(f"{folder} has no best.pt")
    network = Network(replace(recipe, dropout=0.0))
    network.load_state_dict(state["weights"])
    return network.eval(), float(result["temperature"])
