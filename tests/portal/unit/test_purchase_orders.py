"""Purchase orders: what is commissioned of a service in a period."""

import datetime as dt
from typing import Any

import pytest

from services.portal.money.periods.orders import is_commissioned, order_number, orders_csv, orders_of

OCTOBER, NOVEMBER = dt.date(2022, 10, 3), dt.date(2022, 10, 31)
ZONE_6, ZONE_7 = (f"00000000-0000-4000-8000-00000000000{zone}" for zone in (6, 7))


def a_line_item(**changes: Any) -> dict[str, Any]:
    """A line item as matching shows it: 7 hours a week at £23.226."""
    term = {
        "effective_from": None,
        "quantity": "7",
        "unit_cost": "23.226",
        "assessed_contribution": None,
        "contribution_collected_by": "Council",
    }
    return {
        "cpli_id": 1,
        "organisation": "Diamond Home Care Ltd",
        "client": {"ssref": "A1", "client_ref": None, "nhs_number": None},
        "service": "Zone 6",
        "service_id": ZONE_6,
        "contract": "DAPL",
        "service_level": "Personal Care",
        "start_on": "2022-08-01",
        "end_on": None,
        "unit": "Hr",
        "frequency": "Weekly",
        "authorised": True,
        "terms": [term],
    } | changes


@pytest.mark.parametrize(
    ("changes", "is_one"),
    [
        ({}, True),
        ({"start_on": "2022-10-30"}, True),
        ({"start_on": "2022-10-31"}, False),
        ({"end_on": "2022-10-03"}, True),
        ({"end_on": "2022-10-02"}, False),
        ({"authorised": False}, False),
        ({"frequency": "One-off"}, False),
    ],
)
def test_a_period_orders_what_is_authorised_bought_by_the_week_and_in_force_in_it(
    changes: dict[str, Any], is_one: bool
) -> None:
    assert is_commissioned(a_line_item(**changes), OCTOBER) is is_one


def test_an_order_is_a_service_with_the_weekly_cost_of_its_line_items() -> None:
    later = a_line_item()["terms"][0] | {"effective_from": "2022-10-10", "quantity": "5"}
    dated = a_line_item(cpli_id=2, terms=[*a_line_item()["terms"], later])
    started = a_line_item(cpli_id=3, start_on="2022-10-10", terms=dated["terms"])
    orders = orders_of(
        [a_line_item(), dated, started, a_line_item(cpli_id=4, service="Zone 7", service_id=ZONE_7)], OCTOBER
    )
    assert [order.service for order in orders] == ["Zone 6", "Zone 7"]
    assert [str(line.weekly_cost) for line in orders[0].lines] == ["162.58", "162.58", "116.13"]
    assert str(orders[0].weekly_cost) == "441.29"
    assert [str(line.first) for line in orders[0].lines] == ["2022-10-03", "2022-10-03", "2022-10-10"]


def test_an_orders_number_says_period_and_service_whatever_they_are_called() -> None:
    """What is hashed is the id alone: the figure is SHA-256's of it, and no name is in it."""
    assert order_number(OCTOBER, ZONE_6) == "PO-20221003-A8353ED0"
    assert len({order_number(day, one) for day in (OCTOBER, NOVEMBER) for one in (ZONE_6, ZONE_7)}) == 4
    before, after = (
        orders_of([a_line_item(**named)], OCTOBER)
        for named in ({}, {"organisation": "Diamond & Daughters", "service": "Zone 6 North"})
    )
    assert before[0].number == after[0].number
    assert after[0].service == "Zone 6 North"


def test_two_services_of_one_name_are_two_orders() -> None:
    """A name is never an identity: a freed one may be taken by another service."""
    twins = [a_line_item(), a_line_item(cpli_id=2, service_id=ZONE_7)]
    assert len({order.number for order in orders_of(twins, OCTOBER)}) == 2


def test_a_period_before_the_first_known_term_has_that_first_one() -> None:
    known = a_line_item()["terms"][0] | {"effective_from": "2022-12-01", "quantity": "3"}
    (order,) = orders_of([a_line_item(terms=[known])], OCTOBER)
    assert (order.lines[0].quantity, order.lines[0].unit_cost) == ("3", "23.226")


def test_the_csv_has_a_row_for_each_line_item_and_no_formula() -> None:
    rows = orders_csv(orders_of([a_line_item(service="=1+1")], OCTOBER)).splitlines()
    assert rows[0].startswith("PurchaseOrder,PeriodStart,PeriodEnd,OrganisationName,ServiceName")
    assert "'=1+1" in rows[1]
    assert rows[1].endswith(",7,Hr,23.226,162.58")
