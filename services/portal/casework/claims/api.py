"""/api/v1/claims: one-off claims, drafted and submitted by a provider, decided by the council (RULES 10)."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response, url_for

from libs.common.errors import Refused
from services.portal.api import asked
from services.portal.api.operation import Answer, Operation, answered, caller, operation
from services.portal.casework.cases import attachments
from services.portal.casework.claims import api_schemas, views
from services.portal.clients.gateway import Gateway
from services.portal.web.access import the_parts
from services.portal.web.cursors import cursor_of, moment_and_id
from services.portal.web.organisations import id_of

CLAIM = Answer("The claim", api_schemas.Claim)
_IDS = uuid.UUID("d1c9f7c2-64cf-5f0c-b5a5-2f2b6a0f7d31")


def register(api: Blueprint, gateway: Gateway) -> None:
    """Add the routes."""

    @api.get("/claims")
    @operation(
        Operation(
            "One-off claims, newest first",
            {200: Answer("A page of claims", api_schemas.Claims)},
            query=api_schemas.ClaimsQuery,
            problems=(404,),
        )
    )
    def claims_page(query: dict[str, Any]) -> Response:
        place = moment_and_id(query.get("cursor"))
        found = gateway.ask(
            "disputes",
            "claims",
            caller(),
            organisation_id=id_of(gateway, caller(), query.get("organisation")),
            states=[query["state"]] if "state" in query else [],
            financial_year=query.get("financial_year"),
            after=[place[0].isoformat(), str(place[1])] if place else None,
            limit=query["limit"],
        )
        last = found[-1] if len(found) == query["limit"] else None
        cursor = cursor_of(last["opened_at"], last["case_id"]) if last else None
        return answered(
            api_schemas.Claims,
            {"items": views.with_service_names(gateway, caller(), found), "next_cursor": cursor},
        )

    @api.get("/claims/<uuid:claim_id>")
    @operation(
        Operation(
            "Look at a claim, and at what it comes to by the H visits",
            {200: CLAIM},
            query=asked.NoQuery,
            problems=(404,),
        )
    )
    def one_claim(claim_id: uuid.UUID, query: dict[str, Any]) -> Response:
        return shown(claim_id, 200)

    @api.post("/claims")
    @operation(
        Operation(
            "Draft a claim with its items",
            {201: CLAIM},
            query=asked.NoQuery,
            json_body=api_schemas.NewClaim,
            problems=(404, 409, 413, 415, 422),
            is_idempotent=True,
        )
    )
    def begin_claim(query: dict[str, Any], body: dict[str, Any], seed: uuid.UUID | None) -> Response:
        claim_id = seed or uuid.uuid4()
        year = body.get("financial_year") or views.financial_years(the_parts().clock())[0]
        about = {"service": body["service"], "year": year, "words": body["notes"]}
        views.begin(gateway, caller(), claim_id, **about, clients=[item["client"] for item in body["items"]])
        for number, item in enumerate(body["items"]):
            item_id = str(uuid.uuid5(_IDS, f"{claim_id}/{number}"))
            days = {
                name: item[name] and item[name].isoformat()
                for name in ("admitted_on", "resumed_on", "told_on")
            }
            facts = {
                "client_reference": item["client"],
                "description": item["description"],
                "amount": item["amount"],
            }
            facts |= {
                "is_planned_respite": item["is_planned_respite"],
                "item_id": item_id,
                "version_id": item_id,
            }
            gateway.ask("disputes", "save_claim_item", caller(), claim_id=str(claim_id), **days, **facts)
        return shown(claim_id, 201)

    @api.post("/claims/<uuid:claim_id>/messages")
    @operation(
        Operation(
            "Write a note on a claim, with evidence",
            {201: CLAIM},
            query=asked.NoQuery,
            json_body=api_schemas.ClaimNote,
            problems=(404, 409, 413, 415, 422),
            is_idempotent=True,
        )
    )
    def say_in_claim(
        claim_id: uuid.UUID, query: dict[str, Any], body: dict[str, Any], seed: uuid.UUID | None
    ) -> Response:
        found, message_id = views.claim(gateway, caller(), claim_id), seed or uuid.uuid4()
        files = attachments.unsealed(the_parts(), caller(), body["attachments"], message_id)
        said = {"case_id": found["case_id"], "message_id": str(message_id), "words": body["words"]}
        gateway.ask("disputes", "say", caller(), kind="claim", attachments=files, **said)
        return shown(claim_id, 201)

    @api.post("/claims/<uuid:claim_id>/submit")
    @operation(
        Operation(
            "Submit a draft",
            {200: CLAIM},
            query=asked.NoQuery,
            problems=(404, 409, 422),
            is_idempotent=True,
        )
    )
    def submit_claim(claim_id: uuid.UUID, query: dict[str, Any], seed: uuid.UUID | None) -> Response:
        said = views.submit(gateway, caller(), claim_id, message_id=seed or uuid.uuid4())
        return moved(claim_id, said)

    @api.post("/claims/<uuid:claim_id>/accept")
    @operation(
        Operation(
            "Accept a claim; for the council",
            {200: CLAIM},
            query=asked.NoQuery,
            json_body=api_schemas.Acceptance,
            is_body_optional=True,  # who may not know of the claim is told nothing of bodies
            problems=(404, 409, 413, 415, 422),
            is_idempotent=True,
        )
    )
    def accept_claim(
        claim_id: uuid.UUID, query: dict[str, Any], body: dict[str, Any], seed: uuid.UUID | None
    ) -> Response:
        found = to_decide(claim_id)
        if body["total_payable"] is None:
            raise Refused("total_wanted", "Send total_payable: what the claim comes to, as you have seen it.")
        if found["state"] == "Pending" and found["total_payable"] != body["total_payable"]:
            raise Refused("seen_another", f"The claim comes to {found['total_payable']}: look at it again.")
        return decided(found, "accept", body["note"], body["attachments"], seed)

    @api.post("/claims/<uuid:claim_id>/reject")
    @operation(
        Operation(
            "Reject a claim with the reason; for the council",
            {200: CLAIM},
            query=asked.NoQuery,
            json_body=api_schemas.Rejection,
            is_body_optional=True,
            problems=(404, 409, 413, 415, 422),
            is_idempotent=True,
        )
    )
    def reject_claim(
        claim_id: uuid.UUID, query: dict[str, Any], body: dict[str, Any], seed: uuid.UUID | None
    ) -> Response:
        found = to_decide(claim_id)
        if not body["reason"].strip():
            raise Refused("reason_wanted", "Send a reason: the provider reads it.")
        return decided(found, "reject", body["reason"], body["attachments"], seed)

    def to_decide(claim_id: uuid.UUID) -> dict[str, Any]:
        """The claim, for the council alone; who may not see it is told that there is none."""
        found = views.claim(gateway, caller(), claim_id)
        if caller()["organisation"] is not None:
            raise Refused("not_allowed", "Only the council decides on claims.")
        return found

    def decided(
        found: dict[str, Any], move: str, words: str, files: list[str], seed: uuid.UUID | None
    ) -> Response:
        message_id = seed or uuid.uuid4()
        said = views.decide(
            gateway,
            caller(),
            found,
            move=move,
            message_id=message_id,
            words=words,
            seen=found["seen"] if move == "accept" else None,
            attachments=attachments.unsealed(the_parts(), caller(), files, message_id),
        )
        if said["is_moved"]:
            views.tell(the_parts(), found, said["state"], message_id)
        return moved(uuid.UUID(found["case_id"]), said)

    def moved(claim_id: uuid.UUID, said: dict[str, Any]) -> Response:
        if not said["is_moved"]:
            raise Refused("wrong_state", f"The claim is {said['state'].lower()} by now.")
        return shown(claim_id, 200)

    def shown(claim_id: uuid.UUID, status: int) -> Response:
        found = views.claim(gateway, caller(), claim_id)
        place = {"Location": url_for("api.one_claim", claim_id=claim_id)} if status == 201 else None
        return answered(api_schemas.Claim, found, status, place)
