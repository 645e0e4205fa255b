"""Queries of matching on visits without a match; row-level security limits what a provider sees.

They are few among all visits, and have indexes of their own: ``visits_unmatched``, and by organisation and reason
``visits_unmatched_of``.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.seams.matching.matches import MatchedWeek, UnmatchedMatch, VisitMatch

UNMATCHED = "v.reason IS NOT NULL AND NOT v.deleted"
_COLUMNS = "v.organisation_id::text, v.visit_ref, v.version, v.cpli_id, v.reason"
_BY_REF = "v.organisation_id, v.visit_ref"
_AS_PLANNED = "v.organisation_id, v.identifier, v.planned_on, v.planned_entry, v.visit_ref"
_NEWEST = "v.planned_on DESC, v.organisation_id DESC, v.visit_ref DESC"
_CONDITIONS = {
    "organisation": "v.organisation_id = CAST(:organisation AS uuid)",
    "week": "v.planned_on BETWEEN CAST(:week AS date) AND CAST(:week AS date) + 6",
    "clients": "substr(v.identifier, 3) = ANY(:clients)",
    "service_name": "(v.service_name = :service_name OR EXISTS (SELECT 1 FROM services s WHERE s.organisation_id ="
    " v.organisation_id AND s.folded_name = :service_name AND (v.service_name = ANY(s.former_names)"
    " OR v.service_name = '' AND v.service_ref = s.service_ref)))",
    "service_level": "v.service_level = :service_level",
    "visit_type": "v.visit_type = :visit_type",
    "reason": "v.reason = :reason",
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of unmatched visits is limited to; None is no limit. Names are folded."""

    organisation: str | None = None
    week: dt.date | None = None
    clients: Sequence[str] | None = None
    service_name: str | None = None
    service_level: str | None = None
    visit_type: str | None = None
    reason: str | None = None

    def where(self) -> str:
        """All conditions."""
        given = (sql for name, sql in _CONDITIONS.items() if getattr(self, name) is not None)
        return " AND ".join((UNMATCHED, *given))


def unmatched_in_order(
    session: Session, filters: Filters, *, after: tuple[uuid.UUID, str], limit: int
) -> list[VisitMatch]:
    """A page: a week's in the order in which ingest has them, else by VisitRef.

    `after` is the last visit of the page before.
    """
    order = _AS_PLANNED if filters.week else _BY_REF
    place = (
        f" AND ({order}) > (SELECT {order} FROM visits v WHERE v.organisation_id = :after_id AND v.visit_ref = :after_ref)"
        if after[1]
        else ""
    )
    rows = session.execute(
        text(f"SELECT {_COLUMNS} FROM visits v WHERE {filters.where()}{place} ORDER BY {order} LIMIT :limit"),
        {"after_id": after[0], "after_ref": after[1], "limit": limit, **asdict(filters)},
    )
    return [VisitMatch(*row) for row in rows]


def newest_unmatched(
    session: Session, filters: Filters, *, before: tuple[dt.date, uuid.UUID, str] | None, limit: int
) -> list[UnmatchedMatch]:
    """A page with the planned dates, the latest planned first.

    `before` is the (planned date, organisation, VisitRef) of the last visit of the page before. The page is chosen from
    what an index holds, however rare the reason is; then only its visits are read.
    """
    place = ""
    values: dict[str, Any] = {}
    if before is not None:
        place = " AND (v.planned_on, v.organisation_id, v.visit_ref) < (:day, :before_id, :before_ref)"
        values = dict(zip(("day", "before_id", "before_ref"), before, strict=True))
    rows = session.execute(
        text(
            f"SELECT {_COLUMNS}, v.planned_on::text FROM (SELECT v.organisation_id, v.visit_ref FROM visits v"
            f" WHERE {filters.where()}{place} ORDER BY {_NEWEST} LIMIT :limit) chosen"
            f" JOIN visits v USING (organisation_id, visit_ref) ORDER BY {_NEWEST}"
        ),
        {"limit": limit, **values, **asdict(filters)},
    )
    return [UnmatchedMatch(*row) for row in rows]


def counts(session: Session, filters: Filters) -> list[tuple[str, str, str, int]]:
    """(id and name of the organisation, reason, how many), most first."""
    rows = session.execute(
        text(
            "SELECT organisation_id::text, coalesce(o.name, ''), n.reason, n.visits"
            " FROM (SELECT v.organisation_id, v.reason, count(*) AS visits"
            f" FROM visits v WHERE {filters.where()} GROUP BY 1, 2) n LEFT JOIN organisations o USING (organisation_id)"
            " ORDER BY n.visits DESC, 2, 3"
        ),
        asdict(filters),
    )
    return [(one, name, reason, number) for one, name, reason, number in rows]


# An estimate: an unmatched visit has no CPLI, so it is taken at the unit cost of the client's own CPLI with the provider
# that began last before it, else at what the provider's CPLIs cost on average.
PAID_SECONDS = """CASE WHEN NOT coalesce(h.paid, t.paid) THEN 0
        WHEN coalesce(h.basis, t.basis) = 'delivered' THEN coalesce(v.delivered_seconds, 0)
        ELSE (v.planned_exit - v.planned_entry + 86400) % 86400 END"""
"""For how many seconds a visit ``v`` is paid, by its type ``t`` and PAID_NOW."""
PAID_NOW = """LEFT JOIN LATERAL (SELECT paid, basis FROM visit_type_changes e WHERE e.ref = v.visit_type
        AND e.effective_from <= v.planned_on ORDER BY e.effective_from DESC, e.change_id DESC LIMIT 1) h ON true"""
"""How the type of ``v`` is paid on its planned date, where that was changed."""
_COSTS = """
    WITH costs AS (
        SELECT DISTINCT ON (cpli_id) cpli_id, organisation_id, client_id, start_on, unit_cost
        FROM cplis JOIN cpli_terms USING (cpli_id) WHERE unit = 'Hr' ORDER BY cpli_id, effective_from DESC
    ), averages AS (SELECT organisation_id, avg(unit_cost) AS unit_cost FROM costs GROUP BY 1)
"""
_SECONDS_IN_MONEY = f"coalesce(own.unit_cost, a.unit_cost, 0) * {PAID_SECONDS}"
"""Pounds times 3,600."""
_UNMATCHED_WITH_COST = f"""
    FROM visits v JOIN visit_types t ON t.ref = v.visit_type {PAID_NOW}
    LEFT JOIN LATERAL (SELECT unit_cost FROM costs c WHERE c.client_id = v.client_id
        AND c.organisation_id = v.organisation_id
        ORDER BY c.start_on <= v.planned_on DESC, c.start_on DESC, c.cpli_id LIMIT 1) own ON true
    LEFT JOIN averages a ON a.organisation_id = v.organisation_id
    WHERE v.reason IS NOT NULL AND NOT v.deleted
"""
_IN_MONEY = f"""{_COSTS}
    SELECT v.organisation_id::text, count(*), coalesce(sum({_SECONDS_IN_MONEY}) / 3600, 0) {_UNMATCHED_WITH_COST}
    AND v.planned_on BETWEEN :first AND :last GROUP BY 1 ORDER BY 1
"""
_VISITS_IN_MONEY = f"""{_COSTS}
    SELECT v.organisation_id::text, v.visit_ref, {_SECONDS_IN_MONEY} / 3600 {_UNMATCHED_WITH_COST}
    AND (v.organisation_id, v.visit_ref) IN
        (SELECT * FROM unnest(CAST(:organisations AS uuid[]), CAST(:refs AS text[])))
"""


def in_money(session: Session, first: dt.date, last: dt.date) -> list[tuple[str, int, Decimal]]:
    """(organisation id, visits, about how many pounds) of what is planned between two days and has no match."""
    rows = session.execute(text(_IN_MONEY), {"first": first, "last": last})
    return [(organisation_id, number, amount) for organisation_id, number, amount in rows]


def visits_in_money(
    session: Session, refs: Sequence[tuple[uuid.UUID, str]]
) -> list[tuple[str, str, Decimal]]:
    """(organisation id, VisitRef, about how many pounds) of those of these visits that have no match."""
    values = {"organisations": [one for one, _ in refs], "refs": [ref for _, ref in refs]}
    rows = session.execute(text(_VISITS_IN_MONEY), values)
    return [(organisation_id, ref, amount) for organisation_id, ref, amount in rows]


def matches_of(session: Session, refs: Sequence[tuple[uuid.UUID, str]]) -> list[VisitMatch]:
    """The matches of these (organisation id, VisitRef)."""
    rows = session.execute(
        text(
            "SELECT organisation_id::text, visit_ref, version, cpli_id, reason FROM visits WHERE NOT deleted AND"
            " (organisation_id, visit_ref) IN"
            " (SELECT * FROM unnest(CAST(:organisations AS uuid[]), CAST(:refs AS text[])))"
        ),
        {"organisations": [one for one, _ in refs], "refs": [ref for _, ref in refs]},
    )
    return [VisitMatch(*row) for row in rows]


def count_unmatched(session: Session, organisation_id: str | None) -> int:
    """How many visits were tried and have no match; a thousand at most."""
    query = text(
        "SELECT count(*) FROM (SELECT 1 FROM visits WHERE reason IS NOT NULL AND NOT deleted"
        " AND (CAST(:organisation AS uuid) IS NULL OR organisation_id = CAST(:organisation AS uuid))"
        " LIMIT 1000) AS found"
    )
    return session.scalar(query, {"organisation": organisation_id}) or 0


def matched_weeks(session: Session, refs: Sequence[tuple[uuid.UUID, str]]) -> list[MatchedWeek]:
    """The weeks of those of these (organisation id, VisitRef) that have a match."""
    rows = session.execute(
        text(
            "SELECT v.organisation_id::text, v.visit_ref, v.cpli_id, v.monday::text FROM visits v"
            " JOIN unnest(CAST(:organisations AS uuid[]), CAST(:refs AS text[])) AS w (organisation_id, visit_ref)"
            " USING (organisation_id, visit_ref) WHERE v.cpli_id IS NOT NULL AND NOT v.deleted ORDER BY 1, 2"
        ),
        {"organisations": [one for one, _ in refs], "refs": [ref for _, ref in refs]},
    )
    return [MatchedWeek(*row) for row in rows]
