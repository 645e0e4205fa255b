"""/api/v1/client-merges: two clients that are one person (RULES 2); for the council's tokens."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from libs.common.errors import Refused
from libs.common.rights import names as rights
from services.portal.api.operation import Answer, Operation, answered, caller, operation
from services.portal.audit.telling import tell
from services.portal.audit.things import Thing
from services.portal.care import merging_api_schemas
from services.portal.care.merging import merging_of, moved_charges
from services.portal.clients.gateway import Gateway


def register(api: Blueprint, gateway: Gateway) -> None:
    """Add the route."""

    @api.post("/client-merges")
    @operation(
        Operation(
            "Merge two clients that are one person, or see what it would move; for the council’s tokens",
            {200: Answer("What it moves, or has moved", merging_api_schemas.ClientMerge)},
            query=merging_api_schemas.MergeQuery,
            json_body=merging_api_schemas.MergeAsked,
            problems=(404, 409, 415, 422),
            needs=(rights.CHANGE_CARE,),
        )
    )
    def merge_clients(query: dict[str, Any], body: dict[str, Any]) -> Response:
        merging, both = merging_of(gateway, caller()), (body["client"], body["into"])
        if query["preview"]:
            tell(outcome="only looked at")
            return answered(merging_api_schemas.ClientMerge, merging.preview(*both))
        if "reason" not in body:
            raise Refused("reason_wanted", "Say in `reason` how it is known that they are one person.")
        done = merging.merge(*both, reason=body["reason"], seen=body.get("seen"))
        ids = {"client_id": done["client"]["client_id"], "into_client_id": done["into"]["client_id"]}
        about = [Thing(kind, one) for kind, one in ids.items()]
        tell(amount=moved_charges(done), outcome=done["state"], about=about)
        return answered(merging_api_schemas.ClientMerge, done)
