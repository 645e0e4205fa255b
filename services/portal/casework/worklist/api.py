"""/api/v1/doubts: what a week's data makes doubtful, for the council's tokens (RULES 9)."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response

from libs.common.care.weeks import monday_of
from libs.common.casework.doubts import PROPOSED
from libs.common.errors import Refused
from libs.common.rights import names as rights
from libs.common.seams.disputes.doubts import Doubt
from services.portal.api.asked import NoQuery
from services.portal.api.operation import Answer, Operation, answered, caller, operation
from services.portal.casework.cases.api import Query
from services.portal.casework.worklist import api_schemas, views
from services.portal.casework.worklist.words import ASKED
from services.portal.clients.gateway import Gateway
from services.portal.web.calls import disputes, gateway
from services.portal.web.cursors import NO_CURSOR, place_of
from services.portal.web.names.organisations import id_of
from services.portal.web.paging import cursor_after


def register(api: Blueprint, gateway: Gateway) -> None:
    """Add the routes."""
    api.get("/doubts")(doubts)
    api.post("/doubts/<uuid:doubt_id>/dismiss")(dismiss_doubt)
    api.post("/doubts/<uuid:doubt_id>/raise")(raise_doubt)
    api.post("/doubts/raise")(raise_doubts)


@operation(
    Operation(
        "Doubts of a week; for the council’s tokens",
        {200: Answer("A page of doubts, a provider’s and a client’s together", api_schemas.Doubts)},
        query=api_schemas.DoubtsQuery,
        problems=(404,),
        needs=(rights.READ_WORKLIST,),
    )
)
def doubts(query: Query) -> Response:
    place = place_of(query.get("cursor"), str)
    found = disputes().doubts(
        week=monday_of(query["week"]),
        organisation_id=id_of(gateway(), caller(), query.get("organisation")),
        kind=query.get("kind"),
        states=[query["state"]],
        after=_uuid(place[0]) if place else None,
        limit=query["limit"],
    )
    cursor = cursor_after(found, query["limit"], lambda row: (row["doubt_id"],))
    return answered(api_schemas.Doubts, {"items": views.name_doubts(found), "next_cursor": cursor})


@operation(
    Operation(
        "Dismiss a doubt for good, with a reason",
        {200: Answer("The doubt", api_schemas.Doubt)},
        query=NoQuery,
        json_body=api_schemas.Dismissed,
        is_body_optional=True,
        problems=(404, 409, 413, 415, 422),
        needs=(rights.SETTLE_CASEWORK,),
    )
)
def dismiss_doubt(doubt_id: uuid.UUID, query: Query, body: Query) -> Response:
    _require_proposed(doubt_id)
    why = body["reason"].strip()
    if not why:
        raise Refused("invalid", "Say why it is dismissed, as reason.")
    disputes().dismiss_doubts(doubt_ids=[str(doubt_id)], why=why)
    return _answer_doubt(doubt_id)


@operation(
    Operation(
        "Raise a doubt as a dispute",
        {200: Answer("The doubt, with the dispute’s case_id", api_schemas.Doubt)},
        query=NoQuery,
        json_body=api_schemas.Raised,
        is_body_optional=True,
        problems=(404, 409, 413, 415, 422),
        needs=(rights.SETTLE_CASEWORK,),
    )
)
def raise_doubt(doubt_id: uuid.UUID, query: Query, body: Query) -> Response:
    found = _require_proposed(doubt_id)
    words = {found["reason"]: body["words"].strip() or ASKED[found["reason"]]}
    done = views.raise_doubts([found], words, seed=uuid.uuid4())
    if done["left"]:
        why = done["left"][0]
        raise Refused(why["code"], why["message"])
    return _answer_doubt(doubt_id)


@operation(
    Operation(
        "Raise doubts as disputes; what can’t be raised any more is left, and stops no other",
        {200: Answer("The disputes, and the doubts that were left", api_schemas.RaisedDoubts)},
        query=NoQuery,
        json_body=api_schemas.DoubtsToRaise,
        is_body_optional=True,
        problems=(404, 409, 413, 415, 422),
        is_idempotent=True,
        needs=(rights.SETTLE_CASEWORK,),
    )
)
def raise_doubts(query: Query, body: Query, seed: uuid.UUID | None) -> Response:
    if caller()["organisation"] is not None:
        raise Refused("not_found", "There is no such worklist.")
    ids = [str(one) for one in dict.fromkeys(body["doubts"])]
    if not ids:
        raise Refused("invalid", "Name one or more doubts.")
    rows = disputes().doubts_chosen(doubt_ids=ids)
    if len(rows) < len(ids):
        raise Refused("not_found", "One of these doubts is not there.")
    said = {one["reason"]: one["words"].strip() for one in body["words"]}
    words = {row["reason"]: said.get(row["reason"]) or ASKED[row["reason"]] for row in rows}
    return answered(api_schemas.RaisedDoubts, views.raise_doubts(rows, words, seed=seed or uuid.uuid4()))


def _answer_doubt(doubt_id: uuid.UUID) -> Response:
    (found,) = views.name_doubts([_require_doubt(doubt_id)])
    return answered(api_schemas.Doubt, found)


def _require_doubt(doubt_id: uuid.UUID) -> Doubt:
    """A doubt. Raises Refused ``not_found``, for a provider in any case."""
    rows = disputes().doubts_chosen(doubt_ids=[str(doubt_id)])
    if not rows:
        raise Refused("not_found", "There is no such doubt.")
    return rows[0]


def _require_proposed(doubt_id: uuid.UUID) -> Doubt:
    """A doubt that waits for somebody. Raises Refused ``not_found`` and ``wrong_state``."""
    found = _require_doubt(doubt_id)
    if found["state"] != PROPOSED:
        raise Refused("wrong_state", f"This doubt is {found['state']}: there is nothing left to do with it.")
    return found


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Refused(*NO_CURSOR) from None
