"""New charges: what clients are charged for their weeks, less what was charged before (RULES 7, 8)."""

import datetime as dt
import json
import uuid
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.money import NOTHING
from libs.common.care.weeks import period_start_of
from services.payments.charges.rules import (
    Targets,
)
from services.payments.items.rules import Posting, posting_for
from services.payments.packages.rules import StoredPackage
from services.payments.periods.rules import Periods
from services.payments.posting import store
from services.payments.posting.store import Posted
from services.payments.pricing.rules import ClientWeek

CHARGE_IDS = uuid.UUID("0b8f5f2e-3f0c-5e0e-9a52-6a0d9d7f8b11")
NOTHING_POSTED = Posted(NOTHING, 0)


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a posting needs to know: the periods, why it is posted and through which cause."""

    periods: Periods
    changed: str
    cause_id: str


def charges_of(
    session: Session,
    client_weeks: Collection[ClientWeek],
    targets: Targets,
    packages: Mapping[int, StoredPackage],
    settlement: Settlement,
) -> Iterator[dict[str, Any]]:
    """New charges, one a client-week that owes more or less than was charged."""
    posted = store.posted_charges(session, client_weeks)
    references = {package.client_id: package.client_reference for package in packages.values()}
    for client_id, monday in sorted(client_weeks):
        charge, _, explanation = targets.get(
            (client_id, monday), (NOTHING, {}, {"rule": "No care is left to charge"})
        )
        before = posted.get((client_id, monday), NOTHING_POSTED)
        posting = posting_of(charge, before, "charge", monday, None, settlement, before.count)
        if posting:
            yield {
                "charge_id": uuid.uuid5(CHARGE_IDS, f"charge/{client_id}/{monday}/{posting.ordinal}"),
                "client_id": client_id,
                "client_reference": references.get(client_id, ""),
                "monday": monday,
                "ordinal": posting.ordinal,
                "period_start": posting.period_start,
                "amount": posting.amount,
                "reason": posting.reason,
                "explanation": json.dumps(
                    explanation | {"owed": str(charge), "charged_before": str(before.amount)}
                ),
                "cause_id": settlement.cause_id,
            }


def posting_of(
    owed: Decimal,
    posted: Posted,
    series: str,
    monday: dt.date,
    contract: str | None,
    settlement: Settlement,
    ordinal: int,
) -> Posting | None:
    """The posting that brings what was posted to what is owed, into the period that is open for it."""
    return posting_for(
        owed,
        posted.amount,
        ordinal,
        kind=series,
        own_period=period_start_of(monday, settlement.periods.grid_monday),
        period=settlement.periods.for_week(monday, contract),
        changed=settlement.changed,
    )
