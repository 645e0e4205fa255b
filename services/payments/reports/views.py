"""What payments tells reports: commissioned care against actuals, exceptions among pending payments (RULES 6, 15)."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.money import pounds_text, to_the_penny
from libs.common.care.weeks import monday_of
from libs.common.rpc import Caller
from libs.common.seams.days import iso_or_none
from libs.common.seams.payments.reports import CommissionedWeek, HoursOfWeek, PaymentException
from services.payments.callers import resolve_organisation
from services.payments.packages import store as packages_store
from services.payments.periods import rules as periods_rules
from services.payments.periods import store as periods_store
from services.payments.reports import store as reports_store
from services.payments.reports.rules import Comparison, compare, exceptions_of, hours_of
from services.payments.reports.store import Span


def list_commissioned_actuals(
    session: Session,
    *,
    cpli_ids: list[int],
    first: dt.date,
    last: dt.date,
    with_empty: bool,
    differences_only: bool,
) -> list[CommissionedWeek]:
    """The weeks of these CPLIs, from the week of ``first`` to that of ``last``; hours and pounds as text.

    ``with_empty``: weeks in which the CPLI is in force without an actual, too.
    """
    span = Span(monday_of(first), monday_of(last), with_empty, cpli_ids)
    rows = reports_store.compared_weeks(session, span)
    compared = ((row, compare(row["commissioned"], row)) for row in rows)
    return [
        _week_document(row, found) for row, found in compared if found.is_different or not differences_only
    ]


def list_weekly_hours(
    session: Session,
    caller: Caller,
    *,
    organisation: str | None,
    cpli_ids: list[int] | None,
    first: dt.date,
    last: dt.date,
    with_empty: bool,
) -> list[HoursOfWeek]:
    """Hours commissioned, delivered and frustrated of each week, over all that ``list_commissioned_actuals`` would say.

    Raises Refused ``not_found`` for an unknown organisation.
    """
    organisation_id = resolve_organisation(session, caller, organisation)
    span = Span(monday_of(first), monday_of(last), with_empty, cpli_ids, organisation_id)
    return [
        {
            "monday": row["monday"].isoformat(),
            "commissioned": str(to_the_penny(row["commissioned"])),
            "delivered": str(hours_of(row["delivered"])),
            "frustrated": str(hours_of(row["frustrated"])),
        }
        for row in reports_store.weekly_sums(session, span)
    ]


def list_payment_exceptions(
    session: Session,
    caller: Caller,
    *,
    start: dt.date,
    organisation: str | None,
    contract: str | None,
    payment_method: str | None = None,
    after: uuid.UUID | None,
    limit: int,
) -> list[PaymentException]:
    """A page of what is not ordinary among a period's items, as far as they are not finalised; pounds as text.

    Raises Refused ``not_a_period``, ``not_found``.
    """
    periods_rules.refuse_off_grid(start)
    organisation_id = resolve_organisation(session, caller, organisation)
    known = periods_store.read_periods(session)
    contracts = packages_store.list_contracts(session)
    rows = reports_store.exceptional_items(
        session,
        start,
        organisation_id=organisation_id,
        contract=contract,
        payment_method=payment_method,
        finalised=[one for one in contracts if periods_rules.is_finalised(known, start, one)],
        after=after,
        limit=limit,
    )
    return [
        {
            "item_id": row["item_id"],
            "organisation": row["organisation"],
            "client": row["client"],
            "cpli_id": row["cpli_id"],
            "kind": row["kind"],
            "reason": row["reason"],
            "contract": row["contract"],
            "week": iso_or_none(row["monday"]),
            "amount": pounds_text(row["amount"]),
            "exceptions": exceptions_of(row),
        }
        for row in rows
    ]


def _week_document(row: Mapping[str, Any], found: Comparison) -> CommissionedWeek:
    return {
        "cpli_id": row["cpli_id"],
        "monday": row["monday"].isoformat(),
        "visits": row["visits"],
        "quantity": {
            "commissioned": str(found.commissioned),
            "actual": str(found.actual),
            "frustrated": str(found.frustrated),
            "difference": str(found.difference),
        },
        "cost": {
            "commissioned": pounds_text(found.commissioned_cost),
            "actual": pounds_text(found.actual_cost),
            "frustrated": pounds_text(found.frustrated_cost),
            "difference": pounds_text(found.difference_cost),
        },
    }
