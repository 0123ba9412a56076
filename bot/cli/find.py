"""`chalkak find`: the photos of the local chat that a text asks for."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.answers import printable
from bot.cli.client import Answered, connected
from bot.cli.post import Chat
from bot.cli.terminal import AsJson, Data, Lang, language_of, print_json, print_text, readable, settings_of
from bot.texts import say
from models.records import Language

MAX_BATCH_BYTES = 10_000_000


def find(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What to look for.")] = "",
    *,
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many photos at most.")] = 10,
    chat: Chat = "home",
    batch: Annotated[
        Path | None, typer.Option(metavar="FILE", help="One query a line; one JSON object a line comes out.")
    ] = None,
    lang: Lang = "",
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Find photos of the local chat by what is on them and what was said."""
    settings = settings_of(data)
    language = language_of(lang) or settings.default_language
    if bool(text.strip()) == (batch is not None):
        raise typer.BadParameter("say what to look for, or name a file with --batch (one of the two)")
    queries = _lines(batch) if batch else [readable(text)]

    async def everything() -> None:
        async with connected(settings, language) as client:
            for query in queries:
                try:
                    found = await client.find(chat, query, limit)
                except Answered as error:
                    if batch is None:
                        raise
                    found = {"query": query, "outcome": "none", "hits": [], "error": error.message}
                _show(found, language, is_line=batch is not None, as_json=as_json)

    asyncio.run(everything())


def _lines(path: Path) -> list[str]:
    """Return the queries of a file, empty lines included so that answers keep their order."""
    try:
        if path.stat().st_size > MAX_BATCH_BYTES:
            raise typer.BadParameter(f"{path} is larger than {MAX_BATCH_BYTES // 1_000_000} MB")
        text = path.read_bytes().decode("utf-8-sig").removesuffix("\n")
        # Only a line break ends a line: one query may hold what Unicode calls one.
        return [line.removesuffix("\r") for line in text.split("\n")] if text else []
    except (OSError, UnicodeDecodeError) as error:
        raise typer.BadParameter(
            f"{path} cannot be read as UTF-8 text: {error}", param_hint="--batch"
        ) from error


def _show(found: dict[str, Any], language: Language, *, is_line: bool, as_json: bool) -> None:
    wanted = ("photo", "score", "reason", "sent_at", "author")
    document = {
        "query": found["query"],
        "outcome": found["outcome"],
        "hits": [{name: hit[name] for name in wanted} for hit in found["hits"]],
        "seconds": found.get("seconds", 0.0),
    }
    if "error" in found:
        document["error"] = found["error"]
    if as_json or is_line:
        print_json(document, indent=None if is_line else 2)
        return
    if found["message"]:
        print_text(found["message"])
    for hit in found["hits"]:
        reason = hit["reason"] or say(language, "find-alike")
        print_text(f"{hit['score']:.2f}  {hit['photo']}  {printable(reason)}  ({printable(hit['author'])})")
