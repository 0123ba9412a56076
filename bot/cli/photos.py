"""`chalkak try`: the main job, from the terminal."""

from __future__ import annotations

import asyncio
import errno
import json
import stat
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress

from bot.app import Answer, App
from bot.logs import set_up_logging
from bot.settings import read_settings
from bot.texts import say, say_error
from inference.decode.policy import MAX_BYTES
from models.errors import NoRoom, ServiceError, TooManyBytes
from models.labels import label
from models.records import ChatRules, Language

IN_FLIGHT = 8  # photos at once; more gain nothing on a CPU
# What counts as a photo where a folder is given.
SUFFIXES = frozenset([".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif", ".heic", ".heif", ".bmp"])


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file: an answer and where its marked copy lies, or an error."""

    file: str
    answer: Answer | None = None
    marked: Path | None = None
    error: str = ""


def try_photos(
    photos: Annotated[list[str], typer.Argument(metavar="PHOTO...", help="Photos, or folders of photos.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the marked copies.")] = Path(
        "chalkak-out"
    ),
    lang: Annotated[str, typer.Option(help="Language of the answers: ko or en.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON list on stdout.")] = False,
) -> None:
    """Answer photos: a comment, what was found, and a marked copy of each."""
    settings = read_settings()
    set_up_logging(settings.log_level)
    if lang not in ("", "ko", "en"):
        raise typer.BadParameter(f"{lang!r} is no language of mine, choose ko or en", param_hint="--lang")
    rules = settings.rules(lang or None)  # type: ignore[arg-type]  # checked above
    files = list(_expand(photos))
    _make_folder(out)
    outcomes = asyncio.run(_answer_all(App(settings), files, out, rules))
    if as_json:
        is_unicode = "utf" in sys.stdout.encoding.lower()
        objects = [as_object(outcome, rules.language) for outcome in outcomes]
        _print(json.dumps(objects, ensure_ascii=not is_unicode, indent=2))
    else:
        for outcome in outcomes:
            _print(as_text(outcome, rules.language))
    if any(outcome.error for outcome in outcomes):
        raise typer.Exit(1)


def _print(text: str) -> None:
    """Print; bytes of a file name that are no text become escapes, which JSON reads back."""
    typer.echo(text.encode("utf-8", "backslashreplace").decode())


def _expand(names: Iterable[str]) -> Iterable[str]:
    """Yield files in order; a folder stands for the photos in it, by name."""
    for name in names:
        yield from _photos_in(Path(name)) if name and Path(name).is_dir() else [name]


def _photos_in(folder: Path) -> list[str]:
    """Return the photos of a folder by name; the folder itself where it has none, to be told so."""
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
    except OSError:
        paths = []
    return [str(path) for path in paths] or [str(folder)]


def _make_folder(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or "?"
        message = f"cannot write into {out}: {reason}; choose another folder with --out"
        raise NoRoom(message, path=str(out), reason=reason) from error


async def _answer_all(app: App, files: list[str], out: Path, rules: ChatRules) -> list[Outcome]:
    """Answer all files, a few at a time, in order; one refusal does not stop the others."""
    places = asyncio.Semaphore(IN_FLIGHT)
    names = _marked_names(files, out)
    async with app:
        with Progress(console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task("찰칵", total=len(files))

            async def one(file: str) -> Outcome:
                async with places:
                    outcome = await _answer(app, file, names[file], rules)
                progress.advance(task)
                return outcome

            return await asyncio.gather(*(one(file) for file in files))


def _marked_names(files: list[str], out: Path) -> dict[str, Path]:
    """Return where each marked copy goes; two photos of one name get two copies, no photo is overwritten."""
    photos = {Path(file).resolve() for file in files}
    names: dict[str, Path] = {}
    for file in dict.fromkeys(files):
        stem, path, number = Path(file).stem, out / f"{Path(file).stem}-marked.jpg", 2
        while path in names.values() or path.resolve() in photos:
            path, number = out / f"{stem}-marked-{number}.jpg", number + 1
        names[file] = path
    return names


async def _answer(app: App, file: str, marked: Path, rules: ChatRules) -> Outcome:
    try:
        data = await asyncio.to_thread(_read, Path(file))
        answer = await app.answer(data, rules, chat="terminal")
        if answer.marked is None:
            return Outcome(file, answer)
        await asyncio.to_thread(_write, marked, answer.marked)
    except ServiceError as error:
        return Outcome(file, error=say_error(rules.language, error))
    except IsADirectoryError:
        return Outcome(file, error=say(rules.language, "error-no-photos"))
    except FileNotFoundError:
        return Outcome(file, error=say(rules.language, "error-no-file"))
    except OSError as error:
        return Outcome(file, error=say(rules.language, "error-no-reading", reason=error.strerror or "?"))
    return Outcome(file, answer, marked)


def _read(path: Path) -> bytes:
    """Read a file, but not one that is refused for its size anyway."""
    found = path.stat()
    size = found.st_size
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError
    if not stat.S_ISREG(found.st_mode):  # a pipe or a device might never end
        raise OSError(errno.EINVAL, "not a regular file")
    if size > MAX_BYTES:
        raise TooManyBytes(f"{size} bytes, the limit is {MAX_BYTES}", megabytes=MAX_BYTES // 1_000_000)
    return path.read_bytes()


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        reason = error.strerror or "?"
        raise NoRoom(f"{path}: {reason}", path=str(path), reason=reason) from error


def as_object(outcome: Outcome, language: Language) -> dict[str, Any]:
    """Return the JSON object of one file, as other programs read it."""
    if outcome.answer is None:
        return {"file": outcome.file, "error": outcome.error}
    found = outcome.answer.analysis
    return {
        "file": outcome.file,
        "width": found.width,
        "height": found.height,
        "objects": [
            {
                "label": label(box.label_id).en,
                "label_ko": label(box.label_id).ko,
                "score": box.score,
                "box": [round(side, 1) for side in (box.x1, box.y1, box.x2, box.y2)],
            }
            for box in found.boxes
        ],
        "faces": [
            {
                "box": [round(side, 1) for side in (face.box.x1, face.box.y1, face.box.x2, face.box.y2)],
                "emotion": face.emotion.name.lower() if face.emotion else None,
                "score": face.score or face.box.score,
            }
            for face in found.faces
        ],
        "caption": found.caption,
        "comment": said(outcome.answer, language),
        "unsafe": None if found.unsafe is None else round(found.unsafe, 4),
        "annotated": str(outcome.marked) if outcome.marked else None,
        "models": list(found.models),
        "seconds": {stage: round(seconds, 4) for stage, seconds in found.seconds.items()},
        "degraded": list(found.degraded),
    }


def said(answer: Answer, language: Language) -> str:
    """Return what a chat would read: the comment, or the notice about an unsafe photo."""
    return say(language, "notice-unsafe") if answer.is_unsafe else answer.analysis.comment


def as_text(outcome: Outcome, language: Language) -> str:
    """Return the few lines that a person reads about one file."""
    if outcome.answer is None:
        return f"{outcome.file}\n  ✗ {outcome.error}\n"
    found = outcome.answer.analysis
    counts: dict[str, int] = {}
    for box in found.boxes:
        name = label(box.label_id).name(language)
        counts[name] = counts.get(name, 0) + 1
    things = " · ".join(f"{name} ×{count}" if count > 1 else name for name, count in counts.items())
    if found.faces:
        things += " · " + say(language, "try-faces", count=len(found.faces))
    seconds = " ".join(f"{stage} {value:.3f}" for stage, value in found.seconds.items())
    lines = [outcome.file, f"  💬 {said(outcome.answer, language)}"]
    lines += [f"  ! {say(language, f'note-{part}')}" for part in found.degraded]
    lines.append(f"  {say(language, 'try-things')}: {things or say(language, 'try-nothing')}")
    if found.caption:
        lines.append(f"  {say(language, 'try-alt')}: {found.caption}")
    lines.append(f"  {found.width}×{found.height}, s: {seconds}")
    if outcome.marked:
        lines.append(f"  {say(language, 'try-marked')}: {outcome.marked}")
    return "\n".join(lines) + "\n"
