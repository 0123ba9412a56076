"""Weights: nothing is loaded unchecked, nothing is half there, one bad source is not the end."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.errors import WeightsCorrupt, WeightsMissing
from models.registry import Entry, Registry, Source
from models.weights import Weights, sha256_of
from tests.models.carriers import DATA, Answer, entry_of, refused, serving, weights_of, whole

WRONG = b"x" * len(DATA)


def put(entry: Entry, cache: Path, data: bytes) -> Path:
    """Lay a file where the cache keeps it."""
    path = cache / entry.key / entry.name
    path.parent.mkdir(parents=True)
    path.write_bytes(data)
    return path


def test_a_file_with_the_registered_bytes_is_verified(tmp_path: Path) -> None:
    path = put(entry := entry_of(DATA), tmp_path, DATA)

    assert weights_of(entry, tmp_path).verified(entry) == path


@pytest.mark.parametrize("position", [0, len(DATA) // 2, len(DATA) - 1])
def test_a_flipped_byte_is_refused_with_the_command_that_mends_it(position: int, tmp_path: Path) -> None:
    data = bytearray(DATA)
    data[position] ^= 1
    path = put(entry := entry_of(DATA), tmp_path, bytes(data))

    with pytest.raises(WeightsCorrupt, match="chalkak models fetch thing") as refusal:
        weights_of(entry, tmp_path).verified(entry)

    assert str(path) in str(refusal.value)
    assert refusal.value.data == {"name": "thing"}


def test_a_file_that_is_not_here_is_named_with_the_command_that_brings_it(tmp_path: Path) -> None:
    entry = entry_of(DATA)

    with pytest.raises(WeightsMissing, match="thing is not on this machine, run: chalkak models fetch thing"):
        weights_of(entry, tmp_path / "nowhere").verified(entry)


def test_a_role_takes_the_first_entry_that_is_here(tmp_path: Path) -> None:
    best, good = entry_of(DATA, key="best"), entry_of(WRONG, key="good")
    registry = Registry({"best": best, "good": good}, {"objects": ("best", "good")})
    put(good, tmp_path, WRONG)

    assert Weights(registry, tmp_path).resolve("objects") == good


def test_a_role_of_which_nothing_is_here_has_no_entry(tmp_path: Path) -> None:
    assert weights_of(entry_of(DATA), tmp_path).resolve("objects") is None


def test_fetching_brings_the_file_and_clears_the_workplace(tmp_path: Path) -> None:
    with serving(whole(DATA)) as shelf:
        weights = weights_of(entry := entry_of(DATA, shelf.source()), tmp_path / "deep" / "cache")

        path = weights.fetch(entry)

    assert sha256_of(path) == entry.sha256
    files = [file for file in tmp_path.rglob("*") if file.is_file() and file.suffix != ".lock"]
    assert files == [path]


def test_fetching_twice_asks_the_source_once(tmp_path: Path) -> None:
    with serving(whole(DATA)) as shelf:
        weights = weights_of(entry := entry_of(DATA, shelf.source()), tmp_path)
        weights.fetch(entry)

        weights.fetch(entry)

    assert len(shelf.asked) == 1


def test_fetching_replaces_a_damaged_file(tmp_path: Path) -> None:
    with serving(whole(DATA)) as shelf:
        path = put(entry := entry_of(DATA, shelf.source()), tmp_path, WRONG)

        weights_of(entry, tmp_path).fetch(entry)

    assert path.read_bytes() == DATA


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(whole(WRONG), id="other bytes"),
        pytest.param(whole(DATA[:-1]), id="too short"),
        pytest.param(whole(DATA + b"x"), id="too long"),
        pytest.param(whole(b""), id="empty"),
        pytest.param(refused(404), id="not there"),
        pytest.param(refused(500), id="broken"),
    ],
)
def test_a_bad_first_source_leaves_it_to_the_second(first: Answer, tmp_path: Path) -> None:
    with serving(first) as bad, serving(whole(DATA)) as good:
        weights = weights_of(entry := entry_of(DATA, bad.source(), good.source()), tmp_path)

        path = weights.fetch(entry)

    assert path.read_bytes() == DATA


def test_when_every_source_fails_the_message_tells_of_each_and_what_to_do(tmp_path: Path) -> None:
    with serving(whole(WRONG)) as wrong, serving(refused(404)) as gone:
        weights = weights_of(entry := entry_of(DATA, wrong.source(), gone.source()), tmp_path)

        with pytest.raises(WeightsMissing, match="run `chalkak models fetch thing` again") as refusal:
            weights.fetch(entry)

    assert f"wanted {entry.sha256[:12]}" in str(refusal.value)
    assert f"{gone.url}/file.bin" in str(refusal.value)
    assert str(tmp_path / "thing") in str(refusal.value)


def test_wrong_bytes_never_reach_the_cache(tmp_path: Path) -> None:
    with serving(whole(WRONG)) as shelf:
        weights = weights_of(entry := entry_of(DATA, shelf.source()), tmp_path)

        with pytest.raises(WeightsMissing):
            weights.fetch(entry)

    assert weights.place(entry) is None


def test_a_file_of_our_own_with_other_bytes_is_refused_but_never_deleted(tmp_path: Path) -> None:
    own = tmp_path / "trained-here.onnx"
    own.write_bytes(WRONG)
    source = Source(kind="own", member=str(own))
    weights = weights_of(entry := entry_of(DATA, source), tmp_path / "cache")

    with pytest.raises(WeightsMissing):
        weights.fetch(entry)

    assert own.read_bytes() == WRONG


def test_offline_no_source_is_asked_and_the_message_names_the_setting(tmp_path: Path) -> None:
    with serving(whole(DATA)) as shelf:
        entry = entry_of(DATA, shelf.source())
        weights = weights_of(entry, tmp_path, is_offline=True)

        with pytest.raises(WeightsMissing, match="CHALKAK_OFFLINE is set") as refusal:
            weights.fetch(entry)

    assert shelf.asked == []
    assert "`chalkak models fetch thing`" in str(refusal.value)


def test_offline_a_file_that_is_here_is_enough(tmp_path: Path) -> None:
    path = put(entry := entry_of(DATA), tmp_path, DATA)

    assert weights_of(entry, tmp_path, is_offline=True).fetch(entry) == path


def test_a_file_of_our_own_that_is_not_in_the_checkout_is_told_so(tmp_path: Path) -> None:
    source = Source(kind="own", member="not-trained-yet.onnx")

    with pytest.raises(WeightsMissing, match=r"models/weights/not-trained-yet\.onnx: absent"):
        weights_of(entry := entry_of(DATA, source), tmp_path).fetch(entry)


def test_a_damaged_file_of_our_own_does_not_hide_the_good_one_in_the_cache(tmp_path: Path) -> None:
    own = tmp_path / "trained-here.onnx"
    own.write_bytes(WRONG)
    source = Source(kind="own", member=str(own))
    weights = weights_of(entry := entry_of(DATA, source), tmp_path / "cache")

    kept = put(entry, tmp_path / "cache", DATA)

    assert weights.verified(entry) == kept
