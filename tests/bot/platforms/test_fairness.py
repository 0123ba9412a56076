"""A chat in which a party is going on holds no other chat up, on whichever platform."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

import pytest

from bot.desk import IN_FLIGHT
from bot.door import Arrived, Taken
from bot.service import Service
from tests.bot.platforms.eyes import Eyes
from tests.bot.platforms.rooms import DiscordRoom, Room, answers
from tests.bot.platforms.town import PLATFORMS, Town
from tests.bot.web.pages import flat, until

PARTY, PEOPLE = 200, 20
SEATS = {"CHAT_PHOTOS_PER_MINUTE": "1000", "WAITING_PHOTOS": "1000"}
LOOK_SECONDS = 0.05
WAIT_SECONDS = 3.0


async def celebrate(room: Room) -> None:
    """Let twenty people post ten photos each."""
    for number in range(PARTY):
        await room.post(flat(), by=f"손님 {number % PEOPLE}")


def note_when_taken(service: Service, room: Room, patch: pytest.MonkeyPatch) -> list[datetime]:
    """Return a list that will have the moments in which photos of a room were taken in."""
    assert service.door
    usual, moments = service.door.take, []

    async def take(arrived: Arrived) -> Taken:
        taken = await usual(arrived)
        if arrived.photos[0].place.chat == room.place.chat:
            moments.append(datetime.now(UTC))
        return taken

    patch.setattr(service.door, "take", take)
    return moments


@pytest.mark.parametrize(("busy", "quiet"), [*itertools.product(PLATFORMS, PLATFORMS)])
async def test_a_quiet_chat_is_served_as_soon_as_somebody_of_the_party_has_been(
    quick: Town, eyes: Eyes, busy: str, quiet: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits longer than for one seat at the desk, so for twice the usual time at most."""
    party, corner = quick.room(busy, "잔치"), quick.room(quiet, "구석")
    eyes.seconds = LOOK_SECONDS
    async with quick.running(**SEATS) as service:
        moments = note_when_taken(service, corner, monkeypatch)
        await celebrate(party)
        await answers(party, 5)
        await corner.post(flat())
        await answers(corner)
        await quick.settled_in(corner)
        [kept] = await quick.photos(corner)
        told = [photo.answered_at for photo in await quick.photos(party) if photo.answered_at]

    [taken_at] = moments
    assert kept.answered_at
    assert sum(taken_at <= at <= kept.answered_at for at in told) <= 2 * IN_FLIGHT
    assert len(told) < PARTY - 2 * IN_FLIGHT  # the party was still going on


@pytest.mark.parametrize("quiet", PLATFORMS)
async def test_channels_that_take_no_answers_for_a_while_hold_no_other_up(quick: Town, quiet: str) -> None:
    """Discord lets a channel have five messages in five seconds; whoever waits for that waits aside."""
    parties, corner = (
        [quick.room("discord", f"잔치 {number}") for number in range(3)],
        quick.room(quiet, "구석"),
    )
    for party in parties:
        assert isinstance(party, DiscordRoom)
        quick.discord.faults.plan(
            "delay", f"POST /channels/{party.channel.id}/messages", times=99, seconds=WAIT_SECONDS
        )
    async with quick.running(**SEATS) as service:
        for party in parties:
            for number in range(IN_FLIGHT):
                await party.post(flat(), by=f"손님 {number}")
        assert service.desk
        desk = service.desk
        await until(lambda: desk.flying >= IN_FLIGHT)
        await corner.post(flat())
        await answers(corner)

        assert not any(party.said() for party in parties)
        quick.discord.faults.clear()
