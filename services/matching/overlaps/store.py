"""Queries of matching for overlaps; row-level security limits what a provider sees."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from decimal import Decimal

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.care.terms import term_on
from libs.common.sql.columns import array_text
from services.matching.care import store as care_store
from services.matching.matches.store import SELECT_VISITS, ReplicaVisit

VisitId = tuple[uuid.UUID, str]
"""Whose, and its VisitRef."""
ClientDay = tuple[str, dt.date]

# A provider's planned days are found by the index `visits_planned`. A client's visits of a day meet where one begins
# before another that began earlier has ended: a sweep, so that nobody is compared with everybody.
_MEETING = text("""
  SELECT DISTINCT client_id::text, planned_on FROM (
    SELECT client_id, planned_on, planned_entry, max(planned_entry + (planned_exit - planned_entry + 86400) % 86400)
           OVER (PARTITION BY client_id, planned_on ORDER BY planned_entry, visit_ref
                 ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS busy_until
    FROM visits WHERE organisation_id = :organisation AND planned_on BETWEEN :first AND :last AND NOT deleted
     AND cpli_id IS NOT NULL AND delivered_seconds IS NOT NULL
     AND (CAST(:clients AS uuid[]) IS NULL OR client_id = ANY(CAST(:clients AS uuid[])))
  ) swept WHERE busy_until > planned_entry
""")

# What is paid of a visit type on a day is the newest change of the latest date up to it, else what the table says.
_PAID = """
  coalesce((SELECT h.paid FROM visit_type_changes h WHERE h.ref = v.visit_type AND h.effective_from <= v.planned_on
            ORDER BY h.effective_from DESC, h.change_id DESC LIMIT 1), t.paid)
"""
_PAYING = text(f"""
  SELECT v.organisation_id, v.visit_ref, v.cpli_id, v.planned_on
  FROM unnest(CAST(:organisations AS uuid[]), CAST(:refs AS text[])) AS asked (organisation_id, visit_ref)
  JOIN visits v ON v.organisation_id = asked.organisation_id AND v.visit_ref = asked.visit_ref
  JOIN cplis c USING (cpli_id) JOIN visit_types t ON t.ref = v.visit_type
  WHERE NOT v.deleted AND c.unit = 'Hr' AND {_PAID}
""")


def unit_costs(session: Session, visits: Collection[VisitId]) -> dict[VisitId, Decimal]:
    """The unit cost an hour at which each of these visits is paid on its planned date; those that pay nothing are absent."""
    rows = session.execute(
        _PAYING,
        {
            "organisations": array_text(one for one, _ in visits),
            "refs": array_text(ref for _, ref in visits),
        },
    ).all()
    terms = care_store.terms_of(session, [row.cpli_id for row in rows])
    return {
        (row.organisation_id, row.visit_ref): term_on(terms[row.cpli_id], row.planned_on).unit_cost
        for row in rows
    }


def days_of_meeting(
    session: Session,
    organisation_id: str,
    first_on: dt.date,
    last_on: dt.date,
    clients: Sequence[str] | None,
) -> set[ClientDay]:
    """The clients' days on which delivered visits of the organisation meet by their planned times."""
    rows = session.execute(
        _MEETING,
        {
            "organisation": organisation_id,
            "first": first_on,
            "last": last_on,
            "clients": None if clients is None else array_text(clients),
        },
    )
    return {(client, day) for client, day in rows}


def visits_of_days(
    session: Session, organisation_id: str, days: Collection[ClientDay]
) -> dict[ClientDay, list[ReplicaVisit]]:
    """The organisation's visits of these clients' days."""
    rows = session.execute(
        text(
            f"{SELECT_VISITS} WHERE organisation_id = :organisation AND NOT deleted AND (client_id, planned_on) IN"
            " (SELECT * FROM unnest(CAST(:clients AS uuid[]), CAST(:days AS date[])))"
            " AND planned_on BETWEEN :first AND :last"
        ),
        {
            "organisation": organisation_id,
            "clients": array_text(client for client, _ in days),
            "days": array_text(day for _, day in days),
            "first": min(day for _, day in days),
            "last": max(day for _, day in days),
        },
    )
    found: dict[ClientDay, list[ReplicaVisit]] = defaultdict(list)
    for row in rows:
        visit = ReplicaVisit(*row)
        found[str(visit.client_id), visit.planned_on].append(visit)
    return found


def clients_known_by(session: Session, identifiers: Collection[str]) -> list[str]:
    """The ids of the clients that have or had one of these identifiers (``S:…``)."""
    rows = session.scalars(
        text(
            "SELECT DISTINCT client_id::text FROM client_identifiers"
            " WHERE identifier = ANY(CAST(:identifiers AS text[]))"
        ),
        {"identifiers": array_text(identifiers)},
    )
    return list(rows)


def organisations_from(
    session: Session, organisation_id: str | None, start: str | None
) -> list[tuple[str, str]]:
    """Id and present name of this organisation, or of all from an id on, in the order of their ids."""
    rows = session.execute(
        text(
            "SELECT organisation_id::text, name FROM organisations"
            " WHERE (CAST(:start AS uuid) IS NULL OR organisation_id >= CAST(:start AS uuid))"
            " AND (CAST(:organisation AS uuid) IS NULL OR organisation_id = CAST(:organisation AS uuid))"
            " ORDER BY organisation_id"
        ),
        {"organisation": organisation_id, "start": start},
    )
    return [(one, name) for one, name in rows]
