"""/api/v1/measures and /api/v1/under-delivery (RULES 16)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from libs.common.rights import names as rights
from services.portal.api import asked
from services.portal.api.operation import Answer, Operation, answered, operation
from services.portal.clients.gateway import Gateway
from services.portal.monitoring import api_schemas
from services.portal.web.calls import matching


def register(api: Blueprint, gateway: Gateway) -> None:
    """Add the routes."""

    @api.get("/measures")
    @operation(
        Operation(
            "Measures of providers over planned days up to today",
            {200: Answer("Measures by the provider’s name", api_schemas.MeasuresOfAll)},
            query=api_schemas.SpanOfMeasures,
            problems=(404,),
            needs=(rights.READ_MEASURES,),
        )
    )
    def measures(query: dict[str, Any]) -> Response:
        found = matching().measures(
            first=query["first"].isoformat(),
            last=query["last"].isoformat(),
            organisation=query.get("organisation"),
        )
        return answered(api_schemas.MeasuresOfAll, {"organisations": found})

    @api.get("/under-delivery")
    @operation(
        Operation(
            "Line items of which less or more is delivered than commissioned, week after week",
            {200: Answer("All of them", api_schemas.UnderDelivery)},
            query=asked.Owner,
            problems=(404,),
            needs=(rights.READ_MEASURES,),
        )
    )
    def under_delivery(query: dict[str, Any]) -> Response:
        found = matching().under_delivery(organisation=query.get("organisation"))
        return answered(api_schemas.UnderDelivery, {"items": found})
