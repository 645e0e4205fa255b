"""What an actual costs (RULES 13, 17): each day at its own rate, rounded once, and no pay rule bites."""

import datetime as dt
import json
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from libs.common.care.terms import Term
from services.payments.packages.rules import Package
from services.payments.pricing.rules import Delivered, Price, explain, price_delivered
from services.payments.pricing.store import parts_of, parts_text
from tests.support.builders.care import RATE

MONDAY = dt.date(2022, 10, 3)
WEDNESDAY, THURSDAY, SUNDAY = (MONDAY + dt.timedelta(days=number) for number in (2, 3, 6))
A_TERM = Term(dt.date.min, Decimal(7), RATE, None, "Council")
A_PACKAGE = Package(
    1, "client", "organisation", "APL", dt.date(2022, 8, 1), None, (A_TERM,), payment_method="Actuals"
)


def price(package: Package, *lines: tuple[dt.date, dt.date, int, int]) -> Price:
    said = [[first.isoformat(), last.isoformat(), *seconds, None] for first, last, *seconds in lines]
    return price_delivered(Delivered([], said), package, {})


def test_the_golden_figure_of_an_actual() -> None:
    found = price(A_PACKAGE, (MONDAY, SUNDAY, 18_900, 1_800))
    assert (found.actual, found.frustrated, found.payable) == (
        Decimal("121.94"),
        Decimal("11.61"),
        Decimal("133.55"),
    )
    assert found.charged == found.payable
    assert (found.delivered_seconds, found.frustrated_seconds) == (18_900, 1_800)
    assert [(part["part"], part["seconds"], part["unit_cost"]) for part in explain(found)] == [
        ("actual", 18_900, "23.226"),
        ("frustrated", 1_800, "23.226"),
    ]


def test_a_run_is_spread_over_its_days_each_at_its_own_rate() -> None:
    dearer = replace(A_TERM, effective_from=THURSDAY, unit_cost=Decimal("30.00"))
    found = price(replace(A_PACKAGE, terms=(A_TERM, dearer)), (MONDAY, SUNDAY, 7 * 3600, 0))
    assert found.actual == Decimal("189.68")  # 3 h at 23.226 and 4 h at 30.00
    assert found.delivered_seconds == 7 * 3600


@pytest.mark.parametrize(
    ("change", "paid"),
    [
        ({"said_plan": {"suspensions": [[MONDAY.isoformat(), WEDNESDAY.isoformat()]]}}, "92.90"),
        ({"end_on": WEDNESDAY}, "69.68"),
        ({"start_on": SUNDAY}, "23.23"),
        ({"authorised": False}, "0.00"),
        ({"payment_method": "Visits"}, "0.00"),
        ({"unit": "Payment"}, "0.00"),
        # whatever the timetable says now
        ({"said_plan": {"timetable": [[0, 0, 3600]]}}, "162.58"),
    ],
)
def test_days_pay_that_are_in_force_authorised_and_not_suspended(
    change: dict[str, object], paid: str
) -> None:
    assert str(price(replace(A_PACKAGE, **change), (MONDAY, SUNDAY, 7 * 3600, 0)).payable) == paid


def test_parts_of_a_second_are_kept_and_explained() -> None:
    suspended = replace(A_PACKAGE, said_plan={"suspensions": [[MONDAY.isoformat(), MONDAY.isoformat()]]})
    found = price(suspended, (MONDAY, SUNDAY, 3_600, 0))
    assert found.delivered_seconds == 3_086
    assert found.parts == (("delivered", RATE, Fraction(21_600, 7)),)
    assert parts_of(json.loads(parts_text(found))) == found.parts
    assert explain(found)[0]["exact"] == "19.908000000"


def test_a_submitted_nought_costs_nothing() -> None:
    assert price(A_PACKAGE, (MONDAY, SUNDAY, 0, 0)) == Price()
    assert price(A_PACKAGE) == Price()
