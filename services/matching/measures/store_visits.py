"""Queries of matching on the visits that made a measure; row-level security limits what a provider sees."""

import datetime as dt
from collections.abc import Collection

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.care.weeks import monday_of, sunday_of
from services.matching.measures.rules import MeasuredVisit


def named_visits(
    session: Session, organisation_id: str, first_on: dt.date, last_on: dt.date
) -> list[tuple[str, MeasuredVisit]]:
    """As `store.matched_visits`, each with its VisitRef."""
    rows = session.execute(
        text(
            "SELECT visit_ref, cpli_id, client_id::text, visit_type, planned_on, planned_entry, planned_exit,"
            " delivered_entry, delivered_seconds, entry_overridden OR exit_overridden, carer_ref FROM visits"
            " WHERE organisation_id = CAST(:organisation AS uuid) AND planned_on BETWEEN :first AND :last"
            " AND NOT deleted AND cpli_id IS NOT NULL"
        ),
        {"organisation": organisation_id, "first": first_on, "last": last_on},
    )
    return [(ref, MeasuredVisit(*facts)) for ref, *facts in rows]


def next_day_sent(
    session: Session, organisation_id: str, first_on: dt.date, last_on: dt.date
) -> dt.date | None:
    """The first day of a span that lies in a week in which the organisation has any visit; None where there is none."""
    if last_on < first_on:
        return None
    planned: dt.date | None = session.scalar(
        text(
            "SELECT min(planned_on) FROM visits WHERE organisation_id = CAST(:organisation AS uuid)"
            " AND planned_on BETWEEN :first AND :last AND NOT deleted"
        ),
        {
            "organisation": organisation_id,
            "first": monday_of(first_on),
            "last": sunday_of(monday_of(last_on)),
        },
    )
    return None if planned is None else max(first_on, monday_of(planned))


def client_references(session: Session, cpli_ids: Collection[int]) -> dict[int, str]:
    """The reference by which the client of each CPLI is shown."""
    rows = session.execute(
        text(
            "SELECT c.cpli_id, coalesce(k.ssref, k.client_ref, k.nhs_number, '') FROM cplis c"
            " JOIN clients k USING (client_id) WHERE c.cpli_id = ANY(CAST(:ids AS bigint[]))"
        ),
        {"ids": list(cpli_ids)},
    )
    return dict(map(tuple, rows))
