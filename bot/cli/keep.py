"""`chalkak backup`, `restore`, `export`, `stats`: keeping photos, and knowing how many there are."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.client import Answered, Client, connected
from bot.cli.files import make_folder
from bot.cli.terminal import AsJson, Data, print_json, print_text, settings_of
from bot.settings import Settings
from bot.texts import say
from models.errors import NoBackup, NoRoom
from models.records import Language
from storage import backups
from storage.clock import Clock
from storage.folder import Folder

PAGE = 200


def backup(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="Where to; else beside the data folder.")
    ] = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Write a whole copy of all photos and answers, while the service goes on."""
    settings = settings_of(data)
    path = str(file.absolute()) if file else None

    async def ask() -> Any:  # noqa: ANN401 - JSON
        async with connected(settings, settings.default_language) as client:
            return await client.post("/api/backup", {"path": path})

    made = asyncio.run(ask())
    if as_json:
        print_json(made)
    else:
        print_text(
            say(settings.default_language, "backup-made", path=made["path"], megabytes=_mb(made["bytes"]))
        )


def restore(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="The backup; else the newest one.")
    ] = None,
    is_only_verifying: Annotated[
        bool, typer.Option("--verify", help="Read the backup from end to end and change nothing.")
    ] = False,
    is_listing: Annotated[bool, typer.Option("--list", help="List the backups beside the folder.")] = False,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Put a backup in the place of the photos, less what was deleted since; the service must be stopped."""
    settings = settings_of(data)
    folder = Folder(settings.data_folder)
    if is_listing:
        if as_json:
            print_json([str(path) for path in backups.existing(folder)])
        else:
            _list(folder, settings.default_language)
        return
    path = file or _newest(folder)
    if is_only_verifying:
        found, replaced = backups.verify(path), None
    else:
        folder.own()
        found, replaced = backups.restore(folder, path, Clock().now())
        folder.release()
    if as_json:
        print_json(
            {
                "path": str(path),
                "photos": found.photos,
                "pictures": found.pictures,
                "schema": found.schema,
                "restored": not is_only_verifying,
                "replaced": str(replaced) if replaced else None,
            }
        )
        return
    name = "restore-verified" if is_only_verifying else "restore-done"
    print_text(say(settings.default_language, name, path=str(path), photos=found.photos))
    if replaced:
        print_text(say(settings.default_language, "restore-replaced", path=str(replaced)))


def _newest(folder: Folder) -> Path:
    found = [path for path in backups.existing(folder) if "-replaced" not in path.name]
    if not found:
        raise NoBackup(f"no backup in {folder.backups}", path=str(folder.backups))
    return found[0]


def _list(folder: Folder, language: Language) -> None:
    found = backups.existing(folder)
    if not found:
        print_text(say(language, "restore-none", path=str(folder.backups)))
    for path in found:
        print_text(f"{path}  {_mb(path.stat().st_size)} MB")


def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder, made when it is not there.")],
    data: Data = None,
) -> None:
    """Write every photo as a JPEG and everything known about it as a line of photos.jsonl."""
    settings = settings_of(data)
    make_folder(folder)
    count = asyncio.run(_export(settings, folder))
    print_text(say(settings.default_language, "export-done", photos=count, path=str(folder)))


async def _export(settings: Settings, folder: Path) -> int:
    async with connected(settings, settings.default_language) as client:
        try:
            _write(folder / "photos.jsonl", b"")
            with (folder / "photos.jsonl").open("w", encoding="utf-8") as lines:
                return await _write_all(client, folder, lambda one: lines.write(one + "\n"))
        except OSError as error:
            reason = error.strerror or "?"
            raise NoRoom(f"cannot write into {folder}: {reason}", path=str(folder), reason=reason) from error


def _write(path: Path, data: bytes) -> None:
    """Write a file that nobody else may read, whatever the umask."""
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_bytes(data)


async def _write_all(client: Client, folder: Path, write: Any) -> int:  # noqa: ANN401 - a function
    after = count = 0
    while photos := (await client.get("/api/everything", after=after, limit=PAGE))["photos"]:
        for photo in photos:
            name = f"{photo['seq']:08d}-{photo['id']}.jpg"
            after = photo["seq"]
            try:
                jpeg = await client.download(f"/api/everything/{photo['id']}/picture")
            except Answered as error:
                if error.status != 404:
                    raise
                continue  # it was deleted meanwhile
            await asyncio.to_thread(_write, folder / name, jpeg)
            write(json.dumps({"file": name, **photo}, ensure_ascii=False))
            count += 1
    return count


def stats(data: Data = None, as_json: AsJson = False) -> None:
    """Print how much is remembered, and how the running service is."""
    settings = settings_of(data)

    async def ask() -> Any:  # noqa: ANN401 - JSON
        async with connected(settings, settings.default_language) as client:
            return await client.get("/api/stats")

    found = asyncio.run(ask())
    if as_json:
        print_json(found)
        return
    language = settings.default_language
    counts = {say(language, f"state-{state}"): count for state, count in sorted(found["states"].items())}
    states = " · ".join(f"{state} {count}" for state, count in counts.items()) or "0"
    print_text(say(language, "stats-photos", states=states))
    print_text(say(language, "stats-room", used=_mb(found["picture_bytes"]), free=_mb(found["free_bytes"])))


def _mb(count: int) -> str:
    return f"{count / 1_000_000:,.1f}"
