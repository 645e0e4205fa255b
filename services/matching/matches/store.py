"""Every query of matching on the replica of the visits, their matches and weeks. Set-based: one statement a step."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.care.terms import ONE_OFF
from libs.common.sql.columns import array_text
from libs.common.sql.copying import copy_rows
from services.matching.care import store as care_store
from services.matching.matches.rules import Cpli, Visit

ORGANISATION_LOCK_CLASS = 2

ClientWeek = tuple[str, dt.date]
CpliWeek = tuple[int, dt.date]


@dataclass(slots=True)
class ReplicaVisit(Visit):
    """A visit with who it is for and where it belongs; ``client_id`` is None while nobody is known by it.

    ``delivered_entry`` is in seconds since the planned day's midnight.
    ``written_service`` and ``written_level`` are its names as the provider wrote them: people are shown these.
    """

    version: int
    deleted: bool
    identifier: str
    visit_type: str
    monday: dt.date
    delivered_seconds: int | None
    delivered_entry: int | None
    entry_overridden: bool
    exit_overridden: bool
    carer_ref: str
    written_service: str
    written_level: str
    client_id: str | None = None
    cpli_id: int | None = None
    reason: str | None = None


# In the order of the dataclass, so that a row is a visit's arguments.
VISIT_COLUMNS = tuple(field.name for field in fields(ReplicaVisit))
COLUMN_LIST = ", ".join(VISIT_COLUMNS)
SELECT_VISITS = f"SELECT {COLUMN_LIST.replace('client_id', 'client_id::text')} FROM visits "


def lock_organisations(session: Session, organisation_ids: Iterable[str]) -> None:
    """Match one organisation's visits at a time; several are locked in sorted order."""
    for organisation_id in sorted(organisation_ids):
        session.execute(
            text("SELECT pg_advisory_xact_lock(:class, hashtext(:organisation))"),
            {"class": ORGANISATION_LOCK_CLASS, "organisation": organisation_id},
        )


def visits_by_ref(
    session: Session, organisation_id: str, visit_refs: Sequence[str]
) -> dict[str, ReplicaVisit]:
    """The organisation's visits of these VisitRefs, deleted ones too."""
    return _visits(
        session,
        "WHERE organisation_id = :organisation AND visit_ref = ANY(CAST(:refs AS text[]))",
        organisation=organisation_id,
        refs=array_text(visit_refs),
    )


def visits_beside(
    session: Session, organisation_id: str, client_weeks: Collection[ClientWeek], visit_refs: Iterable[str]
) -> dict[str, ReplicaVisit]:
    """The organisation's visits of these clients' weeks that are not deleted, but for these VisitRefs."""
    return _visits(
        session,
        "WHERE organisation_id = :organisation AND NOT deleted AND (client_id, monday) IN"
        " (SELECT * FROM unnest(CAST(:clients AS uuid[]), CAST(:mondays AS date[])))"
        # Not "<> ALL" or NOT EXISTS: this form alone is looked up in a hash table, whatever the planner expects.
        " AND visit_ref NOT IN (SELECT unnest(CAST(:refs AS text[])))",
        organisation=organisation_id,
        clients=array_text(client for client, _ in client_weeks),
        mondays=array_text(monday for _, monday in client_weeks),
        refs=array_text(visit_refs),
    )


def visits_of_clients(
    session: Session, organisation_id: str, client_ids: Collection[str], identifiers: Collection[str]
) -> dict[str, ReplicaVisit]:
    """All of the organisation's visits of these clients, and those nobody was known by until now."""
    return _visits(
        session,
        "WHERE organisation_id = :organisation AND NOT deleted AND (client_id = ANY(CAST(:clients AS uuid[]))"
        " OR (client_id IS NULL AND identifier = ANY(CAST(:identifiers AS text[]))))",
        organisation=organisation_id,
        clients=array_text(client_ids),
        identifiers=array_text(identifiers),
    )


def _visits(session: Session, where: str, **values: Any) -> dict[str, ReplicaVisit]:
    rows = session.execute(text(SELECT_VISITS + where), values).all()
    return {row[0]: ReplicaVisit(*row) for row in rows}


def save_visits(
    session: Session, organisation_id: str, visits: Sequence[ReplicaVisit], known: Container[str]
) -> None:
    """Store visits with their matches, in the place of those whose VisitRefs are ``known``.

    The organisation's lock is held. Deleting and copying costs half of what updating in place does.
    """
    replaced = [visit.visit_ref for visit in visits if visit.visit_ref in known]
    if replaced:
        session.execute(_DELETE_VISITS, {"organisation": organisation_id, "refs": array_text(replaced)})
    values_of = attrgetter(*VISIT_COLUMNS)
    rows = ((organisation_id, *values_of(visit)) for visit in visits)
    copy_rows(session, "visits", ("organisation_id", *VISIT_COLUMNS), rows)


_DELETE_VISITS = text(
    "DELETE FROM visits WHERE organisation_id = :organisation AND visit_ref = ANY(CAST(:refs AS text[]))"
)


def cplis_of_clients(
    session: Session, organisation_id: str, client_ids: Collection[str]
) -> dict[str, list[Cpli]]:
    """The organisation's CPLIs by client, with their terms and all days of suspension, as the rules need them."""
    rows = session.execute(
        text(
            "SELECT c.cpli_id, c.client_id::text, coalesce(s.service_ref, '') AS service_ref,"
            " s.folded_name AS service_name, s.former_names, c.service_level, coalesce(l.requires_visits, false) AS requires_visits,"
            " c.payment_method, c.authorised, c.start_on, c.end_on, c.timetable, c.suspensions,"
            " c.unit, c.frequency, s.contract"
            " FROM cplis c JOIN services s USING (service_id)"
            " LEFT JOIN service_levels l ON l.folded_name = c.service_level"
            " WHERE c.organisation_id = :organisation AND c.client_id = ANY(CAST(:clients AS uuid[]))"
        ),
        {"organisation": organisation_id, "clients": array_text(client_ids)},
    ).all()
    terms = care_store.terms_of(session, [row.cpli_id for row in rows])
    circumstances = care_store.circumstances_of(session, rows)
    by_client: dict[str, list[Cpli]] = defaultdict(list)
    for row in rows:
        by_client[row.client_id].append(
            Cpli(
                cpli_id=row.cpli_id,
                client_id=row.client_id,
                service_ref=row.service_ref,
                service_name=row.service_name,
                former_service_names=frozenset(row.former_names),
                service_level=row.service_level,
                requires_visits=row.requires_visits,
                payment_method=row.payment_method,
                authorised=row.authorised,
                start_on=row.start_on,
                end_on=row.end_on,
                timetable=frozenset(map(tuple, row.timetable)),
                suspensions=care_store.suspensions_of(row, circumstances),
                terms=terms[row.cpli_id],
                hourly=row.unit == "Hr",
                is_one_off=(row.unit, row.frequency) == ONE_OFF,
            )
        )
    return by_client


def weeks_of_cplis(session: Session, cpli_ids: Collection[int]) -> set[CpliWeek]:
    """The weeks of these CPLIs that were ever said."""
    rows = session.execute(
        text("SELECT cpli_id, monday FROM weeks WHERE cpli_id = ANY(CAST(:ids AS bigint[]))"),
        {"ids": array_text(cpli_ids)},
    )
    return {(cpli_id, monday) for cpli_id, monday in rows}


def save_weeks(session: Session, weeks: Sequence[tuple[int, dt.date, str, int]]) -> None:
    """Remember what was said: (cpli_id, monday, organisation_id, version)."""
    session.execute(
        text(
            "INSERT INTO weeks (cpli_id, monday, organisation_id, version) SELECT * FROM unnest("
            "CAST(:cplis AS bigint[]), CAST(:mondays AS date[]), CAST(:organisations AS uuid[]),"
            " CAST(:versions AS bigint[]))"
            " ON CONFLICT (cpli_id, monday) DO UPDATE SET version = excluded.version,"
            " organisation_id = excluded.organisation_id"
        ),
        dict(
            zip(
                ("cplis", "mondays", "organisations", "versions"),
                map(array_text, zip(*weeks, strict=True)),
                strict=True,
            )
        ),
    )


def match_counts(session: Session) -> tuple[int, dict[str, int]]:
    """How many visits are matched, and how many are not, by reason; what is set apart is neither."""
    rows = session.execute(
        text(
            "SELECT cpli_id IS NOT NULL, reason, count(*) FROM visits"
            " WHERE NOT deleted AND (cpli_id IS NOT NULL OR reason IS NOT NULL) GROUP BY 1, 2"
        )
    ).all()
    matched = sum(count for is_matched, _, count in rows if is_matched)
    return matched, {reason: count for is_matched, reason, count in sorted(rows, key=str) if not is_matched}
