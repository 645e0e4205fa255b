"""/api/v1/circumstances: what holds for clients from day to day; for the council's tokens (RULES 1, 2)."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response

from libs.common.rights import names as rights
from services.portal.api import asked
from services.portal.api.operation import Answer, Operation, answered, operation
from services.portal.audit.telling import tell
from services.portal.audit.things import Thing
from services.portal.care.circumstances import api_schemas
from services.portal.clients.gateway import Gateway
from services.portal.web.calls import matching

ONE = "/circumstances/<uuid:circumstance_id>"
OF_CLIENT = Answer("All circumstances of the client", api_schemas.Circumstances)


def register(api: Blueprint, gateway: Gateway) -> None:
    """Add the routes."""

    @api.get("/circumstances")
    @operation(
        Operation(
            "A client's circumstances, with what each said before",
            {200: OF_CLIENT},
            query=api_schemas.OfClient,
            problems=(404,),
            needs=(rights.READ_CLIENTS,),
        )
    )
    def circumstances(query: dict[str, Any]) -> Response:
        return answer_client(query["client"], 200)

    @api.post("/circumstances")
    @operation(
        Operation(
            "Enter what holds for a client; care that suspends itself is matched again",
            {201: OF_CLIENT},
            query=asked.NoQuery,
            json_body=api_schemas.NewCircumstance,
            problems=(404, 409, 413, 415, 422),
            is_idempotent=True,
            needs=(rights.CHANGE_CARE,),
        )
    )
    def enter_circumstance(query: dict[str, Any], body: dict[str, Any], seed: uuid.UUID | None) -> Response:
        client_id = matching().client(identifier=body["client"])["client_id"]
        circumstance_id = matching().enter_circumstance(
            client_id=client_id,
            kind=body["kind"],
            from_on=body["from_on"].isoformat(),
            to_on=body["to_on"] and body["to_on"].isoformat(),
            note=body.get("note", ""),
        )
        tell(about=[Thing("client_id", client_id), Thing("circumstance_id", circumstance_id)])
        return answer_client(client_id, 201)

    @api.post(f"{ONE}/end")
    @operation(
        Operation(
            "Say, or correct, until when a circumstance holds",
            {200: OF_CLIENT},
            query=asked.NoQuery,
            json_body=api_schemas.LastDay,
            problems=(404, 409, 413, 415, 422),
            needs=(rights.CHANGE_CARE,),
        )
    )
    def end_circumstance(circumstance_id: uuid.UUID, query: dict[str, Any], body: dict[str, Any]) -> Response:
        to_on = body["to_on"].isoformat()
        client_id = matching().end_circumstance(circumstance_id=str(circumstance_id), to_on=to_on)
        return answer_client(client_id, 200)

    @api.post(f"{ONE}/withdraw")
    @operation(
        Operation(
            "Take back a circumstance that never held",
            {200: OF_CLIENT},
            query=asked.NoQuery,
            json_body=api_schemas.CircumstanceWithdrawal,
            problems=(404, 409, 413, 415, 422),
            needs=(rights.CHANGE_CARE,),
        )
    )
    def withdraw_circumstance(
        circumstance_id: uuid.UUID, query: dict[str, Any], body: dict[str, Any]
    ) -> Response:
        client_id = matching().withdraw_circumstance(circumstance_id=str(circumstance_id), note=body["note"])
        return answer_client(client_id, 200)


def answer_client(identifier: str, status: int) -> Response:
    """A client's circumstances as they stand."""
    found = matching().client(identifier=identifier)
    document = {"client_id": found["client_id"], "items": found["circumstances"]}
    return answered(api_schemas.Circumstances, document, status)
