"""/api/v1/visits: visits with their match and their money, entered, corrected and deleted one by one."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Blueprint, Response, request, stream_with_context

from libs.common.care.weeks import monday_of
from libs.common.errors import Refused
from libs.common.files.values import control_character
from libs.common.rights import names as rights
from libs.common.seams.ingest.visits import VisitWithVersions
from services.portal.api import asked, schemas
from services.portal.api.operation import Answer, Operation, answered, caller, operation
from services.portal.clients.gateway import Gateway
from services.portal.visits.bulk.week_rows import name_of_week, week_in_parts
from services.portal.visits.history.versions import version_seen
from services.portal.visits.views import Visits
from services.portal.web.calls import ingest
from services.portal.web.cursors import cursor_of, place_of
from services.portal.web.downloads.files import CSV, download
from services.portal.web.downloads.owners import whose_name

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
            needs=(rights.READ_VISITS,),
        )
    )
    def visits(query: Row) -> Response:
        rows, place = Visits(gateway, caller()).list_page(
            organisation=query.get("organisation"),
            week=query.get("week"),
            client=query.get("client"),
            status=query.get("status"),
            place=place_of(query.get("cursor"), str, str),
            limit=query["limit"],
        )
        cursor = cursor_of(*place) if place else None
        return answered(schemas.Visits, {"items": rows, "next_cursor": cursor})

    @api.get("/visits-of-a-week/<week>.csv")
    @operation(
        Operation(
            "The visits of a week in the 25 columns of a visits file",
            {200: Answer("A visits file", media_type="text/csv")},
            query=asked.WeekOfVisits,
            problems=(404,),
            needs=(rights.READ_VISITS,),
        )
    )
    def visits_of_a_week(week: str, query: Row) -> Response:
        monday, organisation = monday_of(day_in(week)), query.get("organisation")
        parts = week_in_parts(monday, organisation, {"client": query.get("client")})
        name = name_of_week(monday, whose_name(organisation))
        return download(stream_with_context(parts), name, CSV)

    @api.get("/visits/<visit_ref:visit_ref>")
    @operation(
        Operation("A visit", {200: ONE}, query=asked.Owner, problems=(404, 422), needs=(rights.READ_VISITS,))
    )
    def visit(visit_ref: str, query: Row) -> Response:
        refuse_unwritable(visit_ref, "not_found")
        found = ingest().visit(visit_ref=visit_ref, organisation=query.get("organisation"))
        return answer_visit(found, 200)

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
            needs=(rights.SEND_VISITS,),
        )
    )
    def put_visit(visit_ref: str, query: Row, body: Row) -> Response:
        refuse_unwritable(visit_ref, "rejected")
        version, is_any_version = version_replaced()
        found = ingest().put_visit(
            visit_ref=visit_ref,
            values=body,
            version=version,
            any_version=is_any_version,
            organisation=query.get("organisation"),
        )
        return answer_visit(found, 201 if found["created"] else 200)

    @api.delete("/visits/<visit_ref:visit_ref>")
    @operation(
        Operation(
            "Delete a visit: its history stays, its money is taken back",
            {200: ONE},
            query=asked.Deletion,
            headers={"If-Match": "the ETag of the version that was seen"},
            problems=(404, 412, 422, 428),
            needs=(rights.SEND_VISITS,),
        )
    )
    def delete_visit(visit_ref: str, query: Row) -> Response:
        refuse_unwritable(visit_ref, "not_found")
        version, _ = version_replaced()
        found = ingest().delete_visit(
            visit_ref=visit_ref,
            version=version,
            reason=query.get("reason"),
            organisation=query.get("organisation"),
        )
        return answer_visit(found, 200)

    def answer_visit(found: VisitWithVersions, status: int) -> Response:
        shown = Visits(gateway, caller()).show(found)
        return answered(schemas.VisitWithVersions, shown, status, {"ETag": f'"{found["version"]}"'})


def version_replaced() -> tuple[int | None, bool]:
    """What If-Match and If-None-Match say of the version that a change replaces, and whether it may be any.

    0 for a visit that must be new, None where nothing is said; -1, which no visit has, for what is none of our ETags.
    """
    if request.headers.get("If-None-Match", "").strip() == "*":
        return 0, False
    return version_seen(), request.headers.get("If-Match", "").strip() == "*"


def day_in(address: str) -> dt.date:
    """A day as 2022-10-03. Raises Refused ``not_found``."""
    try:
        day = dt.date.fromisoformat(address)
    except ValueError:
        day = None
    if day is None or day.isoformat() != address or not 1900 < day.year < 9000:
        raise Refused("not_found", "Name a week by one of its days, such as 2022-10-03.")
    return day


def refuse_unwritable(visit_ref: str, code: str) -> None:
    """No visit has a reference with a control character, and the database takes none."""
    if control_character(visit_ref):
        raise Refused(code, "A VisitRef has no control characters.")
