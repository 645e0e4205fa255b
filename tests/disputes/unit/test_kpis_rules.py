"""Days to answer, and spans (RULES 16)."""

import datetime as dt

import pytest

from libs.common.care.clock import moments_of_days
from services.disputes.kpis.rules import DEFAULT_SPAN, MONTHS, days_to_answer, median_days
from services.portal.monitoring.kpi import words


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("raised", "answered", "days"),
    [
        ("2022-10-03T09:00", "2022-10-03T16:00", 0),
        ("2022-10-03T09:00", "2022-10-04T08:00", 1),
        # half past midnight in London, where it is summer
        ("2022-10-03T09:00", "2022-10-03T23:30", 1),
        ("2022-10-03T23:30", "2022-10-04T09:00", 0),
        # the clocks go back on 30 Oct
        ("2022-10-29T23:30", "2022-10-30T23:30", 0),
        ("2022-10-03T09:00", "2022-10-13T09:00", 10),
        ("2022-10-03T09:00", None, None),
    ],
)
def test_days_to_answer_are_those_of_london(raised: str, answered: str | None, days: int | None) -> None:
    assert days_to_answer(utc(raised), utc(answered) if answered else None) == days


@pytest.mark.parametrize(
    ("days", "median"),
    [
        ([], None),
        ([0], "0.0"),
        ([3], "3.0"),
        ([1, 2], "1.5"),
        ([9, 1, 2], "2.0"),
        ([1, 2, 3, 10], "2.5"),
        ([1, 3, 3, 10], "3.0"),
    ],
)
def test_the_median_of_an_even_number_is_the_mean_of_the_middle_two(
    days: list[int], median: str | None
) -> None:
    assert median_days(days) == median


def test_a_span_of_days_begins_and_ends_at_midnight_in_london() -> None:
    begin, end = moments_of_days(dt.date(2022, 10, 1), dt.date(2022, 12, 31))
    assert (begin, end) == (utc("2022-09-30T23:00"), utc("2023-01-01T00:00"))


def test_the_faces_offer_the_spans_that_there_may_be() -> None:
    assert tuple(words.SPANS) == MONTHS
    assert all(12 % months == 0 for months in MONTHS)
    assert DEFAULT_SPAN == {"months": 3, "first_month": 1}
