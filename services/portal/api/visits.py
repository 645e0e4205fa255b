"""/api/v1/visits: visits with their match and their money, entered, corrected and deleted one by one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, request

from libs.common.errors import Refused
from libs.common.values import control_character
from libs.common.weeks import monday_of
from services.portal.api import asked, schemas
from services.portal.api.cursors import cursor_of, place_of
from services.portal.api.operation import Answer, Operation, answered, caller, operation
from services.portal.api.visits_files import VERSION
from services.portal.gateway import Gateway

NIL = "00000000-0000-0000-0000-000000000000"
# New visits are few and short-lived, and known only by looking at all: so many pages are looked through at once.
PAGES_LOOKED_THROUGH = 10
ONE = Answer("The visit; its version is the ETag", schemas.VisitWithVersions)

Row = dict[str, Any]


def register(api: Blueprint, gateway: Gateway) -> None:
    """Add the routes."""

    @api.get("/visits")
    @operation(
        Operation(
            "Visits of a week, a client, a status",
            {200: Answer("A page of visits, in the order of their references", schemas.Visits)},
            query=asked.VisitsQuery,
            problems=(404,),
        )
    )
    def visits(query: Row) -> Response:
        status = query.get("status")
        place = place_of(query.get("cursor"), str, str)
        facts = {
            "organisation": query.get("organisation"),
            "week": monday_of(query["week"]).isoformat() if "week" in query else None,
            "clients": clients(query["client"]) if "client" in query else None,
            "limit": query["limit"],
        }
        if status == "Missing Data":  # a visit that lacks what pricing needs is refused by every way in
            return answered(schemas.Visits, {"items": [], "next_cursor": None})
        find = {"Matched": matched, "Unmatched": matched, "New": new, None: every}[status]
        rows, place = find(facts, place or [NIL, ""], status)
        cursor = cursor_of(*place) if place else None
        return answered(schemas.Visits, {"items": with_money(rows), "next_cursor": cursor})

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
        (shown,) = with_money(with_matches([found]))
        return answered(schemas.VisitWithVersions, shown, status, {"ETag": f'"{found["version"]}"'})

    def clients(identifier: str) -> list[str]:
        """All identifiers of a client: a visit may name it by any of them."""
        known = gateway.ask("matching", "client_identifiers", caller(), identifier=identifier)
        return sorted({identifier, *known})

    def every(facts: Row, place: Sequence[str], status: str | None) -> tuple[list[Row], list[str] | None]:
        """A page of all visits, with their matches, and the place after it."""
        rows = gateway.ask(
            "ingest", "visits", caller(), **facts, after_organisation=place[0], after_ref=place[1]
        )
        is_full = len(rows) == facts["limit"]
        return with_matches(rows), [rows[-1]["organisation_id"], rows[-1]["ref"]] if is_full else None

    def new(facts: Row, place: Sequence[str], status: str | None) -> tuple[list[Row], list[str] | None]:
        """Visits that matching has not tried yet; a page may hold fewer than asked for, and go on."""
        found: list[Row] = []
        after: list[str] | None = list(place)
        for _ in range(PAGES_LOOKED_THROUGH):
            rows, after = every(facts, after or place, status)
            found += [row for row in rows if row["status"] == "New"]
            if after is None or found:
                break
        return found, after

    def matched(facts: Row, place: Sequence[str], status: str | None) -> tuple[list[Row], list[str] | None]:
        """A page of visits that are matched, or not, and the place after it."""
        keys = gateway.ask(
            "matching",
            "matched_visits",
            caller(),
            **facts,
            is_matched=status == "Matched",
            after_organisation=place[0],
            after_ref=place[1],
        )
        rows = gateway.ask("ingest", "visits_of_refs", caller(), refs=[key[:2] for key in keys])
        shown = [row for row in with_matches(rows, keys) if row["status"] == status]
        return shown, keys[-1][:2] if len(keys) == facts["limit"] else None

    def with_matches(rows: list[Row], matches: Any = None) -> list[Row]:
        """Each visit with its week, status, CPLI and reason (RULES 5)."""
        refs = [[row["organisation_id"], row["ref"]] for row in rows]
        if matches is None and refs:
            matches = gateway.ask("matching", "visit_matches", caller(), refs=refs)
        known = {(organisation_id, ref): rest for organisation_id, ref, *rest in matches or ()}
        for row in rows:
            version, cpli_id, reason = known.get((row["organisation_id"], row["ref"]), (0, None, None))
            is_tried = version >= row["version"] and not row["deleted"]
            row["week"] = monday_of(dt.date.fromisoformat(row["planned_on"])).isoformat()
            row["cpli_id"], row["reason"] = (cpli_id, reason) if is_tried else (None, None)
            row["status"] = status_of(row, is_tried=is_tried)
        return rows

    def with_money(rows: list[Row]) -> list[Row]:
        """Each visit with what it pays and why; None while it has no match or its week is not priced yet."""
        asked = [
            [row["organisation_id"], row["ref"], row["cpli_id"], row["week"]]
            for row in rows
            if row["cpli_id"] is not None
        ]
        paid = gateway.ask("payments", "visit_payments", caller(), visits=asked) if asked else []
        known = {(organisation_id, ref): payment for organisation_id, ref, payment in paid}
        for row in rows:
            row["pays"] = known.get((row["organisation_id"], row["ref"]))
        return rows


def status_of(row: Row, *, is_tried: bool) -> str:
    """RULES 5: New until it was tried, then Matched or Unmatched."""
    if row["deleted"]:
        return "Deleted"
    if not is_tried:
        return "New"
    return "Unmatched" if row["cpli_id"] is None else "Matched"


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
