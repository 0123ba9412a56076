"""Bringing a file by URL or from the hub, from a real server on loopback."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from models.errors import WeightsMissing
from models.registry import Source
from models.sources import CHUNK_BYTES, SourceError, bring
from tests.models.carriers import (
    DATA,
    HALF,
    Answer,
    deaf,
    endless,
    entry_of,
    hung_up,
    raw,
    refused,
    serving,
    stalled,
    weights_of,
    whole,
)

Drop = Callable[[bytes], Answer]

DROPS = [pytest.param(hung_up, id="server hangs up"), pytest.param(stalled, id="server stalls")]


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that says nothing is given up soon."""
    monkeypatch.setattr("models.sources.TIMEOUT_SECONDS", 0.3)


def test_a_url_brings_the_whole_file_and_reports_every_byte(tmp_path: Path) -> None:
    arrived: list[int] = []

    with serving(whole(DATA)) as shelf:
        entry = entry_of(DATA, shelf.source())
        path = bring(entry, entry.sources[0], tmp_path, arrived.append)

    assert path.read_bytes() == DATA
    assert sum(arrived) == len(DATA)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("drop", DROPS)
def test_a_dropped_download_says_that_running_again_continues_it(drop: Drop, tmp_path: Path) -> None:
    with serving(drop(DATA)) as shelf:
        weights = weights_of(entry := entry_of(DATA, shelf.source()), tmp_path)

        with pytest.raises(WeightsMissing, match="run the same command again to continue"):
            weights.fetch(entry)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("drop", DROPS)
def test_a_dropped_download_goes_on_where_it_stopped(drop: Drop, tmp_path: Path) -> None:
    with serving(drop(DATA), whole(DATA)) as shelf:
        weights = weights_of(entry := entry_of(DATA, shelf.source()), tmp_path)
        with pytest.raises(WeightsMissing):
            weights.fetch(entry)

        path = weights.fetch(entry)

    first, second = shelf.asked
    assert first.range == ""
    assert 0 < int(second.range.removeprefix("bytes=").removesuffix("-")) <= HALF
    assert path.read_bytes() == DATA


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("drop", DROPS)
def test_a_server_that_ignores_the_range_starts_over(drop: Drop, tmp_path: Path) -> None:
    with serving(drop(DATA), deaf(DATA)) as shelf:
        weights = weights_of(entry := entry_of(DATA, shelf.source()), tmp_path)
        with pytest.raises(WeightsMissing):
            weights.fetch(entry)

        path = weights.fetch(entry)

    assert shelf.asked[1].range
    assert path.read_bytes() == DATA


def test_an_endless_server_is_cut_off_at_the_registered_size(tmp_path: Path) -> None:
    arrived: list[int] = []

    with serving(endless(200_000_000)) as shelf:
        entry = entry_of(DATA, shelf.source())
        path = bring(entry, entry.sources[0], tmp_path, arrived.append)

    most = len(DATA) + 2 * CHUNK_BYTES  # it takes one byte more to see that a file is too long
    assert path.stat().st_size <= most
    assert sum(arrived) <= most


def test_what_an_endless_server_sent_is_refused(tmp_path: Path) -> None:
    with serving(endless(4_000_000)) as shelf:
        weights = weights_of(entry := entry_of(DATA, shelf.source()), tmp_path)

        with pytest.raises(WeightsMissing, match=entry.sha256[:12]):
            weights.fetch(entry)

    assert weights.place(entry) is None


def test_a_file_that_is_not_on_the_server_is_named_with_its_address(tmp_path: Path) -> None:
    with serving(refused(404)) as shelf:
        entry = entry_of(DATA, shelf.source("/gone.bin"))

        with pytest.raises(SourceError, match=rf"{shelf.url}/gone\.bin.*404"):
            bring(entry, entry.sources[0], tmp_path, lambda _: None)


def test_a_server_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with serving(refused(404)) as shelf:
        entry = entry_of(DATA, shelf.source())

    with pytest.raises(SourceError, match="refused"):
        bring(entry, entry.sources[0], tmp_path, lambda _: None)


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(b"SSH-2.0-OpenSSH_9.6\r\n\r\n", id="no HTTP at all"),
        pytest.param(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n400\r\nabc", id="half a chunk"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_a_server_that_breaks_the_protocol_is_a_sentence(reply: bytes, tmp_path: Path) -> None:
    with serving(raw(reply)) as shelf:
        entry = entry_of(DATA, shelf.source())

        with pytest.raises(SourceError, match=shelf.url):
            bring(entry, entry.sources[0], tmp_path, lambda _: None)


def test_the_hub_is_asked_for_repo_revision_and_member(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Source(kind="hub", repo="someone/something", revision="a" * 40, member="weights/thing.onnx")

    with serving(whole(DATA)) as shelf:
        monkeypatch.setattr("models.sources.HUB", shelf.url)
        path = bring(entry_of(DATA, source), source, tmp_path, lambda _: None)

    assert [asked.path for asked in shelf.asked] == [
        f"/someone/something/resolve/{'a' * 40}/weights/thing.onnx"
    ]
    assert path.read_bytes() == DATA
