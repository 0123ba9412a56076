"""A thousand random deaths and every named one cost no photo; a start with much to do is quick."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from models.weights import Weights
from tests.bot.crash.audit import Tally
from tests.bot.crash.pictures import pictures, poison
from tests.bot.crash.points import BESIDE_IT, EACH, HITS, ON_THE_WAY, twice_killed
from tests.bot.crash.service import Service
from tests.bot.crash.storm import storm
from tests.bot.crash.undisturbed import Undisturbed
from tests.bot.crash.waiting import late_start
from tests.bot.terminal import cache_of
from tests.proof.conftest import Record

PARTS = 10  # of a thousand kills, so that a proof that was interrupted goes on where it was
KILLS = 100
PHOTOS = 300
WAITING = 500
ACCEPT_SECONDS = 3.0


@pytest.fixture(scope="session")
def made(sample: Callable[[str], Path]) -> dict[str, bytes]:
    """Small photos by name."""
    return pictures(sample)


@pytest.fixture(scope="session")
def undisturbed(
    weights: Weights, made: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory
) -> Undisturbed:
    """What a service that nobody disturbs answers."""
    return Undisturbed(Service(tmp_path_factory.mktemp("undisturbed"), cache_of(weights)), made)


@pytest.fixture
def service(weights: Weights, tmp_path: Path) -> Service:
    """A service that is not started yet."""
    return Service(tmp_path, cache_of(weights))


def told(tally: Tally) -> str:
    """Return a line of the table as a sentence."""
    return (
        f"{tally.acknowledged} acknowledged, {tally.answered_once} answered once, {tally.duplicates} twice,"
        f" {tally.lost} lost, {tally.quarantined} put aside, integrity {tally.integrity}"
    )


@pytest.mark.proof
@pytest.mark.parametrize("part", range(1, PARTS + 1))
async def test_a_hundred_random_kills_while_three_hundred_photos_arrive(
    part: int,
    service: Service,
    made: dict[str, bytes],
    undisturbed: Undisturbed,
    sample: Callable[[str], Path],
    record: Record,
) -> None:
    expected = await undisturbed.answers()

    tally = await storm(service, made, expected, poison(sample), kills=KILLS, photos=PHOTOS, seed=part)

    print(tally)
    name = f"{KILLS} random kills while {PHOTOS} photos and a poison arrive, {part} of {PARTS}"
    record(name, told(tally), "each once, the poison put aside")
    tally.check(PHOTOS + 1, quarantined=1)


@pytest.mark.proof
@pytest.mark.parametrize("point", [*ON_THE_WAY, *BESIDE_IT])
async def test_every_point_at_its_first_and_second_hit(
    point: str, service: Service, made: dict[str, bytes], undisturbed: Undisturbed, record: Record
) -> None:
    tally = await twice_killed(point, service, made, await undisturbed.answers())

    print(tally)
    record(f"killed at “{point}”, first and second hit", told(tally), "each once")
    tally.check(EACH * len(HITS))


@pytest.mark.proof
async def test_a_start_with_five_hundred_waiting(
    service: Service, made: dict[str, bytes], undisturbed: Undisturbed, tmp_path: Path, record: Record
) -> None:
    seconds, tally = await late_start(service, made, await undisturbed.answers(), tmp_path / "gate", WAITING)

    record(f"start with {WAITING} photos waiting: first upload accepted", f"{seconds:.1f} s", "≤ 3 s")
    record(f"start with {WAITING} photos waiting: all answered", told(tally), "each once")
    tally.check(WAITING + 1)
    assert seconds <= ACCEPT_SECONDS
