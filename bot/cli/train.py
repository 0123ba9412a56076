"""`chalkak train expression | export`: training a model of our own, and writing it as ONNX."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(no_args_is_help=True, help="Train the models that this project makes itself.")

EXTRA = "training needs the extra [torch] (5 GB); install it with: pip install 'chalkak[torch]'"
Given = Annotated[
    Path | None, typer.Option("--data", metavar="PATH", help="An .npz file, or a folder of class folders.")
]


@app.callback()
def train() -> None:
    """Train the models that this project makes itself."""


@app.command("expression")
def expression(
    data: Given = None,
    preset: Annotated[
        str, typer.Option(help="standard, small, long (for a GPU) or tiny (to see it run).")
    ] = "standard",
    epochs: Annotated[int | None, typer.Option(min=1, help="Rounds over the data.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Of the split and of all chance.")] = None,
    dropout: Annotated[float | None, typer.Option(min=0, max=0.9, help="Share of features left out.")] = None,
    *,
    max_steps: Annotated[int, typer.Option(min=0, help="Steps of an epoch, 0 for all.")] = 0,
    threads: Annotated[int, typer.Option(min=0, help="Processor threads, 0 for all.")] = 0,
    resume: Annotated[Path | None, typer.Option(metavar="RUN", help="Go on with a run.")] = None,
    runs: Annotated[Path, typer.Option(metavar="DIR", help="Where run folders are made.")] = Path("runs"),
) -> None:
    """Train the expression model; prints the folder of the run."""
    _need_torch()
    from models.datasets.faces import BadData  # noqa: PLC0415
    from models.train import expression as trainer  # noqa: PLC0415 - heavy
    from models.train.recipe import PRESETS  # noqa: PLC0415

    if preset not in PRESETS:
        raise typer.BadParameter(
            f"{preset!r} is no preset, choose {', '.join(PRESETS)}", param_hint="--preset"
        )
    if threads:
        trainer.use_threads(threads)
    asked = {"epochs": epochs, "seed": seed, "dropout": dropout, "max_steps": max_steps or None}
    changes: dict[str, Any] = {name: value for name, value in asked.items() if value is not None}
    try:
        if resume:
            _refuse_changes(changes)
            folder = trainer.resume(resume, data=data, say=_say)
        elif data:
            folder = trainer.train(data, replace(PRESETS[preset], **changes), runs, say=_say)
        else:
            raise typer.BadParameter("say what to learn from: an .npz file or a folder", param_hint="--data")
    except BadData as error:
        raise typer.BadParameter(str(error)) from error
    typer.echo(folder)


def _refuse_changes(changes: dict[str, Any]) -> None:
    if changes:
        names = ", ".join(f"--{name.replace('_', '-')}" for name in changes)
        raise typer.BadParameter(f"a run goes on as it began, without {names}", param_hint="--resume")


@app.command("export")
def export(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="The folder of a run that has ended.")],
    to: Annotated[Path, typer.Option(metavar="FILE", help="The ONNX file.")] = Path("expression.onnx"),
) -> None:
    """Write the best epoch of a run as ONNX; prints its size and sha256 for the registry."""
    _need_torch()
    from models.datasets.faces import BadData  # noqa: PLC0415
    from models.train.export import export as write  # noqa: PLC0415 - heavy
    from models.weights import sha256_of  # noqa: PLC0415

    try:
        path = write(run, to)
    except BadData as error:
        raise typer.BadParameter(str(error)) from error
    typer.echo(f'{path}\nbytes = {path.stat().st_size}\nsha256 = "{sha256_of(path)}"')


def _need_torch() -> None:
    try:
        import models.train.export  # noqa: F401, PLC0415 - only to see that all it needs is here
    except ImportError as error:
        typer.echo(f"chalkak: {EXTRA} ({error})", err=True)
        raise typer.Exit(1) from error


def _say(line: str) -> None:
    typer.echo(line, err=True)
