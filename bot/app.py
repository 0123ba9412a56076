"""The program behind every surface: bytes of a photo in, an answer out.

It knows no platform and no terminal; adapters and the command line call it.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self

from bot.settings import Settings
from inference.decode.pool import CleanPhoto, DecodePool
from inference.draw import draw, shrink
from inference.engine import Engine
from inference.parts import entry_for, parts_from
from models.errors import ServiceError
from models.records import Analysis, ChatRules, Language
from models.registry import load_registry
from models.weights import Weights
from models.writers.templates import TemplateWriter

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back to a chat: the analysis with its comment, and the marked JPEG.

    `marked` is None for a photo that must not be shown again, also when nobody could tell whether it
    may, and where a chat wants none.
    """

    analysis: Analysis
    marked: bytes | None
    is_unsafe: bool


def open_weights(settings: Settings) -> Weights:
    """Return the weights of this machine."""
    return Weights(load_registry(), settings.weights_folder, is_offline=settings.is_offline)


class App:
    """Decoding workers and the engine, for as long as an `async with` lasts.

    Raises:
        WeightsMissing: a role or the font has no file on this machine; named with the fix.
        WeightsCorrupt: one of them is not the registered file.
    """

    def __init__(self, settings: Settings) -> None:
        weights = open_weights(settings)
        parts = parts_from(weights, precision=settings.cpu_precision)
        for role in parts:  # a damaged safety model must not be found out photo by photo
            weights.verified(entry_for(weights, role))
        self._font = weights.verified(weights.registry.role("font")[0])
        self._pool = DecodePool(settings.decode_workers)
        self._engine = Engine(
            parts, TemplateWriter(), room=settings.queue_photos, part_seconds=settings.part_seconds
        )

    async def __aenter__(self) -> Self:
        try:
            await self._pool.warm()
        except BaseException:
            self._pool.close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self._engine.stop)
        await asyncio.to_thread(self._pool.close)

    def decoder_pids(self) -> list[int]:
        """Return the process ids of the decoding workers, for measuring."""
        return self._pool.pids()

    async def answer(self, data: bytes, rules: ChatRules, *, chat: str = "") -> Answer:
        """Return the answer to one photo.

        Raises:
            BadPhoto: the file cannot become a picture.
            Busy: too many photos are inside.
            ServiceError: a bug of ours; the log has it under the ticket that the error names.
        """
        try:
            return await self._answer(data, rules, chat)
        except ServiceError:
            raise
        except Exception as error:  # a bug must not silence the bot
            ticket = secrets.token_hex(4)
            log.exception("bug while answering a photo ticket=%s", ticket)
            raise ServiceError(f"bug, see the log for ticket {ticket}", ticket=ticket) from error

    async def _answer(self, data: bytes, rules: ChatRules, chat: str) -> Answer:
        photo = await self.clean(data)
        analysis = await self.analyse(photo, rules, chat=chat)
        is_hidden = is_unsafe(analysis, rules)
        if not may_be_marked(analysis, rules):
            return Answer(analysis, None, is_hidden)
        started = time.perf_counter()
        marked = await self.mark(photo, analysis, rules.language)
        seconds = {**analysis.seconds, "draw": time.perf_counter() - started}
        return Answer(replace(analysis, seconds=seconds), marked, is_hidden)

    # The same in steps, for a service that keeps what lies between them

    async def clean(self, data: bytes) -> CleanPhoto:
        """Return the clean picture of a file.

        Raises:
            BadPhoto: the file cannot become a picture.
        """
        return await self._pool.decode(data)

    async def reopen(self, jpeg: bytes) -> CleanPhoto:
        """Return the pixels of a picture that was cleaned before."""
        return await self._pool.decode(jpeg, is_clean=True)

    async def warm(self) -> None:
        """Load every model now."""
        await self._engine.warm()

    async def analyse(self, photo: CleanPhoto, rules: ChatRules, *, chat: str = "") -> Analysis:
        """Return what is known about a clean picture, comment included.

        Raises:
            Busy: too many photos are inside.
            Stopped: the engine is shutting down.
        """
        return await self._engine.analyse(photo, rules, chat=chat)

    async def mark(self, photo: CleanPhoto, analysis: Analysis, language: Language) -> bytes:
        """Return the JPEG with everything that was found marked on it."""
        return await asyncio.to_thread(draw, photo.image, analysis, self._font, language)

    async def small(self, photo: CleanPhoto, side: int) -> bytes:
        """Return a JPEG of the picture whose longer side has at most so many pixels."""
        return await asyncio.to_thread(shrink, photo.image, side)


def is_unsafe(analysis: Analysis, rules: ChatRules) -> bool:
    """Return whether a photo must not be shown or spoken of."""
    return analysis.unsafe is not None and analysis.unsafe >= rules.unsafe_threshold


def may_be_marked(analysis: Analysis, rules: ChatRules) -> bool:
    """Return whether a marked copy may go out: wanted, and known to be harmless."""
    return rules.annotate and analysis.unsafe is not None and not is_unsafe(analysis, rules)
