"""The figures for Prometheus: they can be read, they move, and they name nobody."""

from __future__ import annotations

import asyncio
import re
import time
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from bot.metrics import Lag, Metrics
from models.weights import Weights
from tests.bot.web.pages import Page, flat, serving, settings_in, until


async def figures(page: Page) -> dict[str, float]:
    said = await page.bare("GET", "/metrics")
    assert said.headers["Content-Type"].startswith("text/plain")
    families = text_string_to_metric_families(said.body.decode())
    samples = [sample for family in families for sample in family.samples]
    assert all(sample.labels == {} for sample in samples)  # no person, no chat
    return {sample.name.removeprefix("chalkak_"): sample.value for sample in samples}


async def test_figures_move_with_what_happens_and_name_nobody(weights: Weights, tmp_path: Path) -> None:
    async with serving(settings_in(tmp_path)) as page:
        assert page.service.desk
        await until(lambda: page.service.desk and page.service.desk.is_warm)
        before = await figures(page)
        async with page.listening("비밀방"):
            for number in range(3):
                await page.answer_to("비밀방", flat((number, 1, 1)), author="카나리아", text="비밀이야기")
            await page.upload("비밀방", flat(), key="k")
            await page.answered(await page.post("비밀방", flat(), key="k"))
            await until(lambda: page.service.desk and page.service.desk.flying == 0)
            during = await figures(page)
        page.service.store.folder.reserve_bytes = 10**18
        await until(lambda: page.service._is_low)
        after = await figures(page)
        raw = (await page.bare("GET", "/metrics")).body.decode()
        health = (await page.bare("GET", "/healthz")).document

    assert during["photos_accepted_total"] - before["photos_accepted_total"] == 4
    assert during["photos_answered_total"] - before["photos_answered_total"] == 4
    assert during["commits_total"] > before["commits_total"]
    assert during["writes_total"] >= during["commits_total"]
    assert (before["pages"], during["pages"], after["pages"]) == (0, 1, 0)
    assert (during["disk_low"], after["disk_low"]) == (0, 1)
    assert during["database_bytes"] > 0
    assert during["disk_free_bytes"] > 0
    assert during["models_loaded"] == 1
    assert during["photos_in_flight"] == during["photos_quarantined_total"] == 0
    assert not re.search("비밀방|카나리아|비밀이야기|home", raw + str(health))


async def test_refusals_are_counted(weights: Weights, tmp_path: Path) -> None:
    async with serving(settings_in(tmp_path, WAITING_PHOTOS="1")) as page:
        said = await asyncio.gather(*(page.upload("x", flat((n, 2, 2))) for n in range(12)))
        counted = await figures(page)

    statuses = [one.status for one in said]
    assert counted["photos_refused_total"] == statuses.count(429) > 0
    assert counted["photos_accepted_total"] == statuses.count(202)


async def test_the_lag_of_a_loop_that_is_held_up_shows() -> None:
    lag = Lag()
    assert lag.p99() == 0.0
    watching = asyncio.create_task(lag.watch())
    for _ in range(3):
        await asyncio.sleep(0.05)
        time.sleep(0.2)  # noqa: ASYNC251 - this is what must show
    await asyncio.sleep(0.05)
    watching.cancel()

    assert lag.p99() >= 0.1


def test_a_figure_that_is_asked_twice_is_read_twice() -> None:
    values = iter([1.0, 2.0, 3.0])
    metrics = Metrics(lambda: {"turns": ("counter", "how often", next(values))})

    seen = [re.search(rb"(?m)^chalkak_turns_total (\S+)", metrics.text()[0]) for _ in range(2)]

    assert len({found.group(1) for found in seen if found}) == 2
