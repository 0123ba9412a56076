"""Photos in: what is refused and how it is said, and what counts as the same photo."""

from __future__ import annotations

import asyncio
import io
import uuid
from collections.abc import AsyncIterator
from datetime import datetime, tzinfo

import aiohttp
import pytest
from PIL import Image

from bot.texts import say
from models.records import Language
from tests.bot.web.pages import SECONDS, Page, Said, flat

pytestmark = pytest.mark.asyncio(loop_scope="package")

LANGUAGES: tuple[Language, ...] = ("ko", "en")
MOST = 30_000_000


def thin() -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (400, 1)).save(target, "PNG")
    return target.getvalue()


REFUSED = {
    "text": (b"hello, I am no picture", 415, "not-a-picture"),
    "empty": (b"", 415, "not-a-picture"),
    "zeros": (bytes(5000), 415, "not-a-picture"),
    "page": (b"<html><script>alert(1)</script>", 415, "not-a-picture"),
    "torn": (flat()[:200], 415, "undecodable"),
    "thin": (thin(), 415, "too-thin"),
    "heavy": (b"\xff\xd8" + bytes(MOST), 413, "too-many-bytes"),
}


async def parts(page: Page, chat: str, *fields: tuple[str, bytes], lang: str = "ko") -> Said:
    """Post a form of these parts in this order."""
    form = aiohttp.FormData(default_to_multipart=True)
    for name, value in fields:
        form.add_field(name, io.BytesIO(value), filename="x.jpg" if name == "photo" else None)
    return await page.ask("POST", f"/api/chats/{chat}/photos?lang={lang}", data=form)


async def count(page: Page, chat: str) -> int:
    return len((await page.get(f"/api/chats/{chat}/photos")).document["photos"])


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", REFUSED)
async def test_a_file_that_is_no_photo_is_refused_in_a_sentence(
    page: Page, chat: str, kind: str, lang: Language
) -> None:
    data, status, code = REFUSED[kind]
    said = await page.upload(chat, data, lang=lang)

    assert (said.status, said.document["error"]) == (status, code)
    values: dict[str, str | float] = {"pixels": 2, "found": "30.1", "megabytes": 30}
    assert said.document["message"] == say(lang, f"error-{code}", **values)
    assert await count(page, chat) == 0


async def test_too_large_a_file_is_refused_before_its_bytes_are_read(page: Page, chat: str) -> None:
    reader, writer = await page.connection()
    head = (
        f"POST /api/chats/{chat}/photos HTTP/1.1\r\nHost: {page.host}\r\nOrigin: {page.origin}\r\n"
        f"Cookie: {page.cookie}\r\nContent-Type: multipart/form-data; boundary=b\r\n"
        f"Content-Length: {10 * MOST}\r\n\r\n"
    )
    writer.write(head.encode())
    answer = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), SECONDS)
    writer.close()

    assert answer.startswith(b"HTTP/1.1 413")


async def test_too_large_a_file_without_a_length_is_read_no_further_than_the_limit(
    page: Page, chat: str
) -> None:
    sent = 0

    async def stream() -> AsyncIterator[bytes]:
        nonlocal sent
        for name, value in (("author", "me"), ("text", "")):
            yield f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        yield b'--b\r\nContent-Disposition: form-data; name="photo"; filename="x"\r\n\r\n\xff\xd8'
        while sent < 10 * MOST:
            yield bytes(1_000_000)
            sent += 1_000_000

    headers = {**page.bearer, "Content-Type": "multipart/form-data; boundary=b"}
    try:
        said = await page.bare("POST", f"/api/chats/{chat}/photos", headers, data=stream())
        assert (said.status, said.document["error"]) == (413, "too-many-bytes")
    except aiohttp.ClientConnectionError:
        pass  # it hung up on the flood
    assert sent < 2 * MOST


async def test_the_fields_of_a_form_may_come_in_any_order(page: Page, chat: str) -> None:
    fields = [("photo", flat()), ("text", "뒤에".encode()), ("author", b"me"), ("key", b"any-order")]

    said = await parts(page, chat, *fields, lang="ko")

    assert said.status == 202
    photo = await page.photo(said.document["photo"])
    assert (photo["author"], photo["text"]) == ("me", "뒤에")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ([("author", b"me"), ("text", b"hi")], "bad-upload"),
        ([], "bad-upload"),
        ([("picture", flat())], "bad-upload"),
        ([("photo", flat())], "bad-name"),
        ([("author", b""), ("photo", flat())], "bad-name"),
        ([("author", " \u202e\u200f\x00 ".encode()), ("photo", flat())], "bad-name"),
        ([("author", ("가" * 41).encode()), ("photo", flat())], "bad-name"),
        ([("author", b"me"), ("text", b"a" * 1001), ("photo", flat())], "long-text"),
        ([("author", b"me"), ("text", b"a" * 1_000_000), ("photo", flat())], "long-text"),
        ([("author", b"me"), ("key", b"k" * 1_000_000), ("photo", flat())], "long-text"),
    ],
)
async def test_a_form_that_lacks_something_or_has_too_much_is_refused_in_a_sentence(
    page: Page, chat: str, fields: list[tuple[str, bytes]], code: str, lang: Language
) -> None:
    said = await parts(page, chat, *fields, lang=lang)

    assert (said.status, said.document["error"]) == (400, code)
    most = 1000 if code == "long-text" else 40
    found = "\0"
    start = say(lang, f"error-{code}", found=found, most=most).split(found)[0]
    assert said.document["message"].startswith(start)
    assert await count(page, chat) == 0


async def test_a_text_of_the_longest_kind_is_kept_whole(page: Page, chat: str) -> None:
    longest = "가😀" * 500
    answer = await page.answer_to(chat, flat(), text=longest, author="😀" * 40)

    assert (answer["text"], answer["author"]) == (longest, "😀" * 40)


async def test_signs_that_nobody_sees_are_taken_out_of_names_and_texts(page: Page, chat: str) -> None:
    code = await page.post(
        chat, flat(), author="지\u202e은\x00  \u2066김\x1b", text="\u202eab\x07c\n둘째 줄\ufeff"
    )
    found = await page.photo(code)

    assert (found["author"], found["text"]) == ("지은 김", "abc\n둘째 줄")


@pytest.mark.parametrize("name", ["a%20b", "a.b", "%00", "a%2Fb", "%E2%80%AE", "a" * 41, "a'b", "%3Cb%3E"])
@pytest.mark.parametrize("lang", LANGUAGES)
async def test_a_chat_has_a_name_of_letters(page: Page, name: str, lang: Language) -> None:
    for path in (f"/api/chats/{name}/photos", f"/api/chats/{name}/find"):
        said = await page.get(path, lang=lang, q="a")

        assert (said.status, said.document["error"]) == (400, "bad-chat"), path
        assert said.document["message"] == say(lang, "error-bad-chat", most=40)


async def test_a_chat_may_have_a_korean_name(page: Page) -> None:
    code = await page.post("우리집-사진_1", flat())

    assert [
        photo["id"] for photo in (await page.get("/api/chats/우리집-사진_1/photos")).document["photos"]
    ] == [code]


async def test_the_same_key_again_is_the_same_photo(page: Page, chat: str) -> None:
    first = await page.upload(chat, flat(), key="one")
    again = await page.upload(chat, flat((1, 2, 3)), key="one", text="other")

    assert (first.status, again.status) == (202, 200)
    assert first.document == again.document
    assert await count(page, chat) == 1


async def test_twenty_at_once_with_the_same_key_are_one_photo(page: Page, chat: str) -> None:
    key = uuid.uuid4().hex
    codes = await asyncio.gather(*(page.post(chat, flat(), key=key) for _ in range(20)))

    assert len(set(codes)) == 1
    assert await count(page, chat) == 1


async def test_the_same_key_in_another_chat_is_another_photo(page: Page, chat: str) -> None:
    codes = [
        (await page.upload(where, flat(), key="same")).document["photo"] for where in (chat, f"{chat}-2")
    ]

    assert len(set(codes)) == 2


async def test_long_keys_that_begin_alike_are_two_photos_or_none(page: Page, chat: str) -> None:
    said = [await page.upload(chat, flat(), key="k" * 100 + end) for end in "ab"]

    codes = [one.document["photo"] for one in said if one.status in (200, 202)]
    assert len(set(codes)) == len(codes)


class StandingStill(datetime):
    """A clock that does not move, as a coarse one does between two uploads."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> StandingStill:
        return cls(2026, 11, 20, tzinfo=tz)


async def test_photos_without_a_key_are_each_their_own_whatever_the_clock_says(
    page: Page, chat: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.adapters.web.uploads.datetime", StandingStill)
    form = [("author", b"me"), ("photo", flat())]
    said = await asyncio.gather(*(parts(page, chat, *form) for _ in range(8)))

    assert [one.status for one in said] == [202] * 8
    assert len({one.document["photo"] for one in said}) == 8
