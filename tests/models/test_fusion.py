"""Several looks at one picture become one list of boxes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from models.detectors.fusion import CAT, DOG, fuse
from models.labels import labels
from models.records import Box

IDS = {label.en: label.id for label in labels()}
boxes = st.builds(
    Box,
    st.sampled_from([DOG, CAT, IDS["Horse"], IDS["Car"], IDS["Person"]]),
    st.floats(0.05, 1),
    st.integers(0, 50),
    st.integers(0, 50),
    st.integers(51, 100),
    st.integers(51, 100),
)


def box(name: str, score: float, x: float = 0) -> Box:
    return Box(IDS[name], score, x, 0, x + 100, 100)


def test_a_thing_that_every_look_sees_keeps_its_score() -> None:
    (found,) = fuse([(box("Car", 0.8),), (box("Car", 0.6),)])

    assert found.score == 0.7


def test_a_thing_that_one_look_imagines_fades() -> None:
    (found,) = fuse([(box("Car", 0.8),), (), (), ()])

    assert found.score == 0.2


def test_the_corners_are_averaged_by_score() -> None:
    (found,) = fuse([(box("Car", 0.75, 0),), (box("Car", 0.25, 20),)])

    assert (round(found.x1, 3), round(found.x2, 3)) == (5.0, 105.0)


def test_looks_that_disagree_on_the_animal_agree_that_there_is_one() -> None:
    (found,) = fuse([(box("Dog", 0.5),), (box("Horse", 0.6),)])

    assert (found.label_id, found.score) == (DOG, 0.55)


def test_a_clear_cow_is_not_taken_for_a_dog() -> None:
    looks: list[tuple[Box, ...]] = [(box("Cattle", 0.9), box("Dog", 0.1))] * 2

    (found,) = fuse(looks)

    assert found.label_id == IDS["Cattle"]


def test_two_dogs_side_by_side_stay_two() -> None:
    assert len(fuse([(box("Dog", 0.9, 0), box("Dog", 0.9, 30))])) == 2


def test_a_car_behind_a_dog_is_not_pooled_with_it() -> None:
    assert len(fuse([(box("Dog", 0.9), box("Car", 0.9))])) == 2


def test_no_look_and_empty_looks_give_nothing() -> None:
    assert fuse([()]) == fuse([(), ()]) == ()


@given(st.lists(st.lists(boxes, max_size=5).map(tuple), min_size=1, max_size=4))
def test_scores_stay_scores_and_come_best_first(looks: list[tuple[Box, ...]]) -> None:
    found = fuse(looks)

    scores = [one.score for one in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert len(found) <= sum(map(len, looks))


@given(st.lists(boxes, max_size=6, unique_by=lambda one: one.label_id))
def test_one_look_of_which_nothing_overlaps_comes_back_as_it_is(seen: list[Box]) -> None:
    apart = tuple(
        Box(one.label_id, round(one.score, 4), one.x1 + 200 * i, one.y1, one.x2 + 200 * i, one.y2)
        for i, one in enumerate(seen)
    )

    found = fuse([apart])

    assert {(one.label_id, one.score) for one in found} == {(one.label_id, one.score) for one in apart}
