"""What the commands share: printing text and JSON, options that are read the same everywhere."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.logs import set_up_logging
from bot.settings import Settings, read_settings
from models.records import Language

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]
Lang = Annotated[str, typer.Option(help="Language of the answers: ko or en.")]
Data = Annotated[str | None, typer.Option(metavar="DIR", help="Data folder, before CHALKAK_DATA.")]


def settings_of(data: str | None = None) -> Settings:
    """Return the settings with the data folder of this command, and begin to log.

    Raises:
        BadParameter: the folder has no name, as from a variable that is not set.
    """
    settings = read_settings()
    set_up_logging(settings.log_level, settings.log_format)
    if data is not None and not data.strip():
        raise typer.BadParameter("it is empty; name a folder or leave it out", param_hint="--data")
    return settings.model_copy(update={"data": Path(data)}) if data else settings


def language_of(lang: str) -> Language | None:
    """Return the language that was asked for, None where the default is meant.

    Raises:
        BadParameter: there is no such language.
    """
    if lang.lower() not in ("", "ko", "en"):
        raise typer.BadParameter(f"{lang!r} is no language of mine, choose ko or en", param_hint="--lang")
    return lang.lower() or None  # type: ignore[return-value]  # checked above


def readable(text: str) -> str:
    """Return an argument as text; bytes that are none become question marks."""
    return text.encode("utf-8", "replace").decode()


def print_text(text: str) -> None:
    """Print; bytes of a file name that are no text become escapes, which JSON reads back."""
    typer.echo(text.encode("utf-8", "backslashreplace").decode())


def print_json(document: Any, *, indent: int | None = 2) -> None:  # noqa: ANN401 - any JSON
    """Print a JSON document, in plain ASCII where the terminal knows no Korean."""
    is_unicode = "utf" in (getattr(sys.stdout, "encoding", None) or "").lower()
    print_text(json.dumps(document, ensure_ascii=not is_unicode, indent=indent))
