"""Queries of the visits and weeks that disputes are about; row-level security limits each to what the caller may see."""

import datetime as dt
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

Row = dict[str, Any]


def lock_organisations(session: Session, organisation_ids: Iterable[uuid.UUID]) -> None:
    """Nobody else raises disputes of these organisations until the transaction ends."""
    for one in sorted({str(each) for each in organisation_ids}):
        session.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended('disputes ' || :one, 0))"), {"one": one}
        )


def list_disputed_visits(
    session: Session,
    wanted: Sequence[tuple[uuid.UUID, str, str]],
    *,
    states: Sequence[str],
    but: Sequence[uuid.UUID],
) -> list[Row]:
    """Which of these (organisation id, VisitRef, reason) are in a dispute in one of the states, but for some cases.

    {"what", "organisation_id", "visit_ref", "reason", "number", "case_id"} each.
    """
    rows = session.execute(
        text(
            "SELECT 'Visit ' || v.visit_ref AS what, v.organisation_id, v.visit_ref, c.subject AS reason, c.number,"
            " c.case_id"
            " FROM unnest(CAST(:organisations AS uuid[]), CAST(:refs AS text[]), CAST(:reasons AS text[]))"
            " AS w (organisation_id, visit_ref, reason) JOIN dispute_visits v USING (organisation_id, visit_ref)"
            " JOIN cases c ON c.case_id = v.case_id AND c.subject = w.reason"
            " WHERE c.kind = 'dispute' AND c.state = ANY(:states) AND NOT c.case_id = ANY(:but)"
            " ORDER BY v.visit_ref, c.number"
        ),
        {
            "organisations": [one for one, _, _ in wanted],
            "refs": [ref for _, ref, _ in wanted],
            "reasons": [reason for _, _, reason in wanted],
            "states": list(states),
            "but": list(but),
        },
    )
    return [dict(row) for row in rows.mappings()]


def list_disputed_weeks(
    session: Session,
    wanted: Sequence[tuple[int, dt.date, str]],
    *,
    states: Sequence[str],
    but: Sequence[uuid.UUID],
) -> list[Row]:
    """The same of these (CpliId, Monday, reason); "cpli_id" and "monday" instead of organisation and visit."""
    rows = session.execute(
        text(
            "SELECT 'This week of care package line item ' || c.cpli_id AS what, c.cpli_id,"
            " CAST(w.monday AS date) AS monday, c.subject AS reason, c.number, c.case_id"
            " FROM unnest(CAST(:cplis AS bigint[]), CAST(:mondays AS text[]), CAST(:reasons AS text[]))"
            " AS w (cpli_id, monday, reason) JOIN cases c ON c.cpli_id = w.cpli_id AND c.subject = w.reason"
            " AND c.facts ->> 'monday' = w.monday"
            " WHERE c.kind = 'dispute' AND c.state = ANY(:states) AND NOT c.case_id = ANY(:but) ORDER BY c.number"
        ),
        {
            "cplis": [cpli_id for cpli_id, _, _ in wanted],
            "mondays": [monday.isoformat() for _, monday, _ in wanted],
            "reasons": [reason for _, _, reason in wanted],
            "states": list(states),
            "but": list(but),
        },
    )
    return [dict(row) for row in rows.mappings()]


def insert_visits(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep the visits of disputes, each {"case_id", "organisation_id", "visit_ref", "snapshot"}."""
    if rows:
        session.execute(
            text(
                "INSERT INTO dispute_visits (case_id, organisation_id, visit_ref, snapshot)"
                " VALUES (:case_id, :organisation_id, :visit_ref, CAST(:snapshot AS jsonb))"
            ),
            [{**row, "snapshot": json.dumps(row["snapshot"])} for row in rows],
        )


def list_visits(session: Session, case_id: uuid.UUID) -> list[Row]:
    """The visits of a dispute, {"visit_ref", "snapshot"} each, in the order of their references."""
    rows = session.execute(
        text("SELECT visit_ref, snapshot FROM dispute_visits WHERE case_id = :case_id ORDER BY visit_ref"),
        {"case_id": case_id},
    )
    return [dict(row) for row in rows.mappings()]


def list_disputes_of_visits(
    session: Session, refs: Sequence[tuple[uuid.UUID, str]], states: Sequence[str]
) -> list[Row]:
    """The disputes in one of the states that are about these (organisation id, VisitRef)."""
    rows = session.execute(
        text(
            "SELECT v.organisation_id, v.visit_ref, c.case_id, c.number, c.subject, c.state"
            " FROM unnest(CAST(:organisations AS uuid[]), CAST(:refs AS text[])) AS w (organisation_id, visit_ref)"
            " JOIN dispute_visits v USING (organisation_id, visit_ref) JOIN cases c USING (case_id)"
            " WHERE c.state = ANY(:states) ORDER BY c.number"
        ),
        {
            "organisations": [one for one, _ in refs],
            "refs": [ref for _, ref in refs],
            "states": list(states),
        },
    )
    return [dict(row) for row in rows.mappings()]


def list_disputes_about_days(
    session: Session, first: dt.date, last: dt.date, states: Sequence[str]
) -> list[Row]:
    """The disputes in one of the states that are about days between two: organisation, CPLI and Monday, visits."""
    rows = session.execute(
        text(
            "SELECT c.case_id, c.number, c.subject, c.state, c.organisation_id::text, c.cpli_id, c.facts ->> 'monday' AS monday,"
            " coalesce((SELECT jsonb_agg(v.visit_ref ORDER BY v.visit_ref) FROM dispute_visits v"
            "  WHERE v.case_id = c.case_id), '[]') AS visits"
            " FROM cases c WHERE c.kind = 'dispute' AND c.state = ANY(:states)"
            " AND coalesce(c.first_on, CAST(c.facts ->> 'monday' AS date)) <= :last"
            " AND coalesce(c.last_on, CAST(c.facts ->> 'monday' AS date) + 6) >= :first ORDER BY c.number"
        ),
        {"states": list(states), "first": first, "last": last},
    )
    return [dict(row) for row in rows.mappings()]
