"""Curves of a run as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any


def draw_curves(rows: Sequence[dict[str, Any]], path: Path) -> None:
    """Write a PNG with loss and accuracy by epoch."""
    import matplotlib as mpl  # noqa: PLC0415 - slow to import

    mpl.use("Agg")
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(figsize=(10, 4), layout="constrained")
    plots = figure.subplots(1, 2)
    epochs = [row["epoch"] for row in rows]
    for plot, kind in zip(plots, ("loss", "accuracy"), strict=True):
        for part in ("train", "held_out"):
            plot.plot(epochs, [row[f"{part}_{kind}"] for row in rows], label=part.replace("_", " "))
        plot.set_xlabel("epoch")
        plot.set_title(kind)
        plot.grid(alpha=0.3)
        plot.legend()
    figure.savefig(path, dpi=110)
