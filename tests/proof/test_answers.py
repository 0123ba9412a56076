"""Every photo is answered, about itself, and hardly ever with the same sentence."""

from __future__ import annotations

import pytest

from models.weights import Weights
from tests.proof.answers import answer_all, names_a_thing, share_of_most_used, states_a_fact
from tests.proof.conftest import Record
from tests.proof.corpus import photos

FEW = 30  # photos in `make test`


async def test_thirty_photos_are_all_answered_and_what_was_found_is_named(weights: Weights) -> None:
    reads = await answer_all(photos(weights, FEW), "ko")

    with_things = [read for read in reads if read.prompt.things and read.pattern]
    assert all(read.analysis.comment for read in reads if read.pattern)
    assert [read.name for read in with_things if not names_a_thing(read)] == []


@pytest.mark.proof
@pytest.mark.parametrize("language", ["ko", "en"])
async def test_three_hundred_answers(weights: Weights, record: Record, language: str) -> None:
    reads = await answer_all(photos(weights, 300), language)  # type: ignore[arg-type]  # ko or en

    commented = [read for read in reads if read.pattern]
    with_things = [read for read in commented if read.prompt.things]
    without = [read for read in commented if not read.prompt.things]
    named = sum(map(names_a_thing, with_things)) / len(with_things)
    stated = sum(map(states_a_fact, without)) / len(without)
    name = f"answers in {language} to {len(reads)} photos"
    record(
        f"{name}: answered, {len(reads) - len(commented)} of them with the notice",
        len(reads),
        f"{len(reads)}",
    )
    record(f"{name}: a thing named where one was found ({len(with_things)})", f"{named:.1%}", "≥ 95 %")
    record(f"{name}: most used skeleton", f"{share_of_most_used(reads):.1%}", "≤ 2 %")
    record(
        f"{name}: most used pattern where only people or nothing was found ({len(without)})",
        f"{share_of_most_used(without):.1%}",
        "≤ 5 %",
    )
    assert all(read.analysis.comment for read in commented)
    assert named >= 0.95
    assert share_of_most_used(reads) <= 0.02
    assert share_of_most_used(without) <= 0.05
    if language == "ko":
        record(f"{name}: a counted or measured fact stated there", f"{stated:.1%}", "≥ 80 %")
        assert stated >= 0.8
