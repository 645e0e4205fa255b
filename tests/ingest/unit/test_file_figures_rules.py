"""Which weeks came late (RULES 15, 16)."""

import datetime as dt

import pytest

from services.ingest.file_figures.rules import is_late, weeks_of
from services.ingest.file_figures.schemas import MOST_SUBMISSION_DAYS
from services.portal.help import rules as help_rules

MONDAY = dt.date(2022, 10, 3)


@pytest.mark.parametrize(
    ("came", "submission_days", "late"),
    [
        ("2022-10-05T12:00", 3, False),
        ("2022-10-12T22:59", 3, False),
        ("2022-10-12T23:00", 3, True),
        ("2022-10-09T22:59", 0, False),
        ("2022-10-09T23:00", 0, True),
        ("2022-10-16T22:59", 7, False),
        ("2022-10-17T12:00", 7, True),
    ],
)
def test_a_week_is_late_once_the_day_it_was_due_is_over_in_london(
    came: str, submission_days: int, late: bool
) -> None:
    came_at = dt.datetime.fromisoformat(came).replace(tzinfo=dt.UTC)
    assert is_late(MONDAY, came_at, submission_days) == late


@pytest.mark.parametrize(
    ("first", "last", "mondays"),
    [
        ("2022-10-03", "2022-10-09", ["2022-10-03"]),
        ("2022-10-01", "2022-10-10", ["2022-10-03", "2022-10-10"]),
        ("2022-10-04", "2022-10-10", ["2022-10-10"]),
        ("2022-10-04", "2022-10-09", []),
    ],
)
def test_a_week_belongs_to_the_span_of_its_monday(first: str, last: str, mondays: list[str]) -> None:
    found = weeks_of(dt.date.fromisoformat(first), dt.date.fromisoformat(last))
    assert [monday.isoformat() for monday in found] == mondays


def test_the_days_are_those_that_the_council_may_set() -> None:
    assert MOST_SUBMISSION_DAYS == help_rules.MOST_SUBMISSION_DAYS
