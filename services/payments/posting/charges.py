"""What clients are charged for their weeks: worked out, and posted as the difference (RULES 7, 8)."""

import datetime as dt
import json
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.money import NOTHING
from libs.common.care.weeks import period_start_of
from services.payments.holds.week_rules import HoldOfCharge, cost_charged
from services.payments.packages.store import StoredPackage
from services.payments.posting import store
from services.payments.posting.store import Posted
from services.payments.pricing.rules import (
    Contribution,
    Periods,
    Posting,
    charge_of_week,
    contribution_of_week,
    deductions_of_week,
    posting_for,
)
from services.payments.pricing.store import ClientWeek, CpliWeek, PricedWeek

CHARGE_IDS = uuid.UUID("0b8f5f2e-3f0c-5e0e-9a52-6a0d9d7f8b11")
# By client-week: the charge, the deductions by CPLI, and how they came about.
Targets = dict[ClientWeek, tuple[Decimal, dict[int, Decimal], dict[str, Any]]]
NOTHING_POSTED = Posted(NOTHING, 0)
NOT_HELD = HoldOfCharge(is_held=False, left_out=NOTHING)


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a posting needs to know: the periods, why it is posted and through which cause."""

    periods: Periods
    changed: str
    cause_id: str


def charge_targets(
    weeks: Mapping[CpliWeek, PricedWeek],
    packages: Mapping[int, StoredPackage],
    holds: Mapping[CpliWeek, HoldOfCharge],
) -> Targets:
    """RULES 7 for each client-week: the charge, the deductions by CPLI, and how they came about.

    ``holds`` has the weeks about which something was decided (RULES 8).
    """
    of_client = packages_by_client(packages)
    targets = {}
    for (client_id, monday), of_week in by_client_week(weeks).items():
        contribution = contribution_of_week(of_client[client_id], monday)
        known = {week.cpli_id: holds.get((week.cpli_id, monday), NOT_HELD) for week in of_week}
        cost = sum(
            (
                cost_charged(week.price.charged, week.price.payable, known[week.cpli_id].left_out)
                for week in of_week
            ),
            NOTHING,
        )
        charge = charge_of_week(cost, contribution)
        costs = {
            week.cpli_id: max(week.price.payable - known[week.cpli_id].left_out, NOTHING)
            for week in of_week
            if packages[week.cpli_id].organisation_id == contribution.organisation_id
        }
        held = {cpli_id for cpli_id in costs if known[cpli_id].is_held}
        deductions = deductions_of_week(charge, contribution, costs, held)
        targets[client_id, monday] = charge, deductions, explanation_of(cost, contribution, known)
    return targets


def explanation_of(
    cost: Decimal, contribution: Contribution, holds: Mapping[int, HoldOfCharge]
) -> dict[str, Any]:
    """How a charge came about; where something is left out of it for a hold, how much by CPLI."""
    left_out = {str(cpli_id): str(hold.left_out) for cpli_id, hold in holds.items() if hold.left_out}
    return {
        "rule": "RULES 7: the lower of the cost charged and the assessed contribution",
        "cost_charged": str(cost),
        "assessed_contribution": None if contribution.assessed is None else str(contribution.assessed),
        "collected_by": contribution.collected_by,
    } | ({"left_out": left_out} if left_out else {})


def by_client_week(weeks: Mapping[CpliWeek, PricedWeek]) -> dict[ClientWeek, list[PricedWeek]]:
    """The priced weeks of each client's week."""
    grouped: dict[ClientWeek, list[PricedWeek]] = defaultdict(list)
    for week in weeks.values():
        grouped[week.client_id, week.monday].append(week)
    return grouped


def packages_by_client(packages: Mapping[int, StoredPackage]) -> dict[str, list[StoredPackage]]:
    """All packages of each client."""
    grouped: dict[str, list[StoredPackage]] = defaultdict(list)
    for package in packages.values():
        grouped[package.client_id].append(package)
    return grouped


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
            (client_id, monday), (NOTHING, {}, {"rule": "RULES 7: no care left"})
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
