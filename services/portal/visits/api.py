"""/api/v1/visits: visits with their match and their money, entered, corrected and deleted one by one."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from libs.common.errors import Refused
from libs.common.files.values import control_character
from services.portal.api import asked, schemas
from services.portal.api.operation import Answer, Operation, answered, caller, operation
from services.portal.clients.gateway import Gateway
from services.portal.visits.files_api import VERSION
from services.portal.visits.views import Visits
from services.portal.web.cursors import cursor_of, place_of

ONE = Answer("The visit; its version is the ETag", schemas.VisitWithVersions)

Row = dict[str, Any]


def register(api: Blueprint, gateway: Gateway) -> None:
    """Add the routes."""

    @api.get("/visits")
    @operation(
        Operation(
            "Visits of a week, a client, a status",
            {
                200: Answer(
                    "A page of visits: a week’s client by client as planned, else in the order of their references",
                    schemas.Visits,
                )
            },
            query=asked.VisitsQuery,
            problems=(404,),
        )
    )
    def visits(query: Row) -> Response:
        rows, place = Visits(gateway, caller()).page(
            organisation=query.get("organisation"),
            week=query.get("week"),
            client=query.get("client"),
            status=query.get("status"),
            place=place_of(query.get("cursor"), str, str),
            limit=query["limit"],
        )
        cursor = cursor_of(*place) if place else None
        return answered(schemas.Visits, {"items": rows, "next_cursor": cursor})

    @api.get("/visits/<visit_ref:visit_ref>")
    @operation(Operation("A visit", {200: ONE}, query=asked.Owner, problems=(404, 422)))
    def visit(visit_ref: str, query: Row) -> Response:
        refuse_unwritable(visit_ref, "not_found")
        found = gateway.ask("ingest", "visit", caller(), visit_ref=visit_ref, **query)
        return one(found, 200)

    @api.put("/visits/<visit_ref:visit_ref>")
    @operation(
        Operation(
            "Enter a visit, or correct it; its cells are those of a file, under the same rules",
            {200: ONE, 201: ONE},
            query=asked.Owner,
            json_body=asked.VisitCells,
            headers={
                "If-Match": "the ETag of the version that is replaced; needed where there is one",
                "If-None-Match": "* for a visit that must be new",
            },
            problems=(404, 412, 413, 415, 422, 428),
        )
    )
    def put_visit(visit_ref: str, query: Row, body: Row) -> Response:
        refuse_unwritable(visit_ref, "rejected")
        found = gateway.ask(
            "ingest", "put_visit", caller(), visit_ref=visit_ref, values=body, **version_replaced(), **query
        )
        return one(found, 201 if found["created"] else 200)

    @api.delete("/visits/<visit_ref:visit_ref>")
    @operation(
        Operation(
            "Delete a visit: its history stays, its money is taken back",
            {200: ONE},
            query=asked.Deletion,
            headers={"If-Match": "the ETag of the version that was seen"},
            problems=(404, 412, 422, 428),
        )
    )
    def delete_visit(visit_ref: str, query: Row) -> Response:
        refuse_unwritable(visit_ref, "not_found")
        version = version_replaced()["version"]
        found = gateway.ask("ingest", "delete_visit", caller(), visit_ref=visit_ref, version=version, **query)
        return one(found, 200)

    def one(found: Row, status: int) -> Response:
        shown = Visits(gateway, caller()).shown(found)
        return answered(schemas.VisitWithVersions, shown, status, {"ETag": f'"{found["version"]}"'})


def version_replaced() -> dict[str, Any]:
    """What If-Match and If-None-Match say of the version that a change replaces."""
    if request.headers.get("If-None-Match", "").strip() == "*":
        return {"version": 0, "any_version": False}
    header = request.headers.get("If-Match", "").strip()
    match = VERSION.fullmatch(header)
    version = int(match[1]) if match else -1 if header not in ("", "*") else None
    return {"version": version, "any_version": header == "*"}


def refuse_unwritable(visit_ref: str, code: str) -> None:
    """No visit has a reference with a control character, and the database takes none."""
    if control_character(visit_ref):
        raise Refused(code, "A VisitRef has no control characters.")
