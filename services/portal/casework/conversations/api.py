"""/api/v1/actions, /enquiries and /reviews: lists, cases, messages. One implementation for the three kinds."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial
from typing import Final, NamedTuple

from flask import Blueprint, Response
from marshmallow import Schema

from libs.common.care.weeks import WEEKDAYS
from libs.common.casework.cases import ACTION, ENQUIRY, OWN_STEPS, REVIEW
from libs.common.errors import Refused
from libs.common.files.values import parse_time
from libs.common.rights import names as rights
from libs.common.seams.disputes.facts import ReviewVisit
from services.portal.api import asked
from services.portal.api.operation import Answer, Operation, answered, caller, operation
from services.portal.casework.cases.api import Query, answer_page, place_asked, say_in_case, tell_of_case
from services.portal.casework.cases.kinds import KINDS, api_address_of
from services.portal.casework.cases.letters import BEGUN
from services.portal.casework.conversations import api_queries, api_schemas
from services.portal.casework.conversations.subjects import (
    AboutPayment,
    about_missing_payment,
    find_about_action,
    find_about_item,
    find_about_period,
    find_about_review,
)
from services.portal.clients.gateway import Gateway
from services.portal.web.calls import disputes, gateway
from services.portal.web.names.organisations import id_of

SHOWN_CASE = Answer("The case with its conversation", api_schemas.CaseWithMessages)


class Conversation(NamedTuple):
    """A kind of case that begins by a body; begin: has disputes begin one of this id; right: who may begin one."""

    kind: str
    body: type[Schema]
    begin: Callable[[uuid.UUID, Query], object]
    right: str


def begin_action(case_id: uuid.UUID, body: Query) -> None:
    """Begin an action. Raises Refused ``not_found``."""
    about = find_about_action(body["cpli_id"], body.get("organisation"))
    disputes().open_action(case_id=case_id, subject=body["subject"], words=body["words"], **about)


def begin_enquiry(case_id: uuid.UUID, body: Query) -> None:
    """Question a payment. Raises Refused ``invalid`` for a body that names none."""
    disputes().open_enquiry(case_id=case_id, words=body["words"], **_find_about_payment(body))


def _find_about_payment(body: Query) -> AboutPayment:
    if "item_id" in body:
        return find_about_item(str(body["item_id"]))
    if "period_start" in body:
        return find_about_period(body["period_start"])
    if "client" in body and "week" in body:
        return about_missing_payment(body["client"], body["week"], body.get("amount"))
    raise Refused("invalid", "Say which payment: item_id, period_start, or the client and the week.")


def begin_review(case_id: uuid.UUID, body: Query) -> None:
    """Ask for a review. Raises Refused with the field that it is about."""
    visits: list[ReviewVisit] = [
        {
            "weekday": WEEKDAYS.index(visit["weekday"]),
            "entry": parse_time(visit["entry"]) or 0,
            "exit": parse_time(visit["exit"]) or 0,
            "is_longer": visit["is_longer"],
        }
        for visit in body["visits"]
    ]
    about = find_about_review(body["cpli_id"], body["first_on"], body["last_on"], visits)
    disputes().open_review(case_id=case_id, words=body["words"], **about)


CONVERSATIONS: Final = (
    Conversation(ACTION, api_queries.NewAction, begin_action, rights.ANSWER_CASEWORK),
    Conversation(ENQUIRY, api_queries.NewEnquiry, begin_enquiry, rights.OPEN_OWN_CASES),
    Conversation(REVIEW, api_queries.NewReview, begin_review, rights.OPEN_OWN_CASES),
)


def register(api: Blueprint, gateway: Gateway) -> None:
    """Add the routes of every kind."""
    for one in CONVERSATIONS:
        _register_kind(api, one)


def _register_kind(api: Blueprint, conversation: Conversation) -> None:
    kind = conversation.kind
    many, parameter = KINDS[kind].many, KINDS[kind].parameter
    one = f"/{many}/<uuid:{parameter}>"
    lists = Operation(
        f"{many.capitalize()}, open ones or those that are over",
        {200: Answer("A page, oldest first", api_schemas.Cases)},
        query=api_queries.CasesQuery,
        problems=(404,),
        needs=(rights.READ_CASEWORK,),
    )
    begins = Operation(
        f"Begin an {kind}" if kind[0] in "ae" else f"Ask for a {kind}",
        {201: SHOWN_CASE},
        query=asked.NoQuery,
        json_body=conversation.body,
        problems=(404, 409, 413, 415, 422),
        needs=(conversation.right,),
        is_idempotent=True,
    )
    shows = Operation(
        f"One of the {many}",
        {200: SHOWN_CASE},
        query=asked.NoQuery,
        problems=(404,),
        needs=(rights.READ_CASEWORK,),
    )
    says = Operation(
        "Say something, and make a move by it",
        {201: Answer("What became of it", api_schemas.Said)},
        query=asked.NoQuery,
        json_body=api_queries.NewMessage,
        problems=(404, 409, 413, 415, 422),
        needs=(rights.ANSWER_CASEWORK,),
        is_idempotent=True,
    )
    api.get(f"/{many}", endpoint=many)(operation(lists)(partial(list_conversations, kind)))
    api.post(f"/{many}", endpoint=f"open_{kind}")(operation(begins)(partial(begin, conversation)))
    api.get(one, endpoint=kind)(operation(shows)(partial(show_conversation, kind)))
    api.post(f"{one}/messages", endpoint=f"say_in_{kind}")(operation(says)(partial(say, kind)))


def list_conversations(kind: str, query: Query) -> Response:
    name = query.get("organisation")
    found = disputes().cases(
        kind=kind,
        organisation_id=id_of(gateway(), caller(), name) if name else None,
        turn=query.get("turn"),
        is_over=query["over"],
        client=query.get("client"),
        cpli_id=query.get("cpli_id"),
        order="oldest",
        after=place_asked(query),
        limit=query["limit"],
    )
    return answer_page(api_schemas.Cases, found, query)


def begin(conversation: Conversation, query: Query, body: Query, seed: uuid.UUID | None) -> Response:
    case_id = seed or uuid.uuid4()
    conversation.begin(case_id, body)
    tell_of_case(conversation.kind, case_id, BEGUN, case_id)
    headers = {"Location": api_address_of(conversation.kind, conversation.kind, case_id)}
    found = disputes().case(kind=conversation.kind, case_id=case_id)
    return answered(api_schemas.CaseWithMessages, found, 201, headers)


def show_conversation(kind: str, query: Query, **place: uuid.UUID) -> Response:
    found = disputes().case(kind=kind, case_id=place[KINDS[kind].parameter])
    return answered(api_schemas.CaseWithMessages, found)


def say(kind: str, query: Query, body: Query, seed: uuid.UUID | None, **place: uuid.UUID) -> Response:
    move = body.get("move", "")
    if (REVIEW, move) in OWN_STEPS:
        raise Refused("not_allowed", "Reviews are approved by people, on the review’s own page.")
    said = say_in_case(kind, place[KINDS[kind].parameter], body, seed or uuid.uuid4(), move)
    return answered(api_schemas.Said, said, status=201)
