"""Each platform has its token, or is off; none of them is in anybody's way, and no token is told."""

from __future__ import annotations

import asyncio
import signal
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.desk import IN_FLIGHT
from bot.texts import say
from models.weights import Weights
from tests.bot.platforms.rooms import answers
from tests.bot.platforms.town import PLATFORMS, Town, town_at
from tests.bot.running import start
from tests.bot.terminal import Terminal, cache_of
from tests.bot.web.pages import flat, until

NAMES = {"discord": "DISCORD_TOKEN", "telegram": "TELEGRAM_TOKEN"}
WRONG = {
    "discord": "MTA0NTk2Mjg2OTQ5.AAAAAA.a-token-that-nobody-has-given-to-us-ever",
    "telegram": f"1:{'A' * 35}",
}
SECONDS = 60.0


@pytest.mark.parametrize(("off", "on"), [PLATFORMS, PLATFORMS[::-1]])
async def test_without_one_token_that_platform_is_off_and_the_other_answers(
    quick: Town, off: str, on: str
) -> None:
    rooms = {name: quick.room(name) for name in (off, on)}
    async with quick.serving(**{NAMES[off]: ""}) as service:
        await until(lambda: service.adapters[on].status == "online")
        await rooms[off].post(flat())
        post = await rooms[on].post(flat())
        [answer] = await answers(rooms[on])

        assert answer.reply_to is post
        assert set(service.adapters) == {"web", on}
        assert set(service.health()["platforms"]) == {"web", on}  # type: ignore[call-overload]  # a dict
    assert not (quick.discord if off == "discord" else quick.telegram).asked
    assert rooms[off].said() == []


async def test_without_any_token_there_is_the_web_chat_and_nothing_is_asked_of_anybody(quick: Town) -> None:
    async with quick.serving(DISCORD_TOKEN="", TELEGRAM_TOKEN="") as service:
        assert set(service.adapters) == {"web"}
        assert service.web.status == "online"
    assert not quick.discord.asked
    assert not quick.telegram.asked


@pytest.mark.parametrize(("bad", "good"), [PLATFORMS, PLATFORMS[::-1]])
async def test_a_bad_token_is_told_and_does_not_stop_the_other(
    quick: Town, bad: str, good: str, caplog: pytest.LogCaptureFixture
) -> None:
    room = quick.room(good)
    async with quick.serving(**{NAMES[bad]: WRONG[bad]}) as service:
        await until(
            lambda: service.health()["platforms"] == {"web": "online", bad: "bad-token", good: "online"}
        )
        post = await room.post(flat())
        [answer] = await answers(room)

        assert answer.reply_to is post
    assert NAMES[bad] in caplog.text
    assert WRONG[bad] not in caplog.text


async def test_photos_of_a_platform_whose_token_has_gone_bad_wait_and_hold_nobody_up(quick: Town) -> None:
    rooms = {name: quick.room(name) for name in PLATFORMS}
    async with quick.running() as service:
        assert service.desk
        await service.desk.stop()
        posts = [await rooms["discord"].post(flat()) for _ in range(IN_FLIGHT)]
        await until(lambda: all(rooms["discord"].signs(post) for post in posts))
    async with quick.serving(DISCORD_TOKEN=WRONG["discord"]) as service:
        await until(lambda: service.adapters["discord"].status == "bad-token")
        await rooms["telegram"].post(flat())
        await answers(rooms["telegram"])
        await quick.settled_in(rooms["telegram"])
        assert await service.store.waiting() == len(posts)
    async with quick.running():
        said = await answers(rooms["discord"], len(posts))
        assert [answer.reply_to for answer in said] == posts


@pytest.fixture
async def real(tmp_path: Path) -> AsyncIterator[Town]:
    """A town for a process of its own."""
    async with town_at(tmp_path) as town:
        yield town


@pytest.fixture
def terminal(weights: Weights, tmp_path: Path) -> Terminal:
    return Terminal(tmp_path, cache_of(weights))


async def line_of(process: subprocess.Popen[bytes]) -> str:
    """Return the next line that a process says."""
    assert process.stdout
    return (await asyncio.to_thread(process.stdout.readline)).decode().strip()


async def test_a_process_answers_on_both_platforms_and_tells_no_token_even_when_it_tells_everything(
    real: Town, terminal: Terminal, cat: bytes
) -> None:
    settings = {name: str(value) for name, value in real.settings().model_dump(by_alias=True).items()}
    with start(
        terminal, "run", "--data", str(real.folder / "data"), **{**settings, "LOG_LEVEL": "DEBUG"}
    ) as process:
        errors = asyncio.create_task(asyncio.to_thread(process.stderr.read if process.stderr else bytes))
        try:
            assert "http://127.0.0.1:" in await line_of(process)
            assert await line_of(process) == say("ko", "run-platforms", names="Discord, Telegram")
            person = real.telegram.person("엄마", language="ko")
            chat = real.telegram.private(person)
            room = real.room("discord")
            await real.discord.online()
            real.telegram.faults.plan("reset", "setMessageReaction|getFile")
            await room.post(cat)
            await real.telegram.post(chat, person, photo=cat)
            await answers(room)
            await real.telegram.answered(chat, seconds=SECONDS)
        finally:
            process.send_signal(signal.SIGTERM)
            told = (await errors).decode()
            code = await asyncio.to_thread(process.wait, SECONDS)

    assert code == 0
    assert "photo analysed" in told
    assert [line for line in told.splitlines() if any(token in line for token in tokens(real))] == []
    assert "Traceback" not in told
    assert not any(
        token.encode() in data for token in tokens(real) for data in files_of(real.folder / "data")
    )


def tokens(town: Town) -> tuple[str, str]:
    return town.discord.token, town.telegram.token


def files_of(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.name != "spare"]


async def test_a_process_without_tokens_says_so_clearly(terminal: Terminal, tmp_path: Path) -> None:
    with start(terminal, "run", "--data", str(tmp_path / "data")) as process:
        try:
            assert "http://127.0.0.1:" in await line_of(process)
            assert await line_of(process) == say("ko", "run-web-only")
        finally:
            process.send_signal(signal.SIGTERM)
            await asyncio.to_thread(process.communicate, None, SECONDS)
    assert process.returncode == 0
