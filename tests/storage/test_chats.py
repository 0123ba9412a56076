"""What chats have beside photos: positions, rules, starts, moves, and whose message is which photo."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.records import Place
from storage import chats
from storage.chats import DAY
from storage.records import Unsaid
from storage.sqlite import Connection, transaction
from storage.store import Store
from tests.storage.arrivals import CHANNEL, GROUP, NOW, OTHER, THREAD, posted, receive, told
from tests.storage.conftest import OpenStore
from tests.storage.makers import DOG

# Positions


async def test_positions_are_remembered_by_platform_and_chat(open_store: OpenStore) -> None:
    store = open_store()
    await store.chats.set_positions("discord", {"1": "10", "2": "20"})
    await store.chats.set_positions("telegram", {"1": "5"})
    store.close()
    again = open_store()

    assert await again.chats.positions("discord") == {"1": "10", "2": "20"}
    assert await again.chats.positions("telegram") == {"1": "5"}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seen=st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 2**63 - 1)), max_size=12))
def test_a_position_is_the_largest_id_that_was_ever_seen(
    database: Connection, seen: list[tuple[str, int]]
) -> None:
    database.execute("DELETE FROM position")
    largest: dict[str, int] = {}
    for chat, message in seen:
        largest[chat] = max(message, largest.get(chat, 0))
        with transaction(database):
            chats.advance(database, "discord", {chat: str(message)})

    assert chats.positions(database, "discord") == {chat: str(at) for chat, at in largest.items()}


async def test_a_position_that_was_forgotten_begins_anew(store: Store) -> None:
    await store.chats.set_positions("discord", {"1": "10", "2": "20"})
    await store.chats.forget_position("discord", "1")
    await store.chats.forget_position("discord", "nobody")
    assert await store.chats.positions("discord") == {"2": "20"}
    await store.chats.set_positions("discord", {"1": "5"})
    assert await store.chats.positions("discord") == {"1": "5", "2": "20"}


# Photos of messages


async def test_photos_of_a_message_are_found_by_chat_by_topic_and_by_message_alone(store: Store) -> None:
    photos = [posted("9", place=THREAD, attachment=f"{n}", album="9") for n in range(3)]
    codes = [one.photo for one in await store.receive(photos, "ko")]

    for chat in ("70", "71", ""):
        assert [photo.id for photo in await store.chats.known("discord", chat, "9")] == codes
    assert await store.chats.known("discord", "72", "9") == []
    assert await store.chats.known("telegram", "", "9") == []
    assert await store.chats.known("discord", "70", "8") == []


async def test_one_message_number_in_two_chats_is_two_messages(store: Store) -> None:
    here, there = await receive(store, "5"), await receive(store, "5", place=OTHER)

    assert [photo.id for photo in await store.chats.known("telegram", GROUP.chat, "5")] == [here.id]
    assert [photo.id for photo in await store.chats.known("telegram", OTHER.chat, "5")] == [there.id]


async def test_messages_with_photos_are_listed_by_channel_without_its_threads(store: Store) -> None:
    for message in ("5", "30", "200"):
        await receive(store, message, place=CHANNEL)
    await store.receive([posted("200", place=CHANNEL, attachment="1")], "ko")
    await receive(store, "40", place=THREAD)

    assert sorted(await store.chats.messages("discord", "70")) == ["200", "30", "5"]
    assert sorted(await store.chats.messages("discord", "70", after=5)) == ["200", "30"]
    assert await store.chats.messages("discord", "71") == ["40"]
    assert await store.chats.messages("telegram", "70") == []


async def test_a_placeholder_is_noted_with_its_photos(store: Store) -> None:
    photo, other = await receive(store, "5"), await receive(store, "6")
    await store.chats.note_placeholder([photo.id, "gone"], "99")

    found = [await store.photo(code) for code in (photo.id, other.id)]
    assert [one and one.placeholder for one in found] == ["99", ""]


# Starts


def test_starts_within_a_day_are_counted_by_platform(database: Connection) -> None:
    counts = [chats.begin(database, "discord", NOW + hours * 3_600_000) for hours in (0, 1, 2)]
    assert counts == [0, 1, 2]
    assert chats.begin(database, "telegram", NOW) == 0
    assert chats.begin(database, "discord", NOW + DAY + 1) == 2
    assert chats.begin(database, "discord", NOW + 10 * DAY) == 0
    assert database.execute("SELECT count(*) FROM start").fetchone()[0] == 1


def test_starts_of_a_clock_that_was_far_ahead_do_not_count_for_ever(database: Connection) -> None:
    for _ in range(5):
        chats.begin(database, "discord", NOW + 400 * DAY)
    assert chats.begin(database, "discord", NOW) == 0


# Rules


async def test_what_a_chat_decided_is_remembered_beside_its_other_decisions(open_store: OpenStore) -> None:
    store = open_store()
    await store.chats.set_rule(CHANNEL, "mode", "auto")
    await store.chats.set_rule(CHANNEL, "questions", value=False)
    await store.chats.set_rule(THREAD, "mode", "off")  # a thread has its channel's rules
    await store.chats.set_rule(GROUP, "mode", "mention")
    store.close()

    assert await open_store().chats.rules() == {
        ("discord", "7", "70"): {"mode": "off", "questions": False},
        ("telegram", "", "-100"): {"mode": "mention"},
    }


# Moves


async def test_a_chat_that_moved_takes_everything_along(store: Store) -> None:
    topic = Place("telegram", "", GROUP.chat, topic="3")
    photos = [await receive(store, "5"), await receive(store, "6", place=topic)]
    await store.chats.set_rule(GROUP, "mode", "auto")
    await store.chats.set_positions("telegram", {GROUP.chat: "6"})
    stays = await receive(store, "5", place=OTHER)
    await store.chats.move("telegram", GROUP.chat, "-1009")

    found = [await store.photo(photo.id) for photo in photos]
    assert [one and (one.place.chat, one.place.topic) for one in found] == [("-1009", ""), ("-1009", "3")]
    assert await store.chats.rules() == {("telegram", "", "-1009"): {"mode": "auto"}}
    assert await store.chats.positions("telegram") == {"-1009": "6"}
    assert await store.photo(stays.id) == stays


async def test_a_chat_that_moved_keeps_what_was_deleted_there_deleted(store: Store) -> None:
    photo = await receive(store, "5")
    await store.erase([photo.id])
    await store.chats.move("telegram", GROUP.chat, "-1009")

    [again] = await store.receive([posted("5", place=Place("telegram", "", "-1009"))], "ko")
    assert again.is_deleted


async def test_a_move_that_is_told_twice_or_late_loses_nothing(store: Store) -> None:
    """Telegram tells of a move in both chats; something may already have been posted in the new one."""
    new = Place("telegram", "", "-1009")
    old, young = await receive(store, "5"), await receive(store, "1", place=new)
    await store.chats.set_rule(new, "mode", "off")
    await store.chats.set_rule(GROUP, "mode", "auto")
    for _ in range(2):
        await store.chats.move("telegram", GROUP.chat, "-1009")

    assert await store.photo(old.id)
    assert await store.photo(young.id)
    assert (await store.chats.rules())["telegram", "", "-1009"] == {"mode": "off"}
    assert {photo.id for photo in await store.take(8, {}, is_idle=True)} == {old.id, young.id}


async def test_a_move_on_one_platform_moves_nothing_on_another(store: Store) -> None:
    photo = await receive(store, "5", place=CHANNEL)
    await store.chats.move("telegram", CHANNEL.chat, "-1009")
    assert await store.photo(photo.id) == photo


# Answers to take back: what is listed, to whom


async def test_answers_are_listed_oldest_first_and_only_of_platforms_that_are_there(store: Store) -> None:
    for message, place in (("5", GROUP), ("6", CHANNEL), ("7", GROUP)):
        photo = await receive(store, message, place=place)
        await told(store, photo, f"r{message}", DOG)
        await store.erase([photo.id])

    assert [one.reply for one in await store.chats.unsaid(["telegram", "discord"])] == ["r5", "r6", "r7"]
    assert [one.reply for one in await store.chats.unsaid(["telegram"], limit=1)] == ["r5"]
    assert await store.chats.unsaid([]) == []
    [discord] = await store.chats.unsaid(["discord"])
    assert discord == Unsaid(discord.id, CHANNEL, "6", "r6")


async def test_what_was_taken_back_is_listed_no_more(store: Store) -> None:
    photo = await receive(store, "5")
    await told(store, photo, "r5", DOG)
    await store.erase([photo.id])
    [unsaid] = await store.chats.unsaid(["telegram"])
    for _ in range(2):
        await store.chats.taken_back(unsaid.id)
    assert await store.chats.unsaid(["telegram"]) == []


async def test_an_answer_whose_photos_went_while_it_was_sent_is_taken_back(store: Store) -> None:
    await store.chats.unsay(GROUP, "0", "r1 r2")

    [unsaid] = await store.chats.unsaid(["telegram"])
    assert (unsaid.place, unsaid.message, unsaid.reply) == (GROUP, "0", "r1 r2")
