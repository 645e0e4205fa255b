"""Queries of matching for samples: planned and delivered time of a week's CPLIs."""

import datetime as dt

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.matching.samples.rules import PlannedWeek


def planned_weeks(session: Session, monday: dt.date, organisation_id: str | None) -> list[PlannedWeek]:
    """Every CPLI's week that holds matched visits, of one organisation or of all; found by client and week."""
    rows = session.execute(
        text(
            "WITH summed AS (SELECT v.cpli_id, v.organisation_id, v.client_id,"
            " sum((v.planned_exit - v.planned_entry + 86400) % 86400) AS planned,"
            " sum(coalesce(v.delivered_seconds, 0)) AS delivered FROM visits v WHERE v.monday = :monday"
            " AND NOT v.deleted AND v.cpli_id IS NOT NULL AND v.client_id IN (SELECT client_id FROM cplis"
            " WHERE CAST(:organisation AS uuid) IS NULL OR organisation_id = CAST(:organisation AS uuid))"
            " AND (CAST(:organisation AS uuid) IS NULL OR v.organisation_id = CAST(:organisation AS uuid))"
            " GROUP BY 1, 2, 3)"
            " SELECT s.cpli_id, s.organisation_id::text, coalesce(k.ssref, k.client_ref, k.nhs_number, ''),"
            " s.planned, s.delivered, t.unit_cost FROM summed s JOIN clients k USING (client_id)"
            " CROSS JOIN LATERAL (SELECT unit_cost FROM cpli_terms t WHERE t.cpli_id = s.cpli_id"
            " ORDER BY t.effective_from <= :monday DESC,"
            " CASE WHEN t.effective_from <= :monday THEN t.effective_from END DESC, t.effective_from LIMIT 1) t"
            " ORDER BY s.cpli_id"
        ),
        {"monday": monday, "organisation": organisation_id},
    )
    return [
        PlannedWeek(cpli_id, organisation, client, int(planned), int(delivered), unit_cost)
        for cpli_id, organisation, client, planned, delivered, unit_cost in rows
    ]
