"""A part that keeps failing rests a minute, then one try decides."""

from __future__ import annotations

from inference.breaker import FAILURES, REST_SECONDS, Breaker


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def broken(clock: Clock) -> Breaker:
    breaker = Breaker(clock)
    for _ in range(FAILURES):
        breaker.failed()
    return breaker


def test_two_failures_are_forgiven() -> None:
    breaker = Breaker(Clock())
    breaker.failed()
    breaker.failed()

    assert breaker.allows()


def test_three_failures_in_a_row_open_it() -> None:
    assert not broken(Clock()).allows()


def test_a_success_between_failures_starts_the_count_again() -> None:
    breaker = Breaker(Clock())
    for outcome in (breaker.failed, breaker.failed, breaker.succeeded, breaker.failed, breaker.failed):
        outcome()

    assert breaker.allows()


def test_after_its_rest_one_caller_may_try_and_the_others_wait() -> None:
    clock = Clock()
    breaker = broken(clock)

    clock.now += REST_SECONDS

    assert [breaker.allows() for _ in range(3)] == [True, False, False]


def test_a_try_that_works_closes_it() -> None:
    clock = Clock()
    breaker = broken(clock)
    clock.now += REST_SECONDS
    breaker.allows()

    breaker.succeeded()

    assert [breaker.allows() for _ in range(3)] == [True, True, True]


def test_a_try_that_fails_keeps_it_open_for_another_rest() -> None:
    clock = Clock()
    breaker = broken(clock)
    clock.now += REST_SECONDS
    breaker.allows()

    breaker.failed()
    clock.now += REST_SECONDS - 1

    assert not breaker.allows()
