"""The door for uploads: how many at once, and nothing acknowledged that is not on the disk."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot.desk import Desk
from bot.intake import DECODING, Intake
from inference.decode.pool import CleanPhoto
from models.errors import Busy, DiskFull, NotAPicture, Stopped
from models.records import ChatRules
from storage.store import Store
from tests.bot.stands_in import PICTURE, Sent, StandIn, incoming, open_store, put, states


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    found = open_store(tmp_path / "data")
    yield found
    found.close()


def door(store: Store, app: StandIn | None = None, *, room: int = 5) -> Intake:
    app = app or StandIn()
    return Intake(store, app, Desk(store, app, {"web": Sent()}, lambda photo: ChatRules()), room=room)


async def test_what_is_taken_in_is_on_the_disk_when_it_is_acknowledged(store: Store) -> None:
    intake = door(store)
    async with intake.seat():
        accepted = await intake.take(incoming("a", 1), PICTURE.jpeg, "ko")

    assert accepted.is_new
    assert await states(store, [accepted.photo]) == {"ready"}
    assert await store.picture(accepted.photo) == PICTURE.jpeg
    assert intake.accepted == 1


async def test_the_same_again_is_counted_once(store: Store) -> None:
    intake = door(store)
    async with intake.seat():
        accepted = [await intake.take(incoming("a", 1), PICTURE.jpeg, "ko") for _ in range(3)]

    assert [one.is_new for one in accepted] == [True, False, False]
    assert len({one.photo for one in accepted}) == 1
    assert intake.accepted == 1


async def test_when_all_places_are_taken_the_next_hears_its_place_and_when_to_come(store: Store) -> None:
    intake = door(store)
    await put(store, "a", 5)

    with pytest.raises(Busy) as refusal:
        async with intake.seat():
            pytest.fail("there is no seat")

    assert refusal.value.data == {"place": 5, "seconds": 1}
    assert intake.refused == 1


async def test_who_is_being_taken_in_counts_too(store: Store) -> None:
    intake = door(store)
    await put(store, "a", 3)
    async with intake.seat(), intake.seat():
        with pytest.raises(Busy):
            async with intake.seat():
                pytest.fail("there is no seat")
    async with intake.seat():
        pass


@pytest.mark.parametrize("room", [1, 4, 100])
async def test_of_a_flood_no_more_get_a_seat_than_there_are(store: Store, room: int) -> None:
    intake, seated = door(store, room=room), 0

    async def come(stack: AsyncExitStack) -> None:
        nonlocal seated
        await stack.enter_async_context(intake.seat())
        seated += 1

    async with AsyncExitStack() as stack:
        found = await asyncio.gather(*(come(stack) for _ in range(60)), return_exceptions=True)

    assert seated == min(room, DECODING)
    assert sum(isinstance(one, Busy) for one in found) == 60 - seated


class Blind(StandIn):
    async def clean(self, data: bytes) -> CleanPhoto:
        raise NotAPicture("no picture")


async def test_a_seat_is_free_again_whatever_happens_on_it(store: Store) -> None:
    intake = door(store, Blind(), room=1)
    for _ in range(3):
        with pytest.raises(NotAPicture):
            async with intake.seat():
                await intake.take(incoming("a", 1), b"x", "ko")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01), intake.seat():
            await asyncio.sleep(60)

    async with intake.seat():
        pass
    assert await store.waiting() == 0


async def test_nothing_is_taken_on_a_full_disk_or_after_closing(store: Store) -> None:
    intake = door(store)
    store.folder.reserve_bytes = 10**18
    with pytest.raises(DiskFull):
        async with intake.seat():
            pytest.fail("there is no seat")
    store.folder.reserve_bytes = 0

    intake.close()
    with pytest.raises(Stopped) as refusal:
        async with intake.seat():
            pytest.fail("there is no seat")
    assert refusal.value.data == {"seconds": 5}


async def test_a_disk_that_fills_up_meanwhile_acknowledges_nothing(store: Store) -> None:
    intake = door(store)
    async with intake.seat():
        store.folder.reserve_bytes = 10**18
        with pytest.raises(DiskFull):
            await intake.take(incoming("a", 1), PICTURE.jpeg, "ko")

    assert (intake.accepted, await store.waiting()) == (0, 0)
