"""`chalkak models list | fetch | verify | card`: which weights exist, and which are here."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

from bot.app import open_weights
from bot.settings import read_settings
from models.errors import WeightsCorrupt, WeightsMissing
from models.registry import Entry
from models.weights import Weights

app = typer.Typer(no_args_is_help=True, help="Which models, fonts and samples exist, and which are here.")

AT_ONCE = 4  # downloads


@app.command("list")
def list_models(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON list on stdout.")] = False,
) -> None:
    """List every file of the registry, and whether it is on this machine."""
    weights = open_weights(read_settings())
    rows = [_row(weights, entry) for entry in weights.registry.entries.values()]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        mark = "✓" if row["present"] else "·"
        typer.echo(f"{mark} {row['name']:<20} {row['role']:<8} {row['megabytes']:>6.1f} MB  {row['licence']}")
    if not all(row["present"] for row in rows):
        typer.echo("· is not on this machine yet: chalkak models fetch", err=True)


def _row(weights: Weights, entry: Entry) -> dict[str, Any]:
    roles = (role for role, keys in weights.registry.roles.items() if entry.key in keys)
    return {
        "name": entry.key,
        "role": next(roles, ""),
        "megabytes": round(entry.bytes / 1e6, 1),
        "licence": entry.licence,
        "sha256": entry.sha256,
        "present": weights.place(entry) is not None,
    }


@app.command("fetch")
def fetch(
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME...]", help="By default, all.")] = None,
) -> None:
    """Bring files to this machine, from the first source that has them, and check every byte."""
    weights = open_weights(read_settings())
    entries = [_entry(weights, name) for name in dict.fromkeys(names or weights.registry.entries)]
    missing = [entry for entry in entries if not weights.is_whole(entry)]
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        tasks = {entry.key: progress.add_task(entry.key, total=entry.bytes) for entry in missing}

        def one(entry: Entry) -> str:
            try:
                weights.fetch(entry, lambda size: progress.advance(tasks[entry.key], size))
            except WeightsMissing as error:
                return str(error)
            except OSError as error:
                where = error.filename or "the cache"
                return f"cannot write {where}: {error.strerror}; set CHALKAK_CACHE to a folder you may write"
            progress.update(tasks[entry.key], completed=entry.bytes)
            return ""

        with ThreadPoolExecutor(AT_ONCE) as threads:
            failures = [failure for failure in threads.map(one, missing) if failure]
    for failure in failures:
        typer.echo(f"chalkak: {failure}", err=True)
    if failures:
        raise typer.Exit(1)
    typer.echo(f"{len(entries)} files are here and verified, {len(missing)} of them new.", err=True)


@app.command("verify")
def verify() -> None:
    """Check the bytes of every file that is here against the registry."""
    weights = open_weights(read_settings())
    bad = 0
    for entry in weights.registry.entries.values():
        verdict = _verdict(weights, entry)
        bad += verdict != "ok"
        typer.echo(f"{entry.key:<20} {verdict}")
    if bad:
        raise typer.Exit(1)


def _verdict(weights: Weights, entry: Entry) -> str:
    try:
        weights.verified(entry)
    except (WeightsMissing, WeightsCorrupt) as error:
        return str(error)
    return "ok"


@app.command("path")
def path(names: Annotated[list[str], typer.Argument(metavar="NAME...")]) -> None:
    """Print where files lie on this machine, a line each, after checking their bytes."""
    weights = open_weights(read_settings())
    for name in names:
        typer.echo(weights.verified(_entry(weights, name)))


@app.command("card")
def card(name: Annotated[str, typer.Argument(help="A name from `models list`.")]) -> None:
    """Tell what one model is, whose, under which licence, and what it gets wrong."""
    weights = open_weights(read_settings())
    entry = _entry(weights, name)
    place = weights.place(entry)
    typer.echo(f"{entry.key}: {entry.about}")
    typer.echo(f"  by       {entry.author}")
    typer.echo(f"  licence  {entry.licence}")
    typer.echo(f"  file     {entry.name}, {entry.bytes / 1e6:.1f} MB, sha256 {entry.sha256}")
    for source in entry.sources:
        typer.echo(f"  from     {source}")
    typer.echo(f"  here     {place or 'not yet: chalkak models fetch ' + entry.key}")
    if entry.limits:
        typer.echo(f"  limits   {entry.limits}")


def _entry(weights: Weights, name: str) -> Entry:
    try:
        return weights.registry.entry(name)
    except KeyError as error:
        raise typer.BadParameter(str(error.args[0])) from error
