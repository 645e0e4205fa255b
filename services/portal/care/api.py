"""/api/v1/care-package-line-items and commissioned-care.csv: what care the council has commissioned."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from libs.common.rights import names as rights
from services.portal.api import asked, schemas
from services.portal.api.operation import Answer, Operation, answered, operation
from services.portal.care.export import export, name_of_export
from services.portal.clients.gateway import Gateway
from services.portal.web.calls import matching
from services.portal.web.cursors import cursor_of, place_of
from services.portal.web.downloads.files import CSV, download
from services.portal.web.downloads.owners import today, whose_name


def register(api: Blueprint, gateway: Gateway) -> None:
    """Add the routes."""

    @api.get("/care-package-line-items")
    @operation(
        Operation(
            "Care package line items with their dated terms",
            {200: Answer("A page, in the order of CpliId", schemas.LineItems)},
            query=asked.LineItemsQuery,
            problems=(404,),
            needs=(rights.READ_CARE,),
        )
    )
    def care_package_line_items(query: dict[str, Any]) -> Response:
        place = place_of(query.get("cursor"), int)
        client, known = matching(), None
        if "client" in query:
            known = client.client_identifiers(identifier=query["client"])
        found = client.line_items(
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
            needs=(rights.READ_CARE,),
        )
    )
    def commissioned_care(query: dict[str, Any]) -> Response:
        organisation = query.get("organisation")
        content = export(matching(), organisation)
        return download(content, name_of_export(whose_name(organisation), today()), CSV)
