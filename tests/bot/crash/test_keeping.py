"""`kill -9` in the middle of erasing, backing up and migrating."""

from __future__ import annotations

import asyncio
from contextlib import closing
from dataclasses import replace
from urllib.parse import quote

from storage import backups
from storage.sqlite import open_reader
from tests.bot.crash.audit import account
from tests.bot.crash.client import CHAT, LOST, Client, visiting
from tests.bot.crash.pictures import Shot, shots
from tests.bot.crash.service import Service
from tests.bot.crash.undisturbed import Undisturbed

GONER = "지워 줘"


async def post_all(client: Client, posted: list[Shot]) -> list[str]:
    """Post photos and wait until all of them are answered; return their ids."""
    before = len(client.acknowledged)
    ids = await asyncio.gather(*map(client.post, posted))
    await client.settled(before + len(posted))
    return ids


async def fatal(service: Service, client: Client, method: str, path: str) -> None:
    """Ask for what the service does not survive."""
    try:
        await client.once(method, path)
    except LOST:
        await service.died()
        await service.alone()
        return
    raise AssertionError(f"survived {method} {path}")


def one(photo: str, shot: Shot) -> str:
    """Return the address of a photo for its poster."""
    return f"/api/photos/{photo}?author={quote(shot.author)}"


def columns(service: Service) -> set[str]:
    with closing(open_reader(service.database)) as connection:
        return {row["name"] for row in connection.execute("PRAGMA table_info(photo)")}


def listed(service: Service) -> set[str]:
    return set((service.data / "deleted.txt").read_text("ascii").split())


def tombstones(service: Service) -> set[str]:
    with closing(open_reader(service.database)) as connection:
        return {row["code"] for row in connection.execute("SELECT code FROM tombstone")}


async def test_an_erasure_that_is_killed_halfway_has_erased_nothing_and_then_everything(
    service: Service, made: dict[str, bytes], undisturbed: Undisturbed
) -> None:
    expected, posted = await undisturbed.answers(), shots(made, 5)
    goners = [replace(shot, author=GONER) for shot in posted[:3]]
    mine = f"/api/chats/{CHAT}/photos?author={quote(GONER)}"
    async with visiting(service) as client:
        service.start("--die", "erase", "--at", "1")
        ids = await post_all(client, [*goners, *posted[3:]])
        await fatal(service, client, "DELETE", mine)
        service.start("--die", "erase", "--at", "2")
        await service.listening()
        assert len(await client.history()) == 5
        assert not tombstones(service)
        await fatal(service, client, "DELETE", mine)
        service.start()
        receipt = await client.ask("DELETE", mine)
        assert (receipt["photos"], receipt["pictures"], receipt["words"]) == (3, 3, 3)
        for shot in goners:
            assert await client.post(shot) in ids[:3]  # known, deleted, and not taken in again
            client.acknowledged.pop(shot.key)
        tally = await account(service, client, posted[3:], expected, name="erase", hit="1+2")

    print(tally)
    tally.check(2)
    assert client.listener.gone == tombstones(service) == listed(service) == set(ids[:3])


async def test_an_erasure_that_is_killed_before_it_is_listed_is_listed_at_the_next_start(
    service: Service, made: dict[str, bytes], undisturbed: Undisturbed
) -> None:
    expected, posted = await undisturbed.answers(), shots(made, 4)
    async with visiting(service) as client:
        service.start("--die", "erased", "--at", "1")
        ids = await post_all(client, posted)
        await fatal(service, client, "DELETE", one(ids[0], posted[0]))
        service.start("--die", "erased", "--at", "2")
        await service.listening()  # the start has listed the first one: that was the first hit
        assert listed(service) == {ids[0]}
        await fatal(service, client, "DELETE", one(ids[1], posted[1]))
        service.start()
        for shot in posted[:2]:
            client.acknowledged.pop(shot.key)
        tally = await account(service, client, posted[2:], expected, name="erased", hit="1+2")

    print(tally)
    tally.check(2)
    assert client.listener.gone == tombstones(service) == listed(service) == set(ids[:2])


async def test_a_backup_that_is_killed_halfway_is_none_and_leaves_no_picture_behind(
    service: Service, made: dict[str, bytes], undisturbed: Undisturbed
) -> None:
    expected, posted = await undisturbed.answers(), shots(made, 3)
    async with visiting(service) as client:
        service.start("--die", "backup", "--at", "1")
        await post_all(client, posted)
        await fatal(service, client, "POST", "/api/backup")
        assert not list(service.backups.glob("chalkak-*.db"))
        service.start("--die", "backup", "--at", "2")
        await client.ask("POST", "/api/backup")
        await fatal(service, client, "POST", "/api/backup")
        service.start()
        made_now = await client.ask("POST", "/api/backup")
        tally = await account(service, client, posted, expected, name="backup", hit="1+2")

    print(tally)
    tally.check(3)
    whole = sorted(service.backups.glob("chalkak-*.db"))
    assert str(whole[-1]) == made_now["path"]
    assert [backups.verify(path).photos for path in whole] == [3, 3]
    assert sorted(service.backups.iterdir()) == whole  # nothing that no expiry would ever find


async def test_a_migration_that_is_killed_halfway_is_begun_again_from_the_start(
    service: Service, made: dict[str, bytes], undisturbed: Undisturbed
) -> None:
    expected, posted = await undisturbed.answers(), shots(made, 5)
    async with visiting(service) as client:
        service.start()
        await post_all(client, posted[:3])
        await service.stop()
        for hit in ("1", "2"):
            service.start("--die", "migration", "--at", hit)
            await service.died()
            assert "trial" not in columns(service)
        service.start("--die", "migration", "--at", "0")
        await post_all(client, posted[3:])
        tally = await account(service, client, posted, expected, name="migration", hit="1+2")

    print(tally)
    tally.check(5)
    assert "trial" in columns(service)
    saved = sorted(service.backups.glob("*-before-migration.db"))
    assert [backups.verify(path).photos for path in saved] == [3, 3, 3]
