"""/api/v1/overlaps and /api/v1/more-carers (RULES 16)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from libs.common.rights import names as rights
from services.portal.api.operation import Answer, Operation, answered, operation
from services.portal.clients.gateway import Gateway
from services.portal.monitoring.overlaps import api_schemas
from services.portal.monitoring.overlaps.views import list_overlaps
from services.portal.web.calls import ingest, matching
from services.portal.web.cursors import cursor_of, place_of


def register(api: Blueprint, gateway: Gateway) -> None:
    """Add the routes."""

    @api.get("/overlaps")
    @operation(
        Operation(
            "Visits in which one carer was in two places at once, and the money at stake",
            {200: Answer("A page of pairs of visits, day by day", api_schemas.Overlaps)},
            query=api_schemas.OverlapsQuery,
            problems=(404,),
            needs=(rights.READ_MEASURES,),
        )
    )
    def overlaps(query: dict[str, Any]) -> Response:
        found, place = list_overlaps(
            ingest(),
            matching(),
            {
                "organisation": query.get("organisation"),
                "carer": query.get("carer"),
                "where": query.get("where"),
                "is_left_running": query["left_running"],
            },
            query["first"],
            query["last"],
            place_of(query.get("cursor"), str, list),
            query["limit"],
        )
        items = [{**pair, "at_stake": stake} for pair, stake in found]
        cursor = cursor_of(*place) if place else None
        return answered(api_schemas.Overlaps, {"items": items, "next_cursor": cursor})

    @api.get("/more-carers")
    @operation(
        Operation(
            "Clients with more carers at once than their plan wants",
            {200: Answer("A page of clients’ moments with their visits", api_schemas.Crowds)},
            query=api_schemas.MoreCarersQuery,
            problems=(404,),
            needs=(rights.READ_MEASURES,),
        )
    )
    def more_carers(query: dict[str, Any]) -> Response:
        page = matching().more_carers(
            organisation=query.get("organisation"),
            client=query.get("client"),
            first=query["first"].isoformat(),
            last=query["last"].isoformat(),
            after=place_of(query.get("cursor"), str, str, str, int),
            limit=query["limit"],
        )
        cursor = cursor_of(*page["after"]) if page["after"] else None
        return answered(api_schemas.Crowds, {"items": page["crowds"], "next_cursor": cursor})
