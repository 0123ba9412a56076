"""The web chat as a whole: its parts, its socket on loopback, and sending answers."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence

from aiohttp import web

from bot.adapters.web.finding import Finding
from bot.adapters.web.guard import Guard
from bot.adapters.web.live import Live
from bot.adapters.web.operate import Health, Operate
from bot.adapters.web.page import Page
from bot.adapters.web.photos import Photos
from bot.adapters.web.uploads import Uploads
from bot.app import App
from bot.intake import Intake
from bot.platform import Gone
from models.errors import PortTaken
from models.records import ChatRules, Language
from storage.records import Photo, Unsaid
from storage.store import Store

ADDRESS = "127.0.0.1"
STOP_SECONDS = 1.0  # for requests that are still being answered


class WebChat:
    """The local web chat on its port.

    Args:
        store, app, intake: what it shows and feeds; without `app` and `intake` it takes no photos in.
        rules: what the chat of a photo has decided.
        health: what the service tells about itself.
        language: what the page speaks first.
        port: where it listens once it has been started; 0 for any free one.
    """

    def __init__(
        self,
        store: Store,
        rules: Callable[[Photo], ChatRules],
        health: Health,
        language: Language,
        *,
        app: App | None = None,
        intake: Intake | None = None,
        port: int = 0,
    ) -> None:
        self._guard = Guard(store.folder.secret())
        self.live = Live(store, self._guard, rules)
        photos = Photos(store, app, rules)
        application = web.Application(middlewares=[self._guard.middleware])
        application.add_routes(Page(self._guard, language).routes())
        application.add_routes(photos.routes())
        application.add_routes(Finding(store).routes())
        application.add_routes(self.live.routes())
        application.add_routes(Operate(store, self._guard, photos, health).routes())
        application.add_routes(Uploads(intake).routes() if intake else [])
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=STOP_SECONDS)
        self.port = port

    async def start(self) -> None:
        """Listen on a port of loopback, 0 for any free one.

        Raises:
            PortTaken: another program listens there.
        """
        await self._runner.setup()
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((ADDRESS, self.port))
        except OSError as error:
            listening.close()
            raise PortTaken(f"port {self.port}: {error.strerror}", port=str(self.port)) from error
        self.port = listening.getsockname()[1]
        self._guard.listen_on(self.port)
        await web.SockSite(self._runner, listening, backlog=256).start()

    async def stop(self) -> None:
        """Close every socket and stop listening."""
        await self.live.close()
        await self._runner.cleanup()

    @property
    def status(self) -> str:
        """Return that it is there."""
        return "online"

    async def fetch(self, photo: Photo) -> bytes:
        """Say that there is nothing to fetch: what is uploaded comes with its bytes."""
        raise Gone(photo.id)

    async def send(self, photos: Sequence[Photo]) -> str:
        """Give answers to their chat: pages see them once they are committed, or when they come back."""
        return " ".join(f"web-{photo.id}" for photo in photos)

    async def unsay(self, unsaid: Unsaid) -> None:
        """Do nothing: pages are told themselves of what is deleted."""
