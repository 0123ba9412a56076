"""Random kills while photos arrive, a photo that kills, and a stop under load."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from bot.texts import say
from storage import reading
from storage.sqlite import open_reader
from tests.bot.crash.audit import account
from tests.bot.crash.client import visiting
from tests.bot.crash.pictures import POISON, Shot, poison, shots
from tests.bot.crash.service import STOP_SECONDS, Service, until
from tests.bot.crash.storm import ARM, storm
from tests.bot.crash.undisturbed import Undisturbed

SEED = 20261120


async def test_random_kills_cost_nothing_but_the_poison(
    service: Service, made: dict[str, bytes], undisturbed: Undisturbed, sample: Callable[[str], Path]
) -> None:
    bad, expected = poison(sample), await undisturbed.answers()

    tally = await storm(service, made, expected, bad, kills=5, photos=25, seed=SEED)

    print(tally)
    tally.check(26, quarantined=1)


async def test_a_photo_that_kills_is_put_aside_politely_after_three_deaths_alone(
    service: Service, made: dict[str, bytes], undisturbed: Undisturbed, sample: Callable[[str], Path]
) -> None:
    posted = [Shot("poison", "poison", poison(sample)), *shots(made, 5)]
    expected = await undisturbed.answers()
    async with visiting(service) as client:
        service.start(*ARM)
        posting = [asyncio.create_task(client.post(shot)) for shot in posted]
        await service.died()
        service.start(*ARM)
        await asyncio.gather(*posting)
        photos = await client.settled(len(posted), lambda: service.start(*ARM))
        tally = await account(service, client, posted, expected, name="poison", hit="all")

    tally.check(len(posted), quarantined=1)
    aside = next(photo for photo in photos if photo["state"] == "quarantined")
    assert {aside["id"]} == client.acknowledged["poison"]
    assert aside["message"] == say("ko", "error-quarantined")
    assert service.kills == 4  # once as one of many, of which nobody is blamed, and three times alone


async def test_sigterm_under_load_ends_in_time_with_nothing_lost_and_no_child_left(
    service: Service, made: dict[str, bytes], undisturbed: Undisturbed
) -> None:
    posted, expected = shots(made, 16), await undisturbed.answers()
    async with visiting(service) as client:
        service.start()
        posting = [asyncio.create_task(client.post(shot)) for shot in posted]
        await until(lambda: len(client.acknowledged) >= 4, "four photos are acknowledged")
        seconds = await service.stop()
        await service.alone()

        with closing(open_reader(service.database)) as connection:
            left = reading.everything(connection, 0, len(posted))
        assert seconds <= STOP_SECONDS
        assert not any(photo.flight for photo in left)
        assert set().union(*client.acknowledged.values()) <= {photo.id for photo in left}

        client.is_away = True
        service.start()
        await asyncio.gather(*posting)
        await client.settled(len(posted))
        client.is_away = False  # and hears now of everything that it has missed
        tally = await account(service, client, posted, expected, name="sigterm", hit="1")
    tally.check(len(posted))


async def test_sigterm_ends_in_time_although_a_model_hangs_and_its_photo_waits_again(
    service: Service, made: dict[str, bytes], sample: Callable[[str], Path]
) -> None:
    posted = [replace(shot, data=poison(sample)) for shot in shots(made, 1)]
    async with visiting(service) as client:
        service.start("--hang", "x".join(map(str, POISON)))
        await asyncio.gather(*map(client.post, posted))
        await until(lambda: "a model hangs now" in service.log.read_text("utf-8"), "a model hangs")
        seconds = await service.stop()
        await service.alone()

        with closing(open_reader(service.database)) as connection:
            (left,) = reading.everything(connection, 0, 2)
        assert seconds <= STOP_SECONDS
        assert (left.state, left.flight, left.tries) == ("ready", "", 0)

        service.start()
        photos = await client.settled(1)
    assert [photo["state"] for photo in photos] == ["answered"]
