"""Visits without a match, as the faces list and count them (RULES 5)."""

import datetime as dt
import uuid
from collections import Counter
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.money import pounds_text
from libs.common.care.names import fold
from libs.common.rpc import Caller
from services.matching.line_items.views import organisation_asked
from services.matching.matches import store_views
from services.matching.matches.store_views import Filters


def filters_of(
    session: Session,
    caller: Caller,
    *,
    organisation: str | None,
    service_name: str | None = None,
    service_level: str | None = None,
    **more: Any,
) -> Filters:
    """What is asked for, its names folded. Raises Refused ``not_found`` for an unknown organisation."""
    return Filters(
        organisation=organisation_asked(session, caller, organisation),
        service_name=service_name and fold(service_name),
        service_level=service_level and fold(service_level),
        **more,
    )


def unmatched_visits(
    session: Session, caller: Caller, *, after: tuple[uuid.UUID, str], limit: int, **wanted: Any
) -> list[list[Any]]:
    """A page of unmatched visits: [organisation id, VisitRef, version, None, reason]."""
    filters = filters_of(session, caller, **wanted)
    return store_views.page(session, filters, after=after, limit=limit)


def newest_unmatched(
    session: Session,
    caller: Caller,
    *,
    before: tuple[dt.date, uuid.UUID, str] | None,
    limit: int,
    **wanted: Any,
) -> list[list[Any]]:
    """A page of unmatched visits in the same form and their planned date, the latest planned first."""
    filters = filters_of(session, caller, **wanted)
    return store_views.newest(session, filters, before=before, limit=limit)


def unmatched_counts(
    session: Session, caller: Caller, *, organisation: str | None, reason: str | None
) -> dict[str, list[list[Any]]]:
    """How many visits have no match: [reason, number] each, of the organisation that is chosen; and [name of the
    organisation, number] each, of the reason that is chosen. Most first.
    """
    chosen = organisation_asked(session, caller, organisation)
    reasons: Counter[str] = Counter()
    organisations: Counter[str] = Counter()
    own = filters_of(session, caller, organisation=None)
    for one, name, why, number in store_views.counts(session, own):
        if chosen in (None, one):
            reasons[why] += number
        if reason in (None, why):
            organisations[name] += number
    return {
        "reasons": [list(one) for one in reasons.most_common()],
        "organisations": [list(one) for one in organisations.most_common()],
    }


def unmatched_money(session: Session, *, first: dt.date, last: dt.date) -> dict[str, dict[str, Any]]:
    """By organisation id: how many visits planned between two days have no match, and what they would come to.

    An estimate in pounds as text: they have no CPLI yet, so they are taken at what the client's care, else the
    provider's, costs.
    """
    return {
        organisation_id: {"number": number, "amount": pounds_text(amount)}
        for organisation_id, number, amount in store_views.in_money(session, first, last)
    }
