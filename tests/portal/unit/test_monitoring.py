"""Pages of monitoring: spans, figures with their trend, orders and pictures (RULES 16)."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.portal.care.pages import by_day
from services.portal.monitoring.figures import shown, sorted_by, trend_of
from services.portal.monitoring.spans import SHOWN, span_of
from services.portal.monitoring.words import BY_KEY, DEFAULTS, THRESHOLDS, measures_in_words, value_in_words


@pytest.mark.parametrize(
    ("kind", "day", "first", "last", "name"),
    [
        ("month", "2022-10-03", "2022-10-01", "2022-10-31", "October 2022"),
        ("month", "2024-02-29", "2024-02-01", "2024-02-29", "February 2024"),
        ("month", "2022-12-31", "2022-12-01", "2022-12-31", "December 2022"),
        ("quarter", "2022-10-03", "2022-10-01", "2022-12-31", "October to December 2022"),
        ("quarter", "2023-03-31", "2023-01-01", "2023-03-31", "January to March 2023"),
        ("quarter", "2023-04-01", "2023-04-01", "2023-06-30", "April to June 2023"),
    ],
)
def test_a_span_is_the_month_or_quarter_of_a_day(
    kind: str, day: str, first: str, last: str, name: str
) -> None:
    span = span_of(kind, dt.date.fromisoformat(day))
    assert (span.first.isoformat(), span.last.isoformat(), span.name) == (first, last, name)


@given(st.sampled_from(list(SHOWN)), st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)))
def test_spans_follow_one_another_without_a_gap(kind: str, day: dt.date) -> None:
    span = span_of(kind, day)
    assert span.first <= day <= span.last
    spans = span.with_earlier()
    assert 1 <= len(spans) <= SHOWN[kind]
    assert spans[-1] == span
    for earlier, later in pairwise(spans):
        assert earlier.last + dt.timedelta(days=1) == later.first
        assert (earlier.after, later.before) == (later, earlier)


def test_nothing_lies_before_the_first_day_and_after_the_last() -> None:
    assert span_of("quarter", dt.date(2000, 2, 1)).before is None
    assert span_of("month", dt.date(2099, 12, 1)).after is None


@pytest.mark.parametrize(
    ("key", "now", "before", "words", "kind"),
    [
        ("late", 5, 3, "up from 3", "worse"),
        ("late", 3, 1_200, "down from 1,200", "better"),
        ("logged_share", "90.5", "80.0", "up from 80.0 %", "better"),
        ("logged_share", "80.0", "90.5", "down from 90.5 %", "worse"),
        ("delivered", 5, 3, "up from 3", "neither"),
        ("late", 3, 3, "the same", "same"),
    ],
)
def test_a_trend_says_from_what_and_whether_it_is_better(
    key: str, now: Any, before: Any, words: str, kind: str
) -> None:
    assert trend_of(BY_KEY[key], now, before) == (words, kind)


def test_without_a_figure_there_is_no_trend() -> None:
    assert trend_of(BY_KEY["logged_share"], "80.0", None) is None
    assert trend_of(BY_KEY["logged_share"], None, "80.0") is None
    assert [
        shown("count", 1204),
        shown("per cent", "12.5"),
        shown("hours", "1203.05"),
        shown("mean", None),
    ] == [
        "1,204",
        "12.5 %",
        "1,203.05",
        "–",
    ]


def test_a_column_is_sorted_by_its_numbers_and_what_has_none_stands_last() -> None:
    rows: dict[str, dict[str, Any]] = {
        "b": {"late": 10, "logged_share": "9.5"},
        "A": {"late": 9, "logged_share": None},
        "c": {"late": 10, "logged_share": "10.0"},
    }

    def order(key: str, *, is_descending: bool) -> str:
        return "".join(name for name, _ in sorted_by(rows, key, is_descending=is_descending))

    assert order("", is_descending=False) == "Abc"
    assert order("", is_descending=True) == "cbA"
    assert order("late", is_descending=True) == "bcA"
    assert order("logged_share", is_descending=True) == "cbA"
    assert order("logged_share", is_descending=False) == "bcA"


def test_definitions_say_the_thresholds_that_hold() -> None:
    by_key = {one.key: one for one in measures_in_words(DEFAULTS | {"late_minutes": 20, "under_minutes": 20})}
    assert "more than 20 minutes after" in by_key["late"].definition
    assert by_key["under_30_share"].name == "Under 20 minutes"
    assert "count too" not in by_key["missed"].definition
    told = {one.key: one for one in measures_in_words(DEFAULTS | {"very_late_is_missed": 1})}
    assert told["missed"].definition.endswith("Very late visits count too.")


def test_thresholds_are_said_in_their_units() -> None:
    assert [value_in_words(one.name, 1) for one in THRESHOLDS[:6]] == [
        "1 minute",
        "1 minute",
        "1 %",
        "1 minute",
        "1 minute",
        "yes",
    ]


def test_a_time_critical_slot_says_so_on_the_line_item_s_page() -> None:
    assert by_day("Mon 08:00-08:30!; Mon 20:00-20:30; Tue 08:00-08:30") == {
        "Mon": ["08:00 to 08:30 (time-critical)", "20:00 to 20:30"],
        "Tue": ["08:00 to 08:30"],
    }
