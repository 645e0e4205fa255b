"""Requisitions, and their offers to providers."""

from __future__ import annotations

from collections.abc import Sequence

from libs.common.seams.disputes.offers import (
    Offer,
    Offered,
    OfferFigures,
    OfferHours,
    RankedProvider,
    Requisition,
    RequisitionDetails,
)
from services.portal.clients.payload_types import Day, Id
from services.portal.clients.service_client import ServiceClient


class OffersClient(ServiceClient):
    """A part of DisputesClient."""

    def requisitions(
        self,
        *,
        limit: int,
        state: str | None = None,
        organisation_id: Id | None = None,
        before: int | None = None,
    ) -> list[Requisition]:
        """A page of requisitions, the newest first, those of numbers below one. Council only."""
        return self._ask(
            "requisitions", state=state, organisation_id=organisation_id, before=before, limit=limit
        )

    def requisition(self, *, requisition_id: Id) -> RequisitionDetails:
        """A requisition with whom it goes to. Council only. Raises Refused ``not_found``."""
        return self._ask("requisition", requisition_id=requisition_id)

    def make_requisition(
        self,
        *,
        requisition_id: Id,
        list_id: Id,
        list_name: str,
        ranking_id: Id,
        quarter: str,
        providers: Sequence[RankedProvider],
        client_reference: str,
        service: str,
        service_level: str,
        zone: str,
        hours: str,
        timetable: str,
        start_on: Day,
        note: str,
    ) -> RequisitionDetails:
        """Keep what is wanted, and in which order providers are asked; one id is one requisition. Council only."""
        return self._ask(
            "make_requisition",
            requisition_id=requisition_id,
            list_id=list_id,
            list_name=list_name,
            ranking_id=ranking_id,
            quarter=quarter,
            providers=providers,
            client_reference=client_reference,
            service_name=service,
            service_level=service_level,
            zone=zone,
            hours=hours,
            timetable=timetable,
            start_on=start_on,
            note=note,
        )

    def make_offer(self, *, requisition_id: Id, offer_id: Id, place: int) -> Offered:
        """Offer it to the next provider, who is at this place. Raises Refused ``wrong_state``, ``seen_another``."""
        return self._ask("make_offer", requisition_id=requisition_id, offer_id=offer_id, place=place)

    def skip_provider(self, *, requisition_id: Id, place: int, reason: str) -> RequisitionDetails:
        """Leave the next provider out. Raises Refused ``wrong_state``, ``seen_another``."""
        return self._ask("skip_provider", requisition_id=requisition_id, place=place, reason=reason)

    def withdraw_requisition(self, *, requisition_id: Id, reason: str) -> RequisitionDetails:
        """End one that nobody has accepted. Raises Refused ``wrong_state``."""
        return self._ask("withdraw_requisition", requisition_id=requisition_id, reason=reason)

    def offers(
        self,
        *,
        limit: int,
        organisation_id: Id | None = None,
        first: Day | None = None,
        last: Day | None = None,
        before: int | None = None,
    ) -> list[Offer]:
        """A page of a provider's offers of London days, the newest first; the council says whose."""
        days = {"first": first, "last": last}
        return self._ask("offers", organisation_id=organisation_id, **days, before=before, limit=limit)

    def offer(self, *, offer_id: Id) -> Offer:
        """An offer. Raises Refused ``not_found``."""
        return self._ask("offer", offer_id=offer_id)

    def answer_offer(self, *, offer_id: Id, answer: str, reason: str = "") -> Offer:
        """Accept or decline an offer of one's own. Raises Refused ``wrong_state``, ``reason_wanted``."""
        return self._ask("answer_offer", offer_id=offer_id, answer=answer, reason=reason)

    def offer_hours(self) -> list[OfferHours]:
        """What was set of how long offers stand, the newest first. Council only."""
        return self._ask("offer_hours")

    def set_offer_hours(self, *, effective_from: Day, hours: int) -> None:
        """Have offers made from a day on stand for so many hours. Raises Refused ``day_wrong``."""
        self._ask("set_offer_hours", effective_from=effective_from, hours=hours)

    def offer_figures(self, *, organisation_id: Id | None, first: Day, last: Day) -> OfferFigures:
        """What became of offers of London days: a provider's own, and of one or all for the council."""
        return self._ask("offer_figures", organisation_id=organisation_id, first=first, last=last)
