"""`python -m tests.bot.crash.launcher [--die POINT --at HIT] …`: the real `chalkak run` with a fault in it.

The clock is moved before anything of the product is imported: some of it keeps `time.time` itself.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

YEAR = 365 * 86_400.0


def main() -> None:
    """Patch what the arguments say, then run the service until it ends."""
    parser = argparse.ArgumentParser()
    parser.add_argument(
        "--die", help="fault point, see faults.POINTS; discord:NAME, telegram:NAME: chat_faults"
    )
    parser.add_argument("--at", type=int, default=1, help="the how manieth hit kills; 0 for none")
    parser.add_argument("--unarmed", action="store_true", help="count hits only after SIGUSR1")
    parser.add_argument("--poison", help="WIDTHxHEIGHT of the picture that kills")
    parser.add_argument("--hang", help="WIDTHxHEIGHT of the picture from which no model comes back")
    parser.add_argument("--clock", type=float, help="seconds by which the clock is wrong")
    parser.add_argument("--sweeps", type=Path, help="file that counts sweeps, which are frequent then")
    parser.add_argument("--gate", type=Path, help="file without which the models are not loaded")
    chosen = parser.parse_args()
    if chosen.clock is not None:
        move_clock(chosen.clock)
    if chosen.sweeps:
        sweep_often(chosen.sweeps)
    if chosen.gate:
        wait_for(chosen.gate)
    plant(chosen)
    from bot.cli import main as chalkak  # noqa: PLC0415 - after the clock was moved

    sys.argv = ["chalkak", "run"]
    chalkak()


def plant(chosen: argparse.Namespace) -> None:
    """Arm the fault and the poison."""
    from tests.bot.crash import faults  # noqa: PLC0415

    if chosen.die:
        spot = faults.Spot(chosen.at, is_armed=not chosen.unarmed)
        point_of(chosen.die)(spot)
        if chosen.unarmed:
            signal.signal(signal.SIGUSR1, lambda number, frame: spot.arm())
    if chosen.poison:
        faults.at_poison(size_of(chosen.poison))
    if chosen.hang:
        faults.hang_at(size_of(chosen.hang))


def point_of(name: str) -> Callable[[Any], None]:
    """Return what plants a fault: one of any photo's way, or of a photo's from a chat."""
    from tests.bot.crash import chat_faults, faults  # noqa: PLC0415

    platform, _, point = name.rpartition(":")
    return chat_faults.points(platform)[point] if platform else faults.POINTS[point]


def size_of(text: str) -> tuple[int, int]:
    width, height = map(int, text.split("x"))
    return width, height


def move_clock(seconds: float) -> None:
    """Let the wall clock be wrong; SIGUSR1 moves it a year on, SIGUSR2 a year back."""
    right, wrong = time.time, [seconds]
    time.time = lambda: right() + wrong[0]

    def jump(number: int, frame: object) -> None:
        wrong[0] += YEAR if number == signal.SIGUSR1 else -YEAR

    signal.signal(signal.SIGUSR1, jump)
    signal.signal(signal.SIGUSR2, jump)


def sweep_often(file: Path) -> None:
    """Sweep several times a second, and write down how often that has been done."""
    from bot import service  # noqa: PLC0415
    from storage.store import Store  # noqa: PLC0415

    service.SWEEP_SECONDS = service.LOOK_SECONDS = 0.1
    original, done = Store.sweep, [0]

    async def sweep(self: Store, *arguments: Any) -> Any:
        swept = await original(self, *arguments)
        done[0] += 1
        await asyncio.to_thread(file.write_text, str(done[0]), encoding="ascii")
        return swept

    Store.sweep = sweep  # type: ignore[method-assign, assignment]


def wait_for(gate: Path) -> None:
    """Load no model before the gate is there."""
    from bot.app import App  # noqa: PLC0415

    original = App.warm

    async def warm(self: App) -> None:
        while not await asyncio.to_thread(gate.exists):  # noqa: ASYNC110 - another process makes it
            await asyncio.sleep(0.02)
        await original(self)

    App.warm = warm  # type: ignore[method-assign]


if __name__ == "__main__":
    main()
