"""Offers of requisitions: when they lapse, whose turn it is, for how long they stand, and their figures (RULES 16)."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from services.disputes.offers import rules

NOON = dt.datetime(2026, 11, 30, 12, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)


@pytest.mark.parametrize(
    ("answer", "now", "state"),
    [
        (None, NOON - SECOND, "offered"),
        (None, NOON, "lapsed"),
        ("accepted", NOON - SECOND, "accepted"),
        ("accepted", NOON + SECOND, "accepted"),
        ("withdrawn", NOON + SECOND, "withdrawn"),
    ],
)
def test_an_offer_lapses_by_the_clock_unless_it_was_answered(
    answer: str | None, now: dt.datetime, state: str
) -> None:
    assert rules.state_now(answer, NOON, now) == state


@pytest.mark.parametrize(
    ("places", "done", "following"),
    [
        ((1, 2, 3), (), 1),
        ((1, 2, 3), (1,), 2),
        ((1, 2, 3), (2,), 1),
        ((1, 2, 3), (3, 1, 2), None),
        ((), (), None),
    ],
)
def test_the_best_place_that_is_left_comes_next(
    places: tuple[int, ...], done: tuple[int, ...], following: int | None
) -> None:
    assert rules.next_place(places, done) == following


SET = [(dt.date(2026, 10, 1), 48), (dt.date(2026, 12, 1), 12), (dt.date(2026, 12, 1), 6)]


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        (dt.date(2026, 9, 30), 24),
        (dt.date(2026, 10, 1), 48),
        (dt.date(2026, 11, 30), 48),
        (dt.date(2026, 12, 1), 6),
    ],
)
def test_an_offer_stands_for_the_hours_of_its_day(day: dt.date, hours: int) -> None:
    assert rules.hours_on(day, SET) == hours


@pytest.mark.parametrize(
    ("seconds", "hours"),
    [
        ((), None),
        ((3600,), "1.00"),
        ((7200, 3600), "1.50"),
        ((36_000, 3600, 7200), "2.00"),
        ((18,), "0.01"),
        ((17,), "0.00"),
        ((Fraction(37, 2) * 3600,), "18.50"),
    ],
)
def test_the_median_is_in_hours_half_up(seconds: tuple[int | Fraction, ...], hours: str | None) -> None:
    assert rules.median_hours(seconds) == hours


def test_withdrawn_offers_are_none() -> None:
    states = {"accepted": 1, "declined": 2, "lapsed": 3, "offered": 4, "withdrawn": 5}
    assert rules.counted(states) == {"offers": 10, "accepted": 1, "declined": 2, "lapsed": 3}
    assert rules.counted({}) == {"offers": 0, "accepted": 0, "declined": 0, "lapsed": 0}
