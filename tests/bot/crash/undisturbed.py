"""What a service that nobody disturbs says of each picture: the measure for all others."""

from __future__ import annotations

import asyncio
from contextlib import closing

from storage import reading
from storage.sqlite import open_reader
from tests.bot.crash.audit import Answer, seen
from tests.bot.crash.client import visiting
from tests.bot.crash.pictures import Shot
from tests.bot.crash.service import Service


class Undisturbed:
    """The answers of an undisturbed service, asked for once and kept."""

    def __init__(self, service: Service, made: dict[str, bytes]) -> None:
        self._service, self._made = service, made
        self._answers: dict[str, Answer] = {}

    async def answers(self) -> dict[str, Answer]:
        """Return the answer to each picture by its name."""
        if not self._answers:
            self._answers = await self._run()
        return self._answers

    async def _run(self) -> dict[str, Answer]:
        self._service.start()
        async with visiting(self._service) as client:
            await asyncio.gather(*(client.post(Shot(name, name, data)) for name, data in self._made.items()))
            await client.settled(len(self._made))
            await self._service.stop()
        with closing(open_reader(self._service.database)) as connection:
            found = {
                photo.message: Answer(reading.picture(connection, photo.id) or b"", seen(photo.analysis))
                for photo in reading.everything(connection, 0, len(self._made))
            }
        assert any(answer.seen and answer.seen.boxes for answer in found.values())
        return found
