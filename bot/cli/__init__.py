"""The command line: `chalkak try`, `run`, `post`, `find`, `backup`, `models`, and more.

Answers go to stdout, progress and logs to stderr.  Exit code 2 means the command was used
wrongly, 1 that it failed.  Each command lives in its own file and imports what is heavy itself.
"""

from __future__ import annotations

import io
import sys
from importlib import metadata
from typing import Annotated

import typer

from bot.cli import bench, doctor, evaluate, find, keep, photos, post, run, train, weights
from bot.cli.client import Answered
from bot.settings import BadSettings, read_settings
from bot.texts import say_error
from models.errors import ServiceError

app = typer.Typer(
    name="chalkak",
    help="찰칵: a photo gets a short warm comment and a marked-up copy.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"chalkak {metadata.version('chalkak')}")
        raise typer.Exit


@app.callback()
def chalkak(
    _version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """찰칵: a photo gets a short warm comment and a marked-up copy."""


app.command("try")(photos.try_photos)
app.command("run")(run.run)
app.command("post")(post.post)
app.command("find")(find.find)
app.command("backup")(keep.backup)
app.command("restore")(keep.restore)
app.command("export")(keep.export)
app.command("stats")(keep.stats)
app.command("doctor")(doctor.doctor)
app.add_typer(weights.app, name="models")
app.add_typer(bench.app, name="bench")
app.add_typer(train.app, name="train")
app.add_typer(evaluate.app, name="evaluate")


def main() -> None:
    """Run the command line; an error that a person can mend is one clear sentence, not a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal without emoji still gets the words
    try:
        app()
    except BadSettings as error:
        sys.exit(_fail(error, 2))
    except Answered as error:
        sys.exit(_fail(error.message, 1))
    except ServiceError as error:
        sys.exit(_fail(say_error(read_settings().default_language, error), 1))
    except OSError as error:  # stdout or a folder is full or gone
        sys.exit(_fail(error, 1))


def _fail(error: object, code: int) -> int:
    typer.echo(f"chalkak: {error}", err=True)
    return code
