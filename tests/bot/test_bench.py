"""The benchmark measures every way in one run; its gates are ratios, and it fails when one is missed."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from PIL import Image

from bot.bench.figures import Figures
from bot.bench.samples import SIZE, bench_photos
from bot.bench.stages import stage_costs
from bot.bench.ways import CEILING, ORIGINAL, ORIGINAL_JPEG, OURS, WAYS, run
from models.weights import Weights
from tests.bot.terminal import Terminal, cache_of


def test_the_photos_are_always_the_same_and_of_the_promised_size(weights: Weights) -> None:
    first, again = bench_photos(weights, 5), bench_photos(weights, 5)

    assert first == again
    assert len(set(first)) == 5
    assert {Image.open(io.BytesIO(photo)).size for photo in first} == {SIZE}


def test_a_folder_without_photos_is_told(weights: Weights, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"no \.jpg or \.png"):
        bench_photos(weights, 5, tmp_path)


@pytest.mark.parametrize("way", [ORIGINAL, ORIGINAL_JPEG, CEILING, OURS[8]])
def test_every_way_answers_every_photo(way: str, weights: Weights) -> None:
    photos = bench_photos(weights, 4)

    figures = run(way, photos)

    assert len(figures.latencies) % len(photos) == 0
    assert figures.cpu > 0
    assert figures.megabytes > 50


def test_rounds_add_up() -> None:
    figures = Figures("way", [0.1, 0.3], 0.5, 0.6, 100)

    figures.add(Figures("way", [0.2, 0.2], 0.5, 0.2, 120))

    assert (figures.rate, figures.cpu_each, figures.megabytes) == (4.0, 0.2, 120)
    assert figures.percentile(50) == pytest.approx(0.2)


def test_the_gap_is_told_stage_by_stage(weights: Weights) -> None:
    costs = stage_costs(bench_photos(weights, 1)[0])

    assert all(cost >= 0 for cost in costs.values())
    assert {"decode and clean JPEG", "measure", "mark and encode JPEG"} <= costs.keys()


def test_the_command_prints_ways_stages_and_gates_as_json(weights: Weights, tmp_path: Path) -> None:
    ended = Terminal(tmp_path, cache_of(weights)).chalkak(
        "bench", "photos", "--photos", "4", "--rounds", "1", "--json"
    )

    report = json.loads(ended.out)
    assert ended.code == 0
    assert [row["way"] for row in report["ways"]] == list(WAYS)
    assert set(report["gates"]) == {
        "faster than the original",
        "faster than the original with JPEG",
        "seconds alone",
    }


def test_an_empty_folder_is_a_wrong_use(weights: Weights, tmp_path: Path) -> None:
    ended = Terminal(tmp_path, cache_of(weights)).chalkak("bench", "photos", "--from", str(tmp_path))

    assert ended.code == 2
    assert "no .jpg or .png" in ended.err
