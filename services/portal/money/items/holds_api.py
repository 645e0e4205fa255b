"""/api/v1/holds: weeks of care whose payment is held, for the council's tokens (RULES 8)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Blueprint, Response

from libs.common.errors import Refused
from libs.common.rights import names as rights
from services.portal.api.asked import NoQuery, Paged
from services.portal.api.operation import Answer, Operation, answered, operation
from services.portal.audit.telling import tell
from services.portal.clients.gateway import Gateway
from services.portal.money.items import holds_api_schemas
from services.portal.money.periods.words import CHARGED, HELD
from services.portal.web.calls import payments
from services.portal.web.cursors import cursor_of, place_of

Row = dict[str, Any]
PATH_OF_WEEK = "/holds/<int:cpli_id>/<week>"
HELD_WEEK = {200: Answer("The week as it stands now", holds_api_schemas.HeldWeek)}


def register(api: Blueprint, gateway: Gateway) -> None:
    """Add the routes."""

    @api.get("/holds")
    @operation(
        Operation(
            "Weeks that are held; for the council’s tokens",
            {200: Answer("A page of holds", holds_api_schemas.WeekHolds)},
            query=Paged,
            problems=(404,),
            needs=(rights.READ_HOLDS,),
        )
    )
    def holds(query: Row) -> Response:
        place = place_of(query.get("cursor"), int, str)
        after = (place[0], _monday(place[1])) if place else None
        found = payments().holds(organisation=query.get("organisation"), after=after, limit=query["limit"])
        last = found[-1] if len(found) == query["limit"] else None
        cursor = cursor_of(last["cpli_id"], last["week"]) if last else None
        return answered(holds_api_schemas.WeekHolds, {"items": found, "next_cursor": cursor})

    @api.get(PATH_OF_WEEK)
    @operation(
        Operation(
            "A week of a care package line item, held or not",
            HELD_WEEK,
            query=NoQuery,
            problems=(404,),
            needs=(rights.READ_HOLDS,),
        )
    )
    def held_week(cpli_id: int, week: str, query: Row) -> Response:
        return _answer_week(cpli_id, week)

    @api.put(PATH_OF_WEEK)
    @operation(
        Operation(
            "Hold a week: cancel, suspend or carry forward what is not paid; replaces an older hold",
            HELD_WEEK,
            query=NoQuery,
            json_body=holds_api_schemas.HoldToPlace,
            problems=(404, 409, 413, 415, 422),
            needs=(rights.HOLD_PAYMENTS,),
        )
    )
    def place_hold(cpli_id: int, week: str, query: Row, body: Row) -> Response:
        payments().place_hold(cpli_id=_cpli(cpli_id), monday=_monday(week), **body)
        tell(outcome=HELD[body["kind"]][0])
        return _answer_week(cpli_id, week)

    @api.post(f"{PATH_OF_WEEK}/release")
    @operation(
        Operation(
            "Release a week: what is held is paid in the earliest open period",
            HELD_WEEK,
            query=NoQuery,
            json_body=holds_api_schemas.HoldToRelease,
            is_body_optional=True,
            problems=(404, 409, 413, 415, 422),
            needs=(rights.HOLD_PAYMENTS,),
        )
    )
    def release_hold(cpli_id: int, week: str, query: Row, body: Row) -> Response:
        held = payments().week_hold(cpli_id=_cpli(cpli_id), monday=_monday(week))["held"]
        payments().release_hold(cpli_id=_cpli(cpli_id), monday=_monday(week), **body)
        tell(amount=held, outcome="released")
        return _answer_week(cpli_id, week)

    @api.put(f"{PATH_OF_WEEK}/charge")
    @operation(
        Operation(
            "Decide anew whether the client is charged for what of a week is held, or was",
            HELD_WEEK,
            query=NoQuery,
            json_body=holds_api_schemas.ChargeToDecide,
            problems=(404, 409, 413, 415, 422),
            needs=(rights.HOLD_PAYMENTS,),
        )
    )
    def decide_charge(cpli_id: int, week: str, query: Row, body: Row) -> Response:
        payments().decide_charge(cpli_id=_cpli(cpli_id), monday=_monday(week), **body)
        tell(outcome=CHARGED[body["charge"]])
        return _answer_week(cpli_id, week)


def _answer_week(cpli_id: int, week: str) -> Response:
    found = payments().week_hold(cpli_id=_cpli(cpli_id), monday=_monday(week))
    return answered(holds_api_schemas.HeldWeek, found)


def _cpli(cpli_id: int) -> int:
    if not 0 < cpli_id < 2**63:
        raise Refused("not_found", "There is no such care package line item.")
    return cpli_id


def _monday(text: str) -> str:
    """A week by its Monday, as 2022-10-03; whether it is a Monday is the service's to say."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text or not 1900 < day.year < 9000:
        raise Refused("not_found", "Name a week by its Monday, such as 2022-10-03.")
    return text
