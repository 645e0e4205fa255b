"""``reconcile``: everything worked out again from the visits up, and compared with what every service holds.

The only reader of all schemas, by the read-only role, in one REPEATABLE READ transaction. Commissioned care is
taken from matching, visits from ingest; matches, prices, items, deductions and charges are worked out from those two.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session, sessionmaker

from deploy.reconcile_debts import compare_debts
from libs.common.database import psycopg_url
from libs.common.money import NOTHING
from libs.common.names import fold
from libs.common.progress import is_settled
from libs.common.weeks import monday_of
from services.matching import store as matching_store
from services.matching.rules import Match, Visit, match_week
from services.payments import store_packages as payments_store
from services.payments.posting import charge_targets
from services.payments.rules import PaidVisit, Price, price_week
from services.payments.rules_holds import MOVED_ON
from services.payments.store import PricedWeek
from services.payments.store_pay_rules import rules_by_contract

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


def look_into(session: Session, schema: str) -> None:
    """Read with the queries of one service."""
    session.execute(text(f"SET LOCAL search_path TO {schema}"))


def compare(session: Session) -> Iterator[dict[str, Any]]:
    """Visits, matches, weeks, items, deductions, charges, manual adjustments, claims, debts: as they should be, against as they are."""
    visits = read_visits(session)
    matches = work_out_matches(session, visits)
    yield from compare_matches(session, matches)
    prices = work_out_prices(session, visits, matches)
    yield from compare_weeks(session, prices)
    yield from compare_money(session, prices)
    yield from compare_manual_adjustments(session)
    yield from compare_claims(session)
    for found in compare_debts(session):
        yield from difference(*found)
    yield from compare_portions(session)
    yield from compare_closed_sums(session)


def read_visits(session: Session) -> dict[tuple[str, str], Any]:
    """All visits that are not deleted, as ingest holds them, by organisation and VisitRef."""
    look_into(session, "ingest")
    rows = session.execute(
        text(
            "SELECT organisation_id::text, visit_ref, ssref, client_ref, nhs_number, service_ref, service_name,"
            " service_level, visit_type, planned_on, planned_entry, planned_exit,"
            " (delivered_exit - delivered_entry + 86400) % 86400 AS delivered_seconds FROM visits WHERE NOT deleted"
        )
    )
    return {(row.organisation_id, row.visit_ref): row for row in rows}


def identifier_of(row: Any) -> str:
    """RULES 5: the first identifier that is filled."""
    return (
        f"S:{row.ssref}" if row.ssref else f"C:{row.client_ref}" if row.client_ref else f"N:{row.nhs_number}"
    )


def work_out_matches(session: Session, visits: Mapping[tuple[str, str], Any]) -> dict[tuple[str, str], Match]:
    """RULES 5 for every client's week of every organisation."""
    look_into(session, "matching")
    clients = matching_store.clients_by_identifier(session, {identifier_of(row) for row in visits.values()})
    weeks: dict[tuple[str, str, dt.date], list[Visit]] = defaultdict(list)
    matches: dict[tuple[str, str], Match] = {}
    for key, row in visits.items():
        client_id = clients.get(identifier_of(row))
        if client_id is None:
            matches[key] = Match(None, "no_package")
        else:
            weeks[row.organisation_id, client_id, monday_of(row.planned_on)].append(visit_of(row))
    cplis = {
        organisation_id: matching_store.cplis_of_clients(
            session, organisation_id, {client for of, client, _ in weeks if of == organisation_id}
        )
        for organisation_id in {of for of, _, _ in weeks}
    }
    for (organisation_id, client_id, _), of_week in weeks.items():
        for visit_ref, match in match_week(of_week, cplis[organisation_id].get(client_id, [])).items():
            matches[organisation_id, visit_ref] = match
    return matches


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
    look_into(session, "matching")
    rows = session.execute(
        text("SELECT organisation_id::text, visit_ref, cpli_id, reason FROM visits WHERE NOT deleted")
    )
    held = {(row.organisation_id, row.visit_ref): Match(row.cpli_id, row.reason) for row in rows}
    for key in sorted({*matches, *held}):
        yield from difference("match", "/".join(key), matches.get(key), held.get(key))


def work_out_prices(
    session: Session, visits: Mapping[tuple[str, str], Any], matches: Mapping[tuple[str, str], Match]
) -> dict[CpliWeek, PricedWeek]:
    """RULES 6 for every CPLI-week with a matched visit, by the pay rules of its contract."""
    look_into(session, "payments")
    types = payments_store.visit_types(session)
    pay_rules = rules_by_contract(session)
    weeks: dict[CpliWeek, list[PaidVisit]] = defaultdict(list)
    for key, match in matches.items():
        row = visits[key]
        if match.cpli_id is not None:
            weeks[match.cpli_id, monday_of(row.planned_on)].append(paid_visit_of(row))
    packages = payments_store.packages(session, {cpli_id for cpli_id, _ in weeks})
    look_into(session, "matching")
    clients = {
        c: facts[0] for c, facts in matching_store.facts_of_cplis(session, {c for c, _ in weeks}).items()
    }
    terms = matching_store.terms_of(session, [cpli_id for cpli_id, _ in weeks])
    contracts = contracts_of_cplis(session)
    prices = {}
    for (cpli_id, monday), of_week in weeks.items():
        rules = pay_rules.get(contracts[cpli_id], ())
        price = price_week(of_week, terms[cpli_id], types, rules) if cpli_id in packages else Price()
        prices[cpli_id, monday] = PricedWeek(cpli_id, monday, 0, clients[cpli_id], price)
    return prices


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


def compare_money(session: Session, prices: Mapping[CpliWeek, PricedWeek]) -> Iterator[dict[str, Any]]:
    """RULES 8, the books balance: cost items and adjustments, deductions and charges, each against its target."""
    look_into(session, "payments")
    packages = payments_store.packages_of_clients(session, {week.client_id for week in prices.values()})
    owed = charge_targets({week: p for week, p in prices.items() if week[0] in packages}, packages)
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
    charges = session.execute(text("SELECT client_id::text, monday, sum(amount) FROM charges GROUP BY 1, 2"))
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


def compare_portions(session: Session) -> Iterator[dict[str, Any]]:
    """RULES 8: whatever was held, released or split, an item's portions come to it, each counted where it came."""
    rows = session.execute(
        text(
            "SELECT l.item_id::text, i.amount, sum(l.amount) FROM item_lines l JOIN items i USING (item_id)"
            " WHERE l.item_id IN (SELECT item_id FROM moved_lines) AND l.status <> ALL(:moved_on)"
            " GROUP BY l.item_id, i.amount ORDER BY 1"
        ),
        {"moved_on": list(MOVED_ON)},
    )
    for item_id, amount, standing in rows:
        yield from difference("portions", item_id, amount, standing)


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


def difference(what: str, which: str, expected: Any, held: Any) -> Iterator[dict[str, Any]]:
    """One line for what is not as it should be."""
    if expected != held:
        yield {"what": what, "which": which, "expected": shown(expected), "held": shown(held)}


def shown(value: Any) -> Any:
    """A value as a line can show it."""
    if value is None:
        return "nothing"
    if isinstance(value, Match):
        return value.reason or value.cpli_id
    return "/".join(map(str, value)) if isinstance(value, tuple) else str(value)


def in_flight(session: Session) -> list[dict[str, Any]]:
    """What was said and is not heard yet."""
    emitted, received = {}, {}
    for service in SERVICES:
        rows = session.execute(
            text(
                f"SELECT event, sum(emitted)::bigint, sum(received)::bigint FROM {service}.progress GROUP BY event"
            )
        ).all()
        emitted[service] = {row[0]: row[1] for row in rows}
        received[service] = {row[0]: row[2] for row in rows}
    return [missing._asdict() for missing in is_settled(emitted, received)]
