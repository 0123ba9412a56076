from __future__ import annotations

import io

import pytest
from PIL import Image

from tests.bot.discord.home import Home, Room, files
from tests.bot.web.pages import until

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_a_photo_gets_a_reply_with_comment_marked_picture_and_alt_text(room: Room, cat: bytes) -> None:
    photo = await room.post(("nabi.jpg", cat), text="우리 나비")
    (answer,) = await room.answers()
    (kept,) = await room.settled(1)

    assert answer.reference is photo
    assert len(answer.content) > 5
    (file,) = answer.attachments
    assert file.description
    assert file.data[:2] == b"\xff\xd8"
    assert file.data != cat
    assert (kept.state, kept.text, kept.author.name) == ("answered", "우리 나비", "엄마")
    assert kept.reply == str(answer.id)
    assert not answer.mentions


async def test_a_sign_of_life_comes_before_the_answer(room: Room, cat: bytes) -> None:
    photo = await room.post(("nabi.jpg", cat))
    await room.home.discord.until(lambda: photo.reactions, 5.0)

    assert photo.reactions == {"👀": [room.home.discord.bot.id]}
    assert not room.said()
    await room.answers()


async def test_where_reactions_are_not_allowed_the_bot_types(family: Home, cat: bytes) -> None:
    room = family.room()
    family.discord.permit(room.channel, "everyone", deny=("add_reactions",))
    photo = await room.post(("nabi.jpg", cat))
    await room.answers()

    asked = [one.path for one in family.discord.asked if str(room.channel.id) in one.path]
    assert any(path.endswith("/typing") for path in asked)
    assert not any("/reactions/" in path for path in asked)
    assert not photo.reactions


async def test_several_photos_of_a_message_are_one_answer(room: Room, cat: bytes, bus: bytes) -> None:
    photo = await room.post(("a.jpg", cat), ("b.jpg", bus), ("c.jpg", cat))
    (answer,) = await room.answers()
    kept = await room.settled(3)

    assert answer.reference is photo
    assert len(files(answer)) == 3
    assert all(file.description for file in answer.attachments)
    assert [one.reply for one in kept] == [str(answer.id)] * 3


async def test_a_document_that_is_an_image_is_a_photo(room: Room, cat: bytes) -> None:
    file = room.home.discord.file("scan.jpeg", cat, content_type="application/octet-stream")
    await room.post(file)
    (answer,) = await room.answers()

    assert answer.attachments


async def test_a_file_that_only_claims_to_be_an_image_is_refused_politely(room: Room) -> None:
    photo = await room.post(("cat.jpg", b"this is no picture"))
    (answer,) = await room.answers()

    assert answer.reference is photo
    assert "사진 파일이 아닌 것 같아요" in answer.content
    assert not answer.attachments


async def test_a_file_over_the_limit_is_refused_without_fetching_it(room: Room, cat: bytes) -> None:
    await room.post(room.home.discord.file("huge.jpg", cat, claimed_size=31_000_000))
    (answer,) = await room.answers()

    assert "30MB" in answer.content
    asked = [one.path for one in room.home.discord.asked]
    assert not any(path.startswith(f"/cdn/attachments/{room.channel.id}") for path in asked)


async def test_text_alone_is_ignored(room: Room) -> None:
    await room.post(text="오늘 날씨 좋다")

    assert await room.ignored()


async def test_other_bots_are_ignored(room: Room, cat: bytes) -> None:
    robot = room.home.discord.person("다른 봇", bot=True)
    room.home.discord.join(room.home.guild, robot)
    await room.post(("cat.jpg", cat), by=robot)
    await room.post(("cat.jpg", cat), by=robot, mentions_bot=True)

    assert await room.ignored()


async def test_our_own_pictures_are_ignored(room: Room, cat: bytes) -> None:
    await room.post(("cat.jpg", cat))
    await room.answers()
    await room.heard()

    assert len(await room.photos()) == 1


async def test_a_spoiler_stays_one(room: Room, cat: bytes) -> None:
    await room.post(("cat.jpg", cat), spoiler=True)
    (answer,) = await room.answers()

    assert [file.is_spoiler for file in answer.attachments] == [True]


async def test_of_what_moves_the_first_frame_is_looked_at_and_that_is_said(room: Room) -> None:
    await room.post(("party.gif", moving()))
    (answer,) = await room.answers()

    assert "첫 장면" in answer.content


async def test_a_photo_in_a_thread_is_answered_in_the_thread(family: Home, cat: bytes) -> None:
    room = family.room()
    thread = family.thread(room, name="나비 이야기")
    photo = await thread.post(("cat.jpg", cat))
    (answer,) = await thread.answers()
    (kept,) = await thread.settled(1)

    assert answer.reference is photo
    assert not room.said()
    assert (kept.place.chat, kept.place.topic) == (str(room.channel.id), str(thread.channel.id))


async def test_a_photo_in_a_direct_message_is_answered(family: Home, cat: bytes) -> None:
    whisper = family.whisper(family.mother)
    photo = await whisper.post(("cat.jpg", cat))
    (answer,) = await whisper.answers()
    (kept,) = await whisper.settled(1)

    assert answer.reference is photo
    assert kept.place.is_private
    assert kept.place.server == ""


async def test_an_age_restricted_channel_is_remembered_as_one(family: Home, cat: bytes) -> None:
    room = family.room(nsfw=True)
    await room.post(("cat.jpg", cat))
    (kept,) = await room.settled(1)

    assert kept.place.is_nsfw


async def test_a_forwarded_photo_is_answered_as_the_forwarders(family: Home, cat: bytes) -> None:
    room, elsewhere = family.room(), family.room()
    first = await elsewhere.post(("cat.jpg", cat), text="나비", by=family.father)
    await elsewhere.answers()
    forwarded = await room.post(forward_of=first)
    (answer,) = await room.answers()
    (kept,) = await room.settled(1)

    assert answer.reference is forwarded
    assert (kept.author.name, kept.text) == ("엄마", "나비")


async def test_a_picture_that_the_author_linked_is_taken_when_its_preview_appears(
    room: Room, cat: bytes
) -> None:
    post = await room.post(text="https://example.com/cat.jpg")
    assert await room.ignored()
    await room.home.discord.unfurl(post, room.home.discord.embed("https://example.com/cat.jpg", cat))
    answers = await room.answers(2)

    assert answers[-1].reference is post
    assert answers[-1].attachments
    asked = [one.path for one in room.home.discord.asked]
    assert any(path.startswith("/media/external/") for path in asked)


async def test_the_preview_of_a_page_is_no_photo(room: Room, cat: bytes) -> None:
    post = await room.post(text="https://example.com/news")
    preview = room.home.discord.embed("https://example.com/news", cat, kind="article")
    await room.home.discord.unfurl(post, preview)

    assert await room.ignored()


async def test_the_same_event_twice_is_one_answer(room: Room, cat: bytes) -> None:
    room.home.discord.deliveries.plan("twice", "MESSAGE_CREATE")
    await room.post(("cat.jpg", cat))
    await room.answers()
    await room.heard()

    assert len(room.said()) == 2  # the answer, and that it has heard
    assert len(await room.photos()) == 1


async def test_what_is_no_photo_is_only_spoken_of_when_we_are_spoken_to(room: Room) -> None:
    await room.post(("film.mp4", b"film"))
    assert await room.ignored()
    post = await room.post(("film.mp4", b"film"), mentions_bot=True)
    answers = await room.answers(2)

    assert answers[-1].reference is post
    assert "볼 수 있는 사진이 아니에요" in answers[-1].content


async def test_photos_of_a_channel_are_answered_in_their_order(room: Room, cat: bytes, bus: bytes) -> None:
    posts = [await room.post(("photo.jpg", cat if number % 2 else bus)) for number in range(6)]
    answers = await room.answers(6)

    assert [answer.reference for answer in answers] == posts


async def test_everything_of_a_flood_is_answered_once(room: Room, cat: bytes) -> None:
    posts = [await room.post((f"{number}.jpg", cat)) for number in range(8)]
    await room.answers(8)
    kept = await room.settled(8)
    await until(lambda: all(post.reactions for post in posts))

    assert sorted(photo.reply for photo in kept) == sorted(str(one.id) for one in room.said())


def moving() -> bytes:
    """Return a GIF of two frames."""
    target = io.BytesIO()
    frames = [Image.new("P", (64, 64), color) for color in (10, 200)]
    frames[0].save(target, "GIF", save_all=True, append_images=frames[1:])
    return target.getvalue()
