"""What matching tells of the lists that the council changes (RULES 2, 6)."""

import datetime as dt

from sqlalchemy.orm import Session

from libs.common.care.clock import london_day
from libs.common.seams.matching.lists import ServiceLevel, VisitType
from services.matching.lists import store as lists_store


def list_service_levels(session: Session) -> list[ServiceLevel]:
    """All service levels."""
    return [
        {
            "key": row["key"],
            "ref": row["ref"],
            "name": row["name"],
            "requires_visits": row["requires_visits"],
            "aliases": row["aliases"],
            "cplis": row["cplis"],
        }
        for row in lists_store.levels_with_use(session)
    ]


def list_visit_types(session: Session, now: dt.datetime) -> list[VisitType]:
    """The table of visit types as it is today, with its changes."""
    return visit_types_on(session, london_day(now))


def visit_types_on(session: Session, day: dt.date) -> list[VisitType]:
    """The table of visit types as it is on a day, with its changes."""
    return [
        {
            "ref": row["ref"],
            "name": row["name"],
            "delivered": row["delivered"],
            "paid": row["paid"],
            "charged": row["charged"],
            "basis": row["basis"],
            "changes": row["changes"],
        }
        for row in lists_store.visit_types(session, day)
    ]
