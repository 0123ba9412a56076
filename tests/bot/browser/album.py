"""An album of other people's photos, the newest of them posted last."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from PIL import Image, ImageOps
from playwright.async_api import APIRequestContext, Playwright

from tests.bot.browser.running import SECONDS, Running

PHOTOS = 34  # more than one page of the history
REAL = Path(__file__).resolve().parents[4] / "shared" / "data" / "photos"
AUTHOR = "민호"


def make_album(samples: list[Path], folder: Path) -> list[Path]:
    """Return real photos where this machine has them, else pieces of the samples in other colours."""
    found = sorted(REAL.glob("*.jpg"))[:PHOTOS] if REAL.is_dir() else []
    return found or [_piece(samples[number % len(samples)], number, folder) for number in range(PHOTOS)]


def _piece(sample: Path, number: int, folder: Path) -> Path:
    path = folder / f"{number:02}.jpg"
    with Image.open(sample) as image:
        share = 0.6 + 0.01 * number
        left = round((1 - share) * image.width / 2)
        piece = image.convert("RGB").crop((left, 0, image.width - left, round(share * image.height)))
        grey = ImageOps.grayscale(piece)
        tint = (8 * number % 256, 128, 255 - 7 * number)
        ImageOps.colorize(grey, (0, 0, 0), (255, 255, 255), mid=tint).resize((320, 240)).save(path)
    return path


async def post(playwright: Playwright, service: Running, chat: str, photos: list[Path]) -> None:
    """Post photos one after the other with the key of the folder, and wait for their answers."""
    headers = {"Authorization": f"Bearer {service.key}"}
    api = await playwright.request.new_context(base_url=service.origin, extra_http_headers=headers)
    for number, photo in enumerate(photos):
        picture = {"name": photo.name, "mimeType": "image/jpeg", "buffer": photo.read_bytes()}
        await _post(api, chat, picture, f"{number}번째")
    deadline = time.monotonic() + SECONDS
    while await _states(api, chat) != {"answered"}:
        assert time.monotonic() < deadline
        await asyncio.sleep(0.2)
    await api.dispose()


async def _post(api: APIRequestContext, chat: str, picture: object, text: str) -> None:
    fields = {"key": f"{chat}-{text}", "author": AUTHOR, "text": text, "photo": picture}
    said = await api.post(f"/api/chats/{chat}/photos", multipart=fields)  # type: ignore[arg-type]  # a file as well
    assert said.status == 202, await said.text()


async def _states(api: APIRequestContext, chat: str) -> set[str]:
    said = await api.get(f"/api/chats/{chat}/photos?limit=200")
    return {photo["state"] for photo in (await said.json())["photos"]}
