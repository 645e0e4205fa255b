"""Requisitions are made, offered, answered, skipped and withdrawn (RULES 16). Takes a session, never commits.

What the council does with one is done under its lock. What becomes of an offer is one row, which is added once:
of an answer, a lapse and a withdrawal that come together the first counts.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from sqlalchemy.orm import Session

from libs.common.care.clock import london_day
from libs.common.errors import Refused
from libs.common.process.housekeeping import AT_ONCE
from libs.common.rpc import SYSTEM, Caller
from libs.common.rpc.callers import require_council
from libs.common.seams.disputes.offers import Offer, Offered, RequisitionDetails
from services.disputes.offers import rules, store, views
from services.disputes.offers.rules import ACCEPTED, DECLINED, LAPSED, OFFERED, TO_OFFER, WITHDRAWN

Row = dict[str, Any]
ANSWERED: Final = {
    ACCEPTED: "This offer was accepted already.",
    DECLINED: "This offer was declined already.",
    LAPSED: "This offer has lapsed: it stood no longer when you answered.",
    WITHDRAWN: "The council has withdrawn this offer.",
}


def make_requisition(
    session: Session,
    caller: Caller,
    *,
    requisition_id: uuid.UUID,
    list_id: uuid.UUID,
    list_name: str,
    ranking_id: uuid.UUID,
    quarter: str,
    providers: Sequence[Mapping[str, Any]],
    client_reference: str,
    service: str,
    service_level: str,
    zone: str,
    hours: Decimal,
    timetable: str,
    start_on: dt.date,
    note: str,
    now: dt.datetime,
) -> RequisitionDetails:
    """Keep what care is wanted, and whom it is offered to in which order; nobody is asked yet.

    Made twice under one id it is made once. Raises Refused ``not_allowed``.
    """
    require_council(caller)
    row = {
        "requisition_id": requisition_id,
        "list_id": list_id,
        "list_name": list_name,
        "ranking_id": ranking_id,
        "quarter": quarter,
        "client_reference": client_reference,
        "service": service,
        "service_level": service_level,
        "zone": zone,
        "hours": hours,
        "timetable": timetable,
        "start_on": start_on,
        "note": note,
        "made_by": caller["who"],
        "made_at": now,
    }
    if store.insert_requisition(session, row):
        store.insert_places(session, requisition_id, providers)
    return views.find_requisition(session, caller, requisition_id=requisition_id, now=now)


def make_offer(
    session: Session,
    caller: Caller,
    *,
    requisition_id: uuid.UUID,
    offer_id: uuid.UUID,
    place: int,
    now: dt.datetime,
) -> Offered:
    """Offer a requisition to its next provider; it stands for the hours that are set.

    Made twice under one id it is made once. Raises Refused ``not_allowed``, ``not_found``, ``wrong_state`` and, where
    another provider is the next one, ``seen_another``.
    """
    require_council(caller)
    store.lock_requisition(session, requisition_id)
    known = store.find_offer(session, offer_id)
    if known is not None and known["requisition_id"] == requisition_id:
        return offered(known)
    found = _require_to_offer(session, requisition_id, now)
    provider = _require_next(session, requisition_id, place)
    hours = rules.hours_on(london_day(now), views.dated_hours(session))
    about = {name: found[name] for name in store.CARE_WANTED.split(", ")}
    row = about | {
        "offer_id": offer_id,
        "requisition_id": requisition_id,
        "number": found["number"],
        "organisation_id": provider["organisation_id"],
        "place": place,
        "who": caller["who"],
        "now": now,
        "lapses_at": now + dt.timedelta(hours=hours),
    }
    store.insert_offer(session, row)
    return offered(row)


def skip_provider(
    session: Session,
    caller: Caller,
    *,
    requisition_id: uuid.UUID,
    place: int,
    reason: str,
    now: dt.datetime,
) -> RequisitionDetails:
    """Leave the next provider out, with the reason.

    Raises Refused ``not_allowed``, ``not_found``, ``wrong_state`` and ``seen_another``.
    """
    require_council(caller)
    store.lock_requisition(session, requisition_id)
    _require_to_offer(session, requisition_id, now)
    _require_next(session, requisition_id, place)
    row = {
        "requisition_id": requisition_id,
        "place": place,
        "reason": reason,
        "who": caller["who"],
        "now": now,
    }
    store.insert_skip(session, row)
    return views.find_requisition(session, caller, requisition_id=requisition_id, now=now)


def withdraw_requisition(
    session: Session, caller: Caller, *, requisition_id: uuid.UUID, reason: str, now: dt.datetime
) -> RequisitionDetails:
    """End a requisition that nobody has accepted, and the offer that stands.

    Raises Refused ``not_allowed``, ``not_found`` and ``wrong_state``.
    """
    require_council(caller)
    store.lock_requisition(session, requisition_id)
    _require(session, requisition_id, now)
    done = {"reason": reason, "who": caller["who"], "now": now}
    for offer in store.offers_of(session, requisition_id).values():
        if rules.state_now(offer["answer"], offer["lapses_at"], now) == OFFERED:
            store.answer_offer(session, offer | done | {"answer": WITHDRAWN})
    # asked anew: the provider may have accepted meanwhile
    state = _require(session, requisition_id, now)["state"]
    if state in (ACCEPTED, WITHDRAWN):
        raise Refused("wrong_state", f"The requisition is {state} already.")
    store.insert_end(session, {"requisition_id": requisition_id, **done})
    return views.find_requisition(session, caller, requisition_id=requisition_id, now=now)


def answer_offer(
    session: Session,
    caller: Caller,
    *,
    offer_id: uuid.UUID,
    answer: str,
    reason: str,
    now: dt.datetime,
) -> Offer:
    """A provider accepts an offer of its own, or declines it with a reason; the same answer twice is one.

    Raises Refused ``not_allowed``, ``not_found``, ``wrong_state`` and, with its field, ``reason_wanted``.
    """
    if caller["organisation"] is None:
        raise Refused("not_allowed", "Only the provider can answer an offer.")
    found = store.find_offer(session, offer_id)
    if found is None:
        raise Refused("not_found", "There is no such offer.")
    if answer == DECLINED and not reason:
        raise Refused("reason_wanted", "Enter why you decline", {"field": "reason"})
    state = rules.state_now(found["answer"], found["lapses_at"], now)
    if state == OFFERED:
        kept = found | {"answer": answer, "reason": reason, "who": caller["who"], "now": now}
        store.answer_offer(session, kept)
        found = store.find_offer(session, offer_id) or found
        state = found["answer"]
    if state != answer:
        raise Refused("wrong_state", ANSWERED[state])
    return views.offer_document(found, now)


def lapse_offers(session: Session, now: dt.datetime) -> int:
    """Note that offers have lapsed which stand no longer, at most AT_ONCE; how many.

    A step of housekeeping: every look goes by the clock.
    """
    return store.lapse_offers(session, now, SYSTEM["who"], AT_ONCE)


def set_offer_hours(
    session: Session, caller: Caller, *, effective_from: dt.date, hours: int, now: dt.datetime
) -> None:
    """Have offers made from a day on stand for so many hours. Raises Refused ``not_allowed`` and ``day_wrong``."""
    require_council(caller)
    if effective_from < london_day(now):
        raise Refused(
            "day_wrong",
            "Choose today or a later day: offers that were made keep their hours.",
            {"field": "start"},
        )
    store.add_hours(session, effective_from, hours, caller["who"])


def offered(row: Row) -> Offered:
    """What a letter needs to know of an offer."""
    return {
        "offer_id": str(row["offer_id"]),
        "organisation_id": str(row["organisation_id"]),
        "number": row["number"],
        "lapses_at": row["lapses_at"].isoformat(),
    }


def _require(session: Session, requisition_id: uuid.UUID, now: dt.datetime) -> Row:
    found = store.find_requisition(session, requisition_id, now)
    if found is None:
        raise Refused("not_found", "There is no such requisition.")
    return found


def _require_to_offer(session: Session, requisition_id: uuid.UUID, now: dt.datetime) -> Row:
    """A requisition whose next provider may be asked; what has lapsed is noted first, so that no answer comes later."""
    _require(session, requisition_id, now)
    for offer in store.offers_of(session, requisition_id).values():
        if offer["answer"] is None and now >= offer["lapses_at"]:
            lapsed = {"answer": LAPSED, "reason": "", "who": SYSTEM["who"], "now": offer["lapses_at"]}
            store.answer_offer(session, offer | lapsed)
    found = _require(session, requisition_id, now)
    if found["state"] != TO_OFFER:
        raise Refused(
            "wrong_state", f"The requisition is {found['state'].replace('_', ' ')}: look at it again."
        )
    return found


def _require_next(session: Session, requisition_id: uuid.UUID, place: int) -> Mapping[str, Any]:
    provider = views.next_provider(
        store.places_of(session, requisition_id), store.offers_of(session, requisition_id)
    )
    if provider is None or provider["place"] != place:
        raise Refused("seen_another", "Another provider is the next one: look at the requisition again.")
    return provider
