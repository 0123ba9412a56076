"""What happens in another chat changes nothing here: no hit, no rank, no score, no reason."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.records import Place
from storage import erasure, photos
from storage.search import Found, find
from storage.sqlite import Connection, transaction
from storage.words import Tokenizer
from tests.storage.makers import BICYCLE, CAT, DOG, HERE, THERE, put_found

QUERIES = [
    "개",
    "고양이 자전거",
    "산책",
    "한강 산책",
    "dog",
    "생일 케이크",
    "개 산책 한강",
    "케이크집",
    "코끼리",
]
WORDS = ["산책", "한강", "생일", "케이크", "dogs", "나비", "케이크가게"]
PHOTO = st.tuples(
    st.lists(st.sampled_from([DOG, CAT, BICYCLE]), max_size=3), st.lists(st.sampled_from(WORDS), max_size=3)
)
PHOTOS = st.lists(PHOTO, max_size=8)
Described = list[tuple[list[int], list[str]]]


def put_all(database: Connection, tokenizer: Tokenizer, described: Described, place: Place) -> int:
    """Put photos into a chat; return its scope."""
    for number, (ids, words) in enumerate(described):
        put_found(database, tokenizer, f"{number}", *ids, place=place, text=" ".join(words))
    return photos.scope_of(database, place)


def answers(database: Connection, tokenizer: Tokenizer, scope: int) -> list[tuple[str, list[object]]]:
    """Return everything that these queries tell about a chat, ids replaced by messages."""
    return [told(find(database, tokenizer, query, [scope])) for query in QUERIES]


def told(found: Found) -> tuple[str, list[object]]:
    return found.outcome, [(hit.message, hit.score, hit.reason, hit.place) for hit in found.hits]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(here=PHOTOS, there=PHOTOS, is_before=st.booleans(), is_erased=st.booleans())
def test_photos_of_another_chat_change_no_answer_here(
    database: Connection,
    here: Described,
    there: Described,
    is_before: bool,
    is_erased: bool,
) -> None:
    early = Tokenizer()
    database.executescript(
        "DELETE FROM photo; DELETE FROM term; DELETE FROM words; DELETE FROM picture; DELETE FROM tombstone;"
    )
    with transaction(database):
        if is_before:
            put_all(database, early, there, THERE)
        scope = put_all(database, early, here, HERE)
        alone = answers(database, early, scope)
        put_all(database, early, there * 2, Place("web", "local", "third"))
        if not is_before:
            put_all(database, early, there, THERE)
        assert answers(database, early, scope) == alone
        if is_erased:
            codes = [
                row["code"] for row in database.execute("SELECT code FROM photo WHERE scope != ?", (scope,))
            ]
            erasure.erase(database, codes, 1)
            assert answers(database, early, scope) == alone


@pytest.fixture
def crowded(database: Connection, tokenizer: Tokenizer) -> Connection:
    """A small chat, before and after thousands of photos of others."""
    with transaction(database):
        put_all(
            database, tokenizer, [([DOG], ["산책"]), ([CAT, BICYCLE], ["한강", "산책"]), ([DOG], [])], HERE
        )
    return database


def test_thousands_of_photos_of_another_chat_change_no_answer_here(
    crowded: Connection, tokenizer: Tokenizer
) -> None:
    scope = photos.scope_of(crowded, HERE)
    alone = answers(crowded, tokenizer, scope)
    assert alone[0][0] == "found"
    early = Tokenizer()
    with transaction(crowded):
        put_all(crowded, early, [([DOG, DOG, CAT], ["산책", "한강", "생일"])] * 3_000, THERE)
    assert answers(crowded, tokenizer, scope) == alone
    other = find(crowded, tokenizer, "산책", [photos.scope_of(crowded, THERE)], limit=500)
    assert {hit.place for hit in other.hits} == {THERE}
    assert len(other.hits) > 100


def test_two_scopes_are_asked_as_one(crowded: Connection, tokenizer: Tokenizer) -> None:
    with transaction(crowded):
        there = put_all(crowded, tokenizer, [([DOG], ["한강"])], THERE)
        third = put_all(crowded, tokenizer, [([DOG], ["한강"])], Place("web", "local", "third"))
    here = photos.scope_of(crowded, HERE)
    both = find(crowded, tokenizer, "개", [here, there])
    assert {hit.place for hit in both.hits} == {HERE, THERE}
    assert len(both.hits) == 3
    assert third not in {photo.scope for photo in both.photos}
