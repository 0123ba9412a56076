"""`chalkak bench photos`: ours against the original's way; `bench load`: a service under a storm."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress

from bot.settings import read_settings

app = typer.Typer(no_args_is_help=True, help="Side-by-side figures, in one run.")

# What `--check` demands: ratios within one run, so that they hold on any machine.
GATES = {"faster than the original": 5.0, "faster than the original with JPEG": 1.8}
ALONE_SECONDS = 0.35


@app.callback()
def bench() -> None:
    """Side-by-side figures, in one run."""


@app.command("photos")
def photos(
    count: Annotated[int, typer.Option("--photos", min=4, max=200, help="Photos in each round.")] = 20,
    rounds: Annotated[int, typer.Option(min=1, max=20, help="Rounds, each way in turn.")] = 3,
    folder: Annotated[Path | None, typer.Option("--from", metavar="DIR", help="Your own photos.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Exit with 1 where a gate is missed.")] = False,
) -> None:
    """Measure photos of 1280x960: the original's way, ours, and the networks alone."""
    from bot.app import open_weights  # noqa: PLC0415 - heavy
    from bot.bench.samples import bench_photos  # noqa: PLC0415
    from bot.bench.stages import stage_costs  # noqa: PLC0415

    try:
        work = bench_photos(open_weights(read_settings()), count, folder)
    except OSError as error:
        raise typer.BadParameter(str(error), param_hint="--from") from error
    report = _report(_measure(work, rounds)) | {"stages": stage_costs(work[0])}
    typer.echo(json.dumps(report, indent=2) if as_json else _as_text(report))
    _end(report, check=check)


@app.command("load")
def load(
    rate: Annotated[float, typer.Option(min=1, max=500, help="Photos a second.")] = 50.0,
    seconds: Annotated[float, typer.Option(min=1, max=600, help="For how long.")] = 60.0,
    waiting: Annotated[int, typer.Option(min=1, max=5000, help="Photos that a restart finds.")] = 500,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Exit with 1 where a gate is missed.")] = False,
) -> None:
    """Measure a service under more photos than it can answer, and its restart with photos waiting."""
    from bot.app import open_weights  # noqa: PLC0415 - heavy
    from bot.bench.load import measure  # noqa: PLC0415
    from bot.bench.samples import bench_photos  # noqa: PLC0415

    work = bench_photos(open_weights(read_settings()), 20)
    report = asyncio.run(measure(work, rate=rate, seconds=seconds, waiting=waiting))
    typer.echo(json.dumps(report, indent=2) if as_json else _gates_as_text(report))
    _end(report, check=check)


def _end(report: dict[str, Any], *, check: bool) -> None:
    """Exit with 1 where a gate that is checked was missed."""
    missed = [name for name, gate in report["gates"].items() if not gate["is_met"]]
    if check and missed:
        typer.echo(f"missed: {', '.join(missed)}", err=True)
        raise typer.Exit(1)


def _measure(work: list[bytes], rounds: int) -> dict[str, Any]:
    """Return the figures of each way, every way in a process of its own, in turn."""
    from bot.bench.ways import WAYS, run  # noqa: PLC0415

    context = multiprocessing.get_context("spawn")
    pools = {way: ProcessPoolExecutor(1, mp_context=context) for way in WAYS}
    table: dict[str, Any] = {}
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("measuring", total=rounds * len(WAYS))
        for _ in range(rounds):
            for way, pool in pools.items():
                figures = pool.submit(run, way, work).result()
                table.setdefault(way, figures) is figures or table[way].add(figures)
                progress.advance(task)
    for pool in pools.values():
        pool.shutdown()
    return table


def _report(table: dict[str, Any]) -> dict[str, Any]:
    from bot.bench.ways import CEILING, ORIGINAL, ORIGINAL_JPEG, OURS  # noqa: PLC0415

    ours = max((table[name] for name in OURS.values()), key=lambda figures: figures.rate)
    ratios = {
        "faster than the original": ours.rate / table[ORIGINAL].rate,
        "faster than the original with JPEG": ours.rate / table[ORIGINAL_JPEG].rate,
    }
    alone = table[OURS[1]].percentile(50)
    gates = {name: {"is": round(ratios[name], 2), "least": GATES[name]} for name in ratios}
    for gate in gates.values():
        gate["is_met"] = gate["is"] >= gate["least"]
    gates["seconds alone"] = {
        "is": round(alone, 3),
        "most": ALONE_SECONDS,
        "is_met": alone <= ALONE_SECONDS,
    }
    return {
        "ways": [_row(figures) for figures in table.values()],
        "share of processor time in the networks": round(table[CEILING].cpu_each / ours.cpu_each, 3),
        "gates": gates,
    }


def _row(figures: Any) -> dict[str, Any]:  # noqa: ANN401 - bot.bench is imported lazily
    return {
        "way": figures.name,
        "photos_per_second": round(figures.rate, 2),
        "p50": round(figures.percentile(50), 4),
        "p99": round(figures.percentile(99), 4),
        "cpu_seconds_per_photo": round(figures.cpu_each, 4),
        "megabytes": round(figures.megabytes),
    }


def _as_text(report: dict[str, Any]) -> str:
    lines = [
        "| way | photos/s | p50 s | p99 s | CPU s/photo | MB |",
        "|---|---|---|---|---|---|",
    ]
    lines += ["| " + " | ".join(str(value) for value in row.values()) + " |" for row in report["ways"]]
    share = report["share of processor time in the networks"]
    lines += ["", f"share of processor time in the networks: {share}; the rest, in ms per photo:"]
    lines += [f"- {stage}: {cost}" for stage, cost in report["stages"].items()]
    return "\n".join([*lines, _gates_as_text(report)])


def _gates_as_text(report: dict[str, Any]) -> str:
    lines = [f"- {name}: {value}" for name, value in report.get("figures", {}).items()]
    for name, gate in report["gates"].items():
        limit = f"≥ {gate['least']}" if "least" in gate else f"≤ {gate['most']}"
        lines.append(f"{'✓' if gate['is_met'] else '✗'} {name}: {gate['is']} ({limit})")
    return "\n".join(lines)
