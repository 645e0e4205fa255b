"""From when on visits overlap, and what was left running (RULES 16)."""

from __future__ import annotations

import datetime as dt

import pytest

from libs.common.care.dated import NumberSet, holding_on
from services.ingest.overlaps.rules import (
    DEFAULTS,
    OverlapLimits,
    Pair,
    least_seconds,
    signs_of_running_on,
)

MINUTE, HOUR = 60, 3600
HALF_AN_HOUR = 30 * MINUTE


def a_pair(leaving: float, other_leaving: float, planned_minutes: int | None = 60) -> Pair:
    """The first from 09:00 on, the second from 09:30 on; hours after midnight."""
    planned = None if planned_minutes is None else planned_minutes * MINUTE
    return Pair(
        9 * HOUR, round(leaving * HOUR), planned, 9 * HOUR + HALF_AN_HOUR, round(other_leaving * HOUR)
    )


@pytest.mark.parametrize(
    ("pair", "signs"),
    [
        (a_pair(10, 11), ()),
        (a_pair(11, 11), ("ended_together",)),
        (a_pair(11 + 5 / 60, 11), ("ended_together",)),
        (a_pair(11, 11 + 5 / 60), ("ended_together",)),
        (a_pair(11 + 301 / 3600, 11), ()),
        (a_pair(11, 11 + 301 / 3600), ()),
        (a_pair(11, 12, 30), ("too_long",)),
        (a_pair(11, 12, 31), ()),
        (a_pair(11 - 1 / 3600, 12, 30), ()),
        (a_pair(14, 10, 15), ("too_long",)),
        (a_pair(11, 11, 30), ("ended_together", "too_long")),
        (a_pair(14, 10, None), ()),
        (a_pair(25, 25 + 1 / 60), ("ended_together",)),
    ],
)
def test_what_looks_left_running(pair: Pair, signs: tuple[str, ...]) -> None:
    assert signs_of_running_on(pair, DEFAULTS) == signs


def test_the_council_says_what_looks_left_running() -> None:
    strict = OverlapLimits(end_minutes=0, delivered_minutes=60, planned_minutes=45)
    assert signs_of_running_on(a_pair(11 + 1 / 60, 11), strict) == ()
    assert signs_of_running_on(a_pair(10, 11, 45), strict) == ("too_long",)


@pytest.mark.parametrize(("minutes", "seconds"), [(1, 60), (10, 600), (0, 1)])
def test_visits_that_only_touch_never_overlap(minutes: int, seconds: int) -> None:
    assert least_seconds(OverlapLimits(least_minutes=minutes)) == seconds


def test_of_two_numbers_for_a_day_the_later_said_holds() -> None:
    monday, tuesday = dt.date(2022, 10, 3), dt.date(2022, 10, 4)
    set_ones = [
        NumberSet("least_minutes", tuesday, 10),
        NumberSet("least_minutes", monday, 5),
        NumberSet("least_minutes", tuesday, 15),
    ]
    on = holding_on(DEFAULTS, set_ones)
    assert [on(day).least_minutes for day in (dt.date(2022, 10, 2), monday, tuesday)] == [1, 5, 15]
    assert on(tuesday).end_minutes == 5
