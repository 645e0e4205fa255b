"""A remittance: one document, whoever looks at it and by whatever way (RULES 8, 15)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.clock import london_day
from libs.common.care.money import pounds_text
from libs.common.rpc import Caller
from libs.common.seams.payments.remittances import (
    Advice,
    NotPaid,
    PaidUnderContract,
    Remittance,
    RemittanceLine,
)
from services.payments.finalising.events import remittance_id
from services.payments.packages import store as packages_store
from services.payments.periods import store as periods_store
from services.payments.periods import store_views
from services.payments.periods.rules import is_finalised, state_of
from services.payments.periods.views import resolve_whose_period, to_sums_document
from services.payments.remittances import store

IN_A_NUMBER = 8

Row = Mapping[str, Any]


def describe_remittance(
    session: Session,
    caller: Caller,
    *,
    start: dt.date,
    organisation: str | None,
    contract: str | None,
    payment_method: str | None = None,
    summary: bool,
    after: int,
    limit: int,
) -> Remittance:
    """A page of a period's remittances, what all of it comes to, what is not paid, and how it stands.

    Pounds are text. ``state`` is that of a period; ``open_contracts`` those that are not finalised; ``advices`` the
    remittance of each organisation: its number, and under each contract the day on which it was paid.
    Raises Refused ``not_a_period``, ``not_found``, ``unknown_contract``.
    """
    organisation_id, known = resolve_whose_period(session, caller, start, organisation, contract)
    whose = (organisation_id, known, payment_method)
    sums = store.sums(session, start, *whose)
    contracts = sorted({row["contract"] for row in sums}) or (
        [known] if known else packages_store.list_contracts(session)
    )
    periods = periods_store.read_periods(session)
    rows = store.lines(session, start, *whose, is_summary=summary, after=after, limit=limit)
    paid_on = {(row["organisation_id"], row["contract"]): _day_text(row["paid_at"]) for row in sums}
    return {
        "lines": [
            _line_document(row, start, known, paid_on[row["organisation_id"], row["contract"]])
            for row in rows
        ],
        "totals": to_sums_document(store_views.period_totals(session, start, *whose)),
        "not_paid": [_not_paid_document(row) for row in store_views.not_paid(session, start, *whose)],
        "state": state_of(periods, start, contracts),
        "open_contracts": [one for one in contracts if not is_finalised(periods, start, one)],
        "advices": _advices(sums, start, known),
    }


def _advices(sums: Sequence[Row], start: dt.date, contract: str | None) -> list[Advice]:
    found: list[Advice] = []
    for (organisation_id, name), rows in groupby(sums, itemgetter("organisation_id", "organisation")):
        paid: list[PaidUnderContract] = [
            {"contract": row["contract"], "paid_on": _day_text(row["paid_at"])} for row in rows
        ]
        number = number_of(organisation_id, start, contract)
        found.append({"organisation": name, "number": number, "paid": paid})
    return found


def number_of(organisation_id: str, start: dt.date, contract: str | None) -> str:
    """RA-20221003-1A2B3C4D: the period's first day, and the beginning of the id of ``remittance.issued``."""
    issued = remittance_id(organisation_id, start, contract)
    return f"RA-{start:%Y%m%d}-{issued[:IN_A_NUMBER].upper()}"


def _line_document(row: Row, start: dt.date, contract: str | None, paid_on: str | None) -> RemittanceLine:
    return {
        "organisation": row["organisation"],
        "service": row["service"],
        "contract": row["contract"],
        "client": row["client"],
        "kind": row["kind"],
        "cost_or_income": row["cost_or_income"],
        "reason": row["reason"],
        "week_from": row["week_from"].isoformat(),
        "week_to": row["week_to"].isoformat(),
        "amount": pounds_text(row["amount"]),
        "lines": int(row["lines"]),
        "number": number_of(row["organisation_id"], start, contract),
        "paid_on": paid_on,
        "service_total": _pounds_or_none(row["service_total"]),
        "organisation_total": _pounds_or_none(row["organisation_total"]),
    }


def _not_paid_document(row: Row) -> NotPaid:
    return {"status": row["status"], "items": row["items"], "amount": pounds_text(row["amount"])}


def _pounds_or_none(amount: Decimal | None) -> str | None:
    return None if amount is None else pounds_text(amount)


def _day_text(paid_at: dt.datetime | None) -> str | None:
    """The council's day of an approval."""
    return None if paid_at is None else london_day(paid_at).isoformat()
