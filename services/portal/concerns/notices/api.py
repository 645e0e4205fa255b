"""/api/v1/breach-notices: sent by the council, answered by providers' systems (RULES 16)."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response

from libs.common.errors import Refused
from libs.common.rights import names as rights
from services.portal.api.asked import NoQuery
from services.portal.api.operation import Answer, Operation, answered, caller, operation
from services.portal.casework.cases.api import files_of
from services.portal.casework.cases.views import find_names
from services.portal.clients.gateway import Gateway
from services.portal.concerns.api_schemas import ConcernStanding
from services.portal.concerns.notices import api_schemas
from services.portal.concerns.notices.files import name_of_pdf, notice_pdf
from services.portal.concerns.notices.letters import tell_of_notice
from services.portal.concerns.views import visits_of_notice
from services.portal.web.branding import the_branding
from services.portal.web.calls import disputes, gateway
from services.portal.web.downloads.files import PDF, download
from services.portal.web.names.organisations import id_of
from services.portal.web.paging import cursor_after, place_by_moment

ONE = "/breach-notices/<uuid:notice_id>"
PROBLEMS = (404, 409, 413, 415, 422)
Row = dict[str, Any]


def register(api: Blueprint, gateway: Gateway) -> None:
    """Add the routes."""
    api.post("/concerns/<uuid:concern_id>/breach-notices")(send_breach_notice)
    api.get("/breach-notices")(breach_notices)
    api.get(ONE)(breach_notice)
    api.get(f"{ONE}.pdf")(breach_notice_pdf)
    api.post(f"{ONE}/answers")(answer_breach_notice)


@operation(
    Operation(
        "Send a breach notice to the provider of a concern",
        {201: Answer("How the concern stands", ConcernStanding)},
        query=NoQuery,
        json_body=api_schemas.NewNotice,
        problems=PROBLEMS,
        is_idempotent=True,
        needs=(rights.CHANGE_CONCERNS,),
    )
)
def send_breach_notice(concern_id: uuid.UUID, query: Row, body: Row, seed: uuid.UUID | None) -> Response:
    found, notice_id = disputes().concern(concern_id=concern_id), seed or uuid.uuid4()
    visits = visits_of_notice(found["organisation_id"], body["visits"])
    if len(visits) < len(set(body["visits"])):
        raise Refused("unknown_visit", "One of these visits is not there.", {"field": "visits"})
    moved = disputes().send_breach_notice(
        concern_id=concern_id,
        notice_id=notice_id,
        version=body["version"],
        words=body["words"],
        due_on=body["due_on"],
        visits=visits,
    )
    tell_of_notice(moved["notice_id"], "send_notice", notice_id)
    return answered(ConcernStanding, moved, 201)


@operation(
    Operation(
        "Breach notices: a provider’s own, or for tokens with commissioning’s eyes all",
        {200: Answer("A page of breach notices, the newest first", api_schemas.Notices)},
        query=api_schemas.NoticesQuery,
        problems=(404,),
        needs=(rights.READ_NOTICES,),
    )
)
def breach_notices(query: Row) -> Response:
    name = query.get("organisation")
    found = disputes().breach_notices(
        organisation_id=id_of(gateway(), caller(), name) if name else None,
        state=query.get("state"),
        first=query.get("first"),
        last=query.get("last"),
        after=place_by_moment(query.get("cursor")),
        limit=query["limit"],
    )
    cursor = cursor_after(found, query["limit"], lambda row: (row["sent_at"], row["notice_id"]))
    return answered(api_schemas.Notices, {"items": found, "next_cursor": cursor})


@operation(
    Operation(
        "A breach notice with its answers",
        {200: Answer("The breach notice", api_schemas.BreachNotice)},
        query=NoQuery,
        problems=(404,),
        needs=(rights.READ_NOTICES,),
    )
)
def breach_notice(notice_id: uuid.UUID, query: Row) -> Response:
    return answered(api_schemas.BreachNotice, disputes().breach_notice(notice_id=notice_id))


@operation(
    Operation(
        "A breach notice as PDF",
        {200: Answer("The PDF", media_type=PDF)},
        query=NoQuery,
        problems=(404,),
        needs=(rights.READ_NOTICES,),
    )
)
def breach_notice_pdf(notice_id: uuid.UUID, query: Row) -> Response:
    found = disputes().breach_notice(notice_id=notice_id)
    names = find_names([found]).of(found)
    content = notice_pdf(
        found,
        provider=names["organisation"],
        client=names["client"],
        letterhead=the_branding().letterhead,
    )
    return download(content, name_of_pdf(found, names["organisation"]), PDF)


@operation(
    Operation(
        "Answer a breach notice; for its provider’s tokens",
        {201: Answer("How the breach notice stands", api_schemas.NoticeStanding)},
        query=NoQuery,
        json_body=api_schemas.NewAnswer,
        problems=PROBLEMS,
        is_idempotent=True,
        needs=(rights.ANSWER_NOTICES,),
    )
)
def answer_breach_notice(notice_id: uuid.UUID, query: Row, body: Row, seed: uuid.UUID | None) -> Response:
    answer_id = seed or uuid.uuid4()
    answer = disputes().answer_breach_notice(
        notice_id=notice_id,
        answer_id=answer_id,
        words=body["words"],
        attachments=files_of(body, answer_id),
    )
    return answered(api_schemas.NoticeStanding, answer, 201)
