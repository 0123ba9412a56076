"""`kill -9` at every named point on the way of a photo, and while something is put aside for good."""

from __future__ import annotations

import pytest

from tests.bot.crash.points import EACH, HITS, ON_THE_WAY, twice_killed
from tests.bot.crash.service import Service
from tests.bot.crash.undisturbed import Undisturbed


@pytest.mark.parametrize("point", ON_THE_WAY)
async def test_a_kill_at_a_point_of_the_way_costs_no_photo_and_doubles_none(
    point: str, service: Service, made: dict[str, bytes], undisturbed: Undisturbed
) -> None:
    tally = await twice_killed(point, service, made, await undisturbed.answers())

    print(tally)
    tally.check(EACH * len(HITS))
