"""A decoder that misbehaves costs its own photo and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from PIL import Image

from inference.decode import pool as pool_module
from inference.decode.pool import CleanPhoto, DecodePool
from models.errors import BadPhoto, DecodeCrash, DecodeMemory, DecodeTimeout
from tests.inference.hostile_worker import HOSTILE
from tests.inference.photos import busy, exif, saved, shows

WALL_SECONDS = 3.0  # instead of 5; to eat its memory a decoder needs one on a busy machine

GOOD = saved(busy(), "JPEG", exif=exif(6))
OTHER = saved(Image.new("RGB", (33, 44), (1, 2, 3)), "PNG")

Misbehaviour = tuple[bytes, type[BadPhoto]]
MISBEHAVIOURS: list[Misbehaviour] = [
    (b"HANG", DecodeTimeout),
    (b"CRASH", DecodeCrash),
    (b"EAT", DecodeMemory),
]
NONSENSE = {
    "noise": b"SAY \xc2\xa1 no json",
    "an empty line": b"SAY ",
    "a list": b"SAYHANG [1, 2]",
    "a number": b"SAYHANG 7",
    "an empty answer": b"SAYHANG {}",
    "a negative size": b'SAYHANG {"width": -5, "height": 5, "jpeg": 9, "original": [5, 5], "partial": 0}',
    "a false size": b'SAYHANG {"width": 9000, "height": 9000, "jpeg": 9, "original": [5, 5], "partial": 0}',
    "a false jpeg": b'SAYHANG {"width": 5, "height": 5, "jpeg": 99999999, "original": [5, 5], "partial": 0}',
    "no original": b'SAYHANG {"width": 5, "height": 5, "jpeg": 9, "original": [], "partial": 0}',
    "a strange refusal": b'SAYHANG {"error": "bad-photo", "message": 5, "data": [1]}',
    "half a line": b"SAYHALF {",
    "silence": b"CLOSE",
}


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool_module, "WALL_SECONDS", WALL_SECONDS)


@pytest.fixture
def hostile_pool(impatient: None) -> Iterator[DecodePool]:
    """One worker that misbehaves on demand."""
    with DecodePool(1, HOSTILE) as started:
        yield started


@pytest.mark.parametrize(("word", "kind"), MISBEHAVIOURS)
async def test_a_misbehaving_decoder_is_answered_with_its_kind(
    word: bytes, kind: type[BadPhoto], hostile_pool: DecodePool
) -> None:
    with pytest.raises(kind) as failure:
        await hostile_pool.decode(word)

    assert type(failure.value) is kind


@pytest.mark.parametrize(("word", "kind"), MISBEHAVIOURS)
async def test_the_photo_after_a_misbehaving_decoder_is_answered(
    word: bytes, kind: type[BadPhoto], hostile_pool: DecodePool
) -> None:
    with pytest.raises(kind):
        await hostile_pool.decode(word)

    assert shows(await hostile_pool.decode(GOOD), GOOD)


@pytest.mark.parametrize("name", NONSENSE)
async def test_a_decoder_that_talks_nonsense_is_answered_with_a_kind(
    name: str, hostile_pool: DecodePool
) -> None:
    with pytest.raises(BadPhoto):
        await hostile_pool.decode(NONSENSE[name])


@pytest.mark.parametrize("name", NONSENSE)
async def test_the_photos_after_nonsense_are_answered_with_themselves(
    name: str, hostile_pool: DecodePool
) -> None:
    await asyncio.gather(hostile_pool.decode(NONSENSE[name]), return_exceptions=True)

    photos = [await hostile_pool.decode(data) for data in (GOOD, OTHER)]

    assert shows(photos[0], GOOD)
    assert shows(photos[1], OTHER)


async def test_good_photos_are_answered_while_decoders_misbehave(impatient: None) -> None:
    files = [GOOD, b"HANG", OTHER, GOOD, b"CRASH", OTHER, GOOD, b"EAT", OTHER, GOOD, OTHER]

    with DecodePool(2, HOSTILE) as pool:
        answers = await asyncio.gather(*map(pool.decode, files), return_exceptions=True)

    kinds = dict(MISBEHAVIOURS)
    for data, answer in zip(files, answers, strict=True):
        if data in kinds:
            assert type(answer) is kinds[data]
        else:
            assert isinstance(answer, CleanPhoto)
            assert shows(answer, data)


async def test_the_loop_is_free_while_a_decoder_hangs(hostile_pool: DecodePool) -> None:
    hanging = asyncio.ensure_future(hostile_pool.decode(b"HANG"))

    await asyncio.sleep(0)

    assert not hanging.done()
    with pytest.raises(DecodeTimeout):
        await hanging
