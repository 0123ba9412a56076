"""Warm workers answer every photo with itself, and are replaced in time."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Iterator

import pytest
from PIL import Image

from inference.decode import pool as pool_module
from inference.decode.policy import MAX_BYTES
from inference.decode.pool import CleanPhoto, DecodePool
from models.errors import DecodeCrash, NotAPicture, Stopped, TooManyBytes, TooManyPixels
from tests.inference.hostile import png, swollen_jpeg
from tests.inference.photos import busy, clean, exif, samples, saved, shows

GOOD = saved(busy(), "JPEG", exif=exif(6))
OTHER = saved(Image.new("RGB", (33, 44), (1, 2, 3)), "PNG")


@pytest.fixture
def pool() -> Iterator[DecodePool]:
    """One real worker."""
    with DecodePool(1) as started:
        yield started


@pytest.fixture(scope="module")
def used_pool() -> Iterator[DecodePool]:
    """One real worker that decodes one photo after another."""
    with DecodePool(1) as started:
        yield started


@pytest.mark.parametrize("name", samples())
async def test_a_photo_comes_back_as_the_policy_decodes_it(name: str, used_pool: DecodePool) -> None:
    expected = clean(samples()[name])

    photo = await used_pool.decode(samples()[name])

    assert photo.image.tobytes() == expected.image.tobytes()
    assert photo.jpeg == expected.jpeg
    assert (photo.image.size, photo.original) == (expected.image.size, expected.original)
    assert not photo.is_partial
    assert photo.seconds > 0


async def test_a_truncated_photo_comes_back_flagged_partial(used_pool: DecodePool) -> None:
    photo = await used_pool.decode(GOOD[: len(GOOD) * 9 // 10])

    assert photo.is_partial


async def test_a_large_photo_comes_back_with_its_original_size(used_pool: DecodePool) -> None:
    photo = await used_pool.decode(saved(Image.new("RGB", (5000, 2500)), "JPEG", exif=exif(6)))

    assert photo.image.size == (1024, 2048)
    assert photo.original == (2500, 5000)


async def test_a_refusal_comes_back_with_its_kind_words_and_numbers(used_pool: DecodePool) -> None:
    with pytest.raises(TooManyPixels, match="900000000 pixels") as refusal:
        await used_pool.decode(png((30_000, 30_000), b""))

    assert refusal.value.data == {"megapixels": 60, "side": 20_000}


async def test_a_refusal_keeps_the_worker(pool: DecodePool) -> None:
    await pool.decode(GOOD)
    before = pool.pids()

    with pytest.raises(NotAPicture):
        await pool.decode(b"hello")

    assert pool.pids() == before


async def test_no_photo_is_left_in_the_answer_to_the_next(pool: DecodePool) -> None:
    await pool.decode(saved(busy((2048, 2048)), "PNG"))

    photo = await pool.decode(OTHER)

    assert shows(photo, OTHER)


async def test_one_byte_more_than_allowed_is_refused_without_a_worker(pool: DecodePool) -> None:
    with pytest.raises(TooManyBytes) as refusal:
        await pool.decode(swollen_jpeg(MAX_BYTES + 1))

    assert refusal.value.data == {"found": 30.1, "megabytes": 30}
    assert pool.pids() == []


async def test_as_many_bytes_as_allowed_reach_the_worker(pool: DecodePool) -> None:
    photo = await pool.decode(swollen_jpeg(MAX_BYTES))

    assert photo.image.size == busy().size


async def test_a_worker_killed_between_photos_costs_at_most_one(pool: DecodePool) -> None:
    await pool.decode(GOOD)
    os.kill(pool.pids()[0], signal.SIGKILL)

    answers = [(await asyncio.gather(pool.decode(GOOD), return_exceptions=True))[0] for _ in range(3)]

    assert isinstance(answers[0], CleanPhoto | DecodeCrash)
    assert all(isinstance(answer, CleanPhoto) for answer in answers[1:])


async def test_a_worker_is_replaced_after_so_many_photos(
    pool: DecodePool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool_module, "RECYCLE_AFTER", 3)
    await pool.warm()
    used = []

    for _ in range(6):
        used.append(pool.pids())
        await pool.decode(GOOD)
        await pool.warm()

    assert used[0] == used[1] == used[2] != used[3]
    assert used[3] == used[4] == used[5]


async def test_a_warm_pool_has_all_its_workers() -> None:
    with DecodePool(2) as pool:
        await pool.warm()

        assert len(set(pool.pids())) == 2


async def test_a_closed_pool_leaves_no_worker() -> None:
    with DecodePool(2) as pool:
        await pool.warm()
        workers = pool.pids()

    for worker in workers:
        with pytest.raises(ProcessLookupError):
            os.kill(worker, 0)


async def test_a_command_that_cannot_start_is_a_crash() -> None:
    command = (sys.executable, "-c", "raise SystemExit(3)")

    with DecodePool(1, command) as pool, pytest.raises(DecodeCrash, match="code 3"):
        await pool.decode(GOOD)


async def test_a_closed_pool_says_that_it_is_closed() -> None:
    pool = DecodePool(1)
    pool.close()

    with pytest.raises(Stopped):
        await pool.decode(b"anything")
