"""Posting: the difference between what is owed and what was posted becomes new items and charges (RULES 7, 8).

The caller holds the period lock (shared), the CPLIs' locks and the clients' locks; this is an increment, and
without them two transactions could each pay the same difference.
"""

import datetime as dt
import json
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from libs.common.money import NOTHING
from libs.common.weeks import period_start_of
from services.payments import store, store_packages, store_postings
from services.payments.public_events import say_posted
from services.payments.rules import (
    Periods,
    Posting,
    charge_of_week,
    contribution_of_week,
    deductions_of_week,
    explain,
    explain_steps,
    posting_for,
)
from services.payments.store import ClientWeek, CpliWeek, PricedWeek
from services.payments.store_packages import StoredPackage
from services.payments.store_postings import Posted

ITEM_IDS = uuid.UUID("0b8f5f2e-3f0c-5e0e-9a52-6a0d9d7f8b11")
# By client-week: the charge, the deductions by CPLI, and how they came about.
Targets = dict[ClientWeek, tuple[Decimal, dict[int, Decimal], dict[str, Any]]]
NOTHING_POSTED = Posted(NOTHING, 0)


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a posting needs to know: the periods, why it is posted and through which cause."""

    periods: Periods
    changed: str
    cause_id: str


def settle(
    session: Session,
    client_weeks: Collection[ClientWeek],
    *,
    changed: str,
    cause_id: str,
    one_offs: Sequence[dict[str, Any]] = (),
) -> None:
    """Post what these clients' weeks owe: cost items, deductions and charges, and say each as a public event.

    ``one_offs`` are items that belong to no week, to be posted with them.
    """
    if not client_weeks and not one_offs:
        return
    weeks = store.priced_weeks(session, client_weeks)
    packages = store_packages.packages_of_clients(session, {client_id for client_id, _ in client_weeks})
    settlement = Settlement(store.periods(session), changed, cause_id)
    owed = charge_targets(weeks, packages)
    charges = list(charges_of(session, client_weeks, owed, packages, settlement))
    items = [*items_of(session, weeks, owed, packages, settlement), *one_offs]
    store_postings.insert_items(session, items)
    store_postings.insert_charges(session, charges)
    say_posted(session, items, charges, cause_id=cause_id)


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


def charge_targets(weeks: Mapping[CpliWeek, PricedWeek], packages: Mapping[int, StoredPackage]) -> Targets:
    """RULES 7 for each client-week: the charge, the deductions by CPLI, and how they came about."""
    of_client = packages_by_client(packages)
    targets = {}
    for (client_id, monday), of_week in by_client_week(weeks).items():
        contribution = contribution_of_week(of_client[client_id], monday)
        cost = sum((week.price.charged for week in of_week), NOTHING)
        charge = charge_of_week(cost, contribution)
        costs = {week.cpli_id: week.price.payable for week in of_week}
        explanation = {
            "rule": "RULES 7: the lower of the cost charged and the assessed contribution",
            "cost_charged": str(cost),
            "assessed_contribution": None if contribution.assessed is None else str(contribution.assessed),
            "collected_by": contribution.collected_by,
        }
        targets[client_id, monday] = charge, deductions_of_week(charge, contribution, costs), explanation
    return targets


def charges_of(
    session: Session,
    client_weeks: Collection[ClientWeek],
    targets: Targets,
    packages: Mapping[int, StoredPackage],
    settlement: Settlement,
) -> Iterator[dict[str, Any]]:
    """New charges, one a client-week that owes more or less than was charged."""
    posted = store_postings.posted_charges(session, client_weeks)
    references = {package.client_id: package.client_reference for package in packages.values()}
    for client_id, monday in sorted(client_weeks):
        charge, _, explanation = targets.get(
            (client_id, monday), (NOTHING, {}, {"rule": "RULES 7: no care left"})
        )
        before = posted.get((client_id, monday), NOTHING_POSTED)
        posting = posting_of(charge, before, "charge", monday, None, settlement, before.count)
        if posting:
            yield {
                "charge_id": uuid.uuid5(ITEM_IDS, f"charge/{client_id}/{monday}/{posting.ordinal}"),
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


def items_of(
    session: Session,
    weeks: Mapping[CpliWeek, PricedWeek],
    owed: Targets,
    packages: Mapping[int, StoredPackage],
    settlement: Settlement,
) -> Iterator[dict[str, Any]]:
    """New payment items of these CPLI-weeks, for their holder of today and any they had before."""
    deductions = {
        (cpli_id, monday): amount
        for (_, monday), (_, of_week, _) in owed.items()
        for cpli_id, amount in of_week.items()
    }
    posted = store_postings.posted_items(session, weeks)
    for (cpli_id, monday), week in sorted(weeks.items()):
        package = packages[cpli_id]
        targets = {"cost": week.price.payable, "income": deductions[cpli_id, monday]}
        for series, target in targets.items():
            before = posted.get((series, cpli_id, monday), {})
            yield from items_of_series(series, target, before, week, package, settlement)


def items_of_series(
    series: str,
    target: Decimal,
    before: Mapping[store_postings.Holder, Posted],
    week: PricedWeek,
    package: StoredPackage,
    settlement: Settlement,
) -> Iterator[dict[str, Any]]:
    """Target minus posted for today's holder; nothing is left with a holder the CPLI has moved from."""
    today = (package.organisation_id, package.client_id)
    ordinal = sum(posted.count for posted in before.values())
    for holder in sorted({today, *before}):
        owed = target if holder == today else NOTHING
        paid = before.get(holder, NOTHING_POSTED)
        posting = posting_of(owed, paid, series, week.monday, package.contract, settlement, ordinal)
        if posting:
            ordinal += 1
            yield item_row(posting, series, holder, owed, paid, week, package, settlement)


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


def item_row(
    posting: Posting,
    series: str,
    holder: store_postings.Holder,
    owed: Decimal,
    paid: Posted,
    week: PricedWeek,
    package: StoredPackage,
    settlement: Settlement,
) -> dict[str, Any]:
    """A row of ``items``; its explanation says what made the amount."""
    price = week.price
    explanation = {
        "rule": "RULES 6: seconds x unit cost / 3600, rounded once"
        if series == "cost"
        else "RULES 7: deduction",
        "parts": explain(price),
        **explain_steps(price),
        "delivered_seconds": price.delivered_seconds,
        "frustrated_seconds": price.frustrated_seconds,
        "actual": str(price.actual),
        "frustrated": str(price.frustrated),
        "owed": str(owed),
        "posted_before": str(paid.amount),
    }
    return {
        "item_id": uuid.uuid5(ITEM_IDS, f"{series}/{week.cpli_id}/{week.monday}/{posting.ordinal}"),
        "series": series,
        "kind": posting.kind,
        "cpli_id": week.cpli_id,
        "monday": week.monday,
        "ordinal": posting.ordinal,
        "organisation_id": holder[0],
        "contract": package.contract,
        "client_id": holder[1],
        "client_reference": package.client_reference,
        "period_start": posting.period_start,
        "amount": posting.amount,
        "reason": posting.reason,
        "week_version": week.version,
        "explanation": json.dumps(explanation),
        "cause_id": settlement.cause_id,
    }
