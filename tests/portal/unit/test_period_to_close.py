"""The council's first page is the period: which one, how long it runs, and what the page says of it (RULES 20)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from services.portal.home.period import chart_of, days_of, find_period_to_close, to_close
from services.portal.schema.tables_accounts import Account
from tests.portal.unit.test_checklist import ANSWERS
from tests.support.portal.without_services import GivenAnswers


def a_period(start: str, state: str = "current", payable: str = "10.00") -> Any:
    end = dt.date.fromisoformat(start) + dt.timedelta(days=27)
    return {"start": start, "end": end.isoformat(), "state": state, "payable": payable}


@pytest.mark.parametrize(
    ("periods", "today", "start"),
    [
        ([], "2022-10-10", None),
        ([("2022-09-05", "finalised"), ("2022-10-03", "current")], "2022-10-10", "2022-10-03"),
        ([("2022-09-05", "current"), ("2022-10-03", "current")], "2022-10-10", "2022-09-05"),
        ([("2022-09-05", "partially finalised"), ("2022-10-03", "current")], "2022-10-10", "2022-09-05"),
        ([("2022-09-05", "finalised"), ("2022-10-31", "current")], "2022-10-10", None),
        ([("2022-10-03", "current")], "2022-10-03", "2022-10-03"),
    ],
)
def test_the_earliest_open_period_that_has_begun_is_to_close(
    periods: list[tuple[str, str]], today: str, start: str | None
) -> None:
    found = to_close([a_period(*one) for one in periods], dt.date.fromisoformat(today))
    assert (found and found["start"]) == start


@pytest.mark.parametrize(
    ("today", "said"),
    [
        ("2022-10-10", "20 days left, until 30 Oct 2022"),
        ("2022-10-29", "1 day left, until 30 Oct 2022"),
        ("2022-10-30", "It ends today"),
        ("2022-10-31", "It ended 1 day ago, on 30 Oct 2022"),
    ],
)
def test_it_says_how_long_it_runs(today: str, said: str) -> None:
    assert days_of("2022-10-30", dt.date.fromisoformat(today)) == said


def test_the_picture_shows_each_period_and_none_below_nothing() -> None:
    chart = chart_of([a_period("2022-09-05", payable="-3.00"), a_period("2022-10-03", payable="120.50")])
    assert chart is not None
    assert [group.bars[0].height > 0 for group in chart.groups] == [False, True]
    assert "the last from 3 Oct 2022 with £120.50 payable" in chart.in_words
    assert chart_of([]) is None


A_RUN = {
    "run_id": "7b4b9f6e-6e4b-4c69-9d58-1f8b0c0f6a12",
    "period_start": "2022-10-03",
    "period_end": "2022-10-30",
    "prepared_by": "command line",
    "prepared_at": "2022-11-01T09:00:00+00:00",
    "contract": None,
    "state": "prepared",
    "payable": "1500.00",
}
OF_HOME = {
    **ANSWERS,
    ("payments", "payment_periods"): [a_period("2022-09-05", "finalised"), a_period("2022-10-03")],
    ("payments", "runs"): [A_RUN, A_RUN | {"state": "approved", "payable": "77.00"}],
}


def found_by(role: str, answers: dict[tuple[str, str], Any] = OF_HOME) -> Any:
    gateway: Any = GivenAnswers(answers)
    caller: Any = {"who": "somebody", "role": "council", "organisation": None, "staff": role}
    return find_period_to_close(gateway, caller, Account(role=role), dt.date(2022, 10, 10))


@pytest.mark.parametrize(("role", "runs"), [("finance", 1), ("approver", 1), ("commissioning", 0)])
def test_it_says_what_blocks_closing_with_its_money_and_which_runs_wait(role: str, runs: int) -> None:
    found = found_by(role)
    assert (found.start, found.checklist["payable"]) == ("2022-10-03", "1500.00")
    unmatched = next(one for one in found.checklist["checks"] if one["name"] == "unmatched")
    assert (unmatched["number"], unmatched["amount"]) == (3, "43.75")
    assert [run["payable"] for run in found.runs] == ["1500.00"] * runs
    assert [one["start"] for one in found.drawn] == ["2022-09-05", "2022-10-03"]


@pytest.mark.parametrize("role", ["home_manager", "accounts_payable", "helpdesk"])
def test_who_has_no_part_in_it_is_asked_nothing_about_it(role: str) -> None:
    assert found_by(role, {}) is None


def test_while_payments_does_not_answer_it_is_unknown_and_never_nothing() -> None:
    assert found_by("finance", {}) == "unknown"
