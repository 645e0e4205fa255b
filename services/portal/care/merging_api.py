"""/api/v1/client-merges: two clients that are one person (RULES 2); for the council's tokens."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from libs.common.errors import Refused
from services.portal.api.operation import Answer, Operation, answered, caller, operation
from services.portal.care import merging, merging_api_schemas
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
        )
    )
    def merge_clients(query: dict[str, Any], body: dict[str, Any]) -> Response:
        def ask(service: str, method: str, **payload: Any) -> Any:
            return gateway.ask(service, method, caller(), **payload)

        both = body["client"], body["into"]
        if query["preview"]:
            return answered(merging_api_schemas.ClientMerge, merging.preview(ask, *both))
        if "reason" not in body:
            raise Refused("reason_wanted", "Say in `reason` how it is known that they are one person.")
        done = merging.merge(ask, *both, reason=body["reason"], seen=body.get("seen"))
        return answered(merging_api_schemas.ClientMerge, done)
