"""`chalkak doctor`: what is wrong on this machine, and how to mend it."""

from __future__ import annotations

import asyncio
import json
import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Annotated

import typer

from bot.app import open_weights
from bot.cli.connections import ask_platforms
from bot.cli.finding import Finding
from bot.settings import Settings, read_settings
from bot.texts import say_error
from models.errors import BadPhoto, NotAPicture, ServiceError, StorageError
from storage.folder import Folder
from storage.opening import quick_check
from storage.sqlite import VERSION

MIN_PYTHON = (3, 11)
MIN_DISK_BYTES = 1_000_000_000
MIN_MEMORY_BYTES = 2_000_000_000
FIXED_SQLITE = (3, 51, 3)  # earlier ones can corrupt a WAL while it is reset


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON list on stdout.")] = False,
) -> None:
    """Check this machine: what is wrong, and how to mend it."""
    findings = list(examine(read_settings()))
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            typer.echo(f"{'✓' if finding.is_well else '✗'} {finding.what:<12} {finding.found}")
            if not finding.is_well:
                typer.echo(f"  → {finding.fix}")
    if not all(finding.is_well for finding in findings):
        raise typer.Exit(1)


def examine(settings: Settings) -> Iterable[Finding]:
    """Yield one finding for everything the program stands on."""
    checks: tuple[Callable[[Settings], Finding], ...] = (
        _python, _memory, _disk, _sqlite, _data, _device, _weights, _decoder,
    )  # fmt: skip
    for check in checks:
        yield check(settings)
    yield from ask_platforms(settings)


def _python(_settings: Settings) -> Finding:
    return Finding(
        "python",
        sys.version_info >= MIN_PYTHON,
        f"{platform.python_version()} on {platform.system()} {platform.machine()}",
        "install Python 3.11 or newer and run `make setup` again",
    )


def _memory(_settings: Settings) -> Finding:
    size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    fix = "2 GB are needed for the models and the decoders; use a larger machine"
    return Finding("memory", size >= MIN_MEMORY_BYTES, f"{size / 1e9:.1f} GB", fix)


def _disk(settings: Settings) -> Finding:
    folder = settings.cache.expanduser().absolute()
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(existing).free
    is_writable = existing.is_dir() and os.access(existing, os.W_OK)
    found = f"{free / 1e9:.1f} GB free in {folder}{'' if is_writable else ', which cannot be written'}"
    fix = "free some space, or set CHALKAK_CACHE to a folder with 1 GB that you may write"
    return Finding("disk", free >= MIN_DISK_BYTES and is_writable, found, fix)


def _sqlite(_settings: Settings) -> Finding:
    is_fixed = tuple(map(int, VERSION.split("."))) >= FIXED_SQLITE
    fix = "run `make setup` again: pysqlite3 brings a version without the fault"
    return Finding("sqlite", is_fixed, VERSION, fix)


def _data(settings: Settings) -> Finding:
    """Look at the data folder without making or locking anything."""
    path = settings.data_folder
    if not path.exists():
        return Finding("data", is_well=True, found=f"{path}, made when the first photo comes")
    try:
        folder = Folder(path)
        if folder.database.exists():
            quick_check(folder.database)
    except StorageError as error:
        return Finding("data", is_well=False, found=str(error), fix=say_error("en", error))
    used = folder.database.stat().st_size / 1e6 if folder.database.exists() else 0.0
    owner = ", in use by a running service" if folder.is_owned() else ""
    found = f"{path}, {used:,.1f} MB, {folder.free_bytes() / 1e9:.1f} GB free{owner}"
    is_roomy = folder.free_bytes() >= settings.disk_reserve_mb * 1_000_000 and os.access(path, os.W_OK)
    fix = f"free some space in {path}, or choose another folder with CHALKAK_DATA; see DISK_RESERVE_MB"
    return Finding("data", is_roomy, found, fix)


def _device(settings: Settings) -> Finding:
    from inference.runtime import cores, has_bf16  # noqa: PLC0415 - openvino is slow to import

    precision = settings.cpu_precision
    chosen = precision if precision != "auto" else "bf16" if has_bf16() else "f32"
    fix = "this CPU has no bf16: set CPU_PRECISION=auto or f32"
    return Finding("device", chosen == "f32" or has_bf16(), f"cpu, {cores()} cores, {chosen}", fix)


def _weights(settings: Settings) -> Finding:
    weights = open_weights(settings)
    bad = [entry.key for entry in weights.registry.entries.values() if not weights.is_whole(entry)]
    count = len(weights.registry.entries)
    found = f"{count} files verified" if not bad else f"missing or damaged: {', '.join(bad)}"
    return Finding("weights", not bad, f"{found} in {settings.weights_folder}", "run: chalkak models fetch")


def _decoder(settings: Settings) -> Finding:
    """Decode for real: a worker must start, answer, and refuse what is no picture."""
    try:
        asyncio.run(_probe(settings))
    except NotAPicture:
        return Finding("decoder", is_well=True, found=f"{settings.decode_workers} workers, confined")
    except (BadPhoto, ServiceError, OSError) as error:
        fix = "the decoding process does not run; check that /proc is mounted and processes may start"
        return Finding("decoder", is_well=False, found=str(error), fix=fix)
    return Finding("decoder", is_well=False, found="it took text for a picture", fix="report this as a bug")


async def _probe(settings: Settings) -> None:
    from inference.decode.pool import DecodePool  # noqa: PLC0415

    with DecodePool(settings.decode_workers) as pool:
        await pool.decode(b"no picture")
