"""/api/v1/disputes: what the council questions, answered by providers' systems (RULES 9)."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response

from libs.common.casework.cases import COUNCIL, DISPUTE, PROVIDER
from libs.common.errors import Refused
from libs.common.rights import names as rights
from libs.common.seams.disputes.cases import ListedCase
from libs.common.seams.disputes.disputes import DisputeToRaise
from services.portal.api import asked
from services.portal.api.operation import Answer, Operation, answered, caller, operation
from services.portal.casework.cases.api import Query, answer_page, place_asked, say_in_case
from services.portal.casework.disputes import api_schemas, raising, views
from services.portal.casework.disputes.raising import Wanted, Week
from services.portal.clients.gateway import Gateway
from services.portal.web.access import the_parts
from services.portal.web.calls import disputes, gateway
from services.portal.web.names.organisations import id_of, provider_names


class NamedDispute(ListedCase):
    """A dispute of a list, with its provider's name."""

    organisation: str


def register(api: Blueprint, gateway: Gateway) -> None:
    """Add the routes."""
    api.get("/disputes")(disputes_page)
    api.post("/disputes")(raise_disputes)
    api.get("/disputes/<uuid:case_id>")(dispute)
    api.post("/disputes/<uuid:case_id>/messages")(say_in_dispute)


@operation(
    Operation(
        "Disputes; those that are open, when no status is named",
        {200: Answer("A page of disputes, the newest first", api_schemas.Disputes)},
        query=api_schemas.DisputesQuery,
        problems=(404,),
        needs=(rights.READ_CASEWORK,),
    )
)
def disputes_page(query: Query) -> Response:
    found = disputes().cases(
        kind=DISPUTE,
        states=[query["status"]] if "status" in query else [],
        organisation_id=id_of(gateway(), caller(), query.get("organisation")),
        clients=views.find_identifiers(query.get("client")),
        first_on=query.get("first_on"),
        last_on=query.get("last_on"),
        after=place_asked(query),
        limit=query["limit"],
    )
    names = provider_names(the_parts(), gateway(), (row["organisation_id"] for row in found))
    items: list[NamedDispute] = [{**row, "organisation": names[row["organisation_id"]]} for row in found]
    return answer_page(api_schemas.Disputes, found, query, items)


@operation(
    Operation(
        "Raise a dispute on a week, or on visits: one for each client; for the council’s tokens",
        {201: Answer("The disputes", api_schemas.RaisedDisputes)},
        query=asked.NoQuery,
        json_body=api_schemas.DisputesToRaise,
        problems=(404, 409, 413, 415, 422),
        is_idempotent=True,
        needs=(rights.SETTLE_CASEWORK,),
    )
)
def raise_disputes(query: Query, body: Query, seed: uuid.UUID | None) -> Response:
    if caller()["organisation"] is not None:
        raise Refused("not_allowed", "Only the council raises disputes.")
    wanted = _find_wanted(body, Wanted(seed or uuid.uuid4(), body["reason"], body["words"]))
    raising.raise_disputes(wanted)
    return answered(api_schemas.RaisedDisputes, {"items": wanted}, 201)


@operation(
    Operation(
        "A dispute with its visits as they are now, and its conversation",
        {200: Answer("The dispute", api_schemas.DisputeWithMessages)},
        query=asked.NoQuery,
        problems=(404,),
        needs=(rights.READ_CASEWORK,),
    )
)
def dispute(case_id: uuid.UUID, query: Query) -> Response:
    found = disputes().dispute(case_id=case_id)
    shown = {
        **found,
        "visits": views.find_present_visits(found),
        "council_words": views.last_words(found, COUNCIL),
        "provider_words": views.last_words(found, PROVIDER),
        "organisation": provider_names(the_parts(), gateway(), [found["organisation_id"]])[
            found["organisation_id"]
        ],
    }
    return answered(api_schemas.DisputeWithMessages, shown)


@operation(
    Operation(
        "Write in a dispute, and make a move by it",
        {201: Answer("How the dispute stands", api_schemas.SaidAnswer)},
        query=asked.NoQuery,
        json_body=api_schemas.SaidInDispute,
        problems=(404, 409, 413, 415, 422),
        is_idempotent=True,
        needs=(rights.ANSWER_CASEWORK,),
    )
)
def say_in_dispute(case_id: uuid.UUID, query: Query, body: Query, seed: uuid.UUID | None) -> Response:
    said = say_in_case(DISPUTE, case_id, body, seed or uuid.uuid4(), body["move"])
    return answered(api_schemas.SaidAnswer, said, 201)


def _find_wanted(body: Query, wanted: Wanted) -> list[DisputeToRaise]:
    """The disputes that a body asks for. Raises Refused ``not_found``."""
    if not body["visits"]:
        return [raising.find_dispute_on_week(Week(body["cpli_id"], body["week"]), wanted)]
    organisation_id = id_of(gateway(), caller(), body["organisation"])
    keys = [(str(organisation_id), ref) for ref in dict.fromkeys(body["visits"])]
    return raising.disputes_on_visits(raising.find_visits(keys), wanted)
