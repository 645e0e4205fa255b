"""Nobody is paid less than nothing, on a real PostgreSQL: negative totals are debts that come off later (RULES 8)."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from libs.common.care.weeks import next_period
from libs.common.errors import Refused
from libs.common.process import database
from libs.common.rpc import Caller
from services.payments.care import steps as care_steps
from services.payments.debts import steps as debts_steps
from services.payments.debts import store as debts_store
from services.payments.debts import views as debts_views
from services.payments.holds import steps as holds_steps
from services.payments.holds import views as holds_views
from services.payments.items import views as items_views
from services.payments.posting import steps as posting_steps
from tests.payments.database.test_holds import (
    FINANCE,
    NEXT,
    PERIOD,
    PROVIDER,
    WHOLE,
    council,
    differences,
    post,
)
from tests.payments.database.test_public_events import are_gap_free, data_of, read_events
from tests.payments.database.test_runs import approve, prepare, read_run, refusal_of
from tests.support.builders.messages import BEA, DIAMOND, a_package, a_week, care_changed, weeks_matched
from tests.support.council.council import Council
from tests.support.events.asyncapi import misfits

__all__ = ["council"]

THIRD = next_period(NEXT)
FOURTH = next_period(THIRD)
FIFTH = next_period(FOURTH)


def payable(council: Council, start: dt.date, contract: str | None = "DAPL") -> str:
    """What the first provider is paid under a contract in a period."""
    with council.payments() as session:
        return str(
            session.scalar(
                text(
                    "SELECT coalesce(sum(amount), 0)::numeric(20, 2) FROM item_lines WHERE status = 'payable'"
                    " AND period_start = :start AND organisation_id = :diamond"
                    " AND (CAST(:contract AS text) IS NULL OR contract = :contract)"
                ),
                {"start": start, "diamond": DIAMOND, "contract": contract},
            )
        )


def of_debts(council: Council, caller: Caller = FINANCE) -> list[dict[str, Any]]:
    with council.payments() as session:
        return debts_views.list_debts(session, caller, organisation=None)


def balance(council: Council) -> list[tuple[str, str, str]]:
    return [(one["amount"], one["came_off"], one["owed"]) for one in of_debts(council)]


def lose(council: Council, amount: str = "-548.39", **facts: Any) -> None:
    """Take money from the first provider: 60.00 less this is below nothing."""
    post(council, amount, **facts)


def with_another_contract(council: Council, *mondays: dt.date) -> None:
    """100.00 a week for the first provider under LWAH."""
    with council.payments() as session:
        care_steps.take_care(session, care_changed(a_package(4, client=BEA, contract="LWAH")))
    with council.payments() as session:
        weeks = (a_week(4, client=BEA, monday=monday, hours=(5,)) for monday in mondays)
        posting_steps.take_weeks(session, weeks_matched(*weeks))


def test_a_run_of_less_than_nothing_pays_nothing_and_the_debt_comes_off_later(council: Council) -> None:
    lose(council)
    run_id = prepare(council)
    assert read_run(council, run_id)["payable"] == "-428.39"  # with 60.00 of the other provider
    council.finalise(PERIOD)
    assert (payable(council, PERIOD), payable(council, NEXT)) == ("0.00", "-488.39")
    assert refusal_of(council, run_id) == "changed_since"
    anew = prepare(council)
    assert read_run(council, anew)["payable"] == "60.00"
    approve(council, anew)
    events = read_events(council)
    assert [(one["kind"], one["amount"]) for one in data_of(events, "payment.item.posted.v1")][-2:] == [
        ("debt_carried", "488.39"),
        ("debt", "-488.39"),
    ]
    assert [misfit for event in events for misfit in misfits(event)] == []
    assert are_gap_free(events)
    assert differences(council) == []

    post(council, "500.00", start=NEXT)
    council.finalise(NEXT)
    assert payable(council, NEXT) == "11.61"
    assert balance(council) == [("488.39", "488.39", "0.00")]
    assert differences(council) == []


def test_what_a_later_total_can_not_bear_waits_on_and_the_oldest_debt_is_paid_first(council: Council) -> None:
    lose(council, "-160.00")
    council.finalise(PERIOD)
    lose(council, "-30.00", start=NEXT)
    council.finalise(NEXT)
    assert balance(council) == [("30.00", "0.00", "30.00"), ("100.00", "0.00", "100.00")]
    post(council, "110.00", start=THIRD)
    council.finalise(THIRD)
    assert payable(council, THIRD) == "0.00"
    assert balance(council) == [("30.00", "10.00", "20.00"), ("100.00", "100.00", "0.00")]
    post(council, "25.00", start=FOURTH)
    council.finalise(FOURTH)
    assert payable(council, FOURTH) == "5.00"
    assert differences(council) == []


@pytest.mark.parametrize("contracts", [[None], ["DAPL", "LWAH"], ["LWAH", "DAPL"]])
def test_what_its_contract_can_not_bear_comes_off_the_others(
    council: Council, contracts: list[str | None]
) -> None:
    """Each contract has its turn first; of one that is finalised before, nothing is taken that may come off there."""
    with_another_contract(council, PERIOD, NEXT, THIRD)
    lose(council, "-190.00")
    for contract in contracts:
        council.finalise(PERIOD, contract)
    assert (payable(council, PERIOD), payable(council, PERIOD, "LWAH")) == ("0.00", "100.00")
    post(council, "20.00", start=NEXT)
    for contract in contracts:
        council.finalise(NEXT, contract)
    waits = contracts[0] == "LWAH"
    assert payable(council, NEXT, "LWAH") == ("100.00" if waits else "0.00")
    assert balance(council) == [("130.00", "20.00" if waits else "120.00", "110.00" if waits else "10.00")]
    for contract in contracts:
        council.finalise(THIRD, contract)
    assert balance(council) == [("130.00", "120.00" if waits else "130.00", "10.00" if waits else "0.00")]
    assert payable(council, THIRD, None) == ("0.00" if waits else "90.00")
    assert differences(council) == []


def the_item_of(council: Council) -> uuid.UUID:
    return uuid.UUID(of_debts(council)[0]["item_id"])


def split(council: Council, instalments: int, start: dt.date = NEXT) -> None:
    with council.payments() as session:
        item_id = the_item_of(council)
        seen = len(holds_views.describe_item(session, FINANCE, item_id=item_id)["moves"])
        holds_steps.move_item(
            session,
            FINANCE,
            item_id=item_id,
            name="split",
            period_start=start,
            status="payable",
            seen_moves=seen,
            reason="Agreed with the provider",
            owner="Payments team",
            instalments=instalments,
        )


def test_a_debt_comes_off_in_instalments_and_not_faster(council: Council) -> None:
    with_another_contract(council, PERIOD, NEXT, THIRD, FOURTH)
    lose(council, "-150.00")
    council.finalise(PERIOD)
    split(council, 3)
    post(council, "100.00", start=NEXT)
    council.finalise(NEXT)
    assert (payable(council, NEXT), payable(council, NEXT, "LWAH")) == ("70.00", "100.00")
    council.finalise(THIRD)
    assert (payable(council, THIRD), payable(council, THIRD, "LWAH")) == ("0.00", "70.00")
    assert balance(council) == [("90.00", "60.00", "30.00")]
    assert differences(council) == []


@pytest.mark.parametrize("name", ["cancel", "suspend", "carry_forward"])
def test_a_debt_can_not_be_held(council: Council, name: str) -> None:
    lose(council)
    council.finalise(PERIOD)
    with council.payments() as session:
        found = holds_views.describe_item(session, FINANCE, item_id=the_item_of(council))
        assert [portion["moves"] for portion in found["portions"]] == [["split"]]
        with pytest.raises(Refused, match="move_not_allowed"):
            holds_steps.move_item(
                session,
                FINANCE,
                item_id=the_item_of(council),
                name=name,
                period_start=NEXT,
                status="payable",
                seen_moves=0,
                reason="Why not",
                owner="Payments team",
                instalments=2,
            )


def test_after_three_periods_in_which_nothing_came_off_a_debt_is_for_an_invoice(council: Council) -> None:
    lose(council)
    for number, start in enumerate((PERIOD, NEXT, THIRD, FOURTH)):
        council.finalise(start)
        (debt,) = of_debts(council)
        assert (debt["periods_without"], debt["is_for_an_invoice"]) == (number, number == 3)
    post(council, "1.00", start=FIFTH)
    council.finalise(FIFTH)
    (debt,) = of_debts(council)
    assert (debt["owed"], debt["is_for_an_invoice"]) == ("487.39", False)


def test_what_is_written_off_comes_off_nothing_any_more(council: Council) -> None:
    lose(council)
    council.finalise(PERIOD)
    split(council, 2)
    (debt,) = of_debts(council)
    with council.payments() as session:
        debts_steps.write_off(session, debt["debt_id"], cause_id=str(uuid.uuid4()))
    (debt,) = of_debts(council)
    assert (debt["owed"], debt["written_off"], debt["is_for_an_invoice"]) == ("0.00", "488.39", False)
    assert (payable(council, NEXT), payable(council, THIRD)) == ("0.00", "0.00")
    with council.payments() as session, pytest.raises(Refused, match="nothing_owed"):
        debts_steps.write_off(session, debt["debt_id"], cause_id=str(uuid.uuid4()))
    council.finalise(NEXT)
    council.finalise(THIRD)
    assert differences(council) == []


def test_a_provider_sees_its_own_debts_alone(council: Council) -> None:
    lose(council)
    post(council, "-100.00", organisation="Pearl Carers Ltd")
    council.finalise(PERIOD)
    assert len(of_debts(council)) == 2
    engine = database.engine(council.schemas.url_of("payments_rpc"), "payments")
    try:
        with database.transaction(database.sessions(engine), PROVIDER) as session:
            found = debts_views.list_debts(session, PROVIDER, organisation=None)
            assert [one["organisation"] for one in found] == ["Diamond Home Care Ltd"]
            assert [due["amount"] for due in found[0]["due"]] == ["488.39"]
            (other,) = [one for one in of_debts(council) if one["organisation"] == "Pearl Carers Ltd"]
            assert debts_store.debt(session, other["debt_id"]) is None
            items = items_views.list_period_items(
                session, PROVIDER, start=NEXT, shown=None, after=None, limit=10, **WHOLE
            )
            assert [(item["kind"], item["amount"]) for item in items] == [("debt", "-488.39")]
    finally:
        engine.dispose()


@pytest.mark.parametrize(
    ("damage", "what"),
    [
        ("UPDATE items SET amount = 480 WHERE kind = 'debt_carried'", "paid"),
        ("UPDATE debts SET amount = 480", "debt"),
        ("UPDATE items SET amount = amount + 1 WHERE kind IN ('debt_carried', 'debt')", "paid"),
        ("DELETE FROM items WHERE kind = 'debt'", "debt"),
    ],
)
def test_debts_are_proved(council: Council, damage: str, what: str) -> None:
    lose(council)
    council.finalise(PERIOD)
    assert Decimal(payable(council, PERIOD)) == 0
    with council.as_owner("payments") as session:
        session.execute(text(damage))
    assert what in {one["what"] for one in differences(council)}
