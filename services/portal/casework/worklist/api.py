"""/api/v1/doubts: what a week's data makes doubtful, for the council's tokens (RULES 9)."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response

from libs.common.care.weeks import monday_of
from libs.common.errors import Refused
from services.portal.api.asked import NoQuery
from services.portal.api.operation import Answer, Operation, answered, caller, operation
from services.portal.casework.worklist import api_schemas, views
from services.portal.casework.worklist.words import ASKED
from services.portal.clients.gateway import Gateway
from services.portal.web.cursors import cursor_of, place_of
from services.portal.web.organisations import id_of, names_by_id

Row = dict[str, Any]


def register(api: Blueprint, gateway: Gateway) -> None:
    """Add the routes."""

    @api.get("/doubts")
    @operation(
        Operation(
            "Doubts of a week; for the council’s tokens",
            {200: Answer("A page of doubts, a provider’s and a client’s together", api_schemas.Doubts)},
            query=api_schemas.DoubtsQuery,
            problems=(404,),
        )
    )
    def doubts(query: Row) -> Response:
        place = place_of(query.get("cursor"), str)
        found = gateway.ask(
            "disputes",
            "doubts",
            caller(),
            week=monday_of(query["week"]).isoformat(),
            organisation_id=id_of(gateway, caller(), query.get("organisation")),
            kind=query.get("kind"),
            states=[query["state"]],
            after=str(_uuid(place[0])) if place else None,
            limit=query["limit"],
        )
        cursor = cursor_of(found[-1]["doubt_id"]) if len(found) == query["limit"] else None
        return answered(api_schemas.Doubts, {"items": _named(gateway, found), "next_cursor": cursor})

    @api.post("/doubts/<uuid:doubt_id>/dismiss")
    @operation(
        Operation(
            "Dismiss a doubt for good, with a reason",
            {200: Answer("The doubt", api_schemas.Doubt)},
            query=NoQuery,
            json_body=api_schemas.Dismissed,
            is_body_optional=True,
            problems=(404, 409, 413, 415, 422),
        )
    )
    def dismiss_doubt(doubt_id: uuid.UUID, query: Row, body: Row) -> Response:
        _proposed(gateway, doubt_id)
        why = body["reason"].strip()
        if not why:
            raise Refused("invalid", "Say why it is dismissed, as reason.")
        gateway.ask("disputes", "dismiss_doubts", caller(), doubt_ids=[str(doubt_id)], why=why)
        return answered(api_schemas.Doubt, _one(gateway, doubt_id))

    @api.post("/doubts/<uuid:doubt_id>/raise")
    @operation(
        Operation(
            "Raise a doubt as a dispute",
            {200: Answer("The doubt, with the dispute’s case_id", api_schemas.Doubt)},
            query=NoQuery,
            json_body=api_schemas.Raised,
            is_body_optional=True,
            problems=(404, 409, 413, 415, 422),
        )
    )
    def raise_doubt(doubt_id: uuid.UUID, query: Row, body: Row) -> Response:
        found = _proposed(gateway, doubt_id)
        words = {found["reason"]: body["words"].strip() or ASKED[found["reason"]]}
        done = views.raise_doubts(gateway, caller(), [found], words, seed=uuid.uuid4())
        if done["left"]:
            why = done["left"][0]
            raise Refused(why["code"], why["message"])
        return answered(api_schemas.Doubt, _one(gateway, doubt_id))

    @api.post("/doubts/raise")
    @operation(
        Operation(
            "Raise doubts as disputes; what can’t be raised any more is left, and stops no other",
            {200: Answer("The disputes, and the doubts that were left", api_schemas.RaisedDoubts)},
            query=NoQuery,
            json_body=api_schemas.DoubtsToRaise,
            is_body_optional=True,
            problems=(404, 409, 413, 415, 422),
            is_idempotent=True,
        )
    )
    def raise_doubts(query: Row, body: Row, seed: uuid.UUID | None) -> Response:
        if caller()["organisation"] is not None:
            raise Refused("not_found", "There is no such worklist.")
        ids = [str(one) for one in dict.fromkeys(body["doubts"])]
        if not ids:
            raise Refused("invalid", "Name one or more doubts.")
        rows = gateway.ask("disputes", "doubts_chosen", caller(), doubt_ids=ids)
        if len(rows) < len(ids):
            raise Refused("not_found", "One of these doubts is not there.")
        said = {one["reason"]: one["words"].strip() for one in body["words"]}
        words = {row["reason"]: said.get(row["reason"]) or ASKED[row["reason"]] for row in rows}
        done = views.raise_doubts(gateway, caller(), rows, words, seed=seed or uuid.uuid4())
        return answered(api_schemas.RaisedDoubts, done)


def _one(gateway: Gateway, doubt_id: uuid.UUID) -> Row:
    """A doubt. Raises Refused ``not_found``, for a provider in any case."""
    rows = gateway.ask("disputes", "doubts_chosen", caller(), doubt_ids=[str(doubt_id)])
    if not rows:
        raise Refused("not_found", "There is no such doubt.")
    return _named(gateway, rows)[0]


def _proposed(gateway: Gateway, doubt_id: uuid.UUID) -> Row:
    """A doubt that waits for somebody. Raises Refused ``not_found`` and ``wrong_state``."""
    found = _one(gateway, doubt_id)
    if found["state"] != "proposed":
        raise Refused("wrong_state", f"This doubt is {found['state']}: there is nothing left to do with it.")
    return found


def _named(gateway: Gateway, rows: list[Row]) -> list[Row]:
    """Doubts with the names of their providers."""
    by_id = names_by_id(gateway, (row["organisation_id"] for row in rows))
    for row in rows:
        row["organisation"] = by_id.get(row["organisation_id"], "")
    return rows


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Refused("bad_query", "The cursor is not one of this list: begin again without it.") from None
