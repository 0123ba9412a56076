"""`chalkak try`: the main job, from the terminal."""

from __future__ import annotations

import asyncio
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
from bot.cli.terminal import AsJson, Lang, language_of, print_json, print_text, settings_of
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
    lang: Lang = "",
    as_json: AsJson = False,
) -> None:
    """Answer photos: a comment, what was found, and a marked copy of each."""
    settings = settings_of()
    rules = settings.rules(language_of(lang))
    files = list(expand(photos))
    make_folder(out)

    def show(outcome: Outcome) -> None:
        if not as_json:
            print_text(as_text(as_object(outcome, rules.language), rules.language))

    in_flight = min(IN_FLIGHT, settings.queue_photos)
    outcomes = asyncio.run(_answer_all(App(settings), files, out, rules, in_flight=in_flight, show=show))
    if as_json:
        print_json([as_object(outcome, rules.language) for outcome in outcomes])
    if not all(outcome.is_whole for outcome in outcomes):
        raise typer.Exit(1)


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
        return Outcome(file, error=sentence(error, rules.language))
    if answer.marked is None:
        return Outcome(file, answer)
    try:
        await asyncio.to_thread(write_copy, marked, answer.marked)
    except OSError:
        return Outcome(file, answer, is_unwritten=True)
    return Outcome(file, answer, marked)


def sentence(error: ServiceError | OSError, language: Language) -> str:
    """Return what to tell a person about a file that got no answer."""
    if isinstance(error, ServiceError):
        return say_error(language, error)
    if isinstance(error, IsADirectoryError):
        return say(language, "error-no-photos")
    if isinstance(error, FileNotFoundError):
        return say(language, "error-no-file")
    return say(language, "error-no-reading", reason=error.strerror or "?")
