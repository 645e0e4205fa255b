"""The provider's first page: the next deadline, and what is still to be sent, corrected or looked at (RULES 20)."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest

from services.portal.home.deadlines import find_deadlines, weeks_to_send
from services.portal.schema.tables_accounts import Account
from tests.support.portal.without_services import GivenAnswers

TODAY = dt.date(2022, 10, 19)
OWN = uuid.UUID(int=7)
ANSWERS: dict[tuple[str, str], Any] = {
    ("matching", "expected_weeks"): [
        [str(OWN), "Diamond", monday] for monday in ("2022-09-26", "2022-10-03", "2022-10-10")
    ],
    ("ingest", "sent_weeks"): [[str(OWN), "2022-10-03"]],
    ("ingest", "rejected_rows"): {"files": [{"file_name": "a.csv", "number": 4}], "is_complete": True},
    ("matching", "unmatched_money"): {str(OWN): {"number": 3, "amount": "43.75"}},
    ("ingest", "unconfirmed_actuals"): [],
}


def found_by(
    role: str, organisation_id: uuid.UUID | None = OWN, answers: dict[tuple[str, str], Any] = ANSWERS
) -> Any:
    gateway: Any = GivenAnswers(answers)
    caller: Any = {"who": "somebody", "role": "provider", "organisation": str(organisation_id)}
    return find_deadlines(gateway, caller, Account(role=role, organisation_id=organisation_id), TODAY, 3)


@pytest.mark.parametrize(
    ("expected", "sent", "weeks"),
    [
        ([], [], []),
        (["2022-10-03"], ["2022-10-03"], []),
        (
            ["2022-10-10", "2022-10-03"],
            [],
            [("2022-10-03", "2022-10-12", True), ("2022-10-10", "2022-10-19", False)],
        ),
        (["2022-10-10"], ["2022-10-03"], [("2022-10-10", "2022-10-19", False)]),
    ],
)
def test_a_week_is_late_once_its_last_day_is_over(
    expected: list[str], sent: list[str], weeks: list[tuple[str, str, bool]]
) -> None:
    found = weeks_to_send(expected, sent, TODAY, 3)
    assert [(one.monday.isoformat(), one.due_on.isoformat(), one.is_late) for one in found] == weeks


@pytest.mark.parametrize("role", ["home_manager", "accounts_payable"])
def test_a_provider_is_told_what_is_to_do_by_when(role: str) -> None:
    found = found_by(role)
    assert (found.monday, found.due_on, found.days_left) == (dt.date(2022, 10, 10), TODAY, 0)
    assert [week.is_late for week in found.weeks] == [True, False]
    assert found.rejected[0]["number"] == 4
    assert found.unmatched == (3, "43.75")


def test_what_is_not_said_is_unknown_and_never_nothing() -> None:
    found = found_by("home_manager", answers={})
    assert (found.weeks, found.rejected, found.unmatched, found.unconfirmed) == (None, None, None, None)
    only_expected = {("matching", "expected_weeks"): ANSWERS["matching", "expected_weeks"]}
    assert found_by("home_manager", answers=only_expected).weeks is None
    nothing = {("matching", "unmatched_money"): {}}
    assert found_by("home_manager", answers=nothing).unmatched == (0, "0.00")


def test_the_council_has_another_first_page() -> None:
    assert found_by("finance", None) is None
