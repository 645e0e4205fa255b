"""Quarters: written, read, one after the other (RULES 16)."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import Schema, ValidationError

from libs.common.care.quarters import Quarter, QuarterField, parse_quarter, quarter_of


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-Q1", dt.date(2026, 1, 1), dt.date(2026, 3, 31)),
        ("2024-Q1", dt.date(2024, 1, 1), dt.date(2024, 3, 31)),
        (" 2026-q3 ", dt.date(2026, 7, 1), dt.date(2026, 9, 30)),
        ("2099-Q4", dt.date(2099, 10, 1), dt.date(2099, 12, 31)),
    ],
)
def test_a_quarter_is_read_with_its_days(text: str, first: dt.date, last: dt.date) -> None:
    found = parse_quarter(text)
    assert found is not None
    assert (found.first, found.last) == (first, last)


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-Q5", "2026-Q0", "26-Q1", "1999-Q4", "2100-Q1", "2026-Q1x"]
)
def test_what_is_no_quarter_is_none(text: str) -> None:
    assert parse_quarter(text) is None
    with pytest.raises(ValidationError, match="2026-Q3"):
        Schema.from_dict({"quarter": QuarterField()})().load({"quarter": text})


@given(st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)), st.integers(0, 12))
def test_quarters_follow_one_another_without_gaps(day: dt.date, many: int) -> None:
    found = quarter_of(day)
    assert found.first <= day <= found.last
    assert found.before(-1).first == found.last + dt.timedelta(days=1)
    assert found.before(many).before(-many) == found
    assert parse_quarter(str(found)) == found
    assert Quarter(2026, 4) > Quarter(2026, 3) > Quarter(2025, 4)
