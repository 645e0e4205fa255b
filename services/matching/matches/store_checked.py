"""Queries of matching on what a checked file would change: kept apart from the visits, until the transaction ends."""

from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.sql.copying import copy_rows
from services.matching.matches.store import VISIT_COLUMNS, ReplicaVisit

_MAKE = (
    "CREATE TEMPORARY TABLE checked_visits (LIKE visits) ON COMMIT DROP",
    "CREATE TEMPORARY TABLE checked_weeks (client_id uuid, monday date, portion bigint) ON COMMIT DROP",
    "CREATE TEMPORARY TABLE checked_unmatched (visit_ref text, reason text) ON COMMIT DROP",
    "CREATE TEMPORARY TABLE checked_duplicates (visit_ref text, other_ref text) ON COMMIT DROP",
)
# Statistics, since a planner that knows nothing of these tables would compare each row with each.
_INDEX = (
    "CREATE INDEX ON checked_visits (visit_ref)",
    "CREATE INDEX ON checked_visits (client_id, monday)",
    "ANALYZE checked_visits",
)
_DIVIDE = text(
    "INSERT INTO checked_weeks SELECT client_id, monday,"
    " (sum(count(*)) OVER (ORDER BY client_id, monday))::bigint / CAST(:size AS bigint)"
    " FROM (SELECT client_id, monday FROM checked_visits UNION ALL SELECT v.client_id, v.monday FROM visits v"
    " JOIN checked_visits USING (visit_ref) WHERE v.organisation_id = :organisation) AS touched"
    " WHERE client_id IS NOT NULL GROUP BY client_id, monday"
)
_CHECKED = text(
    "SELECT {columns} FROM checked_visits v JOIN checked_weeks w USING (client_id, monday)"
    " WHERE w.portion = :portion".format(
        columns=", ".join(f"{name}::text" if name == "client_id" else name for name in VISIT_COLUMNS)
    )
)
_STORED = text(
    "SELECT {columns}, c.visit_ref IS NOT NULL, c.visit_ref IS NOT NULL AND NOT c.deleted"
    " AND (c.client_id, c.monday) IS DISTINCT FROM (v.client_id, v.monday)"
    " FROM checked_weeks w JOIN visits v ON v.client_id = w.client_id AND v.monday = w.monday"
    " LEFT JOIN checked_visits c ON c.visit_ref = v.visit_ref"
    " WHERE w.portion = :portion AND v.organisation_id = :organisation"
    " AND (c.visit_ref IS NOT NULL OR NOT v.deleted)".format(
        columns=", ".join(f"v.{name}::text" if name == "client_id" else f"v.{name}" for name in VISIT_COLUMNS)
    )
)


class CheckedWeeks(NamedTuple):
    """Some clients' weeks that a file touches, each with all of its visits."""

    fresh: list[ReplicaVisit]
    """as the file would have them"""
    before: list[ReplicaVisit]
    """the stored ones that the file would change, deleted ones too"""
    beside: dict[str, ReplicaVisit]
    """those that it would leave as they are, by VisitRef"""
    moved: set[str]
    """the VisitRefs of ``before`` that would go to another week or client"""


def make_checked(session: Session) -> None:
    """Tables for one file's visits; they are gone when the transaction ends."""
    for statement in _MAKE:
        session.execute(text(statement))


def add_checked(session: Session, organisation_id: str, visits: Sequence[ReplicaVisit]) -> None:
    """Add visits of the file, of which the clients are known."""
    values_of = attrgetter(*VISIT_COLUMNS)
    rows: Iterable[Sequence[object]] = ((organisation_id, *values_of(visit)) for visit in visits)
    copy_rows(session, "checked_visits", ("organisation_id", *VISIT_COLUMNS), rows)


def portions_of_checked(session: Session, organisation_id: str, size: int) -> Iterator[CheckedWeeks]:
    """All clients' weeks that the file touches, some at a time: about ``size`` visits that it names, a week whole."""
    for statement in _INDEX:
        session.execute(text(statement))
    session.execute(_DIVIDE, {"organisation": organisation_id, "size": size})
    session.execute(text("CREATE INDEX ON checked_weeks (portion)"))
    session.execute(text("ANALYZE checked_weeks"))
    numbers = session.scalars(text("SELECT DISTINCT portion FROM checked_weeks ORDER BY 1")).all()
    for number in numbers:
        yield _portion(session, organisation_id, number)


def _portion(session: Session, organisation_id: str, number: int) -> CheckedWeeks:
    found = CheckedWeeks(
        [ReplicaVisit(*row) for row in session.execute(_CHECKED, {"portion": number}).all()], [], {}, set()
    )
    values = {"portion": number, "organisation": organisation_id}
    for *row, is_checked, is_moved in session.execute(_STORED, values).all():
        visit = ReplicaVisit(*row)
        if is_checked:
            found.before.append(visit)
        else:
            found.beside[visit.visit_ref] = visit
        if is_moved:
            found.moved.add(visit.visit_ref)
    return found
