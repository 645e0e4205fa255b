"""/api/v1/payment-periods: periods, their items, the checklist before finalising, remittance advice."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from libs.common.errors import Refused
from libs.common.rights import names as rights
from services.portal.api import asked, schemas
from services.portal.api.operation import Answer, Operation, answered, caller, operation
from services.portal.clients.gateway import Gateway
from services.portal.money.periods import api_schemas
from services.portal.money.periods.checklist import Checklists
from services.portal.reports.declared import Asking
from services.portal.reports.remittance import REPORT
from services.portal.reports.rendering.as_csv import csv_file
from services.portal.reports.rendering.as_pdf import pdf_file
from services.portal.reports.rendering.filters import Asked
from services.portal.web.access import the_parts
from services.portal.web.addresses import period_start
from services.portal.web.branding import the_branding
from services.portal.web.calls import payments
from services.portal.web.cursors import cursor_of, place_of


def register(api: Blueprint, gateway: Gateway) -> None:
    """Add the routes."""

    @api.get("/payment-periods")
    @operation(
        Operation(
            "Payment periods that hold something",
            {200: Answer("Oldest first", schemas.Periods)},
            query=asked.NoQuery,
            needs=(rights.READ_PAYMENTS,),
        )
    )
    def payment_periods(query: dict[str, Any]) -> Response:
        found = payments().payment_periods()
        return answered(schemas.Periods, {"items": found, "next_cursor": None})

    @api.get("/payment-periods/<start>/items")
    @operation(
        Operation(
            "Payment items of a period, each explaining itself",
            {200: Answer("A page of items", schemas.Items)},
            query=asked.Paged,
            problems=(404,),
            needs=(rights.READ_PAYMENTS,),
        )
    )
    def period_items(start: str, query: dict[str, Any]) -> Response:
        place = place_of(query.get("cursor"), str)
        found = payments().payment_items(
            start=period_start(start).isoformat(),
            organisation=query.get("organisation"),
            after=place[0] if place else None,
            limit=query["limit"],
        )
        cursor = cursor_of(found[-1]["item_id"]) if len(found) == query["limit"] else None
        return answered(schemas.Items, {"items": found, "next_cursor": cursor})

    @api.get("/payment-periods/<start>/checklist")
    @operation(
        Operation(
            "What there is to look at before a period is finalised; for the council’s tokens",
            {200: Answer("The checklist, with figures", api_schemas.Checklist)},
            query=api_schemas.OfContract,
            problems=(404, 422),
            needs=(rights.READ_CHECKLIST,),
        )
    )
    def checklist(start: str, query: dict[str, Any]) -> Response:
        if caller()["organisation"] is not None:
            raise Refused("not_found", "There is no such checklist.")
        first = period_start(start).isoformat()
        found = Checklists(gateway, caller()).describe(first, query.get("contract"))
        return answered(api_schemas.Checklist, found)

    @api.get("/payment-periods/<start>/remittance.csv")
    @operation(
        Operation(
            "Remittance advice as CSV",
            {200: Answer("One line a client, kind and reason of a service", media_type="text/csv")},
            query=asked.Owner,
            problems=(404,),
            needs=(rights.READ_PAYMENTS,),
        )
    )
    def remittance_as_csv(start: str, query: dict[str, Any]) -> Response:
        return csv_file(*of_period(gateway, start, query))

    @api.get("/payment-periods/<start>/remittance.pdf")
    @operation(
        Operation(
            "Remittance advice as PDF",
            {200: Answer("One line a client, kind and reason of a service", media_type="application/pdf")},
            query=asked.Owner,
            problems=(404,),
            needs=(rights.READ_PAYMENTS,),
        )
    )
    def remittance_as_pdf(start: str, query: dict[str, Any]) -> Response:
        return pdf_file(*of_period(gateway, start, query))


def of_period(gateway: Gateway, start: str, query: dict[str, Any]) -> tuple[Asking, Asked]:
    """The report on remittances, of the period that the address names and the provider that the query does."""
    first = period_start(start).isoformat()
    today = the_parts().clock().date()
    values = {"period": first, "organisation": query.get("organisation"), "contract": None, "summary": False}
    return Asking(gateway, caller(), today, the_branding().letterhead), Asked(REPORT, (), values)
