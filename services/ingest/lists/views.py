"""Lists of visits for the faces, and what may be chosen in them (RULES 2, 3, 5)."""

import datetime as dt
import uuid

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.care.clock import london_day
from libs.common.care.names import fold
from libs.common.care.weeks import monday_of, mondays_between, sunday_of
from libs.common.errors import Refused
from libs.common.rpc import Caller
from libs.common.seams.ingest.visits import Visit, VisitChoices
from services.ingest.callers import organisation_asked
from services.ingest.lists import store
from services.ingest.lists.store import Filters
from services.ingest.visits.views import visit_document


def list_visits(
    session: Session,
    caller: Caller,
    *,
    organisation: str | None,
    week: dt.date | None,
    clients: list[str] | None,
    service_name: str | None,
    service_level: str | None,
    visit_type: str | None,
    after_organisation: uuid.UUID,
    after_ref: str,
    limit: int,
) -> list[Visit]:
    """A page of visits that are not deleted, after the last of the page before. A service is one of an organisation's
    week.

    Raises Refused ``not_found`` for an unknown organisation, ``bad_query`` for a service of no organisation or week.
    """
    organisation_id = organisation_asked(session, caller, organisation)
    names, after = None, (after_organisation, after_ref)
    if service_name is not None:
        if organisation_id is None or week is None:
            raise Refused("bad_query", "Choose a provider and a week to see the visits of one service.")
        names = list_writings(session, organisation_id, week, service_name)
    filters = Filters(clients, names, service_level, visit_type)
    if week is None:
        rows = store.list_page(session, organisation_id, filters, after=after, limit=limit)
    else:
        rows = store.list_page_of_week(session, organisation_id, filters, week=week, after=after, limit=limit)
    return list(map(visit_document, rows))


def list_writings(session: Session, organisation_id: uuid.UUID, week: dt.date, service: str) -> list[str]:
    """How the visits of a week write this service: its name or a former one, in any letter case and spacing (RULES 2),
    or its ref."""
    refs, names = set(), {fold(service)}
    for name, ref, former in find_services(session, organisation_id):
        if fold(name) == fold(service):
            refs |= {ref} - {""}
            names |= former
    written = store.list_services_of_week(session, organisation_id, week)
    return [name for name in written if fold(name) in names or name in refs]


def list_choices(
    session: Session, caller: Caller, *, organisation: str | None, week: dt.date | None
) -> VisitChoices:
    """An organisation's services by care, and those that its visits of the week name; the council's service levels;
    the visit types, and which are delivered.

    No services for the council's question about all. Raises Refused ``not_found`` for an unknown organisation.
    """
    organisation_id = organisation_asked(session, caller, organisation)
    levels = session.scalars(text("SELECT name FROM service_levels ORDER BY folded_name"))
    types = session.execute(text("SELECT ref, delivered FROM visit_types ORDER BY delivered DESC, ref"))
    return {
        "services": [] if organisation_id is None else list_services(session, organisation_id, week),
        "service_levels": list(levels),
        "visit_types": [{"ref": ref, "delivered": delivered} for ref, delivered in types],
    }


def list_services(session: Session, organisation_id: uuid.UUID, week: dt.date | None) -> list[str]:
    """The services by care, then the names of others that visits of the week give; each once."""
    known = find_services(session, organisation_id)
    names = {fold(name): name for name, _, _ in known}
    refs = {ref for _, ref, _ in known}
    former = set().union(*(of_one for _, _, of_one in known))
    written = [] if week is None else store.list_services_of_week(session, organisation_id, week)
    for name in written:
        if name and name not in refs and fold(name) not in former:
            names.setdefault(fold(name), name)
    return list(names.values())


def find_services(session: Session, organisation_id: uuid.UUID) -> list[tuple[str, str, set[str]]]:
    """Name, ref and former names (folded) of each service by care."""
    rows = session.execute(
        text(
            "SELECT name, coalesce(service_ref, ''), former_names FROM services WHERE organisation_id = :id"
            " ORDER BY folded_name"
        ),
        {"id": organisation_id},
    )
    return [(name, ref, set(former)) for name, ref, former in rows]


def list_weeks_with_visits(
    session: Session, caller: Caller, *, organisation: str | None, mondays: list[dt.date]
) -> list[str]:
    """Which of these weeks hold visits, by their Mondays. Raises Refused ``not_found`` for an unknown organisation."""
    asked = organisation_asked(session, caller, organisation)
    return [monday.isoformat() for monday in store.find_weeks_with_visits(session, asked, mondays)]


def list_sent_weeks(session: Session, *, first: dt.date, last: dt.date) -> list[tuple[str, str]]:
    """(organisation id, Monday) of the weeks from that of ``first`` to that of ``last`` for which visits were sent."""
    return store.list_sent_weeks(session, mondays_between(first, last))


def find_newest_planned_day(
    session: Session, caller: Caller, now: dt.datetime, *, organisation: str | None
) -> str | None:
    """The last day up to this week's Sunday for which a visit is planned: absences that are told early don't count.

    Raises Refused ``not_found`` for an unknown organisation.
    """
    asked = organisation_asked(session, caller, organisation)
    day = store.find_newest_planned_day(session, asked, sunday_of(monday_of(london_day(now))))
    return day.isoformat() if day else None
