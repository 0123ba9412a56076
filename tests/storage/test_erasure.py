"""Deleting counts right, takes no more than it should, and leaves the scope's figures as if never there."""

from __future__ import annotations

from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.records import Person
from storage import index
from storage.index import Words
from storage.photos import scope_of
from storage.records import Picture, Receipt
from storage.sqlite import Connection, transaction
from storage.store import Store
from tests.storage.makers import (
    BICYCLE,
    CAT,
    DEADLINE,
    DOG,
    HERE,
    THERE,
    accept,
    analysis,
    incoming,
    picture,
    post,
    until,
)

TERMS = st.lists(st.sampled_from("abcdefg"), max_size=5, unique=True).map(tuple)
WORDS = st.builds(Words, labels=TERMS, morphemes=TERMS, grams=TERMS)


async def test_a_deleted_photo_is_found_no_more(store: Store) -> None:
    kept, gone = await post(store, "m1", DOG), await post(store, "m2", DOG, text="강아지")
    receipt = await store.erase([gone.id])

    assert receipt == Receipt(photos=1, pictures=1, words=1, answers=1)
    assert [photo.id for photo in (await store.find("강아지", [kept.scope])).photos] == [kept.id]
    assert await store.photo(gone.id) is None
    assert await store.picture(gone.id) is None


async def test_what_is_not_there_is_not_counted(store: Store) -> None:
    photo = await post(store, "m1", DOG)
    assert await store.erase([]) == Receipt()
    assert await store.erase(["nobody"]) == Receipt()
    assert (await store.erase([photo.id])).photos == 1
    assert await store.erase([photo.id]) == Receipt()


async def test_a_photo_named_twice_is_counted_once(store: Store) -> None:
    photo = await post(store, "m1", DOG)
    assert await store.erase([photo.id, photo.id]) == Receipt(photos=1, pictures=1, words=1, answers=1)


async def test_a_photo_without_an_answer_counts_as_one_without(store: Store) -> None:
    photo = await accept(store, "m1")
    assert await store.erase([photo.photo]) == Receipt(photos=1, pictures=1)


async def test_a_shared_picture_stays_until_its_last_photo_goes(store: Store) -> None:
    posts = [(await store.accept(incoming(f"m{n}"), picture("same"), "ko")).photo for n in range(3)]
    assert await store.erase(posts[:2]) == Receipt(photos=2)
    assert await store.picture(posts[2]) == picture("same").jpeg
    assert await store.erase(posts[2:]) == Receipt(photos=1, pictures=1)
    assert (await store.stats()).pictures == 0


async def test_a_poster_is_forgotten_with_their_last_photo(store: Store) -> None:
    first, second = await post(store, "m1"), await post(store, "m2", place=THERE)
    await store.erase([first.id])
    assert (await store.stats()).people == 1
    await store.erase([second.id])
    assert (await store.stats()).people == 0


async def test_everything_of_a_person_goes_here_and_nothing_else(store: Store) -> None:
    other = Person("web", "other", "다른 사람")
    await post(store, "m1", DOG)
    await post(store, "m2", CAT)
    kept = [await post(store, "m3", DOG, author=other), await post(store, "m4", DOG, place=THERE)]

    assert (await store.erase_author(HERE, "minsu")).photos == 2
    assert {photo.id for photo in await store.everything(after=0, limit=99)} == {one.id for one in kept}


async def test_a_photo_deleted_while_it_is_looked_at_does_not_come_back(store: Store) -> None:
    accepted = await accept(store, "m1", text="산책")
    [photo] = await store.take(1, {}, is_idle=True)
    await store.erase([accepted.photo])

    assert not await store.save(photo, analysis(DOG), is_hidden=False)
    await store.answered([photo.id], "reply")
    await store.put_back([photo.id])
    stats = await store.stats()
    assert (stats.states, stats.terms, stats.pictures) == ({}, 0, 0)


async def test_an_unsafe_photo_is_hidden_from_search_at_once(store: Store) -> None:
    seen = await post(store, "m1", DOG)
    again = await store.photo(seen.id)
    assert again is not None
    await store.save(again, analysis(DOG), is_hidden=True)
    assert (await store.find("개", [seen.scope])).outcome == "none"
    assert (await store.stats()).terms == 0


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(st.tuples(st.booleans(), st.integers(0, 5), WORDS), max_size=30),
    order=st.randoms(use_true_random=False),
)
def test_learning_and_forgetting_in_any_order_counts_exactly_and_leaves_nothing(
    database: Connection, steps: list[tuple[bool, int, Words]], order: object
) -> None:
    database.executescript("DELETE FROM term; DELETE FROM words;")
    with transaction(database):
        scopes = [scope_of(database, HERE), scope_of(database, THERE)]
    known: dict[int, Words] = {}
    for is_forgotten, photo, words in steps:
        with transaction(database):
            was_there = index.forget(database, photo, scopes[photo % 2])
            if not is_forgotten:
                index.learn(database, photo, scopes[photo % 2], words)
        assert was_there == (photo in known)
        known.pop(photo, None)
        if not is_forgotten:
            known[photo] = words
        assert counted(database) == expected(known, scopes)
    for photo in sorted(known, key=lambda _: order.random()):  # type: ignore[attr-defined]  # a Random
        with transaction(database):
            assert index.forget(database, photo, scopes[photo % 2])
    assert counted(database) == {}
    assert database.execute("SELECT count(*) FROM words").fetchone()[0] == 0


def counted(database: Connection) -> dict[tuple[int, str], int]:
    """Return how often each scope has each term, by the file."""
    rows = database.execute("SELECT scope, term, n FROM term")
    return {(row["scope"], row["term"]): row["n"] for row in rows}


def expected(known: dict[int, Words], scopes: list[int]) -> dict[tuple[int, str], int]:
    """Return how often each scope has each term, counted anew."""
    return Counter((scopes[photo % 2], term) for photo, words in known.items() for term in words.terms)


async def test_terms_of_a_scope_are_as_if_a_deleted_photo_had_never_been(store: Store) -> None:
    await post(store, "m1", DOG, BICYCLE, text="한강에서 자전거")
    before = store.writer.put(counted).result(DEADLINE)
    gone = [await post(store, f"g{n}", DOG, CAT, text=f"한강 {n} 고양이 dogs") for n in range(5)]
    assert store.writer.put(counted).result(DEADLINE) != before
    await store.erase(photo.id for photo in gone)
    assert store.writer.put(counted).result(DEADLINE) == before


async def test_room_of_deleted_photos_goes_back_to_the_disk(store: Store) -> None:
    big = Picture(b"\xff\xd8" + bytes(range(256)) * 4_000, 64, 48)
    accepted = await store.accept(incoming("m1"), big, "ko")
    store.writer.put(lambda c: None).result(DEADLINE)
    await store.erase([accepted.photo])
    await until(lambda: store.folder.database.stat().st_size < 500_000, 30)
