"""Payments on an idle council, whose weeks are held and released."""

import datetime as dt
import json
import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from libs.common.care.weeks import next_period, period_start_of
from libs.common.rpc import Caller
from services.payments.care import steps as care_steps
from services.payments.charges import views as charges_views
from services.payments.holds import views as holds_views
from services.payments.holds import week_steps
from services.payments.posting import steps as posting_steps
from tests.support.builders.messages import (
    ADA,
    MONDAY,
    a_message,
    a_package,
    a_week,
    care_changed,
    weeks_matched,
)
from tests.support.council.council import Council

PERIOD = period_start_of(MONDAY)
NEXT = next_period(PERIOD)
THIRD = next_period(NEXT)
FINANCE: Caller = {"who": "finance", "role": "council", "organisation": None}


class Payments:
    """The steps of payments on an idle council, each in a transaction; the worker's are done at once."""

    def __init__(self, council: Council) -> None:
        self.council = council
        self.version = 1
        self.settled = 0

    def take_care(self, *packages: dict[str, Any]) -> None:
        self.version += 1
        with self.council.payments() as s:
            care_steps.take_care(s, care_changed(*(p | {"version": self.version} for p in packages)))

    def take_week(self, hours: Sequence[int], cpli_id: int = 1, **facts: Any) -> None:
        """The CPLI's week has visits of so many hours now, at 20.00 an hour."""
        self.version += 1
        week = a_week(cpli_id, hours=hours, version=self.version, **facts)
        with self.council.payments() as s:
            posting_steps.take_weeks(s, weeks_matched(week))

    def place(self, kind: str, cpli_id: int = 1, charge: str | None = None, **facts: Any) -> None:
        wanted = {"monday": MONDAY, "reason": "Looked into", "owner": "team@council.example", "seen": None}
        with self.council.payments() as s:
            week_steps.place(s, FINANCE, cpli_id=cpli_id, kind=kind, charge=charge, **wanted | facts)
        self.settle()

    def release(self, cpli_id: int = 1, charge: str | None = None) -> None:
        wanted = {"monday": MONDAY, "reason": "Settled", "owner": None, "seen": None}
        with self.council.payments() as s:
            week_steps.release(s, FINANCE, cpli_id=cpli_id, charge=charge, **wanted)
        self.settle()

    def decide(self, charge: str, cpli_id: int = 1) -> None:
        with self.council.payments() as s:
            week_steps.decide_charge(
                s, FINANCE, cpli_id=cpli_id, monday=MONDAY, charge=charge, reason="Agreed", seen=None
            )
        self.settle()

    def finalise(self, start: dt.date, contract: str | None = None) -> None:
        self.council.finalise(start, contract)
        self.settle()

    def settle(self) -> None:
        """What the worker hears."""
        with self.council.payments() as s:
            rows = s.execute(
                text("SELECT id, body FROM outbox WHERE event = 'settle_wanted' AND id > :last ORDER BY id"),
                {"last": self.settled},
            ).all()
        for row in rows:
            self.settled = row.id
            with self.council.payments() as s:
                posting_steps.settle_client_weeks(s, a_message("settle_wanted", json.loads(row.body)))

    def money(self, cpli_id: int = 1) -> dict[tuple[str, str], str]:
        """Cost and deductions of the CPLI's week together: pounds by period and status; carried money where it is."""
        with self.council.payments() as s:
            rows = s.execute(
                text(
                    "SELECT l.period_start, l.status, sum(l.amount)::text FROM items JOIN item_lines l USING (item_id)"
                    " WHERE cpli_id = :cpli AND l.status IN ('payable', 'cancelled', 'suspended')"
                    " GROUP BY 1, 2 HAVING sum(l.amount) <> 0 ORDER BY 1, 2"
                ),
                {"cpli": cpli_id},
            )
            return {(NAMES[start], status): amount for start, status, amount in rows}

    def sum_charged(self, client: str = ADA) -> str:
        with self.council.payments() as s:
            week = {"client_id": uuid.UUID(client), "first": MONDAY, "last": MONDAY}
            lines = charges_views.list_statement_weeks(s, FINANCE, **week)
        return str(sum((Decimal(line["total"]) for line in lines), Decimal("0.00")))

    def list_holds(self) -> list[tuple[int, str, str, str]]:
        with self.council.payments() as s:
            found = holds_views.list_holds(s, FINANCE, organisation=None, after=None, limit=10)
        return [(one["cpli_id"], one["kind"], one["charge"], one["held"]) for one in found]

    def differences(self) -> list[dict[str, Any]]:
        """What `reconcile` finds of holds; no visits are behind these weeks."""
        return [one for one in self.council.differences() if one["what"] in ("portions", "hold", "closed")]


NAMES = {PERIOD: "first", NEXT: "second", THIRD: "third", next_period(THIRD): "fourth"}


@pytest.fixture
def payments(idle_council: Council) -> Payments:
    """A client with a CPLI at 20.00 an hour and a week of 40.00, which is charged in full."""
    payments = Payments(idle_council)
    payments.take_care(a_package(1))
    payments.take_week([2])
    return payments
