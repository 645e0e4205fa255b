"""Many weeks held or released at once on a real PostgreSQL: as one by one, and what is left (RULES 8, 20)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from libs.common.errors import Refused
from libs.common.rpc import Caller
from services.payments.holds import many_weeks
from tests.payments.database.held_weeks import FINANCE, Payments, payments
from tests.support.builders.messages import MONDAY, a_package

__all__ = ["payments"]

PROVIDER: Caller = {"who": "jo", "role": "provider", "organisation": "00000000-0000-0000-0000-000000000001"}
HOLD = {"kind": "suspend", "charge": None, "reason": "Looked into", "owner": "team@council.example"}


def place(payments: Payments, weeks: list[tuple[int, dt.date, int]], caller: Caller = FINANCE) -> Any:
    with payments.council.payments() as session:
        found = many_weeks.place_many(session, caller, weeks=weeks, **HOLD)  # type: ignore[arg-type]
    payments.settle()
    return found


def release(payments: Payments, weeks: list[tuple[int, dt.date, int]]) -> Any:
    with payments.council.payments() as session:
        found = many_weeks.release_many(session, FINANCE, weeks=weeks, charge=None, reason="Settled")
    payments.settle()
    return found


def test_they_are_held_and_released_as_one_by_one(payments: Payments) -> None:
    payments.take_care(a_package(1), a_package(2))
    payments.take_week([1, 1, 1], cpli_id=2)
    with payments.council.payments() as session:
        shown = many_weeks.describe_weeks(
            session, FINANCE, weeks=[(2, MONDAY), (9, MONDAY), (1, MONDAY), (1, MONDAY + dt.timedelta(1))]
        )
    assert [(one["cpli_id"], one["unpaid"]) for one in shown] == [(2, "60.00"), (1, "40.00")]
    weeks = [(1, MONDAY, 0), (2, MONDAY, 0)]
    assert place(payments, weeks) == {"done": 2, "left": []}
    assert payments.list_holds() == [
        (1, "suspend", "keep", "40.00"),
        (2, "suspend", "keep", "60.00"),
    ]
    assert place(payments, weeks) == {"done": 2, "left": []}  # asked twice it is done once
    with payments.council.payments() as session:
        (again,) = many_weeks.describe_weeks(session, FINANCE, weeks=[(1, MONDAY)])
    assert len(again["decisions"]) == 1
    assert release(payments, [(1, MONDAY, 1), (2, MONDAY, 1)]) == {"done": 2, "left": []}
    assert payments.list_holds() == []
    assert payments.differences() == []


def test_what_can_t_be_done_is_left_and_stops_no_other(payments: Payments) -> None:
    payments.place("cancel", reason="Somebody else’s")
    payments.take_care(a_package(1), a_package(2))
    payments.take_week([1], cpli_id=2)
    done = place(payments, [(1, MONDAY, 0), (2, MONDAY, 0), (9, MONDAY, 0)])
    assert done["done"] == 1
    assert {one["cpli_id"]: one["message"] for one in done["left"]} == {
        1: "The week has changed since you looked at it: look at it again.",
        9: "There is no care package line item 9.",
    }
    (left,) = release(payments, [(2, MONDAY + dt.timedelta(7), 0)])["left"]
    assert left["message"] == "Nothing of this week is held."
    with pytest.raises(Refused, match="not_allowed"):
        place(payments, [(2, MONDAY, 1)], PROVIDER)
