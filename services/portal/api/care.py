"""/api/v1/care-package-line-items and commissioned-care.csv: what care the council has commissioned."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response

from services.portal.api import asked, schemas
from services.portal.api.operation import Answer, Operation, answered, caller, operation
from services.portal.csv_out import csv_text
from services.portal.cursors import cursor_of, place_of
from services.portal.gateway import Gateway

EXPORT_COLUMNS = (
    "SSRef",
    "NHSNumber",
    "ServiceLevelRef",
    "ServiceLevelName",
    "CurrentQuantity",
    "Unit",
    "Frequency",
    "ServiceRef",
    "ServiceName",
    "OrganisationRef",
    "OrganisationName",
)
"""RULES 2, the Commissioned Care Export."""

ROWS_A_CALL = 1000


def register(api: Blueprint, gateway: Gateway) -> None:
    """Add the routes."""

    @api.get("/care-package-line-items")
    @operation(
        Operation(
            "Care package line items with their dated terms",
            {200: Answer("A page, in the order of CpliId", schemas.LineItems)},
            query=asked.LineItemsQuery,
            problems=(404,),
        )
    )
    def care_package_line_items(query: dict[str, Any]) -> Response:
        place = place_of(query.get("cursor"), int)
        known = None
        if "client" in query:
            known = gateway.ask("matching", "client_identifiers", caller(), identifier=query["client"])
        found = gateway.ask(
            "matching",
            "line_items",
            caller(),
            organisation=query.get("organisation"),
            clients=known,
            after=place[0] if place else -1,
            limit=query["limit"],
        )
        cursor = cursor_of(found[-1]["cpli_id"]) if len(found) == query["limit"] else None
        return answered(schemas.LineItems, {"items": found, "next_cursor": cursor})

    @api.get("/commissioned-care.csv")
    @operation(
        Operation(
            "The Commissioned Care Export",
            {200: Answer("Care that has not ended", media_type="text/csv")},
            query=asked.Owner,
            problems=(404,),
        )
    )
    def commissioned_care(query: dict[str, Any]) -> Response:
        headers = {"Content-Disposition": "attachment; filename=commissioned-care.csv"}
        content = csv_text(EXPORT_COLUMNS, export_rows(query))
        return Response(content, 200, headers, content_type="text/csv; charset=utf-8")

    def export_rows(query: dict[str, Any]) -> Iterator[list[str]]:
        after = -1
        while after is not None:
            page = gateway.ask(
                "matching", "commissioned_care", caller(), after=after, limit=ROWS_A_CALL, **query
            )
            yield from page["rows"]
            after = page["after"]
