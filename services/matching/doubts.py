"""Doubts that commissioned care raises about a week of visits: found and said (RULES 9). Never commits."""

import datetime as dt
from collections.abc import Iterator

from sqlalchemy.orm import Session

from libs.common.messages import Message
from libs.common.outbox import emit_many
from services.matching import store, store_circumstances, store_doubts
from services.matching.rules_doubts import ClientsWeek, doubts_of_week

FINDER = "matching"


def find_doubts(session: Session, message: Message) -> None:
    """``doubts_wanted``: say the full new state of every organisation's week, also where nothing is doubtful.

    The version is drawn before anything is read, under the week's lock: a later version has seen no less.
    """
    monday = dt.date.fromisoformat(message.body["monday"])
    store_doubts.lock_week(session, monday)
    (version,) = store.draw_versions(session, 1)
    bodies = (
        {
            "finder": FINDER,
            "organisation_id": organisation_id,
            "monday": monday.isoformat(),
            "version": version,
            "doubts": [
                doubt.as_said(organisation_id)
                for week in weeks_of(session, organisation_id, monday)
                for doubt in doubts_of_week(week)
            ],
        }
        for organisation_id in store_doubts.organisations(session)
    )
    emit_many(session, "doubts_found", bodies, cause_id=message.cause_id, lane=message.lane)


def weeks_of(session: Session, organisation_id: str, monday: dt.date) -> Iterator[ClientsWeek]:
    """The week of each client who has visits with an organisation."""
    found = store_doubts.week_of_organisation(session, organisation_id, monday)
    clients = sorted(found)
    cplis = store.cplis_of_clients(session, organisation_id, clients)
    circumstances = store_circumstances.of_clients(session, clients)
    names = store_doubts.references(session, clients)
    for client_id in clients:
        yield ClientsWeek(
            names[client_id],
            monday,
            found[client_id].visits,
            # a one-off payment is no plan of care: it must not make the plan unknown
            [cpli for cpli in cplis.get(client_id, []) if not cpli.is_one_off],
            circumstances.get(client_id, ()),
            found[client_id].elsewhere,
        )
