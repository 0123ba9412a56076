"""`chalkak post`: photos into the local chat, and their answers back."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import aiohttp
import typer

from bot.cli.answers import as_text
from bot.cli.client import Answered, Client, connected
from bot.cli.files import expand, make_folder, marked_names, read_photo, write_copy
from bot.cli.photos import OUT, sentence
from bot.cli.terminal import AsJson, Data, Lang, language_of, print_json, print_text, readable, settings_of
from bot.texts import say
from models.errors import ServiceError
from models.records import Language

UPLOADS = 4  # at one time
DONE = ("answered", "quarantined")

Chat = Annotated[str, typer.Option("--chat", metavar="ID", help="Chat: letters, digits, - and _.")]


def post(
    photos: Annotated[
        list[str], typer.Argument(metavar="PHOTO|DIR...", help="Photos, or folders of photos.")
    ],
    *,
    text: Annotated[str, typer.Option(metavar="T", help="Text beside the photos.")] = "",
    chat: Chat = "home",
    author: Annotated[str, typer.Option(metavar="NAME", help="Who posts.")] = "",
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the marked copies.")] = OUT,
    lang: Lang = "",
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Post photos into the local chat and wait for the answers."""
    settings = settings_of(data)
    language = language_of(lang) or settings.default_language
    files = list(expand(photos))
    make_folder(out)

    def show(found: dict[str, Any]) -> None:
        if not as_json:
            print_text(as_text(found, language))

    async def everything() -> list[dict[str, Any]]:
        async with connected(settings, language, is_answering=True) as client:
            poster = Poster(
                client,
                chat=chat,
                author=readable(author) or say(language, "post-author"),
                text=readable(text),
                language=language,
                out=out,
            )
            return await poster.post(files, show)

    found = asyncio.run(everything())
    if as_json:
        print_json(found)
    if any("error" in one or "annotated" in one["degraded"] for one in found):
        raise typer.Exit(1)


class Poster:
    """Posts files into one chat as one person and collects their answers."""

    def __init__(
        self, client: Client, *, chat: str, author: str, text: str, language: Language, out: Path
    ) -> None:
        self._client, self._chat, self._author, self._text = client, chat, author, text
        self._language, self._out = language, out
        self._places = asyncio.Semaphore(UPLOADS)
        self._answers: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._is_gone = False  # the service

    async def post(self, files: list[str], show: Callable[[dict[str, Any]], None]) -> list[dict[str, Any]]:
        """Return the object of each file in order, and show each as soon as those before it are shown."""
        names = marked_names(files, self._out)
        found: list[dict[str, Any]] = []
        async with self._client.listening(self._chat) as socket:
            listener = asyncio.create_task(self._listen(socket))
            try:
                for work in [asyncio.create_task(self._one(file, names[file])) for file in files]:
                    found.append(await work)
                    show(found[-1])
            finally:
                listener.cancel()
        return found

    async def _listen(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """Release the answers of photos as they arrive; without a service none will."""
        try:
            async for frame in socket:
                event = frame.json()
                if event["type"] == "photo" and event["photo"]["state"] in DONE:
                    self._answer(event["photo"]["id"], event["photo"])
                if event["type"] == "gone":
                    self._answer(event["photo"], {})
        finally:
            self._is_gone = True
            for waiting in self._answers.values():
                if not waiting.done():
                    waiting.set_exception(ConnectionError("the service went away"))

    def _answer(self, photo: str, answer: dict[str, Any]) -> None:
        waiting = self._answers.setdefault(photo, asyncio.get_running_loop().create_future())
        if not waiting.done():
            waiting.set_result(answer)

    async def _answer_to(self, photo: str) -> dict[str, Any]:
        """Return the answer of a photo as soon as it is there.

        Raises:
            ConnectionError: nobody is left to tell of it.
        """
        if self._is_gone and photo not in self._answers:
            raise ConnectionError("the service went away")
        return await self._answers.setdefault(photo, asyncio.get_running_loop().create_future())

    async def _one(self, file: str, marked: Path) -> dict[str, Any]:
        try:
            data = await asyncio.to_thread(read_photo, Path(file))
            async with self._places:
                key = uuid.uuid4().hex
                photo = await self._client.upload(
                    self._chat, data, key=key, author=self._author, text=self._text
                )
            return await self._object(file, photo, await self._answer_to(photo), marked)
        except Answered as error:
            return {"file": file, "error": error.message}
        except (aiohttp.ClientError, ConnectionError):
            return {"file": file, "error": say(self._language, "post-gone")}
        except (ServiceError, OSError) as error:
            return {"file": file, "error": sentence(error, self._language)}

    async def _object(self, file: str, photo: str, answer: dict[str, Any], marked: Path) -> dict[str, Any]:
        """Return the object of an answered photo, after writing its marked copy."""
        if not answer or answer["state"] == "quarantined":
            message = answer.get("message") or say(self._language, "error-no-photo")
            return {"file": file, "photo": photo, "error": message}
        missing, annotated = list(answer["degraded"]), None
        if answer["has_marked"]:
            copy = await self._client.download(f"/api/photos/{photo}/marked")
            try:
                await asyncio.to_thread(write_copy, marked, copy)
                annotated = str(marked)
            except OSError:
                missing.append("annotated")
        kept = ("width", "height", "objects", "faces", "caption", "models", "seconds", "unsafe")
        return {
            "file": file,
            "photo": photo,
            **{name: answer.get(name) for name in kept},
            "comment": answer["message"] or answer["comment"],
            "annotated": annotated,
            "degraded": missing,
        }
