"""A photo is posted and its answer comes: on the socket, as JSON, as pictures."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from tests.bot.web.pages import Page

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_a_photo_goes_from_waiting_to_answered_before_the_eyes_of_a_page(
    page: Page, cat: bytes, chat: str
) -> None:
    async with page.listening(chat) as socket:
        await socket.synced()
        code = await page.post(chat, cat, text="우리 집 막내")
        answer = await socket.done(code)

    order = ["waiting", "looking", "answered"]
    states = list(dict.fromkeys(socket.states(code)))
    assert states == sorted(states, key=order.index)
    assert answer["comment"]
    assert answer["text"] == "우리 집 막내"
    assert [thing["label_ko"] for thing in answer["objects"]] == ["고양이"]


async def test_pictures_are_jpegs_of_the_right_size_without_metadata(
    page: Page, cat: bytes, chat: str
) -> None:
    answer = await page.answer_to(chat, cat)

    sizes = {}
    for kind in ("picture", "marked", "thumb"):
        said = await page.get(f"/api/photos/{answer['id']}/{kind}")
        assert (said.status, said.headers["Content-Type"]) == (200, "image/jpeg")
        with Image.open(io.BytesIO(said.body)) as image:
            assert image.format == "JPEG"
            assert not image.getexif()
            assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
            sizes[kind] = image.size
    whole = (answer["width"], answer["height"])
    assert sizes["picture"] == sizes["marked"] == whole
    assert max(sizes["thumb"]) == 360
