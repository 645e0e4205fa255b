"""Queries of matching on what care costs a week, by provider."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.care.money import NOTHING, to_the_penny
from libs.common.sql.columns import array_text

_WEEKLY = """
    SELECT c.organisation_id::text, sum(t.quantity * t.unit_cost) FROM cplis c
    CROSS JOIN LATERAL (SELECT quantity, unit_cost FROM cpli_terms t WHERE t.cpli_id = c.cpli_id
                        ORDER BY effective_from DESC LIMIT 1) t
    WHERE c.organisation_id = ANY(CAST(:ids AS uuid[])) AND c.unit = 'Hr' AND c.authorised
    AND (c.end_on IS NULL OR c.end_on >= :today) GROUP BY 1
"""


def weekly_costs(session: Session, organisation_ids: Collection[str], today: date) -> dict[str, Decimal]:
    """Pounds a week by organisation: Quantity x UnitCost of its authorised CPLIs of hours that have not ended.

    By the newest terms of each, so that what begins later is seen. Rounded once, for the organisation.
    """
    rows = session.execute(text(_WEEKLY), {"ids": array_text(organisation_ids), "today": today})
    costs = {organisation_id: to_the_penny(cost) for organisation_id, cost in rows}
    return dict.fromkeys(organisation_ids, NOTHING) | costs
