"""What matching tells of overlaps: the money at stake, and clients with more carers than the plan wants (RULES 16)."""

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.weeks import monday_of
from libs.common.casework.doubts import Doubt
from libs.common.rpc import Caller
from libs.common.seams.matching.monitoring.overlaps import Crowd, CrowdsPage, Stake
from services.matching.book.words import clock
from services.matching.doubts import store as doubts_store
from services.matching.doubts.rules import ClientsWeek, more_carers_than_planned
from services.matching.identifiers.rules import of_any_kind
from services.matching.matches import store as matches_store
from services.matching.matches.rules import SECONDS_IN_A_DAY
from services.matching.matches.store import ReplicaVisit
from services.matching.organisations.views import limit_to_organisation
from services.matching.overlaps import store
from services.matching.overlaps.rules import at_stake

DAYS_IN_AN_ANSWER = 4_000
"""Once so many clients' days were looked at no further organisation is begun: other callers wait meanwhile."""

Place = tuple[uuid.UUID, dt.date, str, int]
"""Organisation, day, client's id and moment."""


def stakes(session: Session, *, pairs: Sequence[Mapping[str, Any]]) -> list[Stake | None]:
    """What each pair of visits that overlap puts at stake; None where neither is paid by the hour, or may be seen."""
    wanted = {visit for pair in pairs for visit in (pair["first"], pair["second"])}
    costs = store.unit_costs(session, wanted) if wanted else {}
    found: list[Stake | None] = []
    for pair in pairs:
        stake = at_stake(pair["seconds"], costs.get(pair["first"]), costs.get(pair["second"]))
        document: Stake | None = stake and {
            "amount": str(stake.amount),
            "unit_cost": str(stake.unit_cost),
            "by_first": stake.by_first,
        }
        found.append(document)
    return found


def more_carers(
    session: Session,
    caller: Caller,
    *,
    organisation: str | None,
    client: str | None,
    first: dt.date,
    last: dt.date,
    after: Place | None,
    limit: int,
) -> CrowdsPage:
    """A page of clients with more carers at once than the plan wants, between two planned days.

    By organisation, day and client. It may hold few or none, and still go on ``after``. Raises Refused ``not_found``.
    """
    organisation_id = limit_to_organisation(session, caller, organisation)
    clients = None if client is None else store.clients_known_by(session, of_any_kind([client]))
    page: CrowdsPage = {"crowds": [], "after": None}
    looked_at = 0
    for one, name in store.organisations_from(session, organisation_id, after and str(after[0])):
        if looked_at >= DAYS_IN_AN_ANSWER:
            page["after"] = (one, first.isoformat(), "", -1)
            return page
        is_begun = after is not None and one == str(after[0])
        start = (after[1], after[2], after[3]) if after is not None and is_begun else (first, "", -1)
        days = {
            day
            for day in store.days_of_meeting(session, one, max(first, start[0]), last, clients)
            if (day[1], day[0]) >= start[:2]
        }
        looked_at += len(days)
        for place, crowd in _crowds(session, one, name, days):
            if place <= start:
                continue
            if len(page["crowds"]) == limit:
                return page
            page["crowds"].append(crowd)
            page["after"] = (one, place[0].isoformat(), place[1], place[2])
    page["after"] = None
    return page


def _crowds(
    session: Session, organisation_id: str, organisation: str, days: set[store.ClientDay]
) -> Iterator[tuple[tuple[dt.date, str, int], Crowd]]:
    """Those of an organisation's clients' days, in the order of day, client's id and moment, each with that place."""
    if not days:
        return
    clients = sorted({client for client, _ in days})
    cplis = matches_store.cplis_of_clients(session, organisation_id, clients)
    names = doubts_store.references(session, clients)
    visits = store.visits_of_days(session, organisation_id, days)
    for client, day in sorted(days, key=lambda one: (one[1], one[0])):
        week = ClientsWeek(
            names[client],
            monday_of(day),
            visits[client, day],
            [cpli for cpli in cplis.get(client, []) if not cpli.is_one_off],
        )
        found = sorted(more_carers_than_planned(week), key=lambda doubt: int(doubt.evidence["at"]))
        for doubt in found:
            yield (day, client, doubt.evidence["at"]), _crowd(doubt, organisation, visits[client, day])


def _crowd(doubt: Doubt, organisation: str, visits: Sequence[ReplicaVisit]) -> Crowd:
    meeting = [visit for visit in visits if visit.visit_ref in doubt.visits]
    return {
        "organisation": organisation,
        "client": doubt.client,
        "day": doubt.first_on.isoformat(),
        "at": clock(doubt.evidence["at"]),
        "carers": doubt.evidence["carers"],
        "wanted": doubt.evidence["wanted"],
        "visits": [
            {
                "ref": visit.visit_ref,
                "entry": clock(visit.planned_entry),
                "exit": clock((visit.planned_entry + visit.planned_seconds) % SECONDS_IN_A_DAY),
                "carer_ref": visit.carer_ref,
            }
            for visit in sorted(meeting, key=lambda visit: (visit.planned_entry, visit.visit_ref))
        ],
    }
