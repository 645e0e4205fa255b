"""Posting: the difference between what is owed and what was posted becomes new items and charges (RULES 7, 8).

The caller holds the period lock (shared), the CPLIs' locks and the clients' locks; this is an increment, and
without them two transactions could each pay the same difference.
"""

import datetime as dt
import json
import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.money import NOTHING
from services.payments.charges.rules import charge_targets
from services.payments.events.public import say_posted
from services.payments.holds.held_weeks import HeldWeeks
from services.payments.holds.week_rules import Part
from services.payments.invoiced.weeks import InvoicedWeeks
from services.payments.invoices.following import follow_care
from services.payments.items import store as items_store
from services.payments.items.rules import Holder, Posting
from services.payments.packages import store as packages_store
from services.payments.packages.rules import StoredPackage
from services.payments.periods import store as periods_store
from services.payments.posting import store as posting_store
from services.payments.posting.charges import NOTHING_POSTED, Settlement, charges_of, posting_of
from services.payments.posting.store import Posted
from services.payments.pricing import store as pricing_store
from services.payments.pricing.rules import ClientWeek, CpliWeek, PricedWeek, explain, explain_steps

ITEM_IDS = uuid.UUID("0b8f5f2e-3f0c-5e0e-9a52-6a0d9d7f8b11")
WHY = {
    "cost": "Seconds × unit cost ÷ 3,600, rounded once, half up to the penny",
    "income": "A contribution that the provider collects from the client, and that is deducted",
}
"""What people read of how an item of a series came about."""
PostedBefore = Mapping[tuple[str, int, dt.date], Mapping[Holder, Posted]]


def settle(
    session: Session,
    client_weeks: Collection[ClientWeek],
    *,
    changed: str,
    cause_id: str,
    one_offs: Sequence[dict[str, Any]] = (),
) -> None:
    """Post what these clients' weeks owe: cost items, deductions and charges, and say each as a public event.

    Costs first: what of them is held decides about the charge, and the charge about the deductions. ``one_offs`` are
    items that belong to no week, to be posted with them. Then the clients' open invoices follow.
    """
    if not client_weeks and not one_offs:
        return
    weeks = pricing_store.priced_weeks(session, client_weeks)
    packages = packages_store.packages_of_clients(session, {client_id for client_id, _ in client_weeks})
    settlement = Settlement(periods_store.read_periods(session), changed, cause_id)
    invoiced = InvoicedWeeks.of(session, packages, {monday for _, monday in client_weeks})
    weeks |= invoiced.charged_weeks(packages, client_weeks)
    held = HeldWeeks.of(session, weeks)
    items, charges = rows_owed(session, client_weeks, weeks, packages, held, invoiced, settlement)
    items_store.insert_items(session, [*items, *one_offs])
    held.note_moves(session, items)
    posting_store.insert_charges(session, charges)
    say_posted(session, [*items, *one_offs], charges, cause_id=cause_id)
    follow_care(session, packages, cause_id=cause_id)


def rows_owed(
    session: Session,
    client_weeks: Collection[ClientWeek],
    weeks: Mapping[CpliWeek, PricedWeek],
    packages: Mapping[int, StoredPackage],
    held: HeldWeeks,
    invoiced: InvoicedWeeks,
    settlement: Settlement,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The items and the charges that are owed for these weeks and not posted yet. Writes nothing."""
    posted = posting_store.posted_items(session, weeks)
    costs = {
        week: NOTHING if invoiced.needs_invoice(packages[week[0]], week[1]) else priced.price.payable
        for week, priced in weeks.items()
    }
    items = list(items_of("cost", costs, posted, weeks, packages, held, invoiced, settlement))
    owed = charge_targets(weeks, packages, held.of_charges(packages, settlement.periods))
    deductions = {
        (cpli_id, monday): amount
        for (_, monday), (_, of_week, _) in owed.items()
        for cpli_id, amount in of_week.items()
        if not invoiced.needs_invoice(packages[cpli_id], monday)
    }
    items += items_of("income", deductions, posted, weeks, packages, held, invoiced, settlement)
    return items, list(charges_of(session, client_weeks, owed, packages, settlement))


def items_of(
    series: str,
    targets: Mapping[CpliWeek, Decimal],
    posted: PostedBefore,
    weeks: Mapping[CpliWeek, PricedWeek],
    packages: Mapping[int, StoredPackage],
    held: HeldWeeks,
    invoiced: InvoicedWeeks,
    settlement: Settlement,
) -> Iterator[dict[str, Any]]:
    """New items of a series of these CPLI-weeks, for their holder of today and any they had before.

    Target minus posted for today's holder; nothing is left with a holder the CPLI has moved from, but what was
    accepted by invoice: that stays theirs. Of a held week, what is held and what is payable are items of their own.
    """
    for week_key, week in sorted(weeks.items()):
        package = packages[week.cpli_id]
        today = (package.organisation_id, package.client_id)
        before = posted.get((series, *week_key), {})
        accepted = invoiced.accepted(series, week_key)
        ordinal = sum(known.count for known in before.values())
        for holder in sorted({today, *before, *accepted}):
            owed = targets.get(week_key, NOTHING) if holder == today else NOTHING
            owed += accepted.get(holder, NOTHING)
            paid = before.get(holder, NOTHING_POSTED)
            posting = posting_of(owed, paid, series, week.monday, package.contract, settlement, ordinal)
            if posting:
                for part in held.take(series, week_key, holder, posting.period_start, posting.amount):
                    facts = explanation_of(series, week, owed, paid)
                    yield item_row(posting, part, ordinal, series, holder, week, package, facts, settlement)
                    ordinal += 1


def explanation_of(series: str, week: PricedWeek, owed: Decimal, paid: Posted) -> dict[str, Any]:
    """What made an item's amount."""
    price = week.price
    return {
        "rule": WHY[series],
        "parts": explain(price),
        **explain_steps(price),
        "delivered_seconds": price.delivered_seconds,
        "frustrated_seconds": price.frustrated_seconds,
        "actual": str(price.actual),
        "frustrated": str(price.frustrated),
        "owed": str(owed),
        "posted_before": str(paid.amount),
    }


def item_row(
    posting: Posting,
    part: Part,
    ordinal: int,
    series: str,
    holder: Holder,
    week: PricedWeek,
    package: StoredPackage,
    explanation: Mapping[str, Any],
    settlement: Settlement,
) -> dict[str, Any]:
    """A row of ``items``, with the status in which it stands and, when carried forward, the period that pays it."""
    return {
        "item_id": uuid.uuid5(ITEM_IDS, f"{series}/{week.cpli_id}/{week.monday}/{ordinal}"),
        "series": series,
        "kind": posting.kind,
        "cpli_id": week.cpli_id,
        "monday": week.monday,
        "ordinal": ordinal,
        "organisation_id": holder[0],
        "contract": package.contract,
        "client_id": holder[1],
        "client_reference": package.client_reference,
        "period_start": posting.period_start,
        "amount": part.amount,
        "reason": posting.reason,
        "week_version": week.version,
        "explanation": json.dumps(explanation),
        "cause_id": settlement.cause_id,
        "status": part.status,
        "pays_in": part.pays_in,
    }
