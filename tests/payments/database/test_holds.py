"""Holding, releasing and splitting posted items, and posting by hand, on a real PostgreSQL (RULES 8)."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from libs.common.care.weeks import next_period, period_start_of
from libs.common.errors import Refused
from libs.common.process import database
from libs.common.rpc import Caller
from services.payments.adjustments import steps as adjustments_steps
from services.payments.care import steps as care_steps
from services.payments.finalising import steps as finalising_steps
from services.payments.holds import steps as holds_steps
from services.payments.holds import views as holds_views
from services.payments.holds import week_steps
from services.payments.items import views as items_views
from services.payments.periods import views as periods_views
from services.payments.posting import steps as posting_steps
from services.payments.remittances import views as remittances_views
from tests.payments.database.test_public_events import data_of, read_events
from tests.support.builders.messages import (
    BEA,
    DIAMOND,
    MONDAY,
    PEARL,
    a_message,
    a_package,
    a_week,
    weeks_matched,
)
from tests.support.council.council import Council
from tests.support.council.racing import in_turn
from tests.support.events.asyncapi import misfits

PERIOD = period_start_of(MONDAY)
NEXT = next_period(PERIOD)
FINANCE: Caller = {"who": "finance", "role": "council", "organisation": None}
PROVIDER: Caller = {"who": "provider", "role": "provider", "organisation": DIAMOND}
WHOLE: dict[str, Any] = {"organisation": None, "contract": None}
NAMES = [
    {"organisation_id": DIAMOND, "name": "Diamond Home Care Ltd", "version": 1},
    {"organisation_id": PEARL, "name": "Pearl Carers Ltd", "version": 1},
]


@pytest.fixture
def council(idle_council: Council) -> Council:
    """Two clients of one provider with a week each, 20.00 and 40.00, and a third of another provider, 60.00."""
    packages = [a_package(1), a_package(2, client=BEA), a_package(3, client=BEA, organisation=PEARL)]
    care = a_message("care_changed", {"reference_version": 1, "packages": packages, "organisations": NAMES})
    weeks = [
        a_week(1),
        a_week(2, client=BEA, hours=(2,)),
        a_week(3, client=BEA, organisation=PEARL, hours=(3,)),
    ]
    with idle_council.payments() as session:
        care_steps.take_care(session, care)
    with idle_council.payments() as session:
        posting_steps.take_weeks(session, weeks_matched(*weeks))
    return idle_council


def item_of(council: Council, cpli_id: int) -> str:
    with council.payments() as session:
        return str(session.scalar(text("SELECT item_id FROM items WHERE cpli_id = :cpli"), {"cpli": cpli_id}))


KINDS = {"cancel": "cancel", "suspend": "suspend", "carry_forward": "carry-forward"}


def a_move(council: Council, cpli_id: int, name: str, **facts: Any) -> Any:
    """A step that holds or releases the week of a CPLI, or splits its item, as somebody who has seen how it stands."""
    said = {"reason": "The rate is being looked into", "owner": "Payments team"}
    week = {"cpli_id": cpli_id, "monday": MONDAY}
    with council.payments() as session:
        seen = len(holds_views.describe_week(session, FINANCE, **week)["decisions"])
        item_id = uuid.UUID(item_of(council, cpli_id))
        seen_moves = len(holds_views.describe_item(session, FINANCE, item_id=item_id)["moves"])
    if name == "split":
        wanted = {"period_start": PERIOD, "status": "payable", "seen_moves": seen_moves, "instalments": 2}
        wanted |= said | {"item_id": item_id} | facts
        return lambda session: holds_steps.move_item(session, FINANCE, name=name, **wanted)
    wanted = week | said | {"charge": None, "seen": seen} | facts
    if name == "release":
        return lambda session: week_steps.release(session, FINANCE, **wanted)
    return lambda session: week_steps.place(session, FINANCE, kind=KINDS[name], **wanted)


def move(council: Council, cpli_id: int, name: str, **facts: Any) -> None:
    step = a_move(council, cpli_id, name, **facts)
    with council.payments() as session:
        step(session)


def post(council: Council, amount: str, **facts: Any) -> None:
    """A manual adjustment for the first provider."""
    wanted = {"adjustment_id": uuid.uuid4(), "start": PERIOD, "organisation": "Diamond Home Care Ltd"}
    wanted |= {
        "contract": "DAPL",
        "client": None,
        "cpli_id": None,
        "reason": "Agreed on the telephone",
    } | facts
    with council.payments() as session:
        adjustments_steps.post_adjustment(session, FINANCE, amount=Decimal(amount), **wanted)


def totals(council: Council, start: dt.date) -> tuple[str, str]:
    """What is payable in a period and what is not."""
    with council.payments() as session:
        found = periods_views.describe_period(session, FINANCE, start=start, **WHOLE)
    return found["total"], found["non_payable"]


def list_items(council: Council, start: dt.date, which: str | None) -> list[tuple[Any, str, bool]]:
    """The items of a period: CPLI, what stands there, whether it is payable."""
    with council.payments() as session:
        found = items_views.list_period_items(
            session, FINANCE, start=start, shown=which, after=None, limit=100, **WHOLE
        )
    return [(item["cpli_id"], item["amount"], item["payable"]) for item in found]


def differences(council: Council) -> list[dict[str, Any]]:
    """What `reconcile` finds of items that somebody moved or posted by hand, of holds and of debts; this council has no
    visits behind its weeks."""
    return [
        one for one in council.differences() if one["what"] in ("manual", "portions", "hold", "debt", "paid")
    ]


def refusal_of(council: Council, cpli_id: int, name: str, **facts: Any) -> str:
    with pytest.raises(Refused) as found:
        move(council, cpli_id, name, **facts)
    return found.value.code


def test_a_held_item_moves_from_payable_to_non_payable_and_says_why(council: Council) -> None:
    assert (totals(council, PERIOD)) == ("120.00", "0.00")
    move(council, 1, "suspend")
    assert totals(council, PERIOD) == ("100.00", "20.00")
    assert list_items(council, PERIOD, "non_payable") == [(1, "20.00", False)]
    assert list_items(council, PERIOD, "payable") == [(2, "40.00", True), (3, "60.00", True)]
    with council.payments() as session:
        page = items_views.list_period_items(
            session, FINANCE, start=PERIOD, shown=None, after=None, limit=100, **WHOLE
        )
        listed = periods_views.list_periods_of_caller(session, FINANCE)
    assert page[0]["hold"]["reason"] == "The rate is being looked into"
    assert page[0]["portions"] == [{"status": "suspended", "amount": "20.00"}]
    assert [(one["payable"], one["non_payable"]) for one in listed] == [("100.00", "20.00")]
    assert differences(council) == []


def test_remittance_and_events_hold_what_is_payable_alone(council: Council) -> None:
    move(council, 1, "cancel")
    move(council, 3, "carry_forward")
    with council.payments() as session:
        page = remittances_views.describe_remittance(
            session, FINANCE, start=PERIOD, summary=False, after=0, limit=10, **WHOLE
        )
    assert [line["amount"] for line in page["lines"]] == ["40.00"]
    assert [(one["status"], one["items"], one["amount"]) for one in page["not_paid"]] == [
        ("cancelled", 1, "20.00"),
        ("carried_forward", 1, "60.00"),
    ]
    council.finalise(PERIOD)
    events = read_events(council)
    finalised = {data["organisation_id"]: data for data in data_of(events, "payment.period.finalised.v1")}
    figures = ("items", "posted", "payable", "non_payable")
    assert [finalised[DIAMOND][name] for name in figures] == [2, "60.00", "40.00", "20.00"]
    assert [finalised[PEARL][name] for name in figures] == [1, "60.00", "0.00", "60.00"]
    remitted = data_of(events, "remittance.issued.v1")
    assert [(data["organisation_id"], data["items"], data["payable"]) for data in remitted] == [
        (DIAMOND, 1, "40.00")
    ]
    council.finalise(NEXT)
    later = data_of(read_events(council), "remittance.issued.v1")[-1]
    assert (later["organisation_id"], later["payable"]) == (PEARL, "60.00")
    assert [misfit for event in read_events(council) for misfit in misfits(event)] == []


def test_what_is_suspended_is_released_into_the_earliest_open_period_and_frozen_totals_stay(
    council: Council,
) -> None:
    move(council, 1, "suspend")
    council.finalise(PERIOD)
    frozen = totals(council, PERIOD)
    council.finalise(NEXT)
    assert refusal_of(council, 2, "split") == "period_finalised"
    move(council, 1, "release")
    assert totals(council, PERIOD) == frozen == ("100.00", "20.00")
    assert list_items(council, next_period(NEXT), None) == [(1, "20.00", True)]
    assert refusal_of(council, 1, "release") == "not_held"


def test_an_item_is_paid_in_instalments_and_a_hold_takes_those_that_are_not_paid_yet(
    council: Council,
) -> None:
    move(council, 3, "split", instalments=3)
    assert totals(council, PERIOD) == ("80.00", "40.00")
    assert (3, "20.00", True) in list_items(council, NEXT, "payable")
    council.finalise(PERIOD)
    move(council, 3, "suspend")
    assert totals(council, PERIOD) == ("80.00", "40.00")
    assert totals(council, NEXT) == ("0.00", "20.00")
    assert totals(council, next_period(NEXT)) == ("0.00", "20.00")
    move(council, 3, "release")
    assert totals(council, NEXT) == ("40.00", "0.00")
    assert refusal_of(council, 1, "split", instalments=14) == "period_finalised"
    assert differences(council) == []


def test_a_split_into_more_instalments_than_a_year_has_periods_is_refused(council: Council) -> None:
    assert refusal_of(council, 1, "split", instalments=14) == "cannot_be_split"


def test_the_items_of_a_week_are_not_held_one_by_one(council: Council) -> None:
    with pytest.raises(Refused, match="held_by_week"), council.payments() as session:
        holds_steps.move_item(
            session,
            FINANCE,
            name="suspend",
            item_id=uuid.UUID(item_of(council, 1)),
            period_start=PERIOD,
            status="payable",
            seen_moves=0,
            instalments=2,
            reason="x",
            owner="x",
        )


def test_what_is_sent_twice_is_done_once(council: Council) -> None:
    move(council, 1, "suspend")
    assert refusal_of(council, 1, "suspend", seen=0) == "seen_another"
    key = uuid.uuid4()
    post(council, "5.00", adjustment_id=key)
    post(council, "5.00", adjustment_id=key)
    assert totals(council, PERIOD) == ("105.00", "20.00")


def test_finalising_waits_for_the_hold_at_work_and_freezes_what_it_left(council: Council) -> None:
    in_turn(
        council.sessions["payments"],
        a_move(council, 1, "suspend"),
        lambda session: finalising_steps.finalise(session, PERIOD, None, who="x"),
    )
    (finalised,) = (
        e
        for e in data_of(read_events(council), "payment.period.finalised.v1")
        if e["organisation_id"] == DIAMOND
    )
    assert (finalised["payable"], finalised["non_payable"]) == ("40.00", "20.00")
    assert totals(council, PERIOD) == ("100.00", "20.00")


def test_a_hold_that_comes_while_a_period_is_finalised_takes_nothing_of_what_that_paid(
    council: Council,
) -> None:
    in_turn(
        council.sessions["payments"],
        lambda session: finalising_steps.finalise(session, PERIOD, None, who="x"),
        a_move(council, 1, "suspend"),
    )
    assert totals(council, PERIOD) == ("120.00", "0.00")
    assert differences(council) == []


def test_of_two_holds_of_one_week_at_once_the_second_sees_that_it_changed(council: Council) -> None:
    outcome: list[str] = []
    first, second = a_move(council, 1, "suspend"), a_move(council, 1, "cancel")

    def move_late(session: Any) -> None:
        try:
            second(session)
        except Refused as refusal:
            outcome.append(refusal.code)

    in_turn(council.sessions["payments"], first, move_late)
    assert outcome == ["seen_another"]
    assert totals(council, PERIOD) == ("100.00", "20.00")


def test_a_provider_may_look_at_its_own_items_and_do_nothing(council: Council) -> None:
    url = council.schemas.url_of("payments_rpc")
    engine = database.engine(url, "payments")
    sessions = database.sessions(engine)
    try:
        own, other = (uuid.UUID(item_of(council, cpli_id)) for cpli_id in (1, 3))
        move(council, 3, "suspend")
        with database.transaction(sessions, PROVIDER) as session:
            (portion,) = holds_views.describe_item(session, PROVIDER, item_id=own)["portions"]
            assert portion["moves"] == []
            assert (
                periods_views.describe_period(session, PROVIDER, start=PERIOD, **WHOLE)["non_payable"]
                == "0.00"
            )
            with pytest.raises(Refused, match="not_found"):
                holds_views.describe_item(session, PROVIDER, item_id=other)
            assert session.scalar(text("SELECT count(*) FROM item_lines WHERE status = 'suspended'")) == 0
            with pytest.raises(Refused, match="not_allowed"):
                adjustments_steps.post_adjustment(
                    session,
                    PROVIDER,
                    adjustment_id=own,
                    start=PERIOD,
                    organisation="Diamond Home Care Ltd",
                    contract="DAPL",
                    client=None,
                    cpli_id=None,
                    amount=Decimal("5"),
                    reason="x",
                )
        for table in ("items", "moves", "moved_lines", "manual_adjustments", "week_holds"):
            with (
                pytest.raises(ProgrammingError) as denied,
                database.transaction(sessions, FINANCE) as session,
            ):
                session.execute(text(f"UPDATE {table} SET organisation_id = organisation_id"))
            assert isinstance(denied.value.orig, psycopg.errors.InsufficientPrivilege)
    finally:
        engine.dispose()
