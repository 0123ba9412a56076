"""Whoever follows the changes knows what one knows who reads everything."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.records import Place
from storage import erasure, photos, reading, work
from storage.index import Words
from storage.records import Gone, Photo
from storage.sqlite import Connection, transaction
from storage.store import Store
from tests.storage.makers import DOG, HERE, THERE, accept, all_of, analysis, post, put_in

Step = tuple[str, int]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["accept", "accept", "elsewhere", "take", "save", "answer", "erase", "quarantine"]),
        st.integers(0, 20),
    ),
    max_size=40,
)


class Follower:
    """Knows what it has been told, from a change on, in batches."""

    def __init__(self, after: int, limit: int) -> None:
        self.after, self.limit = after, limit
        self.known: dict[str, Photo] = {}

    def follow(self, database: Connection, scope: int) -> None:
        while batch := reading.changes(database, scope, self.after, self.limit):
            assert [one.change for one in batch] == sorted({one.change for one in batch})
            assert len(batch) <= self.limit
            for one in batch:
                if isinstance(one, Gone):
                    self.known.pop(one.id, None)
                else:
                    self.known[one.id] = one
            self.after = batch[-1].change


def act(database: Connection, step: Step, number: int) -> None:
    """Let one thing happen to one of the photos."""
    what, which = step
    codes = [row["code"] for row in database.execute("SELECT code FROM photo ORDER BY id")]
    if what in {"accept", "elsewhere"}:
        put_in(database, f"{number}", HERE if what == "accept" else THERE)
    elif what == "take":
        work.take(database, which, {}, is_idle=True)
    elif codes:
        code = codes[which % len(codes)]
        match what:
            case "save":
                photos.save(database, code, analysis(DOG), Words(labels=("l160",)), hidden_until=which % 2)
            case "answer":
                photos.answered(database, [code], "reply", 1)
            case "quarantine":
                photos.put_aside(database, code, "quarantined", "quarantined", {})
            case _:
                erasure.erase(database, [code], 1)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, limit=st.integers(1, 7), start=st.integers(0, 30))
def test_a_reader_from_any_moment_in_any_steps_ends_with_the_present(
    database: Connection, steps: list[Step], limit: int, start: int
) -> None:
    database.executescript("DELETE FROM photo; DELETE FROM tombstone; DELETE FROM term; DELETE FROM words;")
    with transaction(database):
        scope = photos.scope_of(database, HERE)
    eager = Follower(reading.last_change(database), limit)
    late = Follower(eager.after, limit)
    for number, step in enumerate(steps):
        with transaction(database):
            act(database, step, number)
        if number >= start:
            eager.follow(database, scope)
        if number == start:  # begins with the present, then follows like everybody
            late.after = reading.last_change(database)
            late.known = {photo.id: photo for photo in reading.history(database, scope, 1 << 60, 1_000)}
    eager.follow(database, scope)
    late.follow(database, scope)

    present = {photo.id: photo for photo in reading.history(database, scope, 1 << 60, 1_000)}
    assert eager.known == present
    assert late.known == present or start >= len(steps)


async def test_history_pages_back_through_everything_once(store: Store) -> None:
    await all_of(*(accept(store, f"m{number}") for number in range(25)))
    await all_of(*(accept(store, f"m{number}", place=THERE) for number in range(25)))
    before, seen = 1 << 60, list[Photo]()
    while page := await store.history(HERE, before=before, limit=7):
        assert len(page) <= 7
        seen += page
        before = page[-1].seq
    assert len({photo.id for photo in seen}) == len(seen) == 25
    assert {photo.place for photo in seen} == {HERE}
    assert [photo.seq for photo in seen] == sorted((photo.seq for photo in seen), reverse=True)


async def test_a_place_where_nothing_was_posted_has_no_history_and_no_changes(store: Store) -> None:
    nowhere = Place("web", "local", "nowhere")
    assert await store.history(nowhere, before=1 << 60, limit=9) == []
    assert await store.changes(nowhere, after=0, limit=9) == []
    assert await store.scope_of(nowhere) is None
    assert not (await store.erase_author(nowhere, "minsu")).photos


async def test_asking_about_a_place_does_not_make_it(store: Store) -> None:
    await store.history(HERE, before=1, limit=1)
    assert (await store.stats()).scopes == 0


async def test_figures_count_what_is_there(store: Store) -> None:
    await post(store, "m1", DOG)
    await accept(store, "m2", place=THERE)
    stats = await store.stats()
    assert stats.states == {"answered": 1, "ready": 1}
    assert (stats.pictures, stats.scopes, stats.people) == (2, 2, 1)
    assert await store.waiting() == 1
    assert len(await store.everything(after=0, limit=9)) == 2
