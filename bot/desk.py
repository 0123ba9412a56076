"""The desk: takes up what waits, has it looked at, has it answered, whatever happens in between.

Work is a query over durable state, never a list in memory: what was accepted is found again after
any crash.  Only so many pieces of work are in flight at a time, taken fairly from all chats; within
a chat answers go out in the order of the photos.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Iterable, Mapping

from bot.app import App
from bot.flight import Flight
from bot.platform import Adapter
from models.errors import StorageError
from models.records import ChatRules
from storage.records import Photo
from storage.store import Store

log = logging.getLogger(__name__)

IN_FLIGHT = 8  # photos at once; more gain nothing on a CPU
STOP_SECONDS = 6.0  # for what is in flight when the service stops; then it waits for the next start
RETRY_SECONDS = 2.0  # after a full disk or a bug
LOOK_SECONDS = 3.0  # between two looks for work; a clock that was set may have made what waits due
RATE = 0.1  # weight of the newest photo in the mean time between two answers


class Desk:
    """Answers everything in `store` that waits, until it is stopped.

    Args:
        store: where photos wait.
        app: looks at them.
        adapters: where they come from and answers go, by platform; what is of another platform waits.
        rules: what the chat of a photo has decided.
        in_flight: photos that are looked at at one time.  An answer that its platform keeps waiting takes
            up no such place, or one busy channel would hold up all others.
    """

    def __init__(
        self,
        store: Store,
        app: App,
        adapters: Mapping[str, Adapter],
        rules: Callable[[Photo], ChatRules],
        *,
        in_flight: int = IN_FLIGHT,
    ) -> None:
        self._store, self._app, self._adapters = store, app, adapters
        self._flight = Flight(store, app, adapters, rules, self)
        self._in_flight = in_flight
        self._flying: set[asyncio.Task[None]] = set()
        self._looking: set[asyncio.Task[None]] = set()  # of these, who is not yet at telling
        self._flights: dict[int, list[asyncio.Task[None]]] = {}  # scope → its flights, oldest first
        self._served: dict[int, int] = {}  # scope → its last turn
        self._held: dict[int, float] = {}  # scope → when its platform may be asked again
        self._turn = 0
        self._wake = asyncio.Event()
        self._taking = asyncio.Lock()  # while photos are being taken up
        self.is_stopping = False
        self.is_warm = False  # the models are loaded
        self._last_answer = 0.0
        self._seconds_each = 0.1
        self.answered = self.quarantined = 0  # for the figures

    @property
    def flying(self) -> int:
        """Return how many pieces of work are in flight."""
        return len(self._flying)

    def is_telling(self, platform: str, message: str) -> bool:
        """Return whether an answer to a message is on its way."""
        return (platform, message) in self._flight.told

    def wake(self) -> None:
        """Look for work now."""
        self._wake.set()

    def wake_in(self, seconds: float) -> None:
        """Look for work after a while, when an album has settled or a chat may be written to again."""
        asyncio.get_running_loop().call_later(seconds, self.wake)

    def make_room(self) -> None:
        """Let another piece be looked at while the running one waits for its turn to be told."""
        task = asyncio.current_task()
        if task in self._looking:
            self._looking.discard(task)
            self.wake()

    def hold(self, scope: int, seconds: float) -> None:
        """Leave the photos of a scope alone for a while."""
        self._held[scope] = max(time.monotonic() + seconds, self._held.get(scope, 0.0))
        self.wake_in(seconds)

    def held(self) -> dict[int, float]:
        """Return which scopes are left alone, and for how many seconds."""
        now = time.monotonic()
        self._held = {scope: until for scope, until in self._held.items() if until > now}
        return {scope: until - now for scope, until in self._held.items()}

    async def waiting(self) -> int:
        """Return how many photos wait for an answer that they can have."""
        return await self._store.waiting(platforms=self._adapters)

    def seconds_for(self, photos: int) -> float:
        """Return how long so many photos will take, by the pace of the last ones."""
        return max(1.0, photos * self._seconds_each)

    async def run(self) -> None:
        """Load the models, then answer what waits until `stop`."""
        await self._app.warm()
        self.is_warm = True
        while not self.is_stopping:
            self._wake.clear()
            async with self._taking:
                is_any = await self._take_up()
            if not is_any:
                with contextlib.suppress(TimeoutError):  # not `wait_for`: it may swallow a cancellation
                    async with asyncio.timeout(LOOK_SECONDS):
                        await self._wake.wait()

    async def stop(self, seconds: float = STOP_SECONDS) -> None:
        """Take up nothing more, and wait for what is in flight; what is not done by then waits again."""
        self.is_stopping = True
        self.wake()
        async with self._taking:  # what is being taken up this moment is in flight after it
            pass
        if self._flying:
            _, late = await asyncio.wait(self._flying, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _take_up(self) -> bool:
        """Take up as much as there is room for; return whether that was anything."""
        room = self._in_flight - len(self._looking)
        if room <= 0 or self.is_stopping:
            return False
        held = {*self.held(), *self._crowded()}
        try:
            photos = await self._store.take(
                room, self._served, is_idle=not self._flying, held=held, platforms=self._adapters
            )
        except StorageError as error:
            log.error("no work taken up error=%s", error)
            await asyncio.sleep(RETRY_SECONDS)
            return True
        except Exception:  # a bug here must not silence the bot either
            log.exception("no work taken up")
            await asyncio.sleep(RETRY_SECONDS)
            return True
        for piece in pieces(photos):
            self._launch(piece)
        return bool(photos)

    def _crowded(self) -> list[int]:
        """Return the scopes in which so much is in flight already that more would only wait there."""
        return [scope for scope, flights in self._flights.items() if len(flights) >= self._in_flight]

    def _launch(self, piece: list[Photo]) -> None:
        self._turn += 1
        scope = piece[0].scope
        self._served[scope] = self._turn
        before = list(self._flights.get(scope, ()))
        task = asyncio.create_task(self._flight.fly(piece, before), name=f"photo-{piece[0].id}")
        self._flying.add(task)
        self._looking.add(task)
        self._flights.setdefault(scope, []).append(task)
        task.add_done_callback(lambda task: self._landed(task, scope))

    def _landed(self, task: asyncio.Task[None], scope: int) -> None:
        self._flying.discard(task)
        self._looking.discard(task)
        self._flights[scope].remove(task)
        if not self._flights[scope]:
            del self._flights[scope]
        self.wake()

    def note_answer(self, photos: int) -> None:
        """Learn the pace from an answer that went out."""
        now = time.monotonic()
        if self.flying > 1 and self._last_answer:
            self._seconds_each += RATE * ((now - self._last_answer) / photos - self._seconds_each)
        self._last_answer = now
        self.answered += photos


def pieces(photos: Iterable[Photo]) -> list[list[Photo]]:
    """Return photos as pieces of work: one to be looked at, or an album to be told of together."""
    found: dict[tuple[int, str], list[Photo]] = {}
    for photo in photos:
        is_album = photo.album and photo.state not in ("received", "ready")
        found.setdefault((photo.scope, photo.album if is_album else f"\0{photo.id}"), []).append(photo)
    return list(found.values())
