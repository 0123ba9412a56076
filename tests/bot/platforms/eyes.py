"""Eyes that are quick: they open no file, load no model, and see the same in every photo."""

from __future__ import annotations

import asyncio
import io
from types import TracebackType
from typing import Self

from PIL import Image

from inference.decode.pool import CleanPhoto
from inference.draw import shrink
from models.records import Analysis, ChatRules, Language
from tests.bot.stands_in import StandIn

COMMENT, CAPTION = "찰칵!", "강아지 한 마리"


class Eyes(StandIn):
    """Stands in for the App of a service.  `seconds` is how long each look takes, one beside the other."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds = 0.0
        self.comment, self.caption = COMMENT, CAPTION
        self.marked = _blank()
        self.failing = 0  # looks that end in a bug, from now on
        self.held: set[str] = set()  # scopes whose photos nobody gets to the end of looking at

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing was opened."""

    async def analyse(self, photo: CleanPhoto, rules: ChatRules, *, chat: str = "") -> Analysis:
        await super().analyse(photo, rules, chat=chat)
        await asyncio.sleep(self.seconds)
        if chat in self.held:
            await asyncio.Event().wait()
        if self.failing:
            self.failing -= 1
            raise RuntimeError("the model fell over")
        return Analysis(64, 48, comment=self.comment, caption=self.caption, unsafe=self.unsafe)

    async def mark(self, photo: CleanPhoto, analysis: Analysis, language: Language) -> bytes:
        return self.marked

    async def reopen(self, jpeg: bytes) -> CleanPhoto:
        if jpeg is not self.marked:
            return await super().reopen(jpeg)
        image = Image.open(io.BytesIO(jpeg))
        return CleanPhoto(image, jpeg, image.size, is_partial=False, seconds=0.0)

    async def small(self, photo: CleanPhoto, side: int) -> bytes:
        self.marked = await asyncio.to_thread(shrink, photo.image, side)
        return self.marked


def _blank() -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (64, 48), "white").save(target, "JPEG")
    return target.getvalue()
