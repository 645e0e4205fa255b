"""Requisitions of care, offered down a ranking (RULES 16)."""

from __future__ import annotations

from typing import TypedDict


class CareWanted(TypedDict):
    """What care is wanted, as every provider that it is offered to reads it: it names no client.

    ``hours``: a week, as text; ``timetable``: days and times in words.
    """

    service: str
    service_level: str
    zone: str
    hours: str
    timetable: str
    start_on: str
    note: str


class RankedProvider(TypedDict):
    """A provider by its place in the frozen ranking that a requisition goes down."""

    place: int
    organisation_id: str
    organisation: str


class Offer(CareWanted):
    """A requisition as it was offered to one provider.

    ``state``: offered, accepted, declined, lapsed or withdrawn. ``reason``: why it was declined or withdrawn.
    ``client_reference``: empty until the provider has accepted, and where there is none yet.
    """

    offer_id: str
    requisition_id: str
    number: int
    organisation_id: str
    offered_at: str
    lapses_at: str
    state: str
    reason: str
    answered_by: str | None
    answered_at: str | None
    client_reference: str


class AskedProvider(RankedProvider):
    """What became of a provider on the way down: ``waiting``, ``skipped`` (with a reason), or the state of its offer."""

    offer_id: str | None
    state: str
    reason: str
    done_by: str | None
    offered_at: str | None
    lapses_at: str | None
    answered_at: str | None


class Requisition(CareWanted):
    """A requisition as the council sees it.

    ``state``: to_offer (the next provider waits for the council), offered, accepted, exhausted (nobody is left) or
    withdrawn. ``accepted_by``: the provider that is to be named on the CPLI, with when it accepted.
    """

    requisition_id: str
    number: int
    list_id: str
    list: str
    ranking_id: str
    quarter: str
    client_reference: str
    made_by: str
    made_at: str
    state: str
    reason: str
    accepted_by: RankedProvider | None
    accepted_at: str | None


class RequisitionDetails(Requisition):
    """With every provider of the ranking, the first place first, and whom it would be offered to next."""

    providers: list[AskedProvider]
    next_provider: RankedProvider | None


class OfferHours(TypedDict):
    """For how many hours offers made from a day on stand."""

    effective_from: str
    hours: int
    set_by: str | None
    set_at: str | None


class Offered(TypedDict):
    """An offer that was made: what a letter needs to know of it."""

    offer_id: str
    organisation_id: str
    number: int
    lapses_at: str


class OfferFigures(TypedDict):
    """What became of a provider's offers of a span of days; those that the council withdrew are left out.

    ``median_hours``: from an offer to its answer, of those accepted or declined; two decimals as text, None without any.
    """

    offers: int
    accepted: int
    declined: int
    lapsed: int
    median_hours: str | None
