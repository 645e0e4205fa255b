"""/api/v1/concerns: raised by the council's systems, seen and moved by those with commissioning's eyes (RULES 16)."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response, url_for

from libs.common.errors import Refused
from libs.common.rights import names as rights
from services.portal.api.asked import NoQuery
from services.portal.api.operation import Answer, Operation, answered, caller, operation
from services.portal.casework.cases.api import files_of
from services.portal.casework.cases.attachments import send_along
from services.portal.clients.gateway import Gateway
from services.portal.concerns import api_schemas
from services.portal.concerns.notices.letters import tell_of_notice
from services.portal.concerns.views import find_about, place_of
from services.portal.web.access import the_parts
from services.portal.web.calls import disputes, gateway
from services.portal.web.names.clients import identifiers_of
from services.portal.web.names.organisations import id_of, provider_names
from services.portal.web.paging import cursor_after, place_by_moment

ONE = "/concerns/<uuid:concern_id>"
PROBLEMS = (404, 409, 413, 415, 422)
Row = dict[str, Any]


def register(api: Blueprint, gateway: Gateway) -> None:
    """Add the routes."""
    api.get("/concerns")(concerns)
    api.post("/concerns")(raise_concern)
    api.get("/concerns/trends")(concern_trends)
    api.get(ONE)(concern)
    api.post(f"{ONE}/steps")(go_on_with_concern)
    api.get("/concern-files/<uuid:concern_file_id>")(concern_file)


@operation(
    Operation(
        "Concerns; those that are open, when no state is named. For tokens with commissioning’s eyes",
        {200: Answer("A page of concerns, the newest first", api_schemas.Concerns)},
        query=api_schemas.ConcernsQuery,
        problems=(404, 422),
        needs=(rights.READ_CONCERNS,),
    )
)
def concerns(query: Row) -> Response:
    found = disputes().concerns(
        **of_query(query),
        states=[query["state"]] if "state" in query else [],
        first=query.get("first"),
        last=query.get("last"),
        clients=identifiers_of(gateway(), caller(), query.get("client")),
        after=place_by_moment(query.get("cursor")),
        limit=query["limit"],
    )
    cursor = cursor_after(found, query["limit"], place_of)
    return answered(api_schemas.Concerns, {"items": with_names(found), "next_cursor": cursor})


@operation(
    Operation(
        "Raise a concern; for the council’s tokens",
        {201: Answer("Its number", api_schemas.RaisedConcern)},
        query=NoQuery,
        json_body=api_schemas.NewConcern,
        problems=PROBLEMS,
        is_idempotent=True,
        needs=(rights.RAISE_CONCERNS,),
    )
)
def raise_concern(query: Row, body: Row, seed: uuid.UUID | None) -> Response:
    if caller()["organisation"] is not None:
        raise Refused("not_allowed", "Only the council writes concerns down.")
    concern_id = seed or uuid.uuid4()
    about = find_about(body["organisation"], body["client"], body["cpli_id"], body["visits"])
    raised = disputes().raise_concern(
        concern_id=concern_id,
        kind=body["kind"],
        source=body["source"],
        words=body["words"],
        happened_on=body["happened_on"],
        about_kind=body["about_kind"],
        about_id=body["about_id"],
        attachments=files_of(body, concern_id),
        **about,
    )
    place = url_for("api.concern", concern_id=concern_id)
    return answered(api_schemas.RaisedConcern, raised, 201, {"Location": place})


@operation(
    Operation(
        "A concern with its history, evidence and breach notices",
        {200: Answer("The concern", api_schemas.ConcernWithSteps)},
        query=NoQuery,
        problems=(404,),
        needs=(rights.READ_CONCERNS,),
    )
)
def concern(concern_id: uuid.UUID, query: Row) -> Response:
    found = disputes().concern(concern_id=concern_id)
    return answered(api_schemas.ConcernWithSteps, with_names([found])[0])


@operation(
    Operation(
        "Make a move, or add words and evidence",
        {201: Answer("How the concern stands", api_schemas.ConcernStanding)},
        query=NoQuery,
        json_body=api_schemas.NewStep,
        problems=PROBLEMS,
        is_idempotent=True,
        needs=(rights.CHANGE_CONCERNS,),
    )
)
def go_on_with_concern(concern_id: uuid.UUID, query: Row, body: Row, seed: uuid.UUID | None) -> Response:
    step_id = seed or uuid.uuid4()
    moved = disputes().move_concern(
        concern_id=concern_id,
        step_id=step_id,
        words=body["words"],
        move=body["move"],
        version=body["version"],
        referred_to=body["referred_to"],
        ended_in=body["ended_in"],
        to_provider=body["to_provider"],
        attachments=files_of(body, step_id),
    )
    tell_of_notice(moved["notice_id"], body["move"], step_id)
    return answered(api_schemas.ConcernStanding, moved, 201)


@operation(
    Operation(
        "How many concerns and breach notices there were, by month, provider and kind",
        {200: Answer("The months’ numbers; where there are none, nothing is said", api_schemas.Trends)},
        query=api_schemas.TrendsQuery,
        problems=(404, 422),
        needs=(rights.READ_CONCERNS,),
    )
)
def concern_trends(query: Row) -> Response:
    found = disputes().concern_trends(first=query["first"], last=query["last"], **of_query(query))
    return answered(api_schemas.Trends, {"items": with_names(found)})


@operation(
    Operation(
        "A file of a concern; to a provider’s token what came with its answers",
        {200: Answer("Its bytes, as they were sent", media_type="application/octet-stream")},
        query=NoQuery,
        problems=(404,),
        needs=(rights.READ_NOTICES,),
    )
)
def concern_file(concern_file_id: uuid.UUID, query: Row) -> Response:
    return send_along(disputes().concern_file(concern_file_id=concern_file_id))


def of_query(query: Row) -> Row:
    """The kind, provider and group that a query names. Raises Refused ``not_found``."""
    name = query.get("organisation")
    return {
        "kind": query.get("kind"),
        "organisation_id": id_of(gateway(), caller(), name) if name else None,
        "group_id": query.get("group"),
    }


def with_names(rows: Any) -> list[Row]:
    """Documents with the names of their providers."""
    names = provider_names(the_parts(), gateway(), {row["organisation_id"] for row in rows})
    return [{**row, "organisation": names[row["organisation_id"]]} for row in rows]
