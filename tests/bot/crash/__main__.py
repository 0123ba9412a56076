"""The table of fault points and of random kills: of the web chat, of Discord or of Telegram.

python -m tests.bot.crash [--platform discord|telegram] [--kills 100] [--photos 300] [--seed 1]
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from pathlib import Path

from bot.app import open_weights
from bot.settings import read_settings
from models.weights import Weights
from tests.bot.crash.audit import HEADER
from tests.bot.crash.chat_audit import HEADER as CHAT_HEADER
from tests.bot.crash.chat_points import POINTS, both_hits, killed_at
from tests.bot.crash.chat_storm import chat_storm
from tests.bot.crash.pictures import pictures, poison
from tests.bot.crash.points import BESIDE_IT, EACH, HITS, ON_THE_WAY, twice_killed
from tests.bot.crash.service import Service
from tests.bot.crash.sides import SIDES, Calm, talking
from tests.bot.crash.storm import storm
from tests.bot.crash.undisturbed import Undisturbed
from tests.bot.terminal import cache_of


def main() -> None:
    """Print the table; fail where a line is not as promised."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--platform", choices=["web", *SIDES], default="web")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--photos", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only-storm", action="store_true")
    parser.add_argument("--point", action="append", help="of a platform, one or more instead of all")
    chosen = parser.parse_args()
    table = web_table if chosen.platform == "web" else chat_table
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(table(open_weights(read_settings()), Path(folder), chosen))


async def web_table(weights: Weights, folder: Path, chosen: argparse.Namespace) -> None:
    """Print a line per fault point of the web chat, and one for the random kills."""

    def sample(name: str) -> Path:
        return weights.verified(weights.registry.entry(name))

    def service(name: str) -> Service:
        home = folder / name
        home.mkdir()
        return Service(home, cache_of(weights))

    made = pictures(sample)
    calm = service("undisturbed")
    expected = await Undisturbed(calm, made).answers()
    print(HEADER)
    for point in () if chosen.only_storm else (*ON_THE_WAY, *BESIDE_IT):
        tally = await twice_killed(point, service(point), made, expected)
        print(tally, flush=True)
        tally.check(EACH * len(HITS))
    counts = {"kills": chosen.kills, "photos": chosen.photos, "seed": chosen.seed}
    tally = await storm(service("storm"), made, expected, poison(sample), **counts)
    print(tally)
    tally.check(chosen.photos + 1, quarantined=1)


async def chat_table(weights: Weights, folder: Path, chosen: argparse.Namespace) -> None:
    """Print a line per fault point of a platform, and one for the random kills."""
    made = pictures(lambda name: weights.verified(weights.registry.entry(name)))
    cache, platform = cache_of(weights), chosen.platform
    expected = await Calm(folder, cache, made).answers(platform)
    print(CHAT_HEADER)
    for point in () if chosen.only_storm else chosen.point or POINTS[platform]:
        async with talking(platform, folder / point, cache, made) as talk:
            tally = await killed_at(talk, both_hits(point), expected)
        print(tally, flush=True)
        tally.check()
    counts = {"kills": chosen.kills, "photos": chosen.photos, "seed": chosen.seed}
    async with talking(platform, folder / "storm", cache, made) as talk:
        tally = await chat_storm(talk, expected, **counts)
    print(tally)
    tally.check()


if __name__ == "__main__":
    main()
