"""What somebody posts by hand, and its holds (RULES 8)."""

import datetime as dt
import uuid
from typing import Any

import pytest
from sqlalchemy import text

from libs.common.errors import Refused
from services.payments.holds import steps as holds_steps
from services.payments.remittances import views as remittances_views
from tests.payments.database.test_holds import (
    FINANCE,
    NEXT,
    PERIOD,
    WHOLE,
    council,
    differences,
    post,
    totals,
)
from tests.payments.database.test_public_events import data_of, read_events
from tests.support.council.council import Council
from tests.support.events.asyncapi import misfits

__all__ = ["council"]


def test_what_somebody_posted_by_hand_is_held_by_itself_and_a_cancellation_undone_after_finalising(
    council: Council,
) -> None:
    item_id = uuid.uuid4()
    post(council, "7.50", adjustment_id=item_id)
    wanted = {"item_id": item_id, "period_start": PERIOD, "instalments": 2, "reason": "x", "owner": "x"}
    with council.payments() as session:
        holds_steps.move_item(session, FINANCE, name="cancel", status="payable", seen_moves=0, **wanted)
    assert totals(council, PERIOD) == ("120.00", "7.50")
    council.finalise(PERIOD)
    with council.payments() as session:
        holds_steps.move_item(session, FINANCE, name="release", status="cancelled", seen_moves=1, **wanted)
    assert totals(council, PERIOD) == ("120.00", "7.50")
    assert totals(council, NEXT) == ("7.50", "0.00")
    moved = data_of(read_events(council), "payment.item.moved.v1")
    assert [(data["name"], data["lines"]) for data in moved] == [
        (
            "cancel",
            [
                {"period_start": PERIOD.isoformat(), "status": "payable", "amount": "-7.50"},
                {"period_start": PERIOD.isoformat(), "status": "cancelled", "amount": "7.50"},
            ],
        ),
        (
            "release",
            [
                {"period_start": PERIOD.isoformat(), "status": "cancelled", "amount": "-7.50"},
                {"period_start": PERIOD.isoformat(), "status": "released", "amount": "7.50"},
                {"period_start": NEXT.isoformat(), "status": "payable", "amount": "7.50"},
            ],
        ),
    ]
    assert [misfit for event in read_events(council) for misfit in misfits(event)] == []


def test_manual_adjustments_are_shown_singly_and_proved_on_their_own(council: Council) -> None:
    post(council, "-7.50", cpli_id=1)
    post(council, "-7.50", client="aaaa")
    post(council, "12.00", organisation="Pearl Carers Ltd")
    with council.payments() as session:
        page = remittances_views.describe_remittance(
            session, FINANCE, start=PERIOD, summary=True, after=0, limit=10, **WHOLE
        )
    manual = [(line["client"], line["amount"]) for line in page["lines"] if line["kind"] == "manual"]
    assert manual == [("", "-7.50"), ("", "-7.50"), ("", "12.00")]
    assert totals(council, PERIOD) == ("117.00", "0.00")
    assert differences(council) == []
    assert [misfit for event in read_events(council) for misfit in misfits(event)] == []
    with council.as_owner("payments") as session:
        session.execute(text("UPDATE items SET amount = amount + 1 WHERE series = 'manual' AND amount > 0"))
    (difference,) = differences(council)
    assert (difference["what"], difference["held"].endswith("/13.00")) == ("manual", True)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"cpli_id": 3}, "unknown_cpli"),
        ({"cpli_id": 1, "client": "bbbb"}, "unknown_client"),
        ({"client": "nobody"}, "unknown_client"),
        ({"contract": "Spot"}, "unknown_contract"),
        ({"organisation": "Nobody Ltd"}, "not_found"),
        ({"start": dt.date(2022, 10, 4)}, "not_a_period"),
    ],
)
def test_an_adjustment_must_be_about_what_there_is(
    council: Council, facts: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refused) as found:
        post(council, "5.00", **facts)
    assert found.value.code == code
    assert totals(council, PERIOD) == ("120.00", "0.00")


def test_nothing_is_posted_by_hand_into_a_finalised_period(council: Council) -> None:
    council.finalise(PERIOD)
    with pytest.raises(Refused, match="period_finalised"):
        post(council, "5.00")
