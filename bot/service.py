"""A running Chalkak: store, desk, intake, web chat, and the chores between them.

Started in an order that takes photos in before the models are loaded, stopped in one that loses
nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Self

from bot.adapters import platforms
from bot.adapters.web.server import WebChat
from bot.answers import Answers
from bot.app import App
from bot.desk import IN_FLIGHT, Desk
from bot.door import Door
from bot.intake import Intake
from bot.metrics import Lag, Metrics
from bot.platform import Adapter
from bot.settings import Settings
from bot.takebacks import Takebacks
from models.errors import DiskFull, ServiceError, Stopped
from models.records import ChatRules
from storage.folder import Folder
from storage.records import Photo
from storage.store import Store

log = logging.getLogger(__name__)

SWEEP_SECONDS = 60.0
LOOK_SECONDS = 2.0  # between two looks at the disk
TAKE_BACK_SECONDS = 0.2  # between two looks at what is to be taken back
RUNNING = "service.json"  # port and process of the running service, for the command line


class Service:
    """Everything that runs on one data folder, for as long as an `async with` lasts.

    Args:
        settings: where, and how much at a time.
        is_lasting: False for the time of one command: any free port, and nobody else is told of it.
        is_answering: False to ask and keep only: no models, no photos in.

    Raises:
        StorageError: the folder cannot be used; the message says why and what to do.
        PortTaken: another program has the port.
        WeightsMissing, WeightsCorrupt: see `App`.
    """

    def __init__(self, settings: Settings, *, is_lasting: bool = True, is_answering: bool = True) -> None:
        self._settings, self._is_answering = settings, is_answering
        self._is_lasting = is_lasting
        self._tasks: list[asyncio.Task[None]] = []
        self._closers = contextlib.AsyncExitStack()
        self._lag = Lag()
        self._metrics = Metrics(self._figures)
        self._is_low = self._is_stopping = False
        self.desk: Desk | None = None
        self.intake: Intake | None = None
        self.door: Door | None = None
        self.adapters: dict[str, Adapter] = {}

    async def __aenter__(self) -> Self:
        async with contextlib.AsyncExitStack() as closers:
            await self._start(closers)
            self._closers = closers.pop_all()
        return self

    async def _start(self, closers: contextlib.AsyncExitStack) -> None:
        folder = Folder(self._settings.data_folder, reserve_bytes=self._settings.disk_reserve_mb * 1_000_000)
        self.store = await asyncio.to_thread(Store, folder)
        closers.push_async_callback(asyncio.to_thread, self.store.close)
        loading = asyncio.to_thread(self.store.tokenizer.load)
        if self._is_lasting:
            self._begin(loading)  # until then bigrams alone answer
        else:
            await loading  # the only query of a command deserves everything
        app = await closers.enter_async_context(App(self._settings)) if self._is_answering else None
        if app:
            await self._open_door(app)
        self.web = WebChat(
            self.store,
            self.rules,
            self,
            self._settings.default_language,
            app=app,
            intake=self.intake,
            port=self._settings.web_port if self._is_lasting else 0,
        )
        self.adapters["web"] = self.web
        closers.push_async_callback(self._end)
        await self.web.start()
        if self._is_lasting:
            folder.write(RUNNING, json.dumps({"port": self.web.port, "pid": os.getpid()}))
            closers.callback(folder.remove, RUNNING)
        for chore in (self._lag.watch(), self._look_after(), self._answer(), self._take_back()):
            self._begin(chore)
        for name, adapter in self.adapters.items():
            if name != "web":
                await adapter.start()
        log.info("service started port=%d recovered=%d", self.web.port, self.store.recovered)

    async def _open_door(self, app: App) -> None:
        """Make what takes photos in and what answers them."""
        in_flight = min(IN_FLIGHT, self._settings.queue_photos)
        self.desk = Desk(self.store, app, self.adapters, self.rules, in_flight=in_flight)
        self.intake = Intake(self.store, app, self.desk, room=self._settings.waiting_photos)
        self.door = Door(self.store, self.desk, self._settings)
        await self.door.open()
        if self._is_lasting:
            answers = Answers(self.store, app, self.rules)
            self.adapters |= platforms(self._settings, self.door, answers, self.store.chats)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._closers.__aexit__(kind, error, trace)
        log.info("service stopped")

    async def _end(self) -> None:
        """Take nothing more in, finish what is in flight, close the door."""
        self._is_stopping = True
        if self.intake:
            self.intake.close()
        others = [adapter for name, adapter in self.adapters.items() if name != "web"]
        if self.desk:
            await self.desk.stop()
        await asyncio.gather(*(adapter.stop() for adapter in others), return_exceptions=True)
        await self.web.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def rules(self, photo: Photo) -> ChatRules:
        """Return what the chat of a photo has decided."""
        if self.door is None:
            return self._settings.rules(photo.language)
        return self.door.rules(photo.place, photo.language)

    def _begin(self, chore: Coroutine[Any, Any, None]) -> None:
        self._tasks.append(asyncio.create_task(chore))

    async def _answer(self) -> None:
        if self.desk is None:
            return
        with contextlib.suppress(Stopped):
            await self.desk.run()

    async def _take_back(self) -> None:
        """Take answers back whose photos were deleted."""
        if self.desk is None:
            return
        takebacks = Takebacks(self.store.chats, self.adapters, self.desk.is_telling)
        while True:
            news = self.store.news()
            try:
                await takebacks.run_once()
            except Exception:  # a bug or a full disk must not end the chore for good
                log.exception("answers not taken back")
            with contextlib.suppress(TimeoutError):  # not `wait_for`: it may swallow a cancellation
                async with asyncio.timeout(LOOK_SECONDS):
                    await news.wait()
            await asyncio.sleep(TAKE_BACK_SECONDS)

    async def _look_after(self) -> None:
        """Watch the disk, and erase what is kept no longer."""
        loop = asyncio.get_running_loop()
        sweep_at = loop.time()
        while True:
            try:
                await self._look_at_disk()
                if loop.time() >= sweep_at:
                    sweep_at = loop.time() + SWEEP_SECONDS
                    await self._sweep()
            except (ServiceError, OSError) as error:
                log.warning("chores failed error=%s", error)
            except Exception:  # a bug must not end the chores for good
                log.exception("chores failed")
            await asyncio.sleep(LOOK_SECONDS)

    async def _sweep(self) -> None:
        swept = await self.store.sweep(self._settings.default_retention_days)
        if swept.photos or swept.backups:
            log.info("time was over photos=%d backups=%d", swept.photos, swept.backups)

    async def _look_at_disk(self) -> None:
        """Say once that the disk is nearly full, and once that it no longer is."""
        try:
            self.store.folder.check_room()
            self.store.folder.keep_spare()  # a deletion on a full disk may have used it up
            is_low = False
        except DiskFull:
            is_low = True
        if is_low != self._is_low:
            self._is_low = is_low
            log.warning("disk nearly full=%s free=%d", is_low, self.store.folder.free_bytes())
            text = "notice-disk" if is_low else "notice-disk-over"
            await self.web.live.notify(text, is_standing=is_low)

    def health(self) -> dict[str, object]:
        """Return what `/healthz` says, without asking the disk."""
        status = "stopping" if self._is_stopping else "disk-low" if self._is_low else "ok"
        is_ready = self.desk is not None and self.desk.is_warm
        return {
            "status": status,
            "is_answering": is_ready,
            "platforms": {name: adapter.status for name, adapter in self.adapters.items()},
            "in_flight": self.desk.flying if self.desk else 0,
            "answered": self.desk.answered if self.desk else 0,
            "loop_lag_p99_seconds": round(self._lag.p99(), 4),
        }

    def metrics(self) -> tuple[bytes, str]:
        """Return the Prometheus text and its content type."""
        return self._metrics.text()

    def _free_bytes(self) -> int:
        try:
            return self.store.folder.free_bytes()
        except ServiceError:
            return 0  # the folder is gone

    def _figures(self) -> dict[str, tuple[str, str, float]]:
        writer, folder = self.store.writer, self.store.folder
        figures = {
            "loop_lag_p99_seconds": ("gauge", "event loop lag over the last minute", self._lag.p99()),
            "disk_free_bytes": ("gauge", "free room for photos", float(self._free_bytes())),
            "disk_low": ("gauge", "1 while no new photo is taken", float(self._is_low)),
            "database_bytes": (
                "gauge",
                "size of the one file",
                float(folder.database_bytes()),
            ),
            "commits": ("counter", "transactions", float(writer.groups)),
            "writes": ("counter", "jobs of all transactions", float(writer.jobs)),
            "pages": ("gauge", "open pages of the web chat", float(self.web.live.sockets)),
        }
        if self.desk and self.intake and self.door:
            accepted = self.intake.accepted + self.door.accepted
            refused = self.intake.refused + self.door.refused
            figures |= {
                "photos_accepted": ("counter", "photos taken in", float(accepted)),
                "photos_refused": ("counter", "photos that were asked to come again", float(refused)),
                "photos_answered": ("counter", "answers sent", float(self.desk.answered)),
                "photos_quarantined": ("counter", "photos put aside", float(self.desk.quarantined)),
                "photos_in_flight": ("gauge", "photos being looked at", float(self.desk.flying)),
                "models_loaded": ("gauge", "1 when answers are being made", float(self.desk.is_warm)),
            }
        return figures
