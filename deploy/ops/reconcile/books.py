"""``reconcile``: everything worked out again from the visits up, and compared with what every service holds.

The only reader of all schemas, by the read-only role, in one REPEATABLE READ transaction. Commissioned care is
taken from matching, visits from ingest; matches, prices, items, deductions and charges are worked out from those two.
What can't be worked out or read is a line too, and all else is compared.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session, sessionmaker

from deploy.ops.reconcile.debts import compare_debts
from deploy.ops.reconcile.differences import difference, look_into
from deploy.ops.reconcile.holds import compare_holds, compare_portions
from deploy.ops.reconcile.one_offs import compare_one_offs
from deploy.ops.reconcile.unknown import Lines, not_worked_out, survived, survived_by_halves
from libs.common.care.money import NOTHING
from libs.common.care.names import fold
from libs.common.care.weeks import monday_of
from libs.common.messaging.progress import missing_of, progress_of
from libs.common.operations.apart import result_or_reason
from libs.common.process.database import psycopg_url
from services.matching.clients.rules import client_on
from services.matching.matches import store as matches_store
from services.matching.matches.rules import Cpli, Match, Visit, match_week
from services.payments.merging.steps import newly_merged
from services.payments.packages import store as packages_store
from services.payments.pay_rules.store import rules_by_contract
from services.payments.posting.charges import Targets, by_client_week, charge_targets, packages_by_client
from services.payments.posting.holds import HeldWeeks
from services.payments.pricing.rules import PaidVisit, Price
from services.payments.pricing.set_apart import price_or_reason
from services.payments.pricing.store import PricedWeek, mondays_of_clients, periods, priced_weeks

SERVICES = ("ingest", "matching", "payments", "disputes")
CpliWeek = tuple[int, dt.date]
ClientWeek = tuple[str, dt.date]


def reconcile(database_url: str) -> dict[str, list[dict[str, Any]]]:
    """Every difference, and apart from them the work in flight (which may explain some)."""
    engine = create_engine(psycopg_url(database_url), isolation_level="REPEATABLE READ")
    try:
        with sessions_of(engine).begin() as session:
            session.execute(text("SET TRANSACTION READ ONLY"))
            differences = list(compare(session))
            return {"differences": differences, "in_flight": in_flight(session)}
    finally:
        engine.dispose()


def sessions_of(engine: Engine) -> sessionmaker[Session]:
    """Sessions of the reader."""
    return sessionmaker(engine, expire_on_commit=False)


def compare(session: Session) -> Iterator[dict[str, Any]]:
    """Visits, matches, merged clients, weeks, items, deductions, charges, manual adjustments, claims, debts: as they should be,
    against as they are."""
    unknown: Lines = []
    visits = survived(session, "visits", lambda s: read_visits(s, unknown), unknown) or {}
    matches = survived(session, "matches", lambda s: work_out_matches(s, visits, unknown), unknown) or {}
    prices = (
        survived(session, "prices", lambda s: work_out_prices(s, visits, matches, unknown), unknown) or {}
    )
    comparisons: dict[str, Callable[[Session], Iterator[dict[str, Any]]]] = {
        "matches": lambda s: compare_matches(s, matches),
        "merged clients": compare_merges,
        "weeks": lambda s: compare_weeks(s, prices),
        "money": lambda s: compare_money(s, prices, unknown),
        "manual adjustments": compare_manual_adjustments,
        "claims": compare_claims,
        "one-offs": compare_one_offs,
        "debts": compare_debts,
        "portions": compare_portions,
        "holds": compare_holds,
        "closed sums": compare_closed_sums,
    }
    for what, found in comparisons.items():
        yield from survived(session, what, lambda s, found=found: list(found(s)), unknown) or ()  # type: ignore[misc]
    yield from unknown


READABLE = "planned_on BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'"
"""PostgreSQL knows days that Python doesn't."""


def read_visits(session: Session, unknown: Lines) -> dict[tuple[str, str], Any]:
    """All visits that are not deleted, as ingest holds them, by organisation and VisitRef."""
    look_into(session, "ingest")
    rows = session.execute(
        text(
            "SELECT organisation_id::text, visit_ref, ssref, client_ref, nhs_number, service_ref, service_name,"
            " service_level, visit_type, planned_on, planned_entry, planned_exit,"
            f" (delivered_exit - delivered_entry + 86400) % 86400 AS delivered_seconds FROM visits WHERE NOT deleted AND {READABLE}"
        )
    )
    found = {(row.organisation_id, row.visit_ref): row for row in rows}
    others = session.execute(
        text(
            "SELECT organisation_id::text, visit_ref, planned_on::text FROM visits"
            f" WHERE NOT deleted AND ({READABLE}) IS NOT TRUE"
        )
    )
    for organisation_id, visit_ref, day in others:
        unknown.append(not_worked_out("visit", f"{organisation_id}/{visit_ref}", f"it is planned for {day}"))
    return found


def identifier_of(row: Any) -> str:
    """RULES 5: the first identifier that is filled."""
    return (
        f"S:{row.ssref}" if row.ssref else f"C:{row.client_ref}" if row.client_ref else f"N:{row.nhs_number}"
    )


def work_out_matches(
    session: Session, visits: Mapping[tuple[str, str], Any], unknown: Lines
) -> dict[tuple[str, str], Match]:
    """RULES 5 for every client's week of every organisation; one that can't be matched goes into ``unknown``."""
    look_into(session, "matching")
    holdings = matches_store.holdings_of(session, {identifier_of(row) for row in visits.values()})
    weeks: dict[tuple[str, str, dt.date], list[Visit]] = defaultdict(list)
    matches: dict[tuple[str, str], Match] = {}
    for key, row in visits.items():
        known = holdings.get(identifier_of(row))
        if known is None:
            matches[key] = Match(None, "no_package")
        else:
            client_id = client_on(known, row.planned_on)
            weeks[row.organisation_id, client_id, monday_of(row.planned_on)].append(visit_of(row))
    cplis = {}
    for organisation_id in {of for of, _, _ in weeks}:
        of_organisation = {client for of, client, _ in weeks if of == organisation_id}

        def read(s: Session, clients: list[str], of: str = organisation_id) -> dict[str, list[Cpli]]:
            return matches_store.cplis_of_clients(s, of, clients)

        cplis[organisation_id] = survived_by_halves(session, "care of client", of_organisation, read, unknown)
    held = held_matches(session)
    for (organisation_id, client_id, monday), of_week in weeks.items():
        of_client = cplis[organisation_id].get(client_id, [])
        found, reason = result_or_reason(lambda week=of_week, care=of_client: match_week(week, care))  # type: ignore[misc]
        if found is None:
            which = f"{organisation_id}/{client_id}/{monday}"
            unknown.append(not_worked_out("match", which, str(reason)))
            # what is held can't be contradicted
            keys = [(organisation_id, visit.visit_ref) for visit in of_week]
            matches |= {key: held[key] for key in keys if key in held}
            continue
        for visit_ref, match in found.items():
            matches[organisation_id, visit_ref] = match
    return matches


def held_matches(session: Session) -> dict[tuple[str, str], Match]:
    """The matches that matching holds."""
    look_into(session, "matching")
    rows = session.execute(
        text("SELECT organisation_id::text, visit_ref, cpli_id, reason FROM visits WHERE NOT deleted")
    )
    return {(row.organisation_id, row.visit_ref): Match(row.cpli_id, row.reason) for row in rows}


def visit_of(row: Any) -> Visit:
    """A visit as matching's rules take it."""
    return Visit(
        visit_ref=row.visit_ref,
        service_ref=row.service_ref,
        service_name=fold(row.service_name),
        service_level=fold(row.service_level),
        planned_on=row.planned_on,
        planned_entry=row.planned_entry,
        planned_exit=row.planned_exit,
    )


def compare_matches(session: Session, matches: Mapping[tuple[str, str], Match]) -> Iterator[dict[str, Any]]:
    """Matching's replica and matches against those worked out."""
    held = held_matches(session)
    for key in sorted({*matches, *held}):
        yield from difference("match", "/".join(key), matches.get(key), held.get(key))


def compare_merges(session: Session) -> Iterator[dict[str, Any]]:
    """RULES 2: who stays of each merged client, as matching has it, against what payments charges by."""
    look_into(session, "matching")
    merged = session.execute(text("SELECT client_id::text, into_client_id::text FROM client_merges"))
    expected = newly_merged({row[0]: row[1] for row in merged}, {})
    look_into(session, "payments")
    rows = session.execute(text("SELECT client_id::text, into_client_id::text FROM merged_clients"))
    held = {row[0]: row[1] for row in rows}
    for client_id in sorted({*expected, *held}):
        yield from difference("merged client", client_id, expected.get(client_id), held.get(client_id))


def work_out_prices(
    session: Session,
    visits: Mapping[tuple[str, str], Any],
    matches: Mapping[tuple[str, str], Match],
    unknown: Lines,
) -> dict[CpliWeek, PricedWeek]:
    """RULES 6 for every CPLI-week with a matched visit, by the pay rules of its contract.

    One that can't be priced goes into ``unknown``; its price is what payments holds.
    """
    look_into(session, "payments")
    types = packages_store.visit_types(session)
    pay_rules = rules_by_contract(session)
    weeks: dict[CpliWeek, list[PaidVisit]] = defaultdict(list)
    for key, match in matches.items():
        row = visits.get(key)
        if row is not None and match.cpli_id is not None:
            weeks[match.cpli_id, monday_of(row.planned_on)].append(paid_visit_of(row))
    cpli_ids = {cpli_id for cpli_id, _ in weeks}
    packages = survived_by_halves(session, "package", cpli_ids, packages_store.packages, unknown)
    look_into(session, "matching")
    clients = {
        c: facts[0] for c, facts in matches_store.facts_of_cplis(session, {c for c, _ in weeks}).items()
    }
    terms = matches_store.terms_of(session, [cpli_id for cpli_id, _ in weeks])
    contracts = contracts_of_cplis(session)
    prices = {}
    held = held_prices(session, packages.values())
    for (cpli_id, monday), of_week in weeks.items():
        if cpli_id not in clients:
            unknown.append(not_worked_out("week", f"{cpli_id}/{monday}", "there is no such CPLI"))
            continue
        price, reason = Price(), None
        if cpli_id in packages:
            rules = pay_rules.get(contracts.get(cpli_id, ""), ())
            price, reason = price_or_reason(of_week, terms[cpli_id], types, rules)
        if reason is not None:
            unknown.append(not_worked_out("week", f"{cpli_id}/{monday}", reason))
            if (cpli_id, monday) in held:
                prices[cpli_id, monday] = held[cpli_id, monday]
            continue
        prices[cpli_id, monday] = PricedWeek(cpli_id, monday, 0, clients[cpli_id], price)
    return prices


def held_prices(
    session: Session, packages: Iterable[packages_store.StoredPackage]
) -> dict[CpliWeek, PricedWeek]:
    """What payments holds of these packages' clients."""
    look_into(session, "payments")
    clients = {package.client_id for package in packages}
    return priced_weeks(session, mondays_of_clients(session, clients))


def contracts_of_cplis(session: Session) -> dict[int, str]:
    """The contract of each CPLI, as its service has it."""
    rows = session.execute(text("SELECT cpli_id, contract FROM cplis JOIN services USING (service_id)"))
    return {row.cpli_id: row.contract for row in rows}


def paid_visit_of(row: Any) -> PaidVisit:
    """A visit as payments' rules take it."""
    return PaidVisit(
        row.visit_ref,
        row.visit_type,
        row.planned_on,
        row.planned_entry,
        row.planned_exit,
        row.delivered_seconds,
    )


def compare_weeks(session: Session, prices: Mapping[CpliWeek, PricedWeek]) -> Iterator[dict[str, Any]]:
    """Payments' weeks against those worked out; a week that is empty costs nothing."""
    look_into(session, "payments")
    rows = session.execute(
        text(
            "SELECT cpli_id, monday, delivered_seconds, frustrated_seconds, actual, frustrated FROM weeks"
            " WHERE jsonb_array_length(visits) > 0"
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


def compare_money(
    session: Session, prices: Mapping[CpliWeek, PricedWeek], unknown: Lines
) -> Iterator[dict[str, Any]]:
    """RULES 8, the books balance: cost items and adjustments, deductions and charges, each against its target.

    Charges are by what was decided about what is held now. A client's week whose charge can't be worked out goes into
    ``unknown``.
    """
    look_into(session, "payments")
    clients = {week.client_id for week in prices.values()}
    of_clients = packages_store.packages_of_clients
    packages = survived_by_halves(session, "packages of client", clients, of_clients, unknown)
    holds = HeldWeeks.of(session, prices).of_charges(packages, periods(session))
    owed: Targets = {}
    by_client = by_client_week({week: p for week, p in prices.items() if week[0] in packages})
    of_client = packages_by_client(packages)
    for (client_id, monday), of_week in by_client.items():
        weeks = {(week.cpli_id, monday): week for week in of_week}
        own = {package.cpli_id: package for package in of_client[client_id]}
        found, reason = result_or_reason(lambda w=weeks, p=own: charge_targets(w, p, holds))  # type: ignore[misc]
        owed |= found or {}
        if reason is not None:
            unknown.append(not_worked_out("charge", f"{client_id}/{monday}", reason))
    targets: dict[tuple[str, str], Decimal] = {}
    for (cpli_id, monday), week in prices.items():
        targets["cost", f"{cpli_id}/{monday}"] = week.price.payable
    for (client_id, monday), (charge, deductions, _) in owed.items():
        targets["charge", f"{client_id}/{monday}"] = charge
        for cpli_id, amount in deductions.items():
            targets["income", f"{cpli_id}/{monday}"] = amount
    posted = posted_money(session)
    for kind, what in sorted({*targets, *posted}):
        expected, held = targets.get((kind, what), NOTHING), posted.get((kind, what), NOTHING)
        yield from difference(kind, what, expected, held)


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


def in_flight(session: Session) -> list[dict[str, Any]]:
    """What was said and is not heard yet; what lies in the dead letters is named apart, as `dead`."""
    counts = {}
    for service in SERVICES:
        look_into(session, service)
        counts[service] = progress_of(session)._asdict()
    found = [missing._asdict() for missing in missing_of(counts)]
    dead = [
        {"event": event, "hearer": service, "missing": 0, "dead": count}
        for service, count_of in counts.items()
        for event, count in count_of["dead"].items()
    ]
    return found + dead
