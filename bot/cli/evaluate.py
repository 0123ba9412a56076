"""`chalkak evaluate expression`: a model, or two side by side, against labelled faces."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress

from bot.cli.terminal import AsJson, print_json
from bot.settings import Settings, read_settings

app = typer.Typer(no_args_is_help=True, help="Measure models against labelled data.")

BATCHES = (1, 16)
HEAD = ("of 7", "F1", "of 5", "F1 of 5", "log loss", "ECE", "shown", "right")
SHORT = 7  # letters of a class in the confusion table


@app.callback()
def evaluate() -> None:
    """Measure models against labelled data."""


@app.command("expression")
def expression(
    data: Annotated[
        Path, typer.Option("--data", metavar="PATH", help="An .npz file, or a folder of class folders.")
    ],
    models: Annotated[
        list[str] | None,
        typer.Option("--model", help="An .onnx file, `expression` or `facemood`; may be given twice."),
    ] = None,
    part: Annotated[str, typer.Option(help="validation or train.")] = "validation",
    *,
    copies: Annotated[bool, typer.Option("--copies", help="Score copies of faces, too.")] = False,
    unseen: Annotated[
        bool, typer.Option("--unseen", help="Leave out faces that also stand, pixel by pixel, in train.")
    ] = False,
    speed: Annotated[bool, typer.Option(help="Time a face on one core.")] = True,
    as_json: AsJson = False,
) -> None:
    """Measure accuracy, F1, confusion, calibration and speed of expression models."""
    from models.datasets.faces import BadData  # noqa: PLC0415

    settings = read_settings()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})  # before any runtime counts the cores
    try:
        faces = _faces(data, part, copies=copies, unseen=unseen)
        found = [_measured(name, faces, settings, speed=speed) for name in models or ["expression"]]
    except BadData as error:
        raise typer.BadParameter(str(error)) from error
    report = {
        "data": str(data),
        "part": part,
        "faces": len(faces),
        "models": [one.as_json() for one in found],
    }
    if as_json:
        print_json(report)
    else:
        typer.echo(_as_text(report))


def _faces(data: Path, part: str, *, copies: bool, unseen: bool) -> Any:  # noqa: ANN401 - imported lazily
    from models.datasets.faces import also_in, load_faces  # noqa: PLC0415

    if part not in ("train", "validation"):
        raise typer.BadParameter(f"{part!r} is no part, choose validation or train", param_hint="--part")
    faces = load_faces(data, "validation" if part == "validation" else "train")
    faces = faces if copies else faces.originals()
    return faces.at(~also_in(faces, load_faces(data, "train"))) if unseen else faces


def _measured(name: str, faces: Any, settings: Settings, *, speed: bool) -> Any:  # noqa: ANN401
    from models.evaluate.expression import answers, figures, milliseconds_each, pictures_of  # noqa: PLC0415

    read = _reader(name, settings)
    pictures = pictures_of(faces)
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(name, total=len(pictures))
        given = answers(read, pictures, lambda count: progress.advance(task, count))
    batches = BATCHES if speed else ()
    times = {f"batches of {batch}": milliseconds_each(read, pictures, batch) for batch in batches}
    return figures(name, given, faces, times)


def _reader(name: str, settings: Settings) -> Callable[[Any], Any]:
    """Return what gives the seven probabilities of each picture, on one core.

    Raises:
        BadParameter: there is no such model.
    """
    from PIL import Image  # noqa: PLC0415 - heavy

    from bot.app import open_weights  # noqa: PLC0415
    from inference.runtime import OpenVinoSession  # noqa: PLC0415
    from models.detectors import expression as ours  # noqa: PLC0415
    from models.evaluate import facemood as theirs  # noqa: PLC0415

    weights, precision = open_weights(settings), settings.cpu_precision
    if name == theirs.ENTRY.key:
        path = theirs.brought(weights)
        session = OpenVinoSession(path, theirs.INPUT, precision=precision, streams=1)
        return theirs.Facemood(session).probabilities
    entries = {entry.key: entry for entry in weights.registry.role("expression")}
    if name in entries:
        path = weights.verified(entries[name])
    elif Path(name).is_file():
        path = Path(name)
    else:
        known = ", ".join([*entries, theirs.ENTRY.key])
        raise typer.BadParameter(f"{name!r} is no file and none of {known}", param_hint="--model")
    try:
        model = ours.Expression(OpenVinoSession(path, ours.INPUT, precision=precision, streams=1))
        model.probabilities([Image.new("RGB", (ours.SIDE, ours.SIDE))])
    except (RuntimeError, ValueError) as error:  # OpenVINO's own are RuntimeError
        raise typer.BadParameter(f"{path} is no expression network", param_hint="--model") from error
    return model.probabilities


def _as_text(report: dict[str, Any]) -> str:
    from models.expressions import CLASSES, GROUPS  # noqa: PLC0415

    lines = [f"{report['faces']:,} faces of {report['data']} ({report['part']})", ""]
    lines += [f"{'':24}" + "".join(f"{name:>10}" for name in HEAD)]
    for model in report["models"]:
        lines += [f"{Path(model['model']).name:24}" + "".join(f"{value:10.4f}" for value in _row(model))]
    for model in report["models"]:
        name = Path(model["model"]).name
        lines += ["", f"{name}: true class by row, answer by column, recall and precision"]
        rates = zip(model["recall"].values(), model["precision"].values(), strict=True)
        lines += _table(CLASSES, model["confusion"], [f"{a:8.3f}{b:8.3f}" for a, b in rates])
        lines += ["", *_table([group.name.lower() for group in GROUPS], model["confusion_of_groups"])]
        lines += ["", _calibration(model), *(f"{each} ms a face in {batch}" for batch, each in _times(model))]
    return "\n".join(lines)


def _row(model: dict[str, Any]) -> list[float]:
    names = (
        "accuracy",
        "macro_f1",
        "accuracy_of_groups",
        "macro_f1_of_groups",
        "log_loss",
        "calibration_error",
    )
    return [*(model[name] for name in names), model["shown"]["share"], model["shown"]["right"]]


def _times(model: dict[str, Any]) -> list[tuple[str, float]]:
    return list(model["milliseconds"].items())


def _calibration(model: dict[str, Any]) -> str:
    return (
        f"calibration error {model['calibration_error']}; with the temperature that suits these faces best, "
        f"{model['temperature']}: {model['calibration_error_with_it']}"
    )


def _table(names: Any, rows: list[list[int]], ends: list[str] | None = None) -> list[str]:  # noqa: ANN401
    head = f"{'':10}" + "".join(f"{name[:SHORT]:>8}" for name in names)
    ends = ends or [""] * len(rows)
    body = [
        f"{name:10}" + "".join(f"{count:8d}" for count in row) + end
        for name, row, end in zip(names, rows, ends, strict=True)
    ]
    return [head, *body]
