"""/api/v1/claims: one-off claims, drafted and submitted by a provider, decided by the council (RULES 10)."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response

from libs.common.casework.cases import CLAIM, PENDING
from libs.common.errors import Refused
from libs.common.rights import names as rights
from libs.common.seams.disputes.cases import SaidInCase
from libs.common.seams.disputes.claims import Claim
from services.portal.api import asked
from services.portal.api.operation import Answer, Operation, answered, caller, operation
from services.portal.casework.cases.api import Query, answer_page, files_of, place_asked, say_in_case
from services.portal.casework.cases.kinds import api_address_of
from services.portal.casework.cases.letters import tell_of_move
from services.portal.casework.claims import api_schemas, steps, views
from services.portal.clients.gateway import Gateway
from services.portal.web.access import the_parts
from services.portal.web.calls import disputes, gateway
from services.portal.web.names.organisations import id_of

CLAIM_ANSWER = Answer("The claim", api_schemas.Claim)
_IDS = uuid.UUID("d1c9f7c2-64cf-5f0c-b5a5-2f2b6a0f7d31")


def register(api: Blueprint, gateway: Gateway) -> None:
    """Add the routes."""
    one = "/claims/<uuid:claim_id>"
    api.get("/claims")(claims_page)
    api.get(one)(one_claim)
    api.post("/claims")(begin_claim)
    api.post(f"{one}/messages")(say_in_claim)
    api.post(f"{one}/submit")(submit_claim)
    api.post(f"{one}/accept")(accept_claim)
    api.post(f"{one}/reject")(reject_claim)


@operation(
    Operation(
        "One-off claims, newest first",
        {200: Answer("A page of claims", api_schemas.Claims)},
        query=api_schemas.ClaimsQuery,
        problems=(404,),
        needs=(rights.READ_CASEWORK,),
    )
)
def claims_page(query: Query) -> Response:
    found = disputes().claims(
        organisation_id=id_of(gateway(), caller(), query.get("organisation")),
        states=[query["state"]] if "state" in query else [],
        financial_year=query.get("financial_year"),
        after=place_asked(query),
        limit=query["limit"],
    )
    return answer_page(api_schemas.Claims, found, query, views.with_service_names(found))


@operation(
    Operation(
        "Look at a claim, and at what it comes to by the H visits",
        {200: CLAIM_ANSWER},
        query=asked.NoQuery,
        problems=(404,),
        needs=(rights.READ_CASEWORK,),
    )
)
def one_claim(claim_id: uuid.UUID, query: Query) -> Response:
    return answered(api_schemas.Claim, views.find_claim(claim_id))


@operation(
    Operation(
        "Draft a claim with its items",
        {201: CLAIM_ANSWER},
        query=asked.NoQuery,
        json_body=api_schemas.NewClaim,
        problems=(404, 409, 413, 415, 422),
        is_idempotent=True,
        needs=(rights.OPEN_OWN_CASES,),
    )
)
def begin_claim(query: Query, body: Query, seed: uuid.UUID | None) -> Response:
    claim_id = seed or uuid.uuid4()
    year = body.get("financial_year") or views.list_financial_years(the_parts().clock())[0]
    clients = [item["client"] for item in body["items"]]
    steps.begin_claim(claim_id, service=body["service"], year=year, words=body["notes"], clients=clients)
    for number, item in enumerate(body["items"]):
        item_id = uuid.uuid5(_IDS, f"{claim_id}/{number}")
        disputes().save_claim_item(
            claim_id=claim_id,
            item_id=item_id,
            version_id=item_id,
            description=item["description"],
            client_reference=item["client"],
            amount=item["amount"],
            admitted_on=item["admitted_on"],
            resumed_on=item["resumed_on"],
            told_on=item["told_on"],
            is_planned_respite=item["is_planned_respite"],
        )
    return _answer_new(claim_id)


@operation(
    Operation(
        "Write a note on a claim, with evidence",
        {201: CLAIM_ANSWER},
        query=asked.NoQuery,
        json_body=api_schemas.ClaimNote,
        problems=(404, 409, 413, 415, 422),
        is_idempotent=True,
        needs=(
            rights.OPEN_OWN_CASES,
            rights.DECIDE_CLAIMS,
        ),
    )
)
def say_in_claim(claim_id: uuid.UUID, query: Query, body: Query, seed: uuid.UUID | None) -> Response:
    say_in_case(CLAIM, claim_id, body, seed or uuid.uuid4())
    return _answer_new(claim_id)


@operation(
    Operation(
        "Submit a draft",
        {200: CLAIM_ANSWER},
        query=asked.NoQuery,
        problems=(404, 409, 422),
        is_idempotent=True,
        needs=(rights.OPEN_OWN_CASES,),
    )
)
def submit_claim(claim_id: uuid.UUID, query: Query, seed: uuid.UUID | None) -> Response:
    return _answer_moved(claim_id, steps.submit_claim(claim_id, seed or uuid.uuid4()))


@operation(
    Operation(
        "Accept a claim; for the council",
        {200: CLAIM_ANSWER},
        query=asked.NoQuery,
        json_body=api_schemas.Acceptance,
        is_body_optional=True,  # who may not know of the claim is told nothing of bodies
        problems=(404, 409, 413, 415, 422),
        is_idempotent=True,
        needs=(rights.DECIDE_CLAIMS,),
    )
)
def accept_claim(claim_id: uuid.UUID, query: Query, body: Query, seed: uuid.UUID | None) -> Response:
    found = _find_to_decide(claim_id)
    if body["total_payable"] is None:
        raise Refused("total_wanted", "Send total_payable: what the claim comes to, as you have seen it.")
    if found["state"] == PENDING and found["total_payable"] != body["total_payable"]:
        raise Refused("seen_another", f"The claim comes to {found['total_payable']}: look at it again.")
    return _decide(found, "accept", body["note"], body, seed or uuid.uuid4())


@operation(
    Operation(
        "Reject a claim with the reason; for the council",
        {200: CLAIM_ANSWER},
        query=asked.NoQuery,
        json_body=api_schemas.Rejection,
        is_body_optional=True,
        problems=(404, 409, 413, 415, 422),
        is_idempotent=True,
        needs=(rights.DECIDE_CLAIMS,),
    )
)
def reject_claim(claim_id: uuid.UUID, query: Query, body: Query, seed: uuid.UUID | None) -> Response:
    found = _find_to_decide(claim_id)
    if not body["reason"].strip():
        raise Refused("reason_wanted", "Send a reason: the provider reads it.")
    return _decide(found, "reject", body["reason"], body, seed or uuid.uuid4())


def _find_to_decide(claim_id: uuid.UUID) -> Claim:
    """The claim, for the council alone; who may not see it is told that there is none."""
    found = views.find_claim(claim_id)
    if caller()["organisation"] is not None:
        raise Refused("not_allowed", "Only the council decides on claims.")
    return found


def _decide(found: Claim, move: str, words: str, body: Query, message_id: uuid.UUID) -> Response:
    said = steps.decide_claim(
        found,
        found["items"],
        move=move,
        message_id=message_id,
        words=words,
        seen=found["seen"] if move == "accept" else None,
        attachments=files_of(body, message_id),
    )
    if said["is_moved"]:
        tell_of_move(found, move, message_id)
    return _answer_moved(uuid.UUID(found["case_id"]), said)


def _answer_moved(claim_id: uuid.UUID, said: SaidInCase) -> Response:
    if not said["is_moved"]:
        raise Refused("wrong_state", f"The claim is {said['state'].lower()} by now.")
    return answered(api_schemas.Claim, views.find_claim(claim_id))


def _answer_new(claim_id: uuid.UUID) -> Response:
    place = {"Location": api_address_of("one_claim", CLAIM, claim_id)}
    return answered(api_schemas.Claim, views.find_claim(claim_id), 201, place)
