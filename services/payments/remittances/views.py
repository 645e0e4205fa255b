"""A remittance: one document, whoever looks at it and by whatever way (RULES 8, 15)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.clock import london_day
from libs.common.care.money import pounds_text
from libs.common.rpc import Caller
from services.payments.events.public import remittance_id
from services.payments.periods import steps as periods_steps
from services.payments.periods import store as periods_store
from services.payments.periods import store_views
from services.payments.periods.views import whose_period
from services.payments.pricing import store as pricing_store
from services.payments.remittances import store

LINE = (
    "organisation",
    "service",
    "contract",
    "client",
    "kind",
    "cost_or_income",
    "reason",
    "week_from",
    "week_to",
)
IN_A_NUMBER = 8

Row = Mapping[str, Any]


def remittance(
    session: Session,
    caller: Caller,
    *,
    start: dt.date,
    organisation: str | None,
    contract: str | None,
    summary: bool,
    after: int,
    limit: int,
) -> dict[str, Any]:
    """A page of a period's remittances, what all of it comes to, what is not paid, and how it stands.

    Pounds are text. ``state`` is that of a period; ``open_contracts`` those that are not finalised; ``advices`` the
    remittance of each organisation: its number, and under each contract the day on which it was paid.
    Raises Refused ``not_a_period``, ``not_found``, ``unknown_contract``.
    """
    whose = whose_period(session, caller, start, organisation, contract)
    sums = store.sums(session, start, *whose)
    known = whose[1]
    contracts = sorted({row["contract"] for row in sums}) or (
        [known] if known else periods_store.contracts(session)
    )
    periods = pricing_store.periods(session)
    rows = store.lines(session, start, *whose, is_summary=summary, after=after, limit=limit)
    totals = store_views.period_totals(session, start, *whose)
    not_paid = store_views.not_paid(session, start, *whose)
    paid_on = {(row["organisation_id"], row["contract"]): day_of(row["paid_at"]) for row in sums}
    return {
        "lines": [
            shown_line(row, start, known, paid_on[row["organisation_id"], row["contract"]]) for row in rows
        ],
        "totals": {name: pounds_text(amount) for name, amount in totals.items()},
        "not_paid": [dict(row) | {"amount": pounds_text(row["amount"])} for row in not_paid],
        "state": periods_steps.state_of(periods, start, contracts),
        "open_contracts": [one for one in contracts if not periods_steps.is_finalised(periods, start, one)],
        "advices": advices(sums, start, known),
    }


def advices(sums: Sequence[Row], start: dt.date, contract: str | None) -> list[dict[str, Any]]:
    """The remittance of each organisation: its number, and what of it was paid when."""
    found = []
    for (organisation_id, name), rows in groupby(sums, itemgetter("organisation_id", "organisation")):
        paid = [{"contract": row["contract"], "paid_on": day_of(row["paid_at"])} for row in rows]
        number = number_of(organisation_id, start, contract)
        found.append({"organisation": name, "number": number, "paid": paid})
    return found


def number_of(organisation_id: str, start: dt.date, contract: str | None) -> str:
    """RA-20221003-1A2B3C4D: the period's first day, and the beginning of the id of ``remittance.issued``."""
    issued = remittance_id(organisation_id, start, contract)
    return f"RA-{start:%Y%m%d}-{issued[:IN_A_NUMBER].upper()}"


def shown_line(row: Row, start: dt.date, contract: str | None, paid_on: dt.date | None) -> dict[str, Any]:
    """A line with its remittance's number; the totals are of the service and organisation that end with it."""
    totals = {
        name: None if row[name] is None else pounds_text(row[name])
        for name in ("service_total", "organisation_total")
    }
    return {
        **{name: row[name] for name in LINE},
        "amount": pounds_text(row["amount"]),
        "lines": int(row["lines"]),
        "number": number_of(row["organisation_id"], start, contract),
        "paid_on": paid_on,
        **totals,
    }


def day_of(paid_at: dt.datetime | None) -> dt.date | None:
    """The council's day of an approval."""
    return None if paid_at is None else london_day(paid_at)
