"""Queries of matching on care of which visits are expected. They read line items, and no visits."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.seams.matching.expected import ExpectedWeek

# A line item that is suspended on all days on which it is in force in a week expects no visits there.
_EXPECTED = """
    SELECT DISTINCT c.organisation_id::text, o.name, w.monday::text
    FROM unnest(CAST(:mondays AS date[])) AS w (monday)
    JOIN cplis c ON c.start_on <= w.monday + 6 AND (c.end_on IS NULL OR c.end_on >= w.monday)
    JOIN services s USING (service_id)
    JOIN service_levels l ON l.folded_name = c.service_level
    JOIN organisations o ON o.organisation_id = c.organisation_id
    WHERE c.unit = 'Hr' AND c.payment_method = 'Visits' AND c.authorised AND l.requires_visits
    AND (CAST(:contracts AS text[]) IS NULL OR s.contract = ANY(CAST(:contracts AS text[])))
    AND NOT EXISTS (
        SELECT 1 FROM jsonb_array_elements(c.suspensions) AS suspension
        WHERE CAST(suspension ->> 0 AS date) <= greatest(c.start_on, w.monday)
        AND CAST(suspension ->> 1 AS date) >= least(coalesce(c.end_on, w.monday + 6), w.monday + 6))
    ORDER BY 3, 2, 1
"""


def list_expected_weeks(
    session: Session, mondays: Sequence[dt.date], contracts: Sequence[str] | None
) -> list[ExpectedWeek]:
    """The organisations that have care paid from visits in each of these weeks, under these contracts (None: any)."""
    values = {"mondays": list(mondays), "contracts": None if contracts is None else list(contracts)}
    return [ExpectedWeek(*row) for row in session.execute(text(_EXPECTED), values)]
