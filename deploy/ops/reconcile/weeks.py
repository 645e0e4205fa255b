"""``reconcile``, weeks in money: worked out again from the matches and the actuals (RULES 6, 13)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from deploy.ops.reconcile.differences import difference, look_into
from deploy.ops.reconcile.unknown import Lines, attempt_by_halves, not_worked_out
from libs.common.care.weeks import monday_of
from libs.common.seams.events import LineOfWeek, VisitOfWeek
from services.matching.book import store_messages
from services.matching.care import store as care_store
from services.matching.matches.rules import Match
from services.payments.packages import store as packages_store
from services.payments.packages.rules import StoredPackage
from services.payments.packages.store import package_said
from services.payments.pay_rules.store import rules_by_contract
from services.payments.pricing.rules import Delivered, Price, PricedWeek
from services.payments.pricing.set_apart import price_or_reason
from services.payments.pricing.store import HAS_CARE, mondays_of_clients, priced_weeks

CpliWeek = tuple[int, dt.date]


def work_out_prices(
    session: Session,
    visits: Mapping[tuple[str, str], Any],
    matches: Mapping[tuple[str, str], Match],
    actuals: Mapping[CpliWeek, list[LineOfWeek]],
    unknown: Lines,
) -> dict[CpliWeek, PricedWeek]:
    """RULES 6 for every CPLI-week with a matched visit, by the pay rules of its contract; RULES 13 for every actual.

    One that can't be priced goes into ``unknown``; its price is what payments holds.
    """
    look_into(session, "payments")
    types = packages_store.visit_types(session)
    pay_rules = rules_by_contract(session)
    visits_of: dict[CpliWeek, list[VisitOfWeek]] = defaultdict(list)
    for key, match in matches.items():
        row = visits.get(key)
        if row is not None and match.cpli_id is not None:
            visits_of[match.cpli_id, monday_of(row.planned_on)].append(visit_of_week_of(row))
    weeks = {week: Delivered(visits) for week, visits in visits_of.items()}
    weeks |= {week: Delivered((), lines) for week, lines in actuals.items()}
    cpli_ids = {cpli_id for cpli_id, _ in weeks}
    packages = attempt_by_halves(session, "package", cpli_ids, packages_store.packages, unknown)
    look_into(session, "matching")
    clients = {c: facts[0] for c, facts in care_store.facts_of_cplis(session, cpli_ids).items()}
    cared = {row["cpli_id"]: package_said(row) for row in store_messages.packages_of(session, cpli_ids)}
    prices = {}
    held = held_prices(session, packages.values())
    for (cpli_id, monday), of_week in weeks.items():
        if cpli_id not in clients:
            unknown.append(not_worked_out("week", f"{cpli_id}/{monday}", "there is no such CPLI"))
            continue
        price, reason = Price(), None
        if cpli_id in packages:
            package = cared[cpli_id]
            price, reason = price_or_reason(of_week, package, types, pay_rules.get(package.contract, ()))
        if reason is not None:
            unknown.append(not_worked_out("week", f"{cpli_id}/{monday}", reason))
            if (cpli_id, monday) in held:
                prices[cpli_id, monday] = held[cpli_id, monday]
            continue
        prices[cpli_id, monday] = PricedWeek(cpli_id, monday, 0, clients[cpli_id], price)
    return prices


def held_prices(session: Session, packages: Iterable[StoredPackage]) -> dict[CpliWeek, PricedWeek]:
    """What payments holds of these packages' clients."""
    look_into(session, "payments")
    clients = {package.client_id for package in packages}
    return priced_weeks(session, mondays_of_clients(session, clients))


def visit_of_week_of(row: Any) -> VisitOfWeek:
    """A visit as payments' rules take it."""
    return VisitOfWeek(
        visit_ref=row.visit_ref,
        visit_type=row.visit_type,
        planned_on=row.planned_on.isoformat(),
        planned_entry=row.planned_entry,
        planned_exit=row.planned_exit,
        delivered_seconds=row.delivered_seconds,
    )


def compare_weeks(session: Session, prices: Mapping[CpliWeek, PricedWeek]) -> Iterator[dict[str, Any]]:
    """Payments' weeks against those worked out; a week that is empty costs nothing."""
    look_into(session, "payments")
    rows = session.execute(
        text(
            "SELECT cpli_id, monday, delivered_seconds, frustrated_seconds, actual, frustrated FROM weeks"
            f" WHERE {HAS_CARE}"
        )
    )
    held = {(row.cpli_id, row.monday): tuple(row[2:]) for row in rows}
    expected = {
        week: (p.price.delivered_seconds, p.price.frustrated_seconds, p.price.actual, p.price.frustrated)
        for week, p in prices.items()
    }
    for cpli_id, monday in sorted({*held, *expected}):
        week = (cpli_id, monday)
        yield from difference("week", f"{cpli_id}/{monday}", expected.get(week), held.get(week))
