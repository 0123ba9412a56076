"""`kill -9` on Discord and on Telegram: at every named point of a photo's way, and at random.

Both platforms at the same time, each with a service of its own: most of a life is spent on starting.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from tests.bot.crash.chat_audit import HEADER, ChatTally
from tests.bot.crash.chat_points import in_turn, killed_at
from tests.bot.crash.chat_storm import chat_storm
from tests.bot.crash.sides import Calm
from tests.bot.crash.talk import Expected, Talk

SEED = 20261120


async def on_each(
    talks: list[Talk], calm: Calm, suffer: Callable[[Talk, Expected], Awaitable[ChatTally]]
) -> list[ChatTally]:
    """Return the account of every platform, whatever became of the others."""

    async def one(talk: Talk) -> ChatTally:
        return await suffer(talk, await calm.answers(talk.side.name))

    tallies = await asyncio.gather(*map(one, talks))
    print("", HEADER, *tallies, sep="\n")
    return tallies


async def test_a_kill_at_every_point_costs_no_photo_of_a_chat_and_no_answer_is_said_twice(
    talks: list[Talk], calm: Calm
) -> None:
    tallies = await on_each(
        talks, calm, lambda talk, expected: killed_at(talk, in_turn(talk.side.name), expected)
    )

    for tally in tallies:
        tally.check()


async def test_random_kills_cost_nothing_while_people_post_change_and_delete(
    talks: list[Talk], calm: Calm
) -> None:
    tallies = await on_each(
        talks, calm, lambda talk, expected: chat_storm(talk, expected, kills=3, photos=18, seed=SEED)
    )

    for tally in tallies:
        tally.check()
