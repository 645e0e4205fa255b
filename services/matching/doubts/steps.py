"""Doubts that commissioned care raises about a week of visits: found and said (RULES 9). Never commits."""

import datetime as dt
from collections.abc import Iterator

from sqlalchemy.orm import Session

from libs.common.care.doubts import Doubt
from libs.common.messaging.messages import Message
from libs.common.messaging.outbox import emit_many
from libs.common.operations.apart import ANY_VERSION, Part, clear_apart, note_apart, result_or_reason
from libs.common.seams.events import DoubtsFound
from services.matching.care import store as care_store
from services.matching.doubts import store as doubts_store
from services.matching.doubts.rules import ClientsWeek, doubts_of_week
from services.matching.matches import store as matches_store
from services.matching.measures import store as measures_store

FINDER = "matching"
KIND = "doubts"
"""of what is set apart here"""


def find_doubts(session: Session, message: Message) -> None:
    """``doubts_wanted``: say the full new state of every organisation's week, also where nothing is doubtful.

    The version is drawn before anything is read, under the week's lock: a later version has seen no less.
    """
    monday = dt.date.fromisoformat(message.body["monday"])
    doubts_store.lock_week(session, monday)
    (version,) = care_store.draw_versions(session, 1)
    looked_through: dict[str, int] = {}
    bodies: Iterator[DoubtsFound] = (
        {
            "finder": FINDER,
            "organisation_id": organisation_id,
            "monday": monday.isoformat(),
            "version": version,
            "doubts": [
                doubt.as_said(organisation_id)
                for week in weeks
                for doubt in doubts_or_none(session, organisation_id, week, message, looked_through)
            ],
            "silent_visits": [visit.visit_ref for week in weeks for visit in week.visits_of_one_diary],
        }
        for organisation_id in doubts_store.organisations(session)
        for weeks in (list(weeks_of(session, organisation_id, monday)),)
    )
    emit_many(session, "doubts_found", bodies, cause_id=message.cause_id, lane=message.lane)
    clear_apart(session, KIND, looked_through)


def doubts_or_none(
    session: Session,
    organisation_id: str,
    week: ClientsWeek,
    message: Message,
    looked_through: dict[str, int],
) -> list[Doubt]:
    """The doubts of a client's week; one that can't be looked through is set apart, and stops no other."""
    found, reason = result_or_reason(lambda: doubts_of_week(week))
    key = f"{organisation_id}/{week.client} {week.monday}"
    if found is None:
        part = Part(KIND, key, message.event, message.body, organisation_id=organisation_id)
        note_apart(session, part, str(reason), message.cause_id)
        return []
    looked_through[key] = ANY_VERSION
    return found


def weeks_of(session: Session, organisation_id: str, monday: dt.date) -> Iterator[ClientsWeek]:
    """The week of each client who has visits with an organisation."""
    found = doubts_store.week_of_organisation(session, organisation_id, monday)
    clients = sorted(found)
    cplis = matches_store.cplis_of_clients(session, organisation_id, clients)
    circumstances = care_store.circumstances_of_clients(session, clients)
    names = doubts_store.references(session, clients)
    one_diaries = measures_store.one_diary_cplis(session, organisation_id)
    for client_id in clients:
        yield ClientsWeek(
            names[client_id],
            monday,
            found[client_id].visits,
            # a one-off payment is no plan of care: it must not make the plan unknown
            [cpli for cpli in cplis.get(client_id, []) if not cpli.is_one_off],
            circumstances.get(client_id, ()),
            found[client_id].elsewhere,
            one_diaries,
        )
