"""A photo in Discord, a photo in Telegram, one service: what people see of it."""

from __future__ import annotations

import asyncio
import io

import pytest
from PIL import Image, ImageOps

from bot.texts import say
from tests.bot.platforms.rooms import Room, answers
from tests.bot.platforms.town import Town
from tests.bot.web.pages import until
from tests.storage.makers import files_with

pytestmark = pytest.mark.asyncio(loop_scope="package")

ERASED_SECONDS, UNFINDABLE_SECONDS = 60.0, 1.0  # as promised
COUNTED = "chalkak_photos_accepted_total"
NEEDLE, NAME = "바늘구멍사진기", "전학생한별"


async def test_a_photo_gets_a_reply_with_a_comment_a_marked_picture_and_a_description(
    room: Room, cat: bytes
) -> None:
    post = await room.post(cat)

    [answer] = await answers(room)

    assert answer.reply_to is post
    assert answer.text
    assert "고양이" in answer.alts[0]
    assert is_marked(answer.pictures[0], cat)
    assert len(answer.pictures) == 1


async def test_photos_of_chats_are_counted_for_the_operator(town: Town, room: Room, cat: bytes) -> None:
    def accepted() -> float:
        text = town.service.metrics()[0].decode()
        return float(next(line.split()[1] for line in text.splitlines() if line.startswith(COUNTED)))

    before = accepted()
    await room.post(cat)
    await answers(room)

    assert accepted() == before + 1


async def test_a_photo_gets_a_sign_of_life(room: Room, cat: bytes) -> None:
    post = await room.post(cat)

    await until(lambda: room.signs(post) == 1)
    await answers(room)


async def test_an_album_of_ten_gets_one_answer_with_every_picture(
    town: Town, room: Room, cat: bytes, bus: bytes
) -> None:
    post = await room.post(*[cat, bus] * 5)

    [answer] = await answers(room)
    await town.settled()

    assert answer.reply_to is post
    assert "10장" in answer.text
    assert [is_marked(marked, photo) for marked, photo in zip(answer.pictures, [cat, bus] * 5, strict=True)]
    assert ["고양이" in alt for alt in answer.alts] == [True, False] * 5
    assert len(room.said()) == 1


async def test_ten_photos_at_once_each_get_their_own_answer(room: Room, cat: bytes, bus: bytes) -> None:
    posts = [await room.post(photo) for photo in [cat, bus] * 5]

    told = {answer.reply_to.id: answer.alts for answer in await answers(room, 10)}

    assert ["고양이" in told[post.id][0] for post in posts] == [True, False] * 5


async def test_the_same_photo_on_both_platforms_is_answered_and_found_on_each_alone(
    town: Town, cat: bytes
) -> None:
    rooms = [await town.open(town.room(platform)) for platform in ("discord", "telegram")]
    posts = await asyncio.gather(*(room.post(cat, text="나비") for room in rooms))
    told = [await answers(room) for room in rooms]
    kept = [[photo.id for photo in await town.photos(room)] for room in rooms]

    assert [answer.reply_to for [answer] in told] == posts
    assert len({answer.alts for [answer] in told}) == 1
    assert [await town.found(room, "나비") for room in rooms] == kept

    await rooms[0].delete(posts[0])
    await until(lambda: told[0][0].is_gone)

    assert [await town.found(room, "나비") for room in rooms] == [[], kept[1]]
    assert not told[1][0].is_gone


async def test_bots_and_the_bot_itself_and_mere_words_are_left_alone(
    town: Town, room: Room, cat: bytes
) -> None:
    room.person("다른 봇", is_bot=True)  # type: ignore[attr-defined]  # both kinds of rooms have it
    await room.post(cat, by="다른 봇")
    await room.say("오늘 날씨 좋다")
    post = await room.post(cat)

    [answer] = await answers(room)
    await town.settled()

    assert answer.reply_to is post
    assert len(await town.photos(room)) == 1
    assert len(room.said()) == 1


async def test_an_unsafe_photo_gets_the_notice_only_and_is_hidden(town: Town, room: Room, cat: bytes) -> None:
    assert town.service.door
    await town.service.store.chats.set_rule(room.place, "unsafe_threshold", 0.0)
    await town.service.door.open()
    post = await room.post(cat, text="비밀 산책")

    [answer] = await answers(room)
    [kept] = await town.photos(room)

    assert (answer.text, answer.pictures, answer.reply_to) == (say("ko", "notice-unsafe"), (), post)
    assert kept.is_hidden
    assert await town.found(room, "산책") == []
    assert await town.found(room, "고양이") == []


async def test_a_broken_file_gets_its_polite_sentence(town: Town, room: Room) -> None:
    post = await room.file("broken.jpg", b"\xff\xd8\xff\xe0 and nothing of a photo")

    [answer] = await answers(room)
    [kept] = await town.photos(room)

    assert (answer.reply_to, answer.pictures) == (post, ())
    assert kept.state == "refused"
    assert answer.text == say("ko", f"error-{kept.error}", **kept.error_data)


async def test_what_is_deleted_on_discord_is_unfindable_at_once_and_gone_soon(
    town: Town, cat: bytes, bus: bytes
) -> None:
    room = await town.open(town.room("discord"))
    post = await room.post(mirrored(cat), text=NEEDLE, by=NAME)
    await room.post(bus, text="다른 글")  # up to here the channel has been read, which may be remembered
    answer, _ = await answers(room, 2)
    await town.settled()
    kept, _ = await town.photos(room)
    needles = [NEEDLE.encode(), NAME.encode(), kept.message.encode(), await clean_bytes(town, kept.id)]
    assert [bool(files_with(town.service.store.folder, needle)) for needle in needles] == [True] * 4

    await room.delete(post)

    async with asyncio.timeout(UNFINDABLE_SECONDS):
        while await town.found(room, NEEDLE):  # noqa: ASYNC110 - it is told by nobody
            await asyncio.sleep(0.01)
    async with asyncio.timeout(ERASED_SECONDS):
        await until(lambda: answer.is_gone and not files_with(town.service.store.folder, *needles))
    assert len(await town.photos(room)) == 1
    assert len(room.said()) == 1


async def clean_bytes(town: Town, photo: str) -> bytes:
    """Return a piece of the picture that is kept; a whole one does not lie in the file in one piece."""
    jpeg = await town.service.store.picture(photo)
    assert jpeg
    return jpeg[-200:-100]


def mirrored(photo: bytes) -> bytes:
    """Return a photo that no other test has posted."""
    target = io.BytesIO()
    ImageOps.mirror(Image.open(io.BytesIO(photo))).save(target, "JPEG")
    return target.getvalue()


def is_marked(picture: bytes, photo: bytes) -> bool:
    """Return whether a picture is a photo with something drawn on it."""
    shown, posted = Image.open(io.BytesIO(picture)), Image.open(io.BytesIO(photo))
    return shown.size == posted.size and picture != photo
