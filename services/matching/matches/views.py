"""Visits and their matches, and visits without one, as the faces list and count them (RULES 5)."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Sequence

from sqlalchemy.orm import Session

from libs.common.care.money import pounds_text, to_the_penny
from libs.common.care.names import fold
from libs.common.care.weeks import mondays_between
from libs.common.rpc import Caller
from libs.common.seams.matching.expected import ExpectedWeek
from libs.common.seams.matching.matches import (
    MatchCounts,
    UnmatchedCounts,
    UnmatchedMatch,
    UnmatchedMoney,
    UnmatchedWorth,
    VisitMatch,
)
from services.matching.matches import store as matches_store
from services.matching.matches import store_expected, store_views
from services.matching.matches.store_views import Filters
from services.matching.organisations.views import limit_to_organisation


def count_matches(session: Session) -> MatchCounts:
    """How many visits are matched, and how many are not, by reason."""
    matched, unmatched = matches_store.match_counts(session)
    return {"matched": matched, "unmatched": unmatched}


def list_unmatched(
    session: Session,
    caller: Caller,
    *,
    organisation: str | None,
    week: dt.date | None,
    clients: Sequence[str] | None,
    service_name: str | None,
    service_level: str | None,
    visit_type: str | None,
    after_organisation: uuid.UUID,
    after_ref: str,
    limit: int,
) -> list[VisitMatch]:
    """A page of unmatched visits. Raises Refused ``not_found`` for an unknown organisation."""
    filters = Filters(
        organisation=limit_to_organisation(session, caller, organisation),
        week=week,
        clients=clients,
        service_name=service_name and fold(service_name),
        service_level=service_level and fold(service_level),
        visit_type=visit_type,
    )
    return store_views.unmatched_in_order(
        session, filters, after=(after_organisation, after_ref), limit=limit
    )


def list_newest_unmatched(
    session: Session,
    caller: Caller,
    *,
    organisation: str | None,
    reason: str | None,
    before: tuple[dt.date, uuid.UUID, str] | None,
    limit: int,
) -> list[UnmatchedMatch]:
    """A page of unmatched visits, the latest planned first. Raises Refused ``not_found`` likewise."""
    filters = Filters(organisation=limit_to_organisation(session, caller, organisation), reason=reason)
    return store_views.newest_unmatched(session, filters, before=before, limit=limit)


def count_unmatched(
    session: Session, caller: Caller, *, organisation: str | None, reason: str | None
) -> UnmatchedCounts:
    """How many visits have no match: by reason, of the organisation that is chosen; and by organisation, of the reason
    that is chosen.
    """
    chosen = limit_to_organisation(session, caller, organisation)
    reasons: Counter[str] = Counter()
    organisations: Counter[str] = Counter()
    own = Filters(organisation=limit_to_organisation(session, caller, None))
    for one, name, why, number in store_views.counts(session, own):
        if chosen in (None, one):
            reasons[why] += number
        if reason in (None, why):
            organisations[name] += number
    return {"reasons": reasons.most_common(), "organisations": organisations.most_common()}


def list_expected_weeks(
    session: Session, *, first: dt.date, last: dt.date, contracts: Sequence[str] | None
) -> list[ExpectedWeek]:
    """The weeks from that of ``first`` to that of ``last`` in which an organisation has care that is paid from visits."""
    return store_expected.list_expected_weeks(session, mondays_between(first, last), contracts)


def unmatched_money(session: Session, *, first: dt.date, last: dt.date) -> dict[str, UnmatchedMoney]:
    """By organisation id: how many visits planned between two days have no match, and what they would come to.

    An estimate in pounds as text: they have no CPLI yet, so they are taken at what the client's care, else the
    provider's, costs.
    """
    return {
        organisation_id: {"number": number, "amount": pounds_text(amount)}
        for organisation_id, number, amount in store_views.in_money(session, first, last)
    }


def unmatched_worth(session: Session, *, refs: Sequence[tuple[uuid.UUID, str]]) -> list[UnmatchedWorth]:
    """What those of these (organisation id, VisitRef) that have no match would come to; the same estimate."""
    found = store_views.visits_in_money(session, refs)
    return [UnmatchedWorth(one, ref, pounds_text(to_the_penny(amount))) for one, ref, amount in found]
