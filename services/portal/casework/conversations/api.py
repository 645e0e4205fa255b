"""/api/v1/actions, /enquiries and /reviews: lists, cases, messages. One implementation for all kinds."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, NamedTuple

from flask import Blueprint, Response, url_for
from marshmallow import Schema

from libs.common.errors import Refused
from libs.common.files.values import parse_time
from services.portal.api import asked
from services.portal.api.operation import Answer, Operation, answered, caller, operation
from services.portal.casework.cases import attachments
from services.portal.casework.cases import views as cases_views
from services.portal.casework.conversations import api_queries, api_schemas
from services.portal.casework.conversations.subjects import Begun, missing
from services.portal.casework.conversations.words import WORDS
from services.portal.clients.gateway import Gateway
from services.portal.web import access
from services.portal.web.cursors import cursor_of, moment_and_id

ONE = Answer("The case with its conversation", api_schemas.CaseWithMessages)
Row = dict[str, Any]


class Kind(NamedTuple):
    """A kind of case. begun: what a body begins, as disputes takes it."""

    name: str
    many: str
    body: type[Schema]
    begun: Callable[[Begun, Row], Row]


def action(begun: Begun, body: Row) -> Row:
    """What a body begins."""
    return {"subject": body["subject"], **begun.action(body["cpli_id"], body.get("organisation"))}


def enquiry(begun: Begun, body: Row) -> Row:
    """What a body begins. Raises Refused ``invalid`` for one that names no payment."""
    if "item_id" in body:
        return begun.about_item(str(body["item_id"]))
    if "period_start" in body:
        return begun.about_period(body["period_start"])
    if "client" in body and "week" in body:
        return missing(body["client"], body["week"], body.get("amount"))
    raise Refused("invalid", "Say which payment: item_id, period_start, or the client and the week.")


def review(begun: Begun, body: Row) -> Row:
    """What a body begins."""
    visits = [
        {
            "weekday": api_queries.DAYS.index(visit["weekday"]),
            "entry": parse_time(visit["entry"]),
            "exit": parse_time(visit["exit"]),
            "is_longer": visit["is_longer"],
        }
        for visit in body["visits"]
    ]
    return begun.review(body["cpli_id"], body["first_on"], body["last_on"], visits)


KINDS = (
    Kind("action", "actions", api_queries.NewAction, action),
    Kind("enquiry", "enquiries", api_queries.NewEnquiry, enquiry),
    Kind("review", "reviews", api_queries.NewReview, review),
)


def register(api: Blueprint, gateway: Gateway) -> None:
    """Add the routes of every kind."""
    for kind in KINDS:
        Routes(kind, gateway).register(api)


class Routes(NamedTuple):
    """The routes of one kind."""

    kind: Kind
    gateway: Gateway

    def register(self, api: Blueprint) -> None:
        """Add them."""
        name, many, body, _ = self.kind
        parameter = f"{name}_id"
        one = f"/{many}/<uuid:{parameter}>"
        page = Answer("A page, oldest first", api_schemas.Cases)
        said = Answer("What became of it", api_schemas.Said)

        @api.get(f"/{many}", endpoint=many)
        @operation(
            Operation(
                f"{many.capitalize()}, open ones or those that are over",
                {200: page},
                query=api_queries.CasesQuery,
                problems=(404,),
            )
        )
        def listed(query: Row) -> Response:
            return self.listed(query)

        @api.post(f"/{many}", endpoint=f"open_{name}")
        @operation(
            Operation(
                f"Begin an {name}" if name[0] in "ae" else f"Ask for a {name}",
                {201: ONE},
                query=asked.NoQuery,
                json_body=body,
                problems=(404, 409, 413, 415, 422),
                is_idempotent=True,
            )
        )
        def begin(query: Row, body: Row, seed: uuid.UUID | None) -> Response:
            return self.begin(body, seed or uuid.uuid4())

        @api.get(one, endpoint=name)
        @operation(Operation(f"One of the {many}", {200: ONE}, query=asked.NoQuery, problems=(404,)))
        def case(query: Row, **place: uuid.UUID) -> Response:
            return self.shown(place[parameter], 200)

        @api.post(f"{one}/messages", endpoint=f"say_in_{name}")
        @operation(
            Operation(
                "Say something, and make a move by it",
                {201: said},
                query=asked.NoQuery,
                json_body=api_queries.NewMessage,
                problems=(404, 409, 413, 415, 422),
                is_idempotent=True,
            )
        )
        def say(query: Row, body: Row, seed: uuid.UUID | None, **place: uuid.UUID) -> Response:
            return self.say(place[parameter], body, seed or uuid.uuid4())

    def listed(self, query: Row) -> Response:
        """A page."""
        after = moment_and_id(query.get("cursor"))
        name = query.get("organisation")
        found = self._ask(
            "cases",
            organisation_id=self.gateway.ask("matching", "organisation_id", caller(), organisation=name)
            if name
            else None,
            turn=query.get("turn"),
            is_over=query["over"],
            client=query.get("client"),
            cpli_id=query.get("cpli_id"),
            order="oldest",
            after=None if after is None else [after[0].isoformat(), str(after[1])],
            limit=query["limit"],
        )
        last = found[-1] if len(found) == query["limit"] else None
        cursor = cursor_of(last["opened_at"], last["case_id"]) if last else None
        return answered(api_schemas.Cases, {"items": found, "next_cursor": cursor})

    def begin(self, body: Row, case_id: uuid.UUID) -> Response:
        """Begin a case, and show it."""
        begun = self.kind.begun(Begun(self.gateway, caller()), body)
        method = f"open_{self.kind.name}"
        about = {"case_id": str(case_id), "words": body["words"], **begun}
        self.gateway.ask("disputes", method, caller(), **about)
        self._tell(case_id, "open", case_id)
        return self.shown(case_id, 201)

    def shown(self, case_id: uuid.UUID, status: int) -> Response:
        """A case with its conversation."""
        found = self._ask("case", case_id=str(case_id))
        headers = {"Location": url_for(f"api.{self.kind.name}", **_place(self.kind.name, case_id))}
        return answered(api_schemas.CaseWithMessages, found, status, headers if status == 201 else None)

    def say(self, case_id: uuid.UUID, body: Row, message_id: uuid.UUID) -> Response:
        """Add a message."""
        move = body.get("move", "")
        if move.startswith("approve"):
            raise Refused("not_allowed", "Reviews are approved by people, on the review’s own page.")
        files = attachments.unsealed(access.the_parts(), caller(), body["attachments"], message_id)
        said = {"message_id": str(message_id), "words": body["words"], "move": move, "attachments": files}
        found = self._ask("say", case_id=str(case_id), **said)
        self._tell(case_id, move if found["is_moved"] else "", message_id)
        return answered(api_schemas.Said, found, status=201)

    def _tell(self, case_id: uuid.UUID, move: str, message_id: uuid.UUID) -> None:
        """A letter to the provider when the council’s token said something."""
        sentence = WORDS[self.kind.name].letters.get(move)
        if sentence is None or caller()["organisation"] is not None:
            return
        found = self._ask("case", case_id=str(case_id))
        place = url_for(f"{self.kind.many}.one", **_place(self.kind.name, case_id))
        told, whose = sentence.format(number=found["number"]), [found["organisation_id"]]
        cases_views.write_to_providers(
            access.the_parts(), self.kind.name, whose, told, place, about=message_id
        )

    def _ask(self, method: str, **wanted: Any) -> Any:
        return self.gateway.ask("disputes", method, caller(), kind=self.kind.name, **wanted)


def _place(name: str, case_id: uuid.UUID) -> Row:
    return {f"{name}_id": case_id}
