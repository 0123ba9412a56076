"""`chalkak try`: the main job, from the terminal."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from bot.app import App
from bot.cli.answers import Outcome, as_object, as_text
from bot.cli.files import expand, make_folder, marked_names, read_photo, write_copy
from bot.logs import set_up_logging
from bot.settings import read_settings
from bot.texts import say, say_error
from models.errors import ServiceError
from models.records import ChatRules, Language

IN_FLIGHT = 8  # photos at once; more gain nothing on a CPU
OUT = Path("chalkak-out")


def try_photos(
    photos: Annotated[
        list[str], typer.Argument(metavar="PHOTO...", help="Photos, or folders of photos (not below them).")
    ],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the marked copies.")] = OUT,
    lang: Annotated[str, typer.Option(help="Language of the answers: ko or en.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON list on stdout.")] = False,
) -> None:
    """Answer photos: a comment, what was found, and a marked copy of each."""
    settings = read_settings()
    set_up_logging(settings.log_level)
    if lang.lower() not in ("", "ko", "en"):
        raise typer.BadParameter(f"{lang!r} is no language of mine, choose ko or en", param_hint="--lang")
    rules = settings.rules(lang.lower() or None)  # type: ignore[arg-type]  # checked above
    files = list(expand(photos))
    make_folder(out)

    def show(outcome: Outcome) -> None:
        if not as_json:
            _print(as_text(outcome, rules.language))

    in_flight = min(IN_FLIGHT, settings.queue_photos)
    outcomes = asyncio.run(_answer_all(App(settings), files, out, rules, in_flight=in_flight, show=show))
    if as_json:
        objects = [as_object(outcome, rules.language) for outcome in outcomes]
        _print(json.dumps(objects, ensure_ascii=not _is_unicode(), indent=2))
    if not all(outcome.is_whole for outcome in outcomes):
        raise typer.Exit(1)


def _is_unicode() -> bool:
    return "utf" in (getattr(sys.stdout, "encoding", None) or "").lower()


def _print(text: str) -> None:
    """Print; bytes of a file name that are no text become escapes, which JSON reads back."""
    typer.echo(text.encode("utf-8", "backslashreplace").decode())


async def _answer_all(
    app: App,
    files: list[str],
    out: Path,
    rules: ChatRules,
    *,
    in_flight: int,
    show: Callable[[Outcome], None],
) -> list[Outcome]:
    """Answer all files, a few at a time, and show them in order; a refusal does not stop the others."""
    places = asyncio.Semaphore(in_flight)
    names = marked_names(files, out)
    console = Console(stderr=True)
    is_quiet = not console.is_terminal or (sys.stdout is not None and sys.stdout.isatty())
    outcomes: list[Outcome] = []
    async with app:
        # Without redirecting: what goes to stdout must not end up on stderr.
        with Progress(
            console=console, transient=True, disable=is_quiet, redirect_stdout=False, redirect_stderr=False
        ) as progress:
            task = progress.add_task("찰칵", total=len(files))

            async def one(file: str) -> Outcome:
                async with places:
                    return await _answer(app, file, names[file], rules)

            for work in [asyncio.create_task(one(file)) for file in files]:
                outcomes.append(await work)
                show(outcomes[-1])
                progress.advance(task)
    return outcomes


async def _answer(app: App, file: str, marked: Path, rules: ChatRules) -> Outcome:
    try:
        data = await asyncio.to_thread(read_photo, Path(file))
        answer = await app.answer(data, rules, chat="terminal")
    except (ServiceError, OSError) as error:
        return Outcome(file, error=_sentence(error, rules.language))
    if answer.marked is None:
        return Outcome(file, answer)
    try:
        await asyncio.to_thread(write_copy, marked, answer.marked)
    except OSError:
        return Outcome(file, answer, is_unwritten=True)
    return Outcome(file, answer, marked)


def _sentence(error: ServiceError | OSError, language: Language) -> str:
    """Return what to tell a person about a file that got no answer."""
    if isinstance(error, ServiceError):
        return say_error(language, error)
    if isinstance(error, IsADirectoryError):
        return say(language, "error-no-photos")
    if isinstance(error, FileNotFoundError):
        return say(language, "error-no-file")
    return say(language, "error-no-reading", reason=error.strerror or "?")
