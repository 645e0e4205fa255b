"""Requisitions and offers as the two sides see them, and their figures (RULES 16)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

from sqlalchemy.orm import Session

from libs.common.care.clock import begin_of_day, iso_text, moments_of_days
from libs.common.errors import Refused
from libs.common.rpc import Caller
from libs.common.rpc.callers import require_council
from libs.common.seams.disputes.offers import (
    AskedProvider,
    CareWanted,
    Offer,
    OfferFigures,
    OfferHours,
    RankedProvider,
    Requisition,
    RequisitionDetails,
)
from services.disputes.offers import rules, store
from services.disputes.offers.rules import ACCEPTED, SKIPPED, WAITING

Row = Mapping[str, Any]
COUNTED_TO: Final = 1_000


def find_requisition(
    session: Session, caller: Caller, *, requisition_id: uuid.UUID, now: dt.datetime
) -> RequisitionDetails:
    """A requisition with every provider of its ranking. Council only. Raises Refused ``not_allowed``, ``not_found``."""
    require_council(caller)
    found = store.find_requisition(session, requisition_id, now)
    if found is None:
        raise Refused("not_found", "There is no such requisition.")
    places, offers = store.places_of(session, requisition_id), store.offers_of(session, requisition_id)
    following = next_provider(places, offers) if found["state"] == rules.TO_OFFER else None
    return {
        **_requisition_document(found),
        "providers": [_asked_document(one, offers.get(one["place"]), now) for one in places],
        "next_provider": None if following is None else _ranked_document(following),
    }


def list_requisitions(
    session: Session,
    caller: Caller,
    *,
    state: str | None,
    organisation_id: uuid.UUID | None,
    before: int | None,
    limit: int,
    now: dt.datetime,
) -> list[Requisition]:
    """A page of requisitions, the newest first. Council only. Raises Refused ``not_allowed``."""
    require_council(caller)
    rows = store.list_requisitions(
        session, state=state, organisation_id=organisation_id, before=before, limit=limit, now=now
    )
    return [_requisition_document(row) for row in rows]


def find_offer(session: Session, *, offer_id: uuid.UUID, now: dt.datetime) -> Offer:
    """An offer of the caller's. Raises Refused ``not_found``."""
    found = store.find_offer(session, offer_id)
    if found is None:
        raise Refused("not_found", "There is no such offer.")
    return offer_document(found, now)


def list_offers(
    session: Session,
    caller: Caller,
    *,
    organisation_id: uuid.UUID | None,
    first: dt.date | None,
    last: dt.date | None,
    before: int | None,
    limit: int,
    now: dt.datetime,
) -> list[Offer]:
    """A page of a provider's offers of London days, the newest first; the council says whose.

    Raises Refused ``not_found`` where nobody is named.
    """
    whose = own_or(caller, organisation_id)
    if whose is None:
        raise Refused("not_found", "Say whose offers: name a provider.")
    since = None if first is None else begin_of_day(first)
    until = None if last is None else begin_of_day(last + dt.timedelta(days=1))
    rows = store.list_offers(session, whose, since=since, until=until, before=before, limit=limit)
    return [offer_document(row, now) for row in rows]


def offer_figures(
    session: Session,
    caller: Caller,
    *,
    organisation_id: uuid.UUID | None,
    first: dt.date,
    last: dt.date,
    now: dt.datetime,
) -> OfferFigures:
    """What became of offers that were made on London days: a provider's own, and of one or all for the council."""
    rows = store.answers_of(
        session,
        own_or(caller, organisation_id),
        *moments_of_days(first, last),
    )
    states = Counter(rules.state_now(answer, lapses_at, now) for answer, lapses_at, _ in rows)
    counts = rules.counted(states)
    return {
        "offers": counts["offers"],
        "accepted": counts["accepted"],
        "declined": counts["declined"],
        "lapsed": counts["lapsed"],
        "median_hours": rules.median_hours([Fraction(took) for *_, took in rows if took is not None]),
    }


def list_offer_hours(session: Session, caller: Caller) -> list[OfferHours]:
    """All that was set of how long offers stand, the newest first. Raises Refused ``not_allowed``."""
    require_council(caller)
    return [
        {
            "effective_from": row["effective_from"].isoformat(),
            "hours": row["hours"],
            "set_by": row["set_by"],
            "set_at": iso_text(row["set_at"]),
        }
        for row in reversed(store.hours_set(session))
    ]


def dated_hours(session: Session) -> list[tuple[dt.date, int]]:
    """What was set, as the rules take it."""
    return [(row["effective_from"], row["hours"]) for row in store.hours_set(session)]


def count_waiting(session: Session, caller: Caller, now: dt.datetime) -> dict[str, int]:
    """Offers that wait for a provider's answer; requisitions that wait for the council to offer them."""
    if caller["organisation"] is not None:
        return {"offers_to_answer": store.count_open_offers(session, now, COUNTED_TO)}
    return {"requisitions_to_offer": store.count_to_offer(session, now, COUNTED_TO)}


def own_or(caller: Caller, organisation_id: uuid.UUID | None) -> uuid.UUID | None:
    """A provider is asked about its own alone, whatever it names."""
    own = caller["organisation"]
    return organisation_id if own is None else uuid.UUID(own)


def next_provider(places: Sequence[Row], offers: Mapping[int, Row]) -> Row | None:
    """The provider whose turn it is, of a requisition without an offer that stands."""
    done = {*offers, *(one["place"] for one in places if one["skipped_at"] is not None)}
    place = rules.next_place([one["place"] for one in places], done)
    return next((one for one in places if one["place"] == place), None)


def offer_document(row: Row, now: dt.datetime) -> Offer:
    """An offer as it is now."""
    state = rules.state_now(row["answer"], row["lapses_at"], now)
    has_lapsed = state == rules.LAPSED
    return {
        **_care_document(row),
        "offer_id": str(row["offer_id"]),
        "requisition_id": str(row["requisition_id"]),
        "number": row["number"],
        "organisation_id": str(row["organisation_id"]),
        "offered_at": row["offered_at"].isoformat(),
        "lapses_at": row["lapses_at"].isoformat(),
        "state": state,
        "reason": row["reason"],
        "answered_by": None if has_lapsed else row["answered_by"],
        "answered_at": iso_text(row["lapses_at"] if has_lapsed else row["answered_at"]),
        "client_reference": row["client_reference"] if state == ACCEPTED else "",
    }


def _care_document(row: Row) -> CareWanted:
    return {
        "service": row["service"],
        "service_level": row["service_level"],
        "zone": row["zone"],
        "hours": format(row["hours"].normalize(), "f"),
        "timetable": row["timetable"],
        "start_on": row["start_on"].isoformat(),
        "note": row["note"],
    }


def _requisition_document(row: Row) -> Requisition:
    taken: RankedProvider | None = None
    if row["accepted_by_id"] is not None:
        taken = {
            "place": row["accepted_place"],
            "organisation_id": str(row["accepted_by_id"]),
            "organisation": row["accepted_name"],
        }
    return {
        **_care_document(row),
        "requisition_id": str(row["requisition_id"]),
        "number": row["number"],
        "list_id": str(row["list_id"]),
        "list": row["list_name"],
        "ranking_id": str(row["ranking_id"]),
        "quarter": row["quarter"],
        "client_reference": row["client_reference"],
        "made_by": row["made_by"],
        "made_at": row["made_at"].isoformat(),
        "state": row["state"],
        "reason": row["reason"],
        "accepted_by": taken,
        "accepted_at": iso_text(row["accepted_at"]),
    }


def _ranked_document(row: Row) -> RankedProvider:
    return {
        "place": row["place"],
        "organisation_id": str(row["organisation_id"]),
        "organisation": row["organisation"],
    }


def _asked_document(row: Row, offer: Row | None, now: dt.datetime) -> AskedProvider:
    if offer is not None:
        answered = offer_document(offer, now)
        return {
            **_ranked_document(row),
            "offer_id": answered["offer_id"],
            "state": answered["state"],
            "reason": answered["reason"],
            "done_by": answered["answered_by"],
            "offered_at": answered["offered_at"],
            "lapses_at": answered["lapses_at"],
            "answered_at": answered["answered_at"],
        }
    return {
        **_ranked_document(row),
        "offer_id": None,
        "state": WAITING if row["skipped_at"] is None else SKIPPED,
        "reason": row["reason"] or "",
        "done_by": row["skipped_by"],
        "offered_at": None,
        "lapses_at": None,
        "answered_at": iso_text(row["skipped_at"]),
    }
