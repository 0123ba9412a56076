"""A store with photos that were looked at, and the answers that are composed from it."""

from __future__ import annotations

import io
from dataclasses import replace

from PIL import Image

from bot.answers import Answers
from inference.decode.pool import CleanPhoto
from models.records import Analysis, Box, ChatRules, Language
from storage.records import Photo, Picture, State
from storage.store import Store
from tests.bot.chatting import Eyes, photo

MANY = 10_000_000


class Drawing(Eyes):
    """Opens the pictures that it drew itself, and shrinks them for good."""

    async def reopen(self, jpeg: bytes) -> CleanPhoto:
        image = Image.open(io.BytesIO(jpeg)) if len(jpeg) > 1_000 else Image.new("RGB", (64, 48))
        return CleanPhoto(image.convert("RGB"), jpeg, image.size, is_partial=False, seconds=0.0)

    async def small(self, photo: CleanPhoto, side: int) -> bytes:
        target = io.BytesIO()
        image = photo.image.copy()
        image.thumbnail((side, side))
        image.save(target, "JPEG", quality=85)
        return target.getvalue()


class Kitchen:
    """A store with photos that were looked at, and answers from it."""

    def __init__(self, store: Store) -> None:
        self.store, self.eyes = store, Drawing()
        self.answers = Answers(store, self.eyes, lambda _: ChatRules())
        self._number = 0

    async def photo(
        self,
        comment: str = "찰칵!",
        *labels: int,
        language: Language = "ko",
        caption: str = "사진 설명",
        unsafe: float | None = 0.0,
        degraded: tuple[str, ...] = (),
        is_partial: bool = False,
        is_first_frame: bool = False,
        is_spoiler: bool = False,
    ) -> Photo:
        """Return a photo that was seen."""
        self._number += 1
        arrived = replace(photo(f"{self._number}"), is_first_frame=is_first_frame, spoiler=is_spoiler)
        [accepted] = await self.store.receive([arrived], language)
        kept = Picture(b"\xff\xd8" + accepted.photo.encode(), 64, 48, is_partial=is_partial)
        assert await self.store.keep(accepted.photo, kept)
        boxes = tuple(Box(one, 0.9, 1, 1, 20, 20) for one in labels)
        seen = Analysis(
            64, 48, boxes=boxes, comment=comment, caption=caption, unsafe=unsafe, degraded=degraded
        )
        await self.store.save(await self.found(accepted.photo), seen, is_hidden=(unsafe or 0) > 0.7)
        return await self.found(accepted.photo)

    async def refused(
        self,
        error: str = "undecodable",
        *,
        language: Language = "ko",
        state: State = "refused",
        **data: str | float,
    ) -> Photo:
        """Return a photo that could not be looked at."""
        self._number += 1
        [accepted] = await self.store.receive([photo(f"{self._number}")], language)
        await self.store.put_aside(accepted.photo, state, error, data)
        return await self.found(accepted.photo)

    async def found(self, code: str) -> Photo:
        found = await self.store.photo(code)
        assert found
        return found

    async def text(self, *photos: Photo) -> str:
        return (await self.answers.reply(photos, most_bytes=MANY, all_bytes=MANY)).text
