"""Queries of matching on what would become of a checked file's visits: those without a match, with what each would come
to, and possible duplicates (RULES 4)."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.seams.events import PossibleDuplicate
from libs.common.sql.copying import copy_rows
from services.matching.matches.store_views import PAID_NOW, PAID_SECONDS

STREAMED = 2_000
"""Rows that are fetched at once."""

_OF_NOBODY = text(
    "INSERT INTO checked_unmatched SELECT visit_ref, 'no_package' FROM checked_visits"
    " WHERE client_id IS NULL AND NOT deleted"
)
# An estimate, as that of stored visits (`store_views`): the unit cost of the client's own CPLI that began last before the
# visit, else what the provider's CPLIs cost on average. Here each client's day is looked up once.
_IN_MONEY = text(f"""
    WITH average AS (
        SELECT avg(unit_cost) AS unit_cost FROM (
            SELECT DISTINCT ON (cpli_id) unit_cost FROM cplis JOIN cpli_terms USING (cpli_id)
            WHERE unit = 'Hr' AND organisation_id = :organisation ORDER BY cpli_id, effective_from DESC
        ) AS newest
    ), costs AS MATERIALIZED (
        SELECT d.client_id, d.planned_on, own.unit_cost FROM (
            SELECT DISTINCT client_id, planned_on FROM checked_unmatched JOIN checked_visits USING (visit_ref)
            WHERE client_id IS NOT NULL
        ) AS d CROSS JOIN LATERAL (
            SELECT unit_cost FROM cplis c JOIN cpli_terms USING (cpli_id)
            WHERE c.organisation_id = :organisation AND c.client_id = d.client_id AND c.unit = 'Hr'
            ORDER BY c.start_on <= d.planned_on DESC, c.start_on DESC, c.cpli_id, effective_from DESC LIMIT 1
        ) AS own
    )
    SELECT u.visit_ref, u.reason, coalesce(c.unit_cost, a.unit_cost, 0) * {PAID_SECONDS} / 3600
    FROM checked_unmatched u JOIN checked_visits v USING (visit_ref)
    LEFT JOIN visit_types t ON t.ref = v.visit_type {PAID_NOW}
    LEFT JOIN costs c ON c.client_id = v.client_id AND c.planned_on = v.planned_on CROSS JOIN average a
    ORDER BY u.visit_ref
""")


class CheckedUnmatched(NamedTuple):
    """A visit of a checked file that would have no match: why, and about how many pounds it would pay if it had."""

    visit_ref: str
    reason: str
    amount: Decimal


def add_unmatched(session: Session, rows: Iterable[tuple[str, str]]) -> None:
    """Add (VisitRef, reason) of visits whose client is known."""
    copy_rows(session, "checked_unmatched", ("visit_ref", "reason"), rows)


def stream_unmatched(session: Session, organisation_id: str) -> Iterator[CheckedUnmatched]:
    """All of them, those of unknown clients too, once the rest was added; a portion is in memory."""
    session.execute(_OF_NOBODY)
    session.execute(text("ANALYZE checked_unmatched"))
    found = session.execute(
        _IN_MONEY, {"organisation": organisation_id}, execution_options={"yield_per": STREAMED}
    )
    yield from (CheckedUnmatched(*row) for row in found)


def add_duplicates(session: Session, found: Iterable[PossibleDuplicate]) -> None:
    """Add possible duplicates."""
    copy_rows(session, "checked_duplicates", ("visit_ref", "other_ref"), found)


def stream_duplicates(session: Session) -> Iterator[PossibleDuplicate]:
    """All of them; a portion is in memory."""
    statement = text("SELECT visit_ref, other_ref FROM checked_duplicates ORDER BY visit_ref")
    found = session.execute(statement, execution_options={"yield_per": STREAMED})
    yield from (PossibleDuplicate(*row) for row in found)


def count_kept(session: Session) -> int:
    """How many visits the file would store: all that it names but those that it deletes."""
    return session.scalar(text("SELECT count(*) FROM checked_visits WHERE NOT deleted")) or 0
