"""``reconcile``, matches and merged clients: worked out again from the visits and the care (RULES 2, 5)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from deploy.ops.reconcile.differences import difference, look_into
from deploy.ops.reconcile.unknown import Lines, attempt_by_halves, not_worked_out
from libs.common.care.names import fold
from libs.common.care.weeks import monday_of
from libs.common.operations.apart import result_or_reason
from services.matching.identifiers import store as identifiers_store
from services.matching.identifiers.rules import client_on
from services.matching.matches import store as matches_store
from services.matching.matches.rules import Cpli, Match, Visit, match_week
from services.payments.merging.steps import newly_merged

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
    holdings = identifiers_store.holdings_of(session, {identifier_of(row) for row in visits.values()})
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

        cplis[organisation_id] = attempt_by_halves(session, "care of client", of_organisation, read, unknown)
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
