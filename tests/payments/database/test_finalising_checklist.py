"""What payments says before a period is finalised, on a real PostgreSQL (RULES 8)."""

from typing import Any

import pytest

from libs.common.care.weeks import next_period, period_start_of
from libs.common.errors import Refused
from services.payments.care import steps as care_steps
from services.payments.finalising import checklist as finalising_checklist
from services.payments.posting import steps as posting_steps
from tests.payments.database.test_holds import FINANCE, PROVIDER, council, move, post
from tests.support.builders.messages import BEA, MONDAY, a_package, a_week, care_changed, weeks_matched
from tests.support.council.council import Council

__all__ = ["council"]

PERIOD = period_start_of(MONDAY)
NEXT = next_period(PERIOD)
DIAMOND_NAME, PEARL_NAME = "Diamond Home Care Ltd", "Pearl Carers Ltd"


def describe(council: Council, start: Any = PERIOD, contract: str | None = None) -> Any:
    with council.payments() as session:
        return finalising_checklist.describe_checklist(session, FINANCE, start=start, contract=contract)


def of_another_contract(council: Council) -> None:
    """£100.00 of the first provider under LWAH."""
    with council.payments() as session:
        care_steps.take_care(session, care_changed(a_package(4, client=BEA, contract="LWAH")))
    with council.payments() as session:
        posting_steps.take_weeks(session, weeks_matched(a_week(4, client=BEA, hours=(5,))))


def test_holds_totals_below_nothing_and_the_difference_are_said(council: Council) -> None:
    move(council, 1, "suspend")
    post(council, "-548.39")
    found = describe(council)
    assert [(one["organisation"], one["number"], one["amount"]) for one in found["holds"]] == [
        (DIAMOND_NAME, 1, "20.00")
    ]
    assert [(one["organisation"], one["contract"], one["amount"]) for one in found["below_nothing"]] == [
        (DIAMOND_NAME, "DAPL", "-508.39")
    ]
    assert (found["payable"], found["last_payable"], found["owed"]) == ("-448.39", "0.00", "0.00")
    assert [(one["organisation"], one["payable"]) for one in found["changes"]] == [
        (DIAMOND_NAME, "-508.39"),
        (PEARL_NAME, "60.00"),
    ]
    council.finalise(PERIOD)
    later = describe(council, NEXT)
    assert (later["payable"], later["last_payable"], later["owed"]) == ("-508.39", "60.00", "508.39")


def test_it_is_of_the_contracts_that_finalising_freezes(council: Council) -> None:
    of_another_contract(council)
    found = describe(council)
    assert (found["freezes"], found["finalised_contracts"]) == (["DAPL", "LWAH"], [])
    assert found["payable"] == "220.00"
    assert council.finalise(PERIOD, "DAPL")["frozen_contracts"] == ["DAPL"]
    found = describe(council)
    assert (found["state"], found["freezes"], found["finalised_contracts"]) == (
        "partially finalised",
        ["LWAH"],
        ["DAPL"],
    )
    assert (found["payable"], found["refusal"]) == ("100.00", None)
    assert describe(council, contract="dapl")["refusal"] == (
        f"The period from {PERIOD} is finalised already."
    )
    assert council.finalise(PERIOD)["frozen_contracts"] == ["LWAH"]


def test_why_a_period_can_not_be_finalised_yet_is_said_before(council: Council) -> None:
    assert describe(council, NEXT)["refusal"] == (
        f"Finalise the period from {PERIOD} first: it holds payment items."
    )
    council.finalise(PERIOD)
    assert describe(council, NEXT)["refusal"] is None


def test_a_provider_is_not_told(council: Council) -> None:
    with council.payments() as session, pytest.raises(Refused, match="not_allowed"):
        finalising_checklist.describe_checklist(session, PROVIDER, start=PERIOD, contract=None)
