"""What reports and statements work out, case by case (RULES 6, 7, 8, 15, 17)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from libs.common.care.plans import Commissioned
from services.payments.charges.rules import charged_weeks
from services.payments.reports.rules import compare, exceptions_of, hours_of
from services.portal.reports.ranges import check_weeks, weeks_between, weeks_until
from tests.support.builders.care import RATE

MONDAY = dt.date(2022, 10, 3)


@pytest.mark.parametrize(
    (
        "quantity",
        "delivered",
        "frustrated",
        "actual",
        "frustrated_cost",
        "difference",
        "cost",
        "difference_cost",
    ),
    [
        ("5", "3.05", "1", "70.84", "23.23", "-0.95", "116.13", "22.06"),
        ("7", "7", "0", "162.58", "0.00", "0.00", "162.58", "0.00"),
        ("2", "2.5", "0", "58.07", "0.00", "0.50", "46.45", "-11.62"),
        ("3.5", "0", "0", "0.00", "0.00", "-3.50", "81.29", "81.29"),
    ],
)
def test_commissioned_hours_and_cost_less_what_is_payable(
    quantity: str,
    delivered: str,
    frustrated: str,
    actual: str,
    frustrated_cost: str,
    difference: str,
    cost: str,
    difference_cost: str,
) -> None:
    week = {
        "delivered_seconds": int(Decimal(delivered) * 3600),
        "frustrated_seconds": int(Decimal(frustrated) * 3600),
        "actual": Decimal(actual),
        "frustrated": Decimal(frustrated_cost),
    }
    found = compare(Commissioned(Decimal(quantity), Decimal(quantity) * RATE), week)
    assert (str(found.difference), str(found.commissioned_cost)) == (difference, cost)
    assert str(found.difference_cost) == difference_cost
    assert found.is_different is (difference != "0.00")
    assert found.actual + found.frustrated - found.commissioned == found.difference


@pytest.mark.parametrize(
    ("seconds", "hours"), [(10_980, "3.05"), (12_000, "3.33"), (18, "0.01"), (17, "0.00")]
)
def test_hours_are_rounded_half_up_to_two_decimals(seconds: int, hours: str) -> None:
    assert str(hours_of(seconds)) == hours


@pytest.mark.parametrize(
    ("kind", "series", "amount", "is_first", "is_moved", "exceptions"),
    [
        ("cost", "cost", "10.00", False, False, []),
        ("cost", "cost", "10.00", True, False, ["first"]),
        ("cost", "cost", "-0.01", False, False, ["negative"]),
        ("adjustment", "cost", "-3.00", False, False, ["adjustment", "negative"]),
        ("income", "income", "-3.00", False, False, ["deduction"]),
        ("manual", "manual", "5.00", False, False, ["adjustment"]),
        ("claim", "claims", "11.89", False, False, ["claim"]),
        ("one_off", "one_off", "15.00", False, False, ["one_off"]),
        ("adjustment", "one_off", "-15.00", False, False, ["adjustment", "one_off", "negative"]),
        ("cost", "cost", "10.00", False, True, ["moved"]),
    ],
)
def test_what_is_not_ordinary_about_a_pending_payment(
    kind: str, series: str, amount: str, is_first: bool, is_moved: bool, exceptions: list[str]
) -> None:
    item = {
        "kind": kind,
        "series": series,
        "amount": Decimal(amount),
        "is_first": is_first,
        "is_moved": is_moved,
    }
    assert exceptions_of(item) == exceptions


def a_charge(amount: str, reason: str = "Care delivered", **more: Any) -> dict[str, Any]:
    """A row of charges of the first week."""
    why = {"collected_by": "Council"}
    return {"monday": MONDAY, "amount": Decimal(amount), "reason": reason, "explanation": why} | more


def an_explanation(cost: str) -> dict[str, Any]:
    """What explains a week's charge today; assessed at £35.00."""
    return {"cost_charged": cost, "assessed_contribution": "35.00", "collected_by": "Council"}


def test_a_week_on_the_statement_is_its_charge_with_the_corrections_made_since() -> None:
    late = "Retrospective change to visits data"
    (week,) = charged_weeks([a_charge("35.00"), a_charge("-15.00", late)], {MONDAY: an_explanation("20.00")})
    assert (week.charge, week.corrections, week.total) == (
        Decimal("35.00"),
        Decimal("-15.00"),
        Decimal("20.00"),
    )
    assert (week.cost, week.assessed, week.reasons) == (Decimal("20.00"), Decimal("35.00"), (late,))


def test_a_cost_that_changes_above_the_assessed_contribution_is_shown_as_it_is_today() -> None:
    (week,) = charged_weeks([a_charge("35.00")], {MONDAY: an_explanation("92.90")})
    assert (week.cost, week.total) == (Decimal("92.90"), Decimal("35.00"))


def test_a_week_whose_care_has_gone_costs_nothing_known_any_more() -> None:
    later = MONDAY + dt.timedelta(7)
    rows = [a_charge("35.00"), a_charge("-35.00", explanation={}), a_charge("5.00", monday=later)]
    gone, after = charged_weeks(rows, {later: an_explanation("5.00")})
    assert (gone.total, gone.cost, gone.collected_by) == (Decimal("0.00"), None, "Council")
    assert after.total == Decimal("5.00")


def test_a_week_that_costs_something_is_on_the_statement_though_nothing_is_charged() -> None:
    free = an_explanation("40.00") | {"assessed_contribution": "0.00"}
    (week,) = charged_weeks([], {MONDAY: free, MONDAY + dt.timedelta(7): an_explanation("0.00")})
    assert (week.monday, week.cost, week.total) == (MONDAY, Decimal("40.00"), Decimal("0.00"))


@pytest.mark.parametrize(
    ("days", "is_council", "organisation", "field"),
    [
        (-1, False, None, "last"),
        (0, False, None, None),
        (54 * 7 - 1, False, None, None),
        (54 * 7, False, None, "last"),
        (13 * 7 - 1, True, None, None),
        (13 * 7, True, None, "organisation"),
        (13 * 7, True, "Diamond", None),
        (54 * 7, True, "Diamond", "last"),
    ],
)
def test_a_report_is_bounded_by_weeks(
    days: int, is_council: bool, organisation: str | None, field: str | None
) -> None:
    values = {
        "first": MONDAY,
        "last": MONDAY + dt.timedelta(days),
        "organisation": organisation,
        "client": None,
    }
    assert list(check_weeks(values, is_council)) == ([field] if field else [])


def test_weeks_count_from_monday_to_sunday() -> None:
    sunday = MONDAY - dt.timedelta(1)
    assert weeks_between(sunday, MONDAY) == 2
    assert weeks_until(dt.date(2022, 10, 5), 2) == {
        "first": dt.date(2022, 9, 26),
        "last": dt.date(2022, 10, 9),
    }
