"""A thousand random deaths on Discord and on Telegram, and every named one, cost no photo of a chat."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from models.weights import Weights
from tests.bot.crash.chat_audit import ChatTally
from tests.bot.crash.chat_points import POINTS, both_hits, killed_at
from tests.bot.crash.chat_storm import LOST, chat_storm
from tests.bot.crash.pictures import pictures
from tests.bot.crash.sides import SIDES, Calm, talking
from tests.bot.crash.talk import Talk
from tests.bot.terminal import cache_of
from tests.proof.conftest import Record

PARTS = 10  # of a thousand kills, so that a proof that was interrupted goes on where it was
KILLS = 100
PHOTOS = 200
WAYS = [(platform, point) for platform, points in POINTS.items() for point in points]


@pytest.fixture(scope="session")
def made(sample: Callable[[str], Path]) -> dict[str, bytes]:
    """Small photos by name."""
    return pictures(sample)


@pytest.fixture(scope="session")
def calm(weights: Weights, made: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Calm:
    """What a service that nobody disturbs answers on each platform."""
    return Calm(tmp_path_factory.mktemp("calm"), cache_of(weights), made)


@pytest.fixture
async def talk(
    platform: str, weights: Weights, made: dict[str, bytes], tmp_path: Path
) -> AsyncIterator[Talk]:
    """People on a platform, and a service for them that is not started yet."""
    async with talking(platform, tmp_path / "home", cache_of(weights), made) as talk:
        yield talk


def told(tally: ChatTally) -> str:
    """Return a line of the table as a sentence."""
    return (
        f"{tally.posted} posted, {tally.answered} answered once, {tally.deleted} deleted without a trace,"
        f" {tally.lost} lost, {tally.twice} answers too many ({tally.allowed} allowed),"
        f" integrity {tally.integrity}"
    )


@pytest.mark.proof
@pytest.mark.parametrize("part", range(1, PARTS + 1))
@pytest.mark.parametrize("platform", SIDES)
async def test_a_hundred_random_kills_while_people_post_change_and_delete(
    platform: str, part: int, talk: Talk, calm: Calm, record: Record
) -> None:
    expected = await calm.answers(platform)

    tally = await chat_storm(talk, expected, kills=KILLS, photos=PHOTOS, seed=part)

    print(tally)
    name = f"{platform}: {KILLS} random kills, {LOST:.0%} of responses lost, {part} of {PARTS}"
    record(name, told(tally), "each once, none lost")
    tally.check()


@pytest.mark.proof
@pytest.mark.parametrize(("platform", "point"), WAYS)
async def test_every_point_of_a_chat_at_its_first_and_second_hit(
    platform: str, point: str, talk: Talk, calm: Calm, record: Record
) -> None:
    tally = await killed_at(talk, both_hits(point), await calm.answers(platform))

    print(tally)
    record(f"{platform}: killed at “{point}”, first and second hit", told(tally), "each once")
    tally.check()
