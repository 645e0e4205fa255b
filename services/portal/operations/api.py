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
from services.portal.operations.views import discard_letter, find_apart, find_letters, retry_apart


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

    @api.get("/dead-letters")
    @operation(
        Operation(
            "Messages that could not be handled, and those that were discarded; for the council’s tokens",
            {
                200: Answer(
                    "What lies there, the oldest first, and then what was discarded", api_schemas.Letters
                )
            },
            query=NoQuery,
            problems=(404,),
            needs=(rights.READ_SET_APART,),
        )
    )
    def dead_letters(query: dict[str, Any]) -> Response:
        _for_council()
        lying, discarded = find_letters(gateway, caller())
        return answered(api_schemas.Letters, {"items": [*lying, *discarded]})

    @api.post("/dead-letters/discard")
    @operation(
        Operation(
            "Decide that a dead letter need never be handled, once and for good; who and why are kept",
            {200: Answer("Which", api_schemas.DiscardedLetter)},
            query=NoQuery,
            json_body=api_schemas.Discard,
            problems=(404, 409, 413, 415, 422),
            needs=(rights.MEND_SET_APART,),
        )
    )
    def discard_dead_letter(query: dict[str, Any], body: dict[str, Any]) -> Response:
        _for_council()
        discard_letter(gateway, caller(), body["service"], body["id"], body["why"])
        return answered(api_schemas.DiscardedLetter, {"service": body["service"], "id": body["id"]})


def _for_council() -> None:
    """Raises Refused ``not_found`` for a provider's token."""
    if caller()["organisation"] is not None:
        raise Refused("not_found", "There is no such list.")
