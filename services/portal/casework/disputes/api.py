"""/api/v1/disputes: what the council questions, answered by providers' systems (RULES 9)."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response

from libs.common.errors import Refused
from services.portal.api import asked
from services.portal.api.operation import Answer, Operation, answered, caller, operation
from services.portal.casework.cases import attachments
from services.portal.casework.cases import views as cases_views
from services.portal.casework.disputes import api_schemas, views
from services.portal.clients.gateway import Gateway
from services.portal.web.access import the_parts
from services.portal.web.cursors import cursor_of, moment_and_id
from services.portal.web.organisations import id_of
from services.portal.web.people import provider_names

Row = dict[str, Any]


def register(api: Blueprint, gateway: Gateway) -> None:
    """Add the routes."""

    @api.get("/disputes")
    @operation(
        Operation(
            "Disputes; those that are open, when no status is named",
            {200: Answer("A page of disputes, the newest first", api_schemas.Disputes)},
            query=api_schemas.DisputesQuery,
            problems=(404,),
        )
    )
    def disputes_page(query: Row) -> Response:
        after = moment_and_id(query.get("cursor"))
        found = gateway.ask(
            "disputes",
            "cases",
            caller(),
            kind="dispute",
            states=[query["status"]] if "status" in query else [],
            organisation_id=id_of(gateway, caller(), query.get("organisation")),
            clients=views.identifiers_of(gateway, caller(), query.get("client")),
            first_on=_day(query.get("first_on")),
            last_on=_day(query.get("last_on")),
            after=[after[0].isoformat(), str(after[1])] if after else None,
            limit=query["limit"],
        )
        last = found[-1] if len(found) == query["limit"] else None
        cursor = cursor_of(last["opened_at"], last["case_id"]) if last else None
        return answered(api_schemas.Disputes, {"items": _named(gateway, found), "next_cursor": cursor})

    @api.post("/disputes")
    @operation(
        Operation(
            "Raise a dispute on a week, or on visits: one for each client; for the council’s tokens",
            {201: Answer("The disputes", api_schemas.RaisedDisputes)},
            query=asked.NoQuery,
            json_body=api_schemas.DisputesToRaise,
            problems=(404, 409, 413, 415, 422),
            is_idempotent=True,
        )
    )
    def raise_disputes(query: Row, body: Row, seed: uuid.UUID | None) -> Response:
        if caller()["organisation"] is not None:
            raise Refused("not_allowed", "Only the council raises disputes.")
        said: Row = {"seed": seed or uuid.uuid4(), "reason": body["reason"], "words": body["words"].strip()}
        wanted = _wanted(gateway, body, said)
        gateway.ask("disputes", "raise_disputes", caller(), disputes=wanted)
        cases_views.tell_of_raised(the_parts(), wanted)
        return answered(api_schemas.RaisedDisputes, {"items": wanted}, 201)

    @api.get("/disputes/<uuid:case_id>")
    @operation(
        Operation(
            "A dispute with its visits as they are now, and its conversation",
            {200: Answer("The dispute", api_schemas.DisputeWithMessages)},
            query=asked.NoQuery,
            problems=(404,),
        )
    )
    def dispute(case_id: uuid.UUID, query: Row) -> Response:
        found = gateway.ask("disputes", "dispute", caller(), case_id=str(case_id))
        found = views.with_present(gateway, caller(), views.with_last_words(found))
        return answered(api_schemas.DisputeWithMessages, _named(gateway, [found])[0])

    @api.post("/disputes/<uuid:case_id>/messages")
    @operation(
        Operation(
            "Write in a dispute, and make a move by it",
            {201: Answer("How the dispute stands", api_schemas.SaidAnswer)},
            query=asked.NoQuery,
            json_body=api_schemas.SaidInDispute,
            problems=(404, 409, 413, 415, 422),
            is_idempotent=True,
        )
    )
    def say_in_dispute(case_id: uuid.UUID, query: Row, body: Row, seed: uuid.UUID | None) -> Response:
        message_id = seed or uuid.uuid4()
        said = gateway.ask(
            "disputes",
            "say",
            caller(),
            kind="dispute",
            case_id=str(case_id),
            message_id=str(message_id),
            attachments=attachments.unsealed(the_parts(), caller(), body["attachments"], message_id),
            move=body["move"],
            words=body["words"].strip(),
        )
        if caller()["organisation"] is None:
            found = gateway.ask("disputes", "case", caller(), kind="dispute", case_id=str(case_id))
            sentence = views.LETTERS[body["move"] if said["is_moved"] else ""]
            path = f"/disputes/{case_id}"
            whose = [found["organisation_id"]]
            cases_views.write_to_providers(the_parts(), "dispute", whose, sentence, path, about=message_id)
        return answered(api_schemas.SaidAnswer, said, 201)


def _wanted(gateway: Gateway, body: Row, said: Row) -> list[Row]:
    """The disputes that a body asks for. Raises Refused ``not_found``."""
    if not body["visits"]:
        week = views.Week(body["cpli_id"], body["week"])
        return views.on_week(gateway, caller(), week, **said)
    organisation_id = id_of(gateway, caller(), body["organisation"])
    keys = [(str(organisation_id), ref) for ref in dict.fromkeys(body["visits"])]
    return views.on_visits(views.visits_named(gateway, caller(), keys), **said)


def _named(gateway: Gateway, found: list[Row]) -> list[Row]:
    """Disputes with the names of their providers."""
    names = provider_names(the_parts(), gateway, {row["organisation_id"] for row in found})
    for row in found:
        row["organisation"] = names[row["organisation_id"]]
    return found


def _day(day: Any) -> str | None:
    return day.isoformat() if day is not None else None
