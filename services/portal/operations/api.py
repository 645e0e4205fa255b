"""/api/v1/set-apart: what could not be handled, for the council's tokens; listed and tried again."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from libs.common.errors import Refused
from libs.common.rights import names as rights
from services.portal.api.asked import NoQuery
from services.portal.api.operation import Answer, Operation, answered, caller, operation
from services.portal.clients.gateway import Gateway
from services.portal.operations import api_schemas
from services.portal.operations.views import find_apart, retry_apart


def register(api: Blueprint, gateway: Gateway) -> None:
    """Add the routes."""

    @api.get("/set-apart")
    @operation(
        Operation(
            "What could not be priced, matched or stored, with its reason; for the council’s tokens",
            {200: Answer("All of it, the oldest first", api_schemas.SetApart)},
            query=NoQuery,
            problems=(404,),
            needs=(rights.READ_SET_APART,),
        )
    )
    def set_apart(query: dict[str, Any]) -> Response:
        _for_council()
        return answered(api_schemas.SetApart, {"items": find_apart(gateway, caller())})

    @api.post("/set-apart/retry")
    @operation(
        Operation(
            "Try again what is set apart, or one thing of it; what succeeds is set apart no longer",
            {200: Answer("How many things are tried again", api_schemas.Retried)},
            query=NoQuery,
            json_body=api_schemas.Retry,
            is_body_optional=True,
            problems=(404, 413, 415, 422),
            needs=(rights.MEND_SET_APART,),
        )
    )
    def retry_set_apart(query: dict[str, Any], body: dict[str, Any]) -> Response:
        _for_council()
        count = retry_apart(gateway, caller(), body["id"])
        if body["id"] is not None and not count:
            raise Refused("not_found", "Nothing with this id can be tried again.")
        return answered(api_schemas.Retried, {"retried": count})


def _for_council() -> None:
    """Raises Refused ``not_found`` for a provider's token."""
    if caller()["organisation"] is not None:
        raise Refused("not_found", "There is no such list.")
