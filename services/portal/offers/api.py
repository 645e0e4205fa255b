"""/api/v1/requisitions, offers and offer-hours (RULES 16).

The council's own system reads who has accepted which requisition, and names the provider on the CPLI that it sends.
"""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response

from libs.common.rights import names as rights
from services.portal.api.asked import NoQuery
from services.portal.api.operation import Answer, Operation, answered, operation
from services.portal.audit.telling import tell
from services.portal.clients.gateway import Gateway
from services.portal.offers import api_schemas, making
from services.portal.web.calls import disputes
from services.portal.web.cursors import cursor_of, place_of

Row = dict[str, Any]
ONE = "/requisitions/<uuid:requisition_id>"
REQUISITION = Answer("The requisition as it is now", api_schemas.RequisitionDetails)
HOURS = Answer("All that was set", api_schemas.OfferHours)
PROBLEMS = (404, 409, 413, 415, 422)


def register(api: Blueprint, gateway: Gateway) -> None:
    """Add the routes."""
    api.get("/requisitions")(requisitions)
    api.post("/requisitions")(make_requisition)
    api.get(ONE)(requisition)
    api.post(f"{ONE}/offers")(make_offer)
    api.post(f"{ONE}/skips")(skip_provider)
    api.post(f"{ONE}/withdraw")(withdraw_requisition)
    api.get("/offers")(offers)
    api.get("/offers/<uuid:offer_id>")(offer)
    api.post("/offers/<uuid:offer_id>/answer")(answer_offer)
    api.get("/offer-hours")(offer_hours)
    api.put("/offer-hours")(set_offer_hours)


@operation(
    Operation(
        "Requisitions, the newest first, such as those that a provider has accepted; for the council’s tokens",
        {200: Answer("A page of them", api_schemas.Requisitions)},
        query=api_schemas.RequisitionsQuery,
        problems=(404, 422),
        needs=(rights.READ_REQUISITIONS,),
    )
)
def requisitions(query: Row) -> Response:
    place = place_of(query.get("cursor"), int)
    found = disputes().requisitions(
        state=query.get("state"), before=place[0] if place else None, limit=query["limit"]
    )
    cursor = cursor_of(found[-1]["number"]) if len(found) == query["limit"] else None
    return answered(api_schemas.Requisitions, {"items": found, "next_cursor": cursor})


@operation(
    Operation(
        "Make a requisition that goes down a list’s newest frozen ranking; for the council’s tokens",
        {201: REQUISITION},
        query=NoQuery,
        json_body=api_schemas.NewRequisition,
        problems=PROBLEMS,
        is_idempotent=True,
        needs=(rights.OFFER_CARE,),
    )
)
def make_requisition(query: Row, body: Row, seed: uuid.UUID | None) -> Response:
    wanted = {**body, "start_on": body["start_on"].isoformat()}
    made = making.make_requisition(str(seed or uuid.uuid4()), body["list_id"], wanted)
    tell(outcome=f"Requisition {made['number']}: {made['list']}")
    return answered(api_schemas.RequisitionDetails, made, 201)


@operation(
    Operation(
        "A requisition with whom it was offered to; for the council’s tokens",
        {200: REQUISITION},
        query=NoQuery,
        problems=(404,),
        needs=(rights.READ_REQUISITIONS,),
    )
)
def requisition(requisition_id: uuid.UUID, query: Row) -> Response:
    return _requisition(requisition_id)


@operation(
    Operation(
        "Offer a requisition to its next provider; for the council’s tokens",
        {201: Answer("The offer", api_schemas.Offered)},
        query=NoQuery,
        json_body=api_schemas.NewOffer,
        problems=PROBLEMS,
        is_idempotent=True,
        needs=(rights.OFFER_CARE,),
    )
)
def make_offer(requisition_id: uuid.UUID, query: Row, body: Row, seed: uuid.UUID | None) -> Response:
    made = making.offer_to(requisition_id, body["place"], str(seed or uuid.uuid4()))
    tell(outcome=f"Requisition {made['number']}, place {body['place']}")
    return answered(api_schemas.Offered, made, 201)


@operation(
    Operation(
        "Skip the next provider, with a reason; for the council’s tokens",
        {200: REQUISITION},
        query=NoQuery,
        json_body=api_schemas.Skip,
        problems=PROBLEMS,
        needs=(rights.OFFER_CARE,),
    )
)
def skip_provider(requisition_id: uuid.UUID, query: Row, body: Row) -> Response:
    done = disputes().skip_provider(requisition_id=requisition_id, place=body["place"], reason=body["reason"])
    tell(outcome=f"Requisition {done['number']}, place {body['place']}")
    return answered(api_schemas.RequisitionDetails, done)


@operation(
    Operation(
        "Withdraw a requisition that nobody has accepted; for the council’s tokens",
        {200: REQUISITION},
        query=NoQuery,
        json_body=api_schemas.Withdrawal,
        problems=PROBLEMS,
        needs=(rights.OFFER_CARE,),
    )
)
def withdraw_requisition(requisition_id: uuid.UUID, query: Row, body: Row) -> Response:
    done = making.withdraw(requisition_id, body["reason"])
    tell(outcome=f"Requisition {done['number']}: {done['state']}")
    return answered(api_schemas.RequisitionDetails, done)


@operation(
    Operation(
        "What was offered to you, the newest first; for providers’ tokens",
        {200: Answer("A page of offers", api_schemas.Offers)},
        query=api_schemas.OffersQuery,
        problems=(404, 422),
        needs=(rights.READ_OFFERS,),
    )
)
def offers(query: Row) -> Response:
    place = place_of(query.get("cursor"), int)
    found = disputes().offers(before=place[0] if place else None, limit=query["limit"])
    cursor = cursor_of(found[-1]["number"]) if len(found) == query["limit"] else None
    return answered(api_schemas.Offers, {"items": found, "next_cursor": cursor})


@operation(
    Operation(
        "Look at an offer; for providers’ tokens",
        {200: Answer("The offer as it is now", api_schemas.Offer)},
        query=NoQuery,
        problems=(404,),
        needs=(rights.READ_OFFERS,),
    )
)
def offer(offer_id: uuid.UUID, query: Row) -> Response:
    return answered(api_schemas.Offer, disputes().offer(offer_id=offer_id))


@operation(
    Operation(
        "Accept an offer, or decline it with a reason; for providers’ tokens",
        {200: Answer("The offer as it is now", api_schemas.Offer)},
        query=NoQuery,
        json_body=api_schemas.OfferAnswer,
        problems=PROBLEMS,
        needs=(rights.ANSWER_OFFERS,),
    )
)
def answer_offer(offer_id: uuid.UUID, query: Row, body: Row) -> Response:
    done = disputes().answer_offer(offer_id=offer_id, answer=body["answer"], reason=body["reason"])
    tell(outcome=f"Requisition {done['number']}: {done['state']}")
    return answered(api_schemas.Offer, done)


@operation(
    Operation(
        "For how many hours offers stand; for the council’s tokens",
        {200: HOURS},
        query=NoQuery,
        problems=(404,),
        needs=(rights.READ_REQUISITIONS,),
    )
)
def offer_hours(query: Row) -> Response:
    return answered(api_schemas.OfferHours, {"items": disputes().offer_hours()})


@operation(
    Operation(
        "Have offers made from a day on stand for so many hours; for the council’s tokens",
        {200: HOURS},
        query=NoQuery,
        json_body=api_schemas.NewOfferHours,
        problems=PROBLEMS,
        needs=(rights.OFFER_CARE,),
    )
)
def set_offer_hours(query: Row, body: Row) -> Response:
    disputes().set_offer_hours(effective_from=body["effective_from"].isoformat(), hours=body["hours"])
    tell(outcome=f"{body['hours']} hours")
    return answered(api_schemas.OfferHours, {"items": disputes().offer_hours()})


def _requisition(requisition_id: uuid.UUID) -> Response:
    found = disputes().requisition(requisition_id=requisition_id)
    return answered(api_schemas.RequisitionDetails, found)
