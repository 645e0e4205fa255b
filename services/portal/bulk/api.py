"""/api/v1/bulk-actions: many rows are shown with their money, done once, and told afterwards (RULES 20)."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response
from werkzeug.datastructures import MultiDict

from libs.common.care.money import pounds_text
from libs.common.errors import Refused
from libs.common.rights import names as rights
from services.portal.api.asked import NoQuery
from services.portal.api.operation import Answer, Operation, answered, caller, operation, require_right
from services.portal.audit.telling import tell
from services.portal.audit.things import Thing
from services.portal.bulk import api_schemas, steps, views
from services.portal.bulk.acts import Act, require_act
from services.portal.bulk.forms import facts_of
from services.portal.bulk.rules import MOST_ROWS, SHOWN
from services.portal.clients.gateway import Gateway
from services.portal.schema.tables_bulk import BulkAction, BulkRow
from services.portal.web.calls import gateway
from services.portal.web.cursors import moment_and_id
from services.portal.web.names.organisations import id_of
from services.portal.web.paging import cursor_after

READING = (rights.READ_VISITS, rights.READ_HOLDS, rights.READ_CASEWORK)
ACTING = (rights.SEND_VISITS, rights.HOLD_PAYMENTS, rights.SETTLE_CASEWORK)
ONE = "/bulk-actions/<uuid:bulk_id>"


def register(api: Blueprint, gateway: Gateway) -> None:
    """Add the routes."""
    api.get("/bulk-actions")(bulk_actions)
    api.post("/bulk-actions")(begin_bulk_action)
    api.get(ONE)(bulk_action)
    api.post(f"{ONE}/do")(do_bulk_action)


@operation(
    Operation(
        "Bulk actions that were begun",
        {200: Answer("A page, the newest first", api_schemas.BulkActions)},
        query=api_schemas.BulkActionsQuery,
        problems=(404,),
        needs=READING,
    )
)
def bulk_actions(query: dict[str, Any]) -> Response:
    found = views.newest_shown(caller(), moment_and_id(query.get("cursor")), query["limit"])
    cursor = cursor_after(found, query["limit"], views.place_of)
    return answered(api_schemas.BulkActions, {"items": [*map(_document, found)], "next_cursor": cursor})


@operation(
    Operation(
        "Choose rows: what would be done to them, and in money; nothing is done yet",
        {201: Answer("What would be done", api_schemas.BulkActionWithRows)},
        query=NoQuery,
        json_body=api_schemas.RowsChosen,
        problems=(404, 409, 413, 415, 422),
        needs=ACTING,
    )
)
def begin_bulk_action(query: dict[str, Any], body: dict[str, Any]) -> Response:
    act = _require_allowed(body["act"])
    all_of, keys = body["all_of"], body["rows"]
    if act.is_of_providers and keys:
        whose = caller()["organisation"] or id_of(gateway(), caller(), body.get("organisation"))
        if whose is None:
            raise Refused("organisation_wanted", "Say whose the rows are, as organisation.")
        keys = [f"{whose}/{key}" for key in keys]
    bulk_id = steps.begin(act, caller(), keys, all_of or {}, all_shown=all_of is not None)
    tell(about=[Thing("bulk_id", str(bulk_id))])
    return _answer(bulk_id, 201)


@operation(
    Operation(
        "A bulk action with its rows",
        {200: Answer("What became of each", api_schemas.BulkActionWithRows)},
        query=NoQuery,
        problems=(404,),
        needs=READING,
    )
)
def bulk_action(bulk_id: uuid.UUID, query: dict[str, Any]) -> Response:
    require_right(caller(), (require_act(steps.require_seen(caller(), bulk_id).act).reads,))
    return _answer(bulk_id)


@operation(
    Operation(
        "Do what was shown: once, however often it is asked for; what a service did not answer about is done by the next",
        {200: Answer("What became of each row", api_schemas.BulkActionWithRows)},
        query=NoQuery,
        json_body=api_schemas.ToBeDone,
        is_body_optional=True,
        problems=(404, 409, 413, 415, 422),
        needs=ACTING,
    )
)
def do_bulk_action(bulk_id: uuid.UUID, query: dict[str, Any], body: dict[str, Any]) -> Response:
    action = steps.require_own(caller(), bulk_id)
    act = _require_allowed(action.act)
    facts = _judged(action, act, body["facts"]) if action.state == SHOWN else {}
    steps.press(act, bulk_id, facts)
    return _answer(bulk_id)


def _require_allowed(name: str) -> Act:
    """An act that the token may do. Raises Refused ``not_found`` and ``not_in_scope``."""
    act = require_act(name)
    if not act.is_of_api:
        raise Refused(
            "not_found", "There is no such thing to do to many rows: a person who is signed in does it."
        )
    require_right(caller(), (act.needs,))
    return act


def _judged(action: BulkAction, act: Act, given: dict[str, str]) -> dict[str, str]:
    """What was filled in, by the rules of the page's form. Raises Refused ``invalid`` with what is wrong."""
    (found,) = views.show([action])
    form = act.form(found.organisations, formdata=MultiDict(given), meta={"csrf": False})
    if not form.validate():
        errors = [
            {"column": str(name), "code": "invalid", "message": " ".join(map(str, sentences))}
            for name, sentences in form.errors.items()
        ]
        raise Refused("invalid", "Some values can't be used: correct what is named.", {"errors": errors})
    if act.judge is not None:
        act.judge(form)
    return facts_of(form)


def _answer(bulk_id: uuid.UUID, status: int = 200) -> Response:
    (found,) = views.show([steps.require_seen(caller(), bulk_id)])
    rows = [*map(_row_document, views.list_rows(bulk_id, 0, MOST_ROWS))]
    return answered(api_schemas.BulkActionWithRows, {**_document(found), "rows": rows}, status)


def _document(found: views.Shown) -> dict[str, Any]:
    action, sums = found.action, found.sums
    return {
        "id": action.bulk_id,
        "act": action.act,
        "title": found.act.words.title,
        "state": action.state,
        "has_more": action.is_cut,
        "to_do": sums.to_do,
        "done": sums.done,
        "left": sums.left,
        "amount_to_do": pounds_text(sums.amount_to_do),
        "amount_done": pounds_text(sums.amount_done),
        "amount_is": found.act.words.money,
        "by": action.who,
        "facts": action.facts,
        "shown_at": action.shown_at.isoformat(),
        "began_at": action.began_at.isoformat() if action.began_at else None,
    }


def _row_document(row: BulkRow) -> dict[str, Any]:
    return {
        "key": row.key,
        "about": row.about,
        "organisation": row.organisation,
        "amount": None if row.amount is None else pounds_text(row.amount),
        "outcome": row.outcome,
        "why": row.why,
    }
