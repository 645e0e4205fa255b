"""``reconcile``, what was posted: items, deductions, charges, manual adjustments, claims, and what is kept of closed periods."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from deploy.ops.reconcile.differences import difference, look_into
from deploy.ops.reconcile.unknown import Lines, attempt_by_halves, not_worked_out
from deploy.ops.reconcile.weeks import CpliWeek
from libs.common.care.money import NOTHING
from libs.common.operations.apart import result_or_reason
from services.payments.charges.rules import Targets, charge_targets, group_by_client, group_by_client_week
from services.payments.holds.held_weeks import HeldWeeks
from services.payments.invoiced.weeks import InvoicedWeeks
from services.payments.packages import store as packages_store
from services.payments.packages.rules import StoredPackage
from services.payments.periods.store import read_periods
from services.payments.pricing.rules import PricedWeek


def compare_money(
    session: Session, prices: Mapping[CpliWeek, PricedWeek], unknown: Lines
) -> Iterator[dict[str, Any]]:
    """RULES 8, the books balance: cost items and adjustments, deductions and charges, each against its target."""
    look_into(session, "payments")
    invoiced = InvoicedWeeks.of(session, None, None)
    cpli_ids = {*(cpli_id for cpli_id, _ in prices), *invoiced.held_cplis()}
    # What of them can't be read is named once, where charges are worked out.
    packages = attempt_by_halves(session, "packages", cpli_ids, packages_store.packages, [])
    prices = {**prices, **invoiced.charged_weeks(packages, None)}
    owed = work_out_charges(session, prices, unknown)
    targets = accepted_money(invoiced)
    for (cpli_id, monday), week in prices.items():
        if is_payable_as_posted(invoiced, packages, cpli_id, monday):
            targets["cost", f"{cpli_id}/{monday}"] += week.price.payable
    for (client_id, monday), (charge, deductions, _) in owed.items():
        targets["charge", f"{client_id}/{monday}"] = charge
        for cpli_id, amount in deductions.items():
            if is_payable_as_posted(invoiced, packages, cpli_id, monday):
                targets["income", f"{cpli_id}/{monday}"] += amount
    posted = posted_money(session)
    for kind, what in sorted({*targets, *posted}):
        expected, held = targets.get((kind, what), NOTHING), posted.get((kind, what), NOTHING)
        yield from difference(kind, what, expected, held)


def accepted_money(invoiced: InvoicedWeeks) -> dict[tuple[str, str], Decimal]:
    """RULES 13: what was accepted of each week's cost and income, less credits."""
    targets: dict[tuple[str, str], Decimal] = defaultdict(lambda: NOTHING)
    for key, of_holders in invoiced.of_lines().items():
        targets[key.kind, f"{key.cpli_id}/{key.monday}"] += sum(of_holders.values(), NOTHING)
    return targets


def is_payable_as_posted(
    invoiced: InvoicedWeeks, packages: Mapping[int, StoredPackage], cpli_id: int, monday: dt.date
) -> bool:
    """Whether a week needs no invoice; one whose package can't be read is compared as if it needed none."""
    package = packages.get(cpli_id)
    return package is None or not invoiced.needs_invoice(package, monday)


def work_out_charges(session: Session, prices: Mapping[CpliWeek, PricedWeek], unknown: Lines) -> Targets:
    """Charges and deductions of each client's week, by what was decided about what is held now.

    A client's week whose charge can't be worked out goes into ``unknown``.
    """
    clients = {week.client_id for week in prices.values()}
    of_clients = packages_store.packages_of_clients
    packages = attempt_by_halves(session, "packages of client", clients, of_clients, unknown)
    holds = HeldWeeks.of(session, prices).of_charges(packages, read_periods(session))
    owed: Targets = {}
    by_client = group_by_client_week({week: p for week, p in prices.items() if week[0] in packages})
    of_client = group_by_client(packages)
    for (client_id, monday), of_week in by_client.items():
        weeks = {(week.cpli_id, monday): week for week in of_week}
        own = {package.cpli_id: package for package in of_client[client_id]}
        found, reason = result_or_reason(lambda w=weeks, p=own: charge_targets(w, p, holds))  # type: ignore[misc]
        owed |= found or {}
        if reason is not None:
            unknown.append(not_worked_out("charge", f"{client_id}/{monday}", reason))
    return owed


def posted_money(session: Session) -> dict[tuple[str, str], Decimal]:
    """All that was ever posted: by series and CPLI-week, and for charges by client-week."""
    items = session.execute(
        text(
            "SELECT series, cpli_id, monday, sum(amount) FROM items WHERE series IN ('cost', 'income') GROUP BY 1, 2, 3"
        )
    )
    posted = {(series, f"{cpli_id}/{monday}"): amount for series, cpli_id, monday, amount in items}
    charges = session.execute(
        text(
            "SELECT coalesce(into_client_id, client_id)::text, monday, sum(amount)"
            " FROM charges LEFT JOIN merged_clients USING (client_id) GROUP BY 1, 2"
        )
    )
    return posted | {("charge", f"{client_id}/{monday}"): amount for client_id, monday, amount in charges}


def compare_manual_adjustments(session: Session) -> Iterator[dict[str, Any]]:
    """RULES 8: what was posted by hand, against its own list."""
    facts = "organisation_id::text, contract, period_start, amount"
    listed = session.execute(text(f"SELECT adjustment_id::text, {facts} FROM manual_adjustments"))
    posted = session.execute(text(f"SELECT item_id::text, {facts} FROM items WHERE series = 'manual'"))
    expected, held = ({row[0]: tuple(row[1:]) for row in rows} for rows in (listed, posted))
    for item_id in sorted({*expected, *held}):
        yield from difference("manual", item_id, expected.get(item_id), held.get(item_id))


def compare_claims(session: Session) -> Iterator[dict[str, Any]]:
    """RULES 10: the included items of accepted claims, as disputes has them, against what was posted; each once."""
    facts = "organisation_id::text, client_reference, amount"
    look_into(session, "disputes")
    accepted = session.execute(
        text(
            f"SELECT item_id::text, {facts} FROM (SELECT DISTINCT ON (i.item_id) i.* FROM claim_items i"
            " JOIN cases c USING (case_id) WHERE c.kind = 'claim' AND c.state = 'Accepted'"
            " ORDER BY i.item_id, i.ordinal DESC) newest WHERE is_included AND NOT is_removed"
        )
    ).all()
    look_into(session, "payments")
    posted = session.execute(text(f"SELECT item_id::text, {facts} FROM items WHERE series = 'claims'")).all()
    expected, held = ({row[0]: tuple(row[1:]) for row in rows} for rows in (accepted, posted))
    for item_id in sorted({*expected, *held}):
        yield from difference("claim", item_id, expected.get(item_id), held.get(item_id))


def compare_closed_sums(session: Session) -> Iterator[dict[str, Any]]:
    """RULES 8: what is kept of each period that is finalised for all, against its items and charges."""
    kept = session.execute(
        text(
            "SELECT 'items', period_start, sum(payable + deductions), sum(non_payable) FROM closed_sums GROUP BY 2"
            " UNION ALL SELECT 'charges', period_start, amount, 0 FROM closed_charges"
        )
    )
    lines = session.execute(
        text(
            "SELECT 'items', period_start, coalesce(sum(amount) FILTER (WHERE status = 'payable'), 0),"
            " coalesce(sum(amount) FILTER (WHERE status <> 'payable'), 0) FROM item_lines GROUP BY 2"
            " UNION ALL SELECT 'charges', period_start, sum(amount), 0 FROM charges GROUP BY 2"
        )
    )
    closed = session.scalar(text("SELECT max(period_start) FROM finalisations WHERE contract = ''"))
    held, found = ({(row[0], str(row[1])): (row[1], *row[2:]) for row in rows} for rows in (kept, lines))
    expected = {which: sums for which, sums in found.items() if closed and sums[0] <= closed}
    for which in sorted({*expected, *held}):
        yield from difference("closed", "/".join(which), expected.get(which), held.get(which))
