"""Every fault point of a platform: the service dies at its first hit, then at its second one."""

from __future__ import annotations

import signal
from collections.abc import Sequence

from tests.bot.crash.chat_audit import ChatTally, chat_account
from tests.bot.crash.talk import Expected, Talk

ON_BOTH = (
    "received",
    "before-fetch",
    "fetched",
    "cleaning",
    "kept",
    "engine",
    "saved",
    "before-send",
    "sent",
    "answered",
    "album",
    "album-sent",
    "erasing",
    "erased",
    "taking-back",
    "taken-back",
)
POINTS = {
    "discord": (*ON_BOTH, "catching-up"),
    "telegram": (*ON_BOTH, "committed", "line", "line-noted", "line-replaced"),
}
HITS = (1, 2)
Kill = tuple[str, int]  # a point and its hit
OF_ALBUMS = ("album", "album-sent")
OF_DELETIONS = ("erasing", "erased", "taking-back", "taken-back")
SINGLES = 3
GONE = 2  # are deleted to reach a second hit


def both_hits(point: str) -> list[Kill]:
    """Return both kills at a point."""
    return [(point, hit) for hit in HITS]


def in_turn(platform: str) -> list[Kill]:
    """Return one kill at every point, so that the other platform has the other hit of each."""
    first = HITS if platform == "discord" else HITS[::-1]
    return [(point, first[number % 2]) for number, point in enumerate(POINTS[platform])]


async def killed_at(talk: Talk, kills: Sequence[Kill], expected: Expected) -> ChatTally:
    """Let one service after the other die on the same folder; return the account of all of them.

    Before a first hit everything from before is done, and people post while the bot listens.  A second
    one may strike what the last death has left behind, and what was posted while nobody listened.
    """
    if any(point in OF_DELETIONS for point, _ in kills):
        await _prepare(talk)
    for point, hit in kills:
        await (_first if hit == 1 else _later)(talk, point, hit)
    await talk.begin()
    points = list(dict.fromkeys(point for point, _ in kills))
    name = points[0] if len(points) == 1 else f"{len(points)} points"
    return await chat_account(talk, expected, name=name, hit="1+2")


async def _prepare(talk: Talk) -> None:
    """Let there be answers that can be taken back."""
    await talk.begin()
    for pictures in _alone(talk)[: GONE * len(OF_DELETIONS)]:
        await talk.say(*pictures)
    await talk.settled()
    await talk.service.stop()


async def _first(talk: Talk, point: str, hit: int) -> None:
    fault = ("--die", f"{talk.side.name}:{point}", "--at", str(hit))
    if point == "catching-up":
        await _provoke(talk, point)
        talk.start(*fault)
    else:
        await talk.begin(*fault, "--unarmed")
        left = await talk.settled()
        assert not left, f"before {point}: {left}"
        talk.service.signal(signal.SIGUSR1)
        await _provoke(talk, point)
    await talk.died()


async def _later(talk: Talk, point: str, hit: int) -> None:
    await _provoke(talk, point)
    talk.start("--die", f"{talk.side.name}:{point}", "--at", str(hit))
    await talk.died()


async def _provoke(talk: Talk, point: str) -> None:
    """Let people do what leads to a point at least twice."""
    if point in OF_DELETIONS:
        there = [post for post in talk.posts if len(post.pictures) == 1 and not post.is_gone]
        for post in there[:GONE]:
            await talk.side.delete(post) if talk.side.tells_of_deletions else await talk.withdraw(post)
    elif point in OF_ALBUMS:
        for pictures in [pictures for pictures in talk.known if len(pictures) > 1][:2]:
            await talk.say(*pictures)
    else:
        for pictures in _alone(talk)[:SINGLES]:
            await talk.say(*pictures)


def _alone(talk: Talk) -> list[tuple[str, ...]]:
    return [pictures for pictures in talk.known if len(pictures) == 1]
