"""Bodies that are no form, or stop in the middle: refused, never a bug, never a photo."""

from __future__ import annotations

import asyncio
import gzip
import io
import logging
import random
import re

import pytest

from bot.adapters.web import uploads
from tests.bot.web.pages import SECONDS, Page, flat, until

pytestmark = pytest.mark.asyncio(loop_scope="package")

FORM = "multipart/form-data; boundary=b"


def part(name: str, value: bytes, *headers: str) -> bytes:
    lines = [f'Content-Disposition: form-data; name="{name}"', *headers]
    return b"--b\r\n" + "\r\n".join(lines).encode() + b"\r\n\r\n" + value + b"\r\n"


WHOLE = part("key", b"k") + part("author", b"me") + part("photo", flat()) + b"--b--\r\n"


async def send(
    page: Page, chat: str, body: bytes, kind: str | None = FORM, **headers: str
) -> tuple[int, str]:
    """Post these very bytes; return the status and the error."""
    kinds = {} if kind is None else {"Content-Type": kind}
    said = await page.bare(
        "POST",
        f"/api/chats/{chat}/photos",
        {**page.bearer, **kinds, **headers},
        data=io.BytesIO(body),
        skip_auto_headers=["Content-Type"],
    )
    return said.status, said.document.get("error", "")


async def photos(page: Page, chat: str) -> int:
    return len((await page.get(f"/api/chats/{chat}/photos")).document["photos"])


async def test_the_form_of_these_tests_is_a_good_one(page: Page, chat: str) -> None:
    assert (await send(page, chat, WHOLE))[0] == 202


@pytest.mark.parametrize(
    "kind",
    [
        None,
        "application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "multipart/form-data; boundary=other",
        "multipart/form-data; boundary=" + "b" * 100,
        'multipart/form-data; boundary=""',
        "multipart",
        "image/jpeg",
    ],
)
async def test_a_body_that_is_no_form_is_refused(page: Page, chat: str, kind: str | None) -> None:
    assert await send(page, chat, WHOLE, kind) == (400, "bad-upload")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--b",
        b"--b--\r\n",
        b"no boundary at all",
        part("author", b"me"),
        b"--b\r\n\r\n\r\n--b--\r\n",
        b'--b\r\nContent-Disposition: form-data; name="photo"',
        b"--b\r\nno colon here\r\n\r\nx\r\n--b--\r\n",
        b"--b\r\n" + b"X: " + b"y" * 100_000 + b"\r\n\r\nx\r\n--b--\r\n",
        b"--b\r\n" + b"X: y\r\n" * 10_000 + b"\r\nx\r\n--b--\r\n",
        part("photo", flat(), "Content-Length: many"),
        b"--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nx\r\n--c--\r\n--b--\r\n",
    ],
)
async def test_a_form_that_is_badly_made_is_refused(page: Page, chat: str, body: bytes) -> None:
    status, _ = await send(page, chat, body)

    assert 400 <= status < 500
    assert await photos(page, chat) == 0


async def test_a_photo_that_its_form_does_not_end_is_refused(page: Page, chat: str) -> None:
    status, error = await send(page, chat, WHOLE[: WHOLE.index(b"\xff\xd8") + 300])

    assert 400 <= status < 500, error
    assert await photos(page, chat) == 0


@pytest.mark.filterwarnings(
    "ignore::aiohttp.BadContentDispositionParam", "ignore::aiohttp.BadContentDispositionHeader"
)
async def test_bytes_of_every_kind_are_never_a_bug(page: Page, chat: str) -> None:
    chance = random.Random(7)
    for _ in range(150):
        body = bytearray(WHOLE)
        for _ in range(chance.randint(1, 6)):
            where = chance.randrange(min(len(body), 220))
            body[where : where + chance.randint(0, 3)] = chance.randbytes(chance.randint(0, 3))

        status, _ = await send(page, chat, bytes(body))

        assert status < 500, bytes(body)[:220]


async def test_packed_bodies_are_unpacked_no_further_than_the_limit_or_refused(page: Page, chat: str) -> None:
    bomb = part("author", b"me") + b'--b\r\nContent-Disposition: form-data; name="photo"\r\n\r\n'
    body = gzip.compress(bomb + bytes(100_000_000), 1)
    status, _ = await send(page, chat, body, **{"Content-Encoding": "gzip"})

    assert status in (400, 413)
    assert (await send(page, chat, b"not packed", **{"Content-Encoding": "gzip"}))[0] in (400, 415)


async def test_fields_without_end_are_refused(page: Page, chat: str) -> None:
    body = b"".join(part(f"f{number}", b"x" * 1000) for number in range(5000)) + WHOLE

    status, _ = await send(page, chat, body)

    assert status in (400, 413)


async def hang_up(page: Page, chat: str) -> None:
    """Begin an upload and close the connection in the middle of the photo."""
    _, writer = await page.connection()
    head = (
        f"POST /api/chats/{chat}/photos HTTP/1.1\r\nHost: {page.host}\r\nContent-Type: {FORM}\r\n"
        f"Authorization: Bearer {page.secret}\r\nContent-Length: {len(WHOLE)}\r\n\r\n"
    )
    writer.write(head.encode() + WHOLE[: WHOLE.index(b"\xff\xd8") + 300])
    await writer.drain()
    await until(lambda: page.inside == 1)
    writer.close()


async def test_who_hangs_up_in_the_middle_leaves_nothing_and_frees_the_seat(
    page: Page, chat: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        for _ in range(20):
            await hang_up(page, chat)
            await until(lambda: page.inside == 0)

    assert await photos(page, chat) == 0
    assert (await page.upload(chat, flat())).status == 202
    assert not [record.message for record in caplog.records if "bug" in record.message]


async def test_a_body_that_never_ends_is_told_so(
    page: Page, chat: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "SECONDS", 0.3)
    reader, writer = await page.connection()
    head = (
        f"POST /api/chats/{chat}/photos HTTP/1.1\r\nHost: {page.host}\r\nContent-Type: {FORM}\r\n"
        f"Authorization: Bearer {page.secret}\r\nContent-Length: {len(WHOLE)}\r\n\r\n"
    )
    writer.write(head.encode() + WHOLE[:150])
    answer = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), SECONDS)
    writer.close()

    assert re.match(rb"HTTP/1.1 408", answer)
    await until(lambda: page.inside == 0)
