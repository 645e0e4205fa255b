"""/api/v1/visits-files/…/unmatched and /duplicates: how a checked file will match, row by row (RULES 4)."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response, url_for

from libs.common.rights import names as rights
from services.portal.api import asked
from services.portal.api.operation import Answer, Operation, answered, operation
from services.portal.clients.gateway import Gateway
from services.portal.visits.files import api_schemas
from services.portal.visits.mending import steps as mending
from services.portal.web.calls import ingest
from services.portal.web.cursors import cursor_of, place_of


def register(api: Blueprint, gateway: Gateway) -> None:
    """Add the routes."""

    @api.get("/visits-files/<uuid:file_id>/unmatched")
    @operation(
        Operation(
            "The rows of a checked file that will have no match, with the reason",
            {200: Answer("A page of rows", api_schemas.UnmatchedRows)},
            query=api_schemas.UnmatchedQuery,
            problems=(404,),
            needs=(rights.READ_VISITS,),
        )
    )
    def visits_file_unmatched(file_id: uuid.UUID, query: dict[str, Any]) -> Response:
        after, limit = _after(query), query["limit"]
        found = ingest().visits_file_unmatched(
            file_id=str(file_id), reason=query.get("reason"), after=after, limit=limit + 1
        )
        return answered(api_schemas.UnmatchedRows, _page(found, limit))

    @api.get("/visits-files/<uuid:file_id>/duplicates")
    @operation(
        Operation(
            "The rows of a checked file that may be there already under another VisitRef",
            {200: Answer("A page of rows", api_schemas.DuplicateRows)},
            query=asked.ErrorsPage,
            problems=(404,),
            needs=(rights.READ_VISITS,),
        )
    )
    def visits_file_duplicates(file_id: uuid.UUID, query: dict[str, Any]) -> Response:
        after, limit = _after(query), query["limit"]
        found = ingest().visits_file_duplicates(file_id=str(file_id), after=after, limit=limit + 1)
        return answered(api_schemas.DuplicateRows, _page(found, limit))

    @api.get("/visits-files/<uuid:file_id>/kinds")
    @operation(
        Operation(
            "The kinds of rows of a checked file that one other value may mend, most rows first",
            {
                200: Answer(
                    "Each with how many rows it has, and about what they would pay", api_schemas.KindsOfRows
                )
            },
            query=asked.NoQuery,
            problems=(404,),
            needs=(rights.READ_VISITS,),
        )
    )
    def kinds_of_rows(file_id: uuid.UUID, query: dict[str, Any]) -> Response:
        return answered(api_schemas.KindsOfRows, {"items": ingest().kinds_of_rows(file_id=str(file_id))})

    @api.post("/visits-files/<uuid:file_id>/mend")
    @operation(
        Operation(
            "Give all rows of one kind another value: the file is checked again as a new one, this one is cancelled",
            {201: Answer("Where the new file is", api_schemas.MendedFile)},
            query=asked.NoQuery,
            json_body=api_schemas.RowsMended,
            problems=(404, 409, 413, 415, 422),
            is_idempotent=True,
            needs=(rights.SEND_VISITS,),
        )
    )
    def mend_rows(
        file_id: uuid.UUID, query: dict[str, Any], body: dict[str, Any], seed: uuid.UUID | None
    ) -> Response:
        file = ingest().visits_file(file_id=str(file_id))
        kind = mending.require_kind(file["id"], body["fault"], body["value"])
        sent = mending.mend(file, kind, body["chosen"], file["check_version"])
        headers = {"Location": url_for("api.visits_file", file_id=sent["id"])}
        return answered(api_schemas.MendedFile, {"id": sent["id"], "rows": kind["rows"]}, 201, headers)


def _after(query: dict[str, Any]) -> int:
    """The row after which a page begins."""
    place = place_of(query.get("cursor"), int)
    return place[0] if place else 0


def _page(found: list[Any], limit: int) -> dict[str, Any]:
    """The page out of an answer that was asked for one row more."""
    rows = found[:limit]
    return {"items": rows, "next_cursor": cursor_of(rows[-1]["row"]) if len(found) > limit else None}
