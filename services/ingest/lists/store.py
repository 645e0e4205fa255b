"""Queries of ingest on lists of visits: pages, weeks and what they name; row-level security limits what a provider sees.

An organisation's week is found by the index ``visits_by_day``; so queries about all organisations ask for one after the
other.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.ingest.visits.store import SELECT, Row

_BY_REF = "v.organisation_id, v.visit_ref"
_AS_PLANNED = (
    "v.organisation_id, coalesce(nullif(v.ssref, ''), nullif(v.client_ref, ''), v.nhs_number, ''), v.planned_on,"
    " v.planned_entry, v.visit_ref"
)
_OF_WEEK = "v.planned_on BETWEEN CAST(:week AS date) AND CAST(:week AS date) + 6"


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of visits is limited to; None is no limit. Of ``services`` one name or ref must be the visit's."""

    clients: Sequence[str] | None = None
    service_names: Sequence[str] | None = None
    service_level: str | None = None
    visit_type: str | None = None

    def where(self) -> str:
        """The conditions, each with AND before it."""
        conditions = {
            "clients": "(v.ssref = ANY(:clients) OR v.client_ref = ANY(:clients) OR v.nhs_number = ANY(:clients))",
            "service_names": "coalesce(nullif(v.service_name, ''), v.service_ref) = ANY(:service_names)",
            "service_level": "v.service_level = :service_level",
            "visit_type": "v.visit_type = :visit_type",
        }
        return "".join(f" AND {sql}" for name, sql in conditions.items() if getattr(self, name) is not None)


def list_page(
    session: Session,
    organisation_id: uuid.UUID | None,
    filters: Filters,
    *,
    after: tuple[uuid.UUID, str],
    limit: int,
) -> list[Row]:
    """A page of visits that are not deleted, by (organisation, VisitRef). `after` is the last visit of the page before."""
    own = "" if organisation_id is None else " AND v.organisation_id = :organisation"
    return _rows(
        session,
        f"{SELECT} WHERE NOT v.deleted{own}{filters.where()} AND ({_BY_REF}) > (:after_id, :after_ref)"
        f" ORDER BY {_BY_REF} LIMIT :limit",
        organisation=organisation_id,
        after_id=after[0],
        after_ref=after[1],
        limit=limit,
        **asdict(filters),
    )


def list_page_of_week(
    session: Session,
    organisation_id: uuid.UUID | None,
    filters: Filters,
    *,
    week: dt.date,
    after: tuple[uuid.UUID, str],
    limit: int,
) -> list[Row]:
    """A page of a week's visits that are not deleted: each organisation's client by client, as planned.

    One organisation after the other, as each one's week is found and sorted by itself: the page of all of them costs
    what one provider's does. A client's few visits, though, are looked for among all at once. Visits stay when they
    are deleted, so `after` always marks a place.
    """

    def find(of: str, is_within: bool, count: int, **more: Any) -> list[Row]:
        place = (
            f" AND ({_AS_PLANNED}) > (SELECT {_AS_PLANNED} FROM visits v"
            " WHERE v.organisation_id = :after_id AND v.visit_ref = :after_ref)"
        )
        return _rows(
            session,
            f"{SELECT} WHERE NOT v.deleted{of} AND {_OF_WEEK}{filters.where()}{place if is_within else ''}"
            f" ORDER BY {_AS_PLANNED} LIMIT :limit",
            after_id=after[0],
            after_ref=after[1],
            limit=count,
            week=week,
            **asdict(filters),
            **more,
        )

    if organisation_id is None and filters.clients is not None:
        return find("", bool(after[1]), limit)
    rows: list[Row] = []
    for one in list_organisations_of_week(session, organisation_id, week, after[0]):
        is_within = bool(after[1]) and one == after[0]
        rows += find(" AND v.organisation_id = :organisation", is_within, limit - len(rows), organisation=one)
        if len(rows) == limit:
            break
    return rows


def list_organisations_of_week(
    session: Session, organisation_id: uuid.UUID | None, week: dt.date, first: uuid.UUID
) -> list[uuid.UUID]:
    """The organisations that have visits in that week, from the `first` on; only that one when one is asked for."""
    if organisation_id is not None:
        return [organisation_id]
    return list(
        session.scalars(
            text(
                "SELECT o.organisation_id FROM organisations o WHERE o.organisation_id >= :first AND EXISTS"
                f" (SELECT 1 FROM visits v WHERE v.organisation_id = o.organisation_id AND {_OF_WEEK})"
                " ORDER BY o.organisation_id"
            ),
            {"first": first, "week": week},
        )
    )


def list_services_of_week(session: Session, organisation_id: uuid.UUID, week: dt.date) -> list[str]:
    """The services that an organisation's visits of a week name, as they write them: names, else refs."""
    return list(
        session.scalars(
            text(
                "SELECT DISTINCT coalesce(nullif(v.service_name, ''), v.service_ref) FROM visits v"
                f" WHERE NOT v.deleted AND v.organisation_id = :organisation AND {_OF_WEEK} ORDER BY 1"
            ),
            {"organisation": organisation_id, "week": week},
        )
    )


def find_weeks_with_visits(
    session: Session, organisation_id: uuid.UUID | None, mondays: Sequence[dt.date]
) -> list[dt.date]:
    """Which of these weeks hold visits."""
    of = "" if organisation_id is None else "o.organisation_id = :organisation AND"
    return list(
        session.scalars(
            text(
                "SELECT monday FROM unnest(CAST(:mondays AS date[])) AS monday WHERE EXISTS"
                f" (SELECT 1 FROM organisations o WHERE {of} EXISTS (SELECT 1 FROM visits v WHERE NOT v.deleted"
                "  AND v.organisation_id = o.organisation_id AND v.planned_on BETWEEN monday AND monday + 6))"
            ),
            {"organisation": organisation_id, "mondays": list(mondays)},
        )
    )


def list_sent_weeks(session: Session, mondays: Sequence[dt.date]) -> list[tuple[str, str]]:
    """(organisation id, Monday) of these weeks for which an organisation has visits."""
    rows = session.execute(
        text(
            "SELECT o.organisation_id::text, w.monday::text FROM unnest(CAST(:mondays AS date[])) AS w (monday)"
            " CROSS JOIN organisations o WHERE EXISTS (SELECT 1 FROM visits v WHERE NOT v.deleted"
            "  AND v.organisation_id = o.organisation_id AND v.planned_on BETWEEN w.monday AND w.monday + 6)"
            " ORDER BY 2, 1"
        ),
        {"mondays": list(mondays)},
    )
    return [(organisation_id, monday) for organisation_id, monday in rows]


def find_newest_planned_day(
    session: Session, organisation_id: uuid.UUID | None, until: dt.date
) -> dt.date | None:
    """The last day up to ``until`` for which a visit is planned, of an organisation or of all; None without any."""
    of = "" if organisation_id is None else " WHERE o.organisation_id = :organisation"
    day: dt.date | None = session.scalar(
        text(
            "SELECT max(newest.planned_on) FROM organisations o CROSS JOIN LATERAL (SELECT v.planned_on FROM visits v"
            " WHERE v.organisation_id = o.organisation_id AND NOT v.deleted AND v.planned_on <= :until"
            f" ORDER BY v.planned_on DESC LIMIT 1) newest{of}"
        ),
        {"organisation": organisation_id, "until": until},
    )
    return day


def _rows(session: Session, query: str, **values: Any) -> list[Row]:
    return [dict(row) for row in session.execute(text(query), values).mappings()]
