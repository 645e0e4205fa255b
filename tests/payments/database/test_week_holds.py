"""A hold covers a CPLI's week, with all that is posted for it later, on a real PostgreSQL (RULES 7, 8)."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from libs.common.errors import Refused
from libs.common.rpc import Caller
from services.payments.holds import steps as holds_steps
from services.payments.holds import views as holds_views
from services.payments.holds import week_steps
from services.payments.posting import steps as posting_steps
from tests.payments.database.held_weeks import FINANCE, NEXT, PERIOD, Payments, payments
from tests.payments.database.test_public_events import data_of, read_events
from tests.support.builders.messages import ADA, BEA, DIAMOND, MONDAY, PEARL, a_package, a_week, weeks_matched
from tests.support.council.racing import in_turn
from tests.support.events.asyncapi import misfits

__all__ = ["payments"]

HOLDS = ("cancel", "suspend", "carry-forward")


def test_a_cancelled_week_that_goes_down_takes_back_nothing_that_was_never_paid(payments: Payments) -> None:
    assert (payments.money(), payments.sum_charged()) == ({("first", "payable"): "40.00"}, "40.00")
    payments.place("cancel")
    assert (payments.money(), payments.sum_charged()) == ({("first", "cancelled"): "40.00"}, "0.00")
    assert payments.list_holds() == [(1, "cancel", "nothing", "40.00")]
    payments.finalise(PERIOD)
    payments.take_care(a_package(1, unit_cost="15.00"))
    assert payments.money() == {("first", "cancelled"): "40.00", ("second", "cancelled"): "-10.00"}
    assert payments.list_holds() == [(1, "cancel", "nothing", "30.00")]
    assert payments.sum_charged() == "0.00"
    payments.release()
    assert payments.money() == {("second", "payable"): "30.00"}
    assert (payments.sum_charged(), payments.list_holds()) == ("30.00", [])
    assert payments.differences() == []


def test_a_suspended_week_that_goes_down_while_its_period_is_open_pays_nothing_back(
    payments: Payments,
) -> None:
    payments.take_care(a_package(1, unit_cost="23.225"))
    payments.take_week([1, 1, 1, 1])
    payments.place("suspend")
    assert payments.money() == {("first", "suspended"): "92.90"}
    payments.take_week([1, 1, 1])
    assert payments.money() == {("first", "suspended"): "69.68"}
    assert payments.sum_charged() == "69.68"
    payments.finalise(PERIOD)
    payments.release()
    assert payments.money() == {("second", "payable"): "69.68"}
    assert payments.differences() == []


def test_money_that_was_paid_is_taken_back_once_what_is_held_is_used_up(payments: Payments) -> None:
    payments.finalise(PERIOD)
    payments.take_week([2, 1])
    payments.place("cancel")
    assert payments.money() == {("first", "payable"): "40.00", ("second", "cancelled"): "20.00"}
    assert payments.sum_charged() == "40.00"
    payments.take_week([1])
    assert payments.money() == {("first", "payable"): "40.00", ("second", "payable"): "-20.00"}
    assert payments.sum_charged() == "20.00"
    payments.take_week([1, 3])
    held = {("second", "cancelled"): "60.00"}
    assert payments.money() == {("first", "payable"): "40.00", ("second", "payable"): "-20.00"} | held
    assert payments.sum_charged() == "20.00"
    assert payments.differences() == []


def test_a_carried_week_is_payable_in_the_next_period_with_what_is_posted_before_it(
    payments: Payments,
) -> None:
    payments.place("carry-forward")
    assert payments.money() == {("second", "payable"): "40.00"}
    payments.take_week([3])
    assert payments.money() == {("second", "payable"): "60.00"}
    payments.take_week([1])
    assert payments.money() == {("second", "payable"): "20.00"}
    assert payments.list_holds() == [(1, "carry-forward", "keep", "20.00")]
    payments.finalise(PERIOD)
    assert payments.list_holds() == []
    payments.take_week([2])
    assert payments.money() == {("second", "payable"): "40.00"}
    with pytest.raises(Refused, match="not_held"):
        payments.release()
    assert payments.differences() == []


def test_a_carried_week_that_is_not_charged_is_charged_once_its_period_has_come(payments: Payments) -> None:
    payments.place("carry-forward", charge="nothing")
    assert payments.sum_charged() == "0.00"
    payments.finalise(PERIOD)
    assert payments.sum_charged() == "40.00"


@pytest.mark.parametrize("first", HOLDS)
@pytest.mark.parametrize("newer", HOLDS)
def test_a_newer_hold_replaces_the_older_also_after_finalising(
    payments: Payments, first: str, newer: str
) -> None:
    payments.place(first)
    payments.finalise(PERIOD)
    payments.take_week([3])
    payments.place(newer)
    found = payments.money()
    assert sum(map(Decimal, found.values())) == 60
    statuses = {status for _, status in found}
    assert statuses == {{"cancel": "cancelled", "suspend": "suspended", "carry-forward": "payable"}[newer]}
    if newer == "carry-forward":
        assert found == {("third", "payable"): "60.00"}
    assert payments.sum_charged() == ("0.00" if newer == "cancel" else "60.00")
    payments.release()
    assert payments.money() == {("second", "payable"): "60.00"}
    assert payments.sum_charged() == "60.00"
    assert payments.differences() == []


def test_a_hold_takes_instalments_that_are_not_paid_yet_and_release_pays_all_at_once(
    payments: Payments,
) -> None:
    with payments.council.payments() as s:
        item_id = s.scalar(text("SELECT item_id FROM items"))
        holds_steps.move_item(
            s,
            FINANCE,
            item_id=item_id,
            name="split",
            period_start=PERIOD,
            status="payable",
            seen_moves=0,
            reason="x",
            owner="x",
            instalments=4,
        )
    payments.finalise(PERIOD)
    payments.place("suspend")
    held = {(name, "suspended"): "10.00" for name in ("second", "third", "fourth")}
    assert payments.money() == {("first", "payable"): "10.00"} | held
    payments.release()
    assert payments.money() == {("first", "payable"): "10.00", ("second", "payable"): "30.00"}
    assert payments.differences() == []


def test_a_hold_stays_with_its_organisation_and_client_when_the_package_moves(payments: Payments) -> None:
    payments.place("suspend")
    payments.take_care(a_package(1, organisation=PEARL, client=BEA))
    payments.take_week([2], client=BEA, organisation=PEARL)
    with payments.council.payments() as s:
        rows = s.execute(
            text(
                "SELECT organisation_id::text, status, sum(l.amount)::text FROM items JOIN item_lines l"
                " USING (item_id, organisation_id) GROUP BY 1, 2 HAVING sum(l.amount) <> 0"
            )
        ).all()
    assert [tuple(row) for row in rows] == [(PEARL, "payable", "40.00")]
    assert (payments.sum_charged(ADA), payments.sum_charged(BEA)) == ("0.00", "40.00")
    payments.take_care(a_package(1))
    payments.take_week([2])
    assert payments.money() == {("first", "suspended"): "40.00"}
    assert payments.differences() == []


def test_other_care_of_the_client_stays_charged(payments: Payments) -> None:
    payments.take_care(a_package(2))
    payments.take_week([1], cpli_id=2)
    payments.place("cancel")
    assert payments.sum_charged() == "20.00"
    payments.decide("keep")
    assert payments.sum_charged() == "60.00"
    payments.decide("nothing")
    payments.release(charge="nothing")
    assert payments.sum_charged() == "20.00"
    payments.take_week([3])
    assert payments.sum_charged() == "40.00"
    payments.decide("keep")
    assert payments.sum_charged() == "80.00"


def test_a_deduction_goes_to_care_that_is_not_held_first_and_has_the_fate_of_its_week(
    payments: Payments,
) -> None:
    assessed = {"assessed": "50.00", "collected_by": "Provider"}
    payments.take_care(a_package(1, **assessed), a_package(2, **assessed))
    payments.take_week([2], cpli_id=2)
    assert (payments.money(1), payments.money(2)) == ({}, {("first", "payable"): "30.00"})
    payments.place("suspend", cpli_id=1)
    assert payments.money(1) == {("first", "suspended"): "30.00"}
    assert payments.money(2) == {}
    payments.place("cancel", cpli_id=1)
    assert (payments.sum_charged(), payments.money(1)) == ("40.00", {("first", "cancelled"): "40.00"})
    assert payments.differences() == []


def test_a_deduction_is_of_the_organisation_whose_row_decides(payments: Payments) -> None:
    later = {"start_on": "2022-08-02", "organisation": PEARL}
    payments.take_care(a_package(2, assessed="50.00", collected_by="Provider", **later))
    payments.take_week([1], cpli_id=2, organisation=PEARL)
    assert payments.sum_charged() == "50.00"
    assert payments.money(1) == {("first", "payable"): "40.00"}
    assert payments.money(2) == {}


def test_a_week_can_be_held_before_anything_is_posted_for_it(payments: Payments) -> None:
    payments.take_care(a_package(2))
    payments.place("suspend", cpli_id=2)
    assert payments.list_holds() == [(2, "suspend", "keep", "0.00")]
    payments.take_week([1], cpli_id=2)
    assert payments.money(2) == {("first", "suspended"): "20.00"}


def test_events_say_what_is_held_from_the_start_and_what_moves(payments: Payments) -> None:
    payments.place("suspend")
    payments.take_week([3])
    payments.place("carry-forward")
    payments.take_week([4])
    events = read_events(payments.council)
    assert [misfit for event in events for misfit in misfits(event)] == []
    posted = [(data["amount"], data["status"]) for data in data_of(events, "payment.item.posted.v1")]
    assert posted == [("40.00", "payable"), ("20.00", "suspended"), ("20.00", "carried_forward")]
    lines: dict[tuple[str, str], Decimal] = {}
    for data in data_of(events, "payment.item.posted.v1"):
        key = data["period_start"], data["status"]
        lines[key] = lines.get(key, Decimal(0)) + Decimal(data["amount"])
    for data in data_of(events, "payment.item.moved.v1"):
        for line in data["lines"]:
            key = line["period_start"], line["status"]
            lines[key] = lines.get(key, Decimal(0)) + Decimal(line["amount"])
    assert {key: amount for key, amount in lines.items() if amount} == {
        (PERIOD.isoformat(), "carried_forward"): Decimal("80.00"),
        (NEXT.isoformat(), "payable"): Decimal("80.00"),
    }


def test_a_hold_waits_for_the_posting_at_work_and_takes_what_it_posted(payments: Payments) -> None:
    wanted = {"cpli_id": 1, "monday": MONDAY, "kind": "cancel", "charge": None, "seen": 0}
    in_turn(
        payments.council.sessions["payments"],
        lambda s: posting_steps.take_weeks(s, weeks_matched(a_week(1, version=9, hours=[5]))),
        lambda s: week_steps.place(s, FINANCE, reason="x", owner="x", **wanted),
    )
    assert payments.money() == {("first", "cancelled"): "100.00"}


def test_a_posting_waits_for_the_hold_at_work_and_is_held(payments: Payments) -> None:
    wanted = {"cpli_id": 1, "monday": MONDAY, "kind": "cancel", "charge": None, "seen": 0}
    in_turn(
        payments.council.sessions["payments"],
        lambda s: week_steps.place(s, FINANCE, reason="x", owner="x", **wanted),
        lambda s: posting_steps.take_weeks(s, weeks_matched(a_week(1, version=9, hours=[5]))),
    )
    assert payments.money() == {("first", "cancelled"): "100.00"}


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"cpli_id": 9}, "not_found"),
        ({"monday": dt.date(2022, 10, 4)}, "not_a_monday"),
        ({"seen": 1}, "seen_another"),
    ],
)
def test_a_hold_must_be_about_a_week_that_there_is_as_it_was_seen(
    payments: Payments, facts: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        payments.place("cancel", **facts)
    assert refused.value.code == code


def test_only_the_council_holds(payments: Payments) -> None:
    provider: Caller = {"who": "provider", "role": "provider", "organisation": DIAMOND}
    with pytest.raises(Refused, match="not_allowed"), payments.council.payments() as s:
        holds_views.describe_week(s, provider, cpli_id=1, monday=MONDAY)


def test_reconcile_names_what_is_payable_of_a_held_week(payments: Payments) -> None:
    payments.place("cancel")
    with payments.council.as_owner("payments") as s:
        s.execute(text("DELETE FROM moved_lines"))
    (found,) = payments.differences()
    assert (found["what"], found["which"], found["held"]) == ("hold", f"cost/1/{MONDAY}/payable", "40.00")
