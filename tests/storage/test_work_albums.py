"""An album is told of once and whole; who cannot be served now waits, and costs nobody else anything."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.records import Place
from storage import photos, work
from storage.records import Photo
from storage.sqlite import Connection, transaction
from storage.work import ALBUM_MS, MAX_TRIES
from tests.storage.arrivals import CHANNEL, GROUP, NOW, OTHER, SETTLE, bring, look, row, taken, tell


def album(database: Connection, *messages: str, place: Place = GROUP, settle: int = 0) -> list[str]:
    """Accept an album, and let it be looked at."""
    codes = [bring(database, one, place=place, album="a", settle=settle) for one in messages]
    taken(database, len(codes))
    for code in codes:
        look(database, code)
    return codes


def ids(flown: list[Photo]) -> list[str]:
    return [photo.id for photo in flown]


def test_photos_of_an_album_are_looked_at_one_by_one_and_told_of_together(database: Connection) -> None:
    codes = [bring(database, f"{n}", album="a") for n in range(3)]

    assert ids(taken(database, 2)) == codes[:2]
    for code in codes[:2]:
        look(database, code)
    assert ids(taken(database)) == codes[2:]  # the album has to wait for this one
    assert taken(database) == []
    look(database, codes[2])
    assert ids(taken(database)) == codes
    assert taken(database) == []


@pytest.mark.parametrize("fate", ["refused", "erased", "given up"])
def test_an_album_does_not_wait_for_a_photo_that_nobody_will_look_at(database: Connection, fate: str) -> None:
    codes = [bring(database, f"{n}", album="a") for n in range(3)]
    taken(database)
    for code in codes[:2]:
        look(database, code)
    assert taken(database) == []
    with transaction(database):
        if fate == "refused":
            photos.put_aside(database, codes[2], "refused", "undecodable", {})
        elif fate == "given up":
            photos.answered(database, [codes[2]], "", NOW)
        else:
            database.execute("DELETE FROM photo WHERE code = ?", (codes[2],))

    assert ids(taken(database)) == (codes if fate == "refused" else codes[:2])


def test_an_album_waits_until_no_more_has_come_for_a_while(database: Connection) -> None:
    first = bring(database, "1", album="a", settle=SETTLE)
    taken(database)
    look(database, first)
    assert taken(database, now=NOW + SETTLE - 1) == []

    second = bring(database, "2", album="a", settle=SETTLE, now=NOW + 500)
    taken(database, now=NOW + 500)
    look(database, second)
    assert taken(database, now=NOW + 500 + SETTLE - 1) == []
    assert ids(taken(database, now=NOW + 500 + SETTLE)) == [first, second]


def test_an_album_that_never_ends_is_told_of_after_three_seconds(database: Connection) -> None:
    codes = []
    for number in range(0, ALBUM_MS + 1, 500):
        codes.append(bring(database, f"{number}", album="a", settle=SETTLE, now=NOW + number))
        taken(database, now=NOW + number)
        look(database, codes[-1])
    assert ids(taken(database, now=NOW + ALBUM_MS)) == codes


@pytest.mark.parametrize("jump", [-86_400_000, -ALBUM_MS - 1, ALBUM_MS, 86_400_000])
def test_after_a_jump_of_the_clock_an_album_does_not_wait_for_ever(database: Connection, jump: int) -> None:
    codes = album(database, "1", "2", settle=SETTLE)

    assert ids(taken(database, now=NOW + jump)) == codes


def test_what_joins_an_album_late_is_told_of_by_itself(database: Connection) -> None:
    codes = album(database, "1", "2")
    tell(database, taken(database))
    late = bring(database, "3", album="a", settle=SETTLE, now=NOW + 60_000)
    taken(database, now=NOW + 60_000)
    look(database, late)

    assert ids(taken(database, now=NOW + 60_000)) == [late]
    assert [row(database, code)["reply"] for code in codes] == ["r", "r"]


def test_what_joins_an_album_while_it_is_being_told_does_not_tell_it_twice(database: Connection) -> None:
    codes = album(database, "1", "2")
    flown = taken(database)
    late = bring(database, "3", album="a")
    assert ids(taken(database, is_idle=False)) == [late]
    look(database, late)

    assert ids(flown) == codes
    assert ids(taken(database, is_idle=False)) == [late]


def test_albums_with_one_name_in_two_chats_are_two(database: Connection) -> None:
    here = [bring(database, f"{n}", album="a") for n in range(2)]
    there = [bring(database, f"{n}", album="a", place=OTHER) for n in range(2)]
    taken(database)
    for code in (*here, there[0]):
        look(database, code)

    assert ids(taken(database, is_idle=False)) == here
    look(database, there[1])
    assert ids(taken(database, is_idle=False)) == there


def test_a_photo_that_kills_does_not_take_its_album_with_it(database: Connection) -> None:
    good, bad = (bring(database, f"{n}", album="a") for n in range(2))
    taken(database)
    look(database, good)
    for _ in range(MAX_TRIES + 1):  # dies with others in the air first, then alone
        with transaction(database):
            work.recover(database)
        flown = taken(database)

    assert ids(flown) == [good, bad]
    assert [photo.state for photo in flown] == ["analysed", "quarantined"]
    assert row(database, good)["tries"] == 0


def test_what_was_being_told_when_the_process_died_is_in_doubt_and_nobody_is_blamed(
    database: Connection,
) -> None:
    codes = album(database, "1", "2")
    assert len(taken(database)) == 2
    with transaction(database):
        assert work.recover(database) == 2

    flown = taken(database, is_idle=False)
    assert ids(flown) == codes
    assert [(photo.is_doubtful, photo.tries, photo.flight) for photo in flown] == [(True, 0, "shared")] * 2
    tell(database, flown)
    assert [row(database, code)["is_doubtful"] for code in codes] == [0, 0]


def test_what_was_being_looked_at_when_the_process_died_is_not_in_doubt(database: Connection) -> None:
    bring(database, "1")
    taken(database)
    with transaction(database):
        work.recover(database)

    assert [(photo.is_doubtful, photo.flight) for photo in taken(database)] == [(False, "alone")]


def test_doubt_that_was_there_before_stays_whatever_puts_a_photo_back(database: Connection) -> None:
    code = bring(database, "1")
    for is_doubtful in (True, False):
        with transaction(database):
            work.put_back(database, [code], is_doubtful=is_doubtful)
    assert row(database, code)["is_doubtful"] == 1


def test_an_answer_that_is_on_the_disk_is_not_put_in_doubt_by_who_was_stopped_meanwhile(
    database: Connection,
) -> None:
    """A stop cancels who waits for the write; the write itself goes on."""
    code = bring(database, "1")
    look(database, code)
    tell(database, taken(database))
    before = row(database, code)
    with transaction(database):
        work.put_back(database, [code], is_failed=True, is_doubtful=True)

    after = row(database, code)
    assert (after["is_doubtful"], after["tries"], after["reply"]) == (0, 0, before["reply"])


# Silence


def test_a_silent_photo_is_looked_at_and_never_told_of(database: Connection) -> None:
    code = bring(database, "1", is_silent=True)
    assert ids(taken(database)) == [code]
    look(database, code)

    assert taken(database) == []
    assert (row(database, code)["state"], row(database, code)["reply"]) == ("answered", "")


def test_a_silent_photo_that_cannot_be_read_is_not_told_of_either(database: Connection) -> None:
    code = bring(database, "1", is_silent=True)
    taken(database)
    with transaction(database):
        photos.put_aside(database, code, "refused", "undecodable", {})
    assert taken(database) == []


def test_a_silent_photo_that_kills_is_put_aside_in_silence(database: Connection) -> None:
    code = bring(database, "1", is_silent=True)
    for _ in range(MAX_TRIES + 1):
        taken(database)
        with transaction(database):
            work.recover(database)

    assert row(database, code)["state"] == "quarantined"
    assert taken(database) == []


# Scopes and platforms


def scope(database: Connection, code: str) -> int:
    return int(str(row(database, code)["scope"]))


def test_of_a_held_chat_nothing_is_taken_up_and_the_others_go_on(database: Connection) -> None:
    here, there = bring(database, "1"), bring(database, "1", place=OTHER)

    assert ids(taken(database, held=(scope(database, here),))) == [there]
    assert ids(taken(database)) == [here]


def test_what_is_of_a_platform_that_is_not_there_waits_for_it(database: Connection) -> None:
    telegram, discord = bring(database, "1"), bring(database, "1", place=CHANNEL)

    assert taken(database, platforms=()) == []
    assert ids(taken(database, platforms=("web", "discord"))) == [discord]
    assert ids(taken(database, platforms=("web", "discord", "telegram"))) == [telegram]


@pytest.mark.parametrize("way", ["held", "absent"])
def test_a_suspect_that_may_not_be_looked_at_now_keeps_nobody_waiting(database: Connection, way: str) -> None:
    suspect = bring(database, "1")
    taken(database)
    with transaction(database):
        work.recover(database)
    other = bring(database, "1", place=CHANNEL)
    held = (scope(database, suspect),) if way == "held" else ()
    platforms = ("discord",) if way == "absent" else None

    assert ids(taken(database, held=held, platforms=platforms)) == [other]
    assert taken(database, is_idle=False) == []  # now it may, when the air is clear
    [alone] = taken(database)
    assert (alone.id, alone.flight) == (suspect, "alone")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    chats=st.lists(st.integers(1, 6), min_size=1, max_size=6),
    held=st.sets(st.integers(0, 5)),
    room=st.integers(1, 8),
)
def test_everything_that_may_go_goes_and_nothing_else(
    database: Connection, chats: list[int], held: set[int], room: int
) -> None:
    database.executescript("DELETE FROM photo; DELETE FROM scope;")
    codes = [
        [bring(database, f"{n}", place=Place("telegram", "", f"{chat}")) for n in range(count)]
        for chat, count in enumerate(chats)
    ]
    scopes = tuple(scope(database, codes[chat][0]) for chat in held if chat < len(chats))
    found = list[str]()
    while flown := taken(database, room, held=scopes, is_idle=not found):
        assert len(flown) <= room
        found += ids(flown)

    free = [code for chat, waiting in enumerate(codes) if chat not in held for code in waiting]
    assert sorted(found) == sorted(free)
