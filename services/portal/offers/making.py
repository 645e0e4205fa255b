"""Requisitions are made and offered: matching says the order, disputes keeps it and asks the providers (RULES 16)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from libs.common.care.names import fold
from libs.common.seams.disputes.offers import Offered, RequisitionDetails
from libs.common.seams.matching.line_items import LineItem
from services.portal.offers.letters import tell_of_offer, tell_of_withdrawal
from services.portal.web.calls import disputes, matching

MOST_LINE_ITEMS = 100
"""A client has a few with one provider."""


def make_requisition(
    requisition_id: str, list_id: uuid.UUID, wanted: Mapping[str, str]
) -> RequisitionDetails:
    """A requisition that goes down the list's newest frozen ranking; one id is one requisition.

    Raises Refused ``not_found`` and ``nothing_frozen``.
    """
    order = matching().newest_ranking(list_id=list_id)
    return disputes().make_requisition(
        requisition_id=requisition_id,
        list_id=order["list_id"],
        list_name=order["list"],
        ranking_id=order["ranking_id"],
        quarter=order["quarter"],
        providers=[
            {
                "place": one["place"],
                "organisation_id": one["organisation_id"],
                "organisation": one["organisation"],
            }
            for one in order["organisations"]
        ],
        client_reference=wanted["client_reference"],
        service=wanted["service"],
        service_level=wanted["service_level"],
        zone=wanted["zone"],
        hours=wanted["hours"],
        timetable=wanted["timetable"],
        start_on=wanted["start_on"],
        note=wanted["note"],
    )


def offer_to(requisition_id: uuid.UUID, place: int, offer_id: str) -> Offered:
    """Offer it to its next provider, and tell the provider. Raises Refused ``wrong_state``, ``seen_another``."""
    made = disputes().make_offer(requisition_id=requisition_id, offer_id=offer_id, place=place)
    tell_of_offer(made)
    return made


def withdraw(requisition_id: uuid.UUID, reason: str) -> RequisitionDetails:
    """End it, and tell the provider whose offer stands no longer. Raises Refused ``wrong_state``."""
    done = disputes().withdraw_requisition(requisition_id=requisition_id, reason=reason)
    for one in done["providers"]:
        if one["state"] == "withdrawn" and one["offer_id"] is not None:
            tell_of_withdrawal(one["organisation_id"], one["offer_id"], done["number"])
    return done


def line_items_of(found: RequisitionDetails) -> list[LineItem]:
    """The CPLIs that came for an accepted requisition.

    Those of the provider that accepted, for this client and service level, that start on its start date or later.
    """
    taken = found["accepted_by"]
    if taken is None or not found["client_reference"]:
        return []
    names = matching().organisation_names(organisation_ids=[taken["organisation_id"]])
    items = matching().line_items(
        organisation=names.get(taken["organisation_id"], taken["organisation"]),
        clients=[found["client_reference"]],
        limit=MOST_LINE_ITEMS,
    )
    level = fold(found["service_level"])
    return [
        one for one in items if fold(one["service_level"]) == level and one["start_on"] >= found["start_on"]
    ]
