"""/api/v1/payment-periods: periods, their items, remittance advice."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from libs.common.care.weeks import period_end_of
from services.portal.api import asked, schemas
from services.portal.api.operation import Answer, Operation, answered, caller, operation
from services.portal.clients.gateway import Gateway
from services.portal.money.periods.remittance import remittance_csv, remittance_of, remittance_pdf
from services.portal.web.addresses import period_start
from services.portal.web.cursors import cursor_of, place_of


def register(api: Blueprint, gateway: Gateway) -> None:
    """Add the routes."""

    @api.get("/payment-periods")
    @operation(
        Operation(
            "Payment periods that hold something",
            {200: Answer("Oldest first", schemas.Periods)},
            query=asked.NoQuery,
        )
    )
    def payment_periods(query: dict[str, Any]) -> Response:
        found = gateway.ask("payments", "payment_periods", caller())
        return answered(schemas.Periods, {"items": found, "next_cursor": None})

    @api.get("/payment-periods/<start>/items")
    @operation(
        Operation(
            "Payment items of a period, each explaining itself",
            {200: Answer("A page of items", schemas.Items)},
            query=asked.Paged,
            problems=(404,),
        )
    )
    def period_items(start: str, query: dict[str, Any]) -> Response:
        place = place_of(query.get("cursor"), str)
        found = gateway.ask(
            "payments",
            "payment_items",
            caller(),
            start=period_start(start).isoformat(),
            organisation=query.get("organisation"),
            after=place[0] if place else None,
            limit=query["limit"],
        )
        cursor = cursor_of(found[-1]["item_id"]) if len(found) == query["limit"] else None
        return answered(schemas.Items, {"items": found, "next_cursor": cursor})

    @api.get("/payment-periods/<start>/remittance.csv")
    @operation(
        Operation(
            "Remittance advice as CSV",
            {200: Answer("One line a client, kind and reason", media_type="text/csv")},
            query=asked.Owner,
            problems=(404,),
        )
    )
    def remittance_as_csv(start: str, query: dict[str, Any]) -> Response:
        first = period_start(start).isoformat()
        found = remittance_of(gateway, caller(), first, query.get("organisation"))
        headers = {"Content-Disposition": f"attachment; filename=remittance-{first}.csv"}
        return Response(remittance_csv(found), 200, headers, content_type="text/csv; charset=utf-8")

    @api.get("/payment-periods/<start>/remittance.pdf")
    @operation(
        Operation(
            "Remittance advice as PDF",
            {200: Answer("One line a client, kind and reason", media_type="application/pdf")},
            query=asked.Owner,
            problems=(404,),
        )
    )
    def remittance_as_pdf(start: str, query: dict[str, Any]) -> Response:
        first = period_start(start)
        found = remittance_of(gateway, caller(), start, query.get("organisation"))
        content = remittance_pdf(first, period_end_of(first), found)
        headers = {"Content-Disposition": f"attachment; filename=remittance-{first}.pdf"}
        return Response(content, 200, headers, content_type="application/pdf")
