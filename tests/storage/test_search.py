"""`/find`: what was asked for, best first, with the reason, or an honest "not found"."""

from __future__ import annotations

import random

import pytest

from models.labels import label
from models.records import Language
from storage.search import Found, find
from storage.sqlite import Connection, transaction
from storage.store import Store
from storage.words import Tokenizer
from tests.storage.makers import BICYCLE, CAT, DEADLINE, DOG, HERE, THERE, accept, analysis, post, put_found

SEED = 20261120
HOSTILE = [
    '"', "'", '""', '"dog', "dog*", "*", "-dog", "^dog", "dog AND", "OR", "NOT", "NEAR(dog cat)",
    "labels:l160", "{labels grams}:x", "scope:s2", 's1" OR scope:"s2', "(", ")", "((((",
    "dog) OR (scope:s2", "\0", "dog\0cat",
    "%", "_", "\\", ";--", "'; DROP TABLE photo; --", "NULL", "0", "1e999", "\ud83d", "\U0010ffff", "\ufeff",
    "\u202edog",
    "👨‍👩‍👧", "🐕", "ㄱㄴㄷ", "ㅋㅋㅋㅋ", "각ᆨᆨ", "ᄀ", "²", "①", "ﷺ", "İ", "ß", "𝒹ℴℊ", "१२३", "ꙮ",
    "\u0301", "a\u0301", "dog\n\r\tcat", "가" * 500, "a" * 500, "a b " * 125, "개 " * 250,
    " " * 500, "🐕" * 250, "a\u19b0b", "\u19b0", "가\u1cf2나",
]  # fmt: skip


@pytest.fixture
def photos(store: Store) -> dict[str, str]:
    """A chat in which every photo is another one; the name of each is its id."""
    described: dict[str, tuple[tuple[int, ...], str]] = {
        "park": ((DOG, DOG, BICYCLE), "한강 공원에서 산책했어요"),
        "cat": ((CAT,), "우리집 나비"),
        "bike": ((BICYCLE,), ""),
        "cake": ((), "민수 생일 케이크 Birthday cakes"),
        "none": ((), ""),
    }

    def put_all(connection: Connection) -> dict[str, str]:
        made = {put_in_all(connection, name, *what): name for name, what in described.items()}
        return {**made, put_found(connection, store.tokenizer, "m", DOG, place=THERE, text="산책"): "other"}

    def put_in_all(connection: Connection, name: str, ids: tuple[int, ...], text: str) -> str:
        return put_found(connection, store.tokenizer, name, *ids, text=text)

    return store.writer.put(put_all).result(DEADLINE)


async def found(store: Store, text: str, limit: int = 10, language: Language = "ko") -> Found:
    scope = await store.scope_of(HERE)
    assert scope is not None
    return await store.find(text, [scope], limit=limit, language=language)


async def names_of(store: Store, photos: dict[str, str], text: str) -> list[str]:
    return [photos[hit.photo] for hit in (await found(store, text)).hits]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("강아지", "park"),
        ("dogs", "park"),
        ("고양이 사진 찾아줘", "cat"),
        ("cat", "cat"),
        ("한강", "park"),
        ("공원 산책", "park"),
        ("산책을", "park"),
        ("나비", "cat"),
        ("생일", "cake"),
        ("birthday cake", "cake"),
        ("BIRTHDAY", "cake"),
        ("강아지 자전거", "park"),
        ("개랑 산책하는 사진", "park"),
        ("민수", "cake"),
    ],
)
async def test_the_photo_that_was_asked_for_comes_first(
    store: Store, photos: dict[str, str], text: str, first: str
) -> None:
    answer = await found(store, text)
    assert answer.outcome == "found"
    assert photos[answer.hits[0].photo] == first
    assert [photo.id for photo in answer.photos] == [hit.photo for hit in answer.hits]


async def test_a_photo_that_has_everything_is_before_one_that_has_something(
    store: Store, photos: dict[str, str]
) -> None:
    assert (await names_of(store, photos, "개와 자전거"))[0] == "park"
    assert set(await names_of(store, photos, "자전거")) == {"park", "bike"}


@pytest.mark.parametrize("text", ["코끼리", "elephant", "우주선 발사", "xyzzy", "", "?!", "피아노"])
async def test_what_is_not_there_is_not_found(store: Store, photos: dict[str, str], text: str) -> None:
    assert await found(store, text) == Found("none")


async def test_the_least_bad_photo_is_not_offered(store: Store) -> None:
    for number in range(8):
        await post(store, f"m{number}", DOG)
    assert await found(store, "코끼리 피아노 우주선 개") == Found("none")


@pytest.mark.parametrize("text", ["생일케익", "산책로", "케이크집"])
async def test_what_only_looks_alike_is_maybe(store: Store, photos: dict[str, str], text: str) -> None:
    answer = await found(store, text)
    assert answer.outcome in {"maybe", "none"}, [hit.reason for hit in answer.hits]


async def test_half_of_a_word_is_maybe_and_not_certain(store: Store) -> None:
    await post(store, "m1", text="아이스크림가게")
    answer = await found(store, "아이스크림차")
    assert answer.outcome == "maybe"


@pytest.mark.parametrize(
    ("text", "language", "reason"),
    [
        ("강아지", "ko", "개 2마리"),
        ("강아지", "en", "2 dogs"),
        ("개 자전거", "ko", "개 2마리 · 자전거"),
        ("dog bicycle", "en", "2 dogs · bicycle"),
        ("한강", "ko", "“한강”"),
        ("산책", "en", "“산책했어요”"),
        ("개 산책", "ko", "개 2마리 · “산책했어요”"),
    ],
)
async def test_every_hit_says_why(
    store: Store, photos: dict[str, str], text: str, language: Language, reason: str
) -> None:
    answer = await found(store, text, language=language)
    assert answer.hits[0].reason == reason


async def test_a_hit_tells_where_and_when_and_whose(store: Store, photos: dict[str, str]) -> None:
    [hit] = (await found(store, "나비")).hits
    photo = await store.photo(hit.photo)
    assert photo is not None
    assert (hit.place, hit.message, hit.sent_at, hit.author) == (
        HERE,
        "cat",
        photo.sent_at,
        photo.author,
    )
    assert 0 < hit.score <= 1


@pytest.mark.parametrize("limit", [1, 3, 7, 50])
async def test_no_more_than_asked_for_and_the_newest_of_equals_first(store: Store, limit: int) -> None:
    made = [(await post(store, f"m{number}", DOG)).id for number in range(12)]
    hits = (await found(store, "개", limit)).hits
    assert [hit.photo for hit in hits] == made[::-1][:limit]
    assert len({hit.score for hit in hits}) == 1


async def test_nobody_finds_anything_without_a_scope(store: Store, photos: dict[str, str]) -> None:
    assert await store.find("강아지", []) == Found("none")
    assert await store.find("강아지", [9_999]) == Found("none")


async def test_thousands_of_scopes_can_be_asked_at_once(store: Store, photos: dict[str, str]) -> None:
    answer = await store.find("강아지", range(1, 5_000))
    assert {photos[hit.photo] for hit in answer.hits} == {"park", "other"}


async def test_what_waits_for_its_analysis_is_not_found_yet(store: Store) -> None:
    accepted = await accept(store, "m1", text="산책")
    assert (await found(store, "산책")).outcome == "none"
    [photo] = await store.take(1, {}, is_idle=True)
    await store.save(photo, analysis(DOG), is_hidden=False)
    assert [hit.photo for hit in (await found(store, "산책")).hits] == [accepted.photo]


async def test_an_analysis_that_is_made_again_replaces_the_first(store: Store) -> None:
    photo = await post(store, "m1", DOG)
    await store.save(photo, analysis(CAT), is_hidden=False)
    assert (await found(store, "개")).outcome == "none"
    assert [hit.photo for hit in (await found(store, "고양이")).hits] == [photo.id]


async def test_before_morphemes_are_loaded_bigrams_and_classes_answer(
    store: Store, photos: dict[str, str]
) -> None:
    store.tokenizer = Tokenizer()
    for text, name in (("강아지", "park"), ("산책", "park"), ("생일케이크", "cake"), ("cat", "cat")):
        assert (await names_of(store, photos, text))[:1] == [name], text
    assert not store.tokenizer.is_loaded
    assert (await found(store, "산책")).outcome == "maybe"  # by its look only
    assert (await found(store, "코끼리")).outcome == "none"


async def test_what_means_something_to_a_database_means_nothing_here(
    store: Store, photos: dict[str, str]
) -> None:
    for text in HOSTILE:
        for hit in (await found(store, text)).hits:
            assert photos[hit.photo] != "other", text
    assert (await names_of(store, photos, "강아지")) == ["park"]


def test_two_thousand_hostile_queries_are_answered(database: Connection, tokenizer: Tokenizer) -> None:
    with transaction(database):
        for number in range(20):
            ids = (number * 30 % 601, DOG)
            put_found(database, tokenizer, f"m{number}", *ids, text=f"{label(ids[0]).ko} 산책 {number}")
        put_found(database, tokenizer, "other", DOG, place=THERE, text="산책")
    chance, early = random.Random(SEED), Tokenizer()
    pieces = [*HOSTILE, "개", "dog", "산책", '"', "AND", "scope:", " "]
    for number in range(2_000):
        text = "".join(chance.choice(pieces) for _ in range(chance.randint(1, 9)))
        text += "".join(chr(chance.randrange(0x3000)) for _ in range(chance.randint(0, 20)))
        answer = find(database, tokenizer if number % 5 == 0 else early, text[: chance.randint(1, 500)], [1])
        assert answer.outcome in {"found", "maybe", "none"}
        assert all(hit.place == HERE for hit in answer.hits)
        assert (answer.outcome == "none") == (not answer.hits)


async def test_what_nobody_has_does_not_hide_what_somebody_has(store: Store, photos: dict[str, str]) -> None:
    assert (await found(store, "공놀이 하는 개")).outcome == "maybe"
    assert (await found(store, "a dog and a piano")).outcome == "maybe"
    assert (await found(store, "피아노 치는 코끼리")).outcome == "none"


async def test_a_photo_of_what_is_not_wanted_is_left_out(store: Store) -> None:
    alone, together = await post(store, "m1", DOG), await post(store, "m2", DOG, CAT)

    assert {hit.photo for hit in (await found(store, "개")).hits} == {alone.id, together.id}
    assert [hit.photo for hit in (await found(store, "개 -고양이")).hits] == [alone.id]
    assert await found(store, "-고양이") == Found("none")
