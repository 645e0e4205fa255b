"""/api/v1/measure-thresholds and /api/v1/one-diaries: what measures are taken by (RULES 16)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from libs.common.errors import Refused
from libs.common.rights import names as rights
from services.portal.api.asked import NoQuery
from services.portal.api.operation import Answer, Operation, answered, operation
from services.portal.audit.telling import tell
from services.portal.clients.gateway import Gateway
from services.portal.monitoring.settings import api_schemas as schemas
from services.portal.web.calls import matching

Row = dict[str, Any]
THRESHOLDS = Answer("All of them", schemas.Thresholds)
DIARIES = Answer("What was said last of each contract and line item", schemas.OneDiaries)
PROBLEMS = (404, 413, 415, 422)


def register(api: Blueprint, gateway: Gateway) -> None:
    """Add the routes."""
    api.get("/measure-thresholds")(measure_thresholds)
    api.put("/measure-thresholds")(set_measure_threshold)
    api.get("/one-diaries")(one_diaries)
    api.put("/one-diaries")(set_one_diary)


@operation(
    Operation(
        "The thresholds of measures: what holds today, and for the council all that was set",
        {200: THRESHOLDS},
        query=NoQuery,
        needs=(rights.READ_MEASURES,),
    )
)
def measure_thresholds(query: Row) -> Response:
    return answered(schemas.Thresholds, {"items": matching().measure_thresholds()})


@operation(
    Operation(
        "Have a threshold hold for visits planned from a day on; for the council’s tokens",
        {200: THRESHOLDS},
        query=NoQuery,
        json_body=schemas.NewThreshold,
        problems=PROBLEMS,
        needs=(rights.SET_MEASURES,),
    )
)
def set_measure_threshold(query: Row, body: Row) -> Response:
    client = matching()
    limits = {one["name"]: (one["lowest"], one["highest"]) for one in client.measure_thresholds()}
    lowest, highest = limits[body["name"]]
    if not lowest <= body["value"] <= highest:
        raise Refused(
            "threshold_wrong",
            f"{body['name']} is a whole number from {lowest} to {highest}.",
            {"field": "value"},
        )
    since = body["effective_from"].isoformat()
    client.set_measure_threshold(name=body["name"], effective_from=since, value=body["value"])
    tell(outcome=f"{body['name']}: {body['value']} from {since}")
    return answered(schemas.Thresholds, {"items": client.measure_thresholds()})


@operation(
    Operation(
        "What is, or was said not to be, monitored by total hours; for the council’s tokens",
        {200: DIARIES},
        query=NoQuery,
        problems=(404,),
        needs=(rights.SET_MEASURES,),
    )
)
def one_diaries(query: Row) -> Response:
    return answered(schemas.OneDiaries, {"items": matching().one_diaries()})


@operation(
    Operation(
        "Monitor a contract, or a line item, by total hours or not; for the council’s tokens",
        {200: DIARIES},
        query=NoQuery,
        json_body=schemas.NewOneDiary,
        problems=PROBLEMS,
        needs=(rights.SET_MEASURES,),
    )
)
def set_one_diary(query: Row, body: Row) -> Response:
    client = matching()
    client.set_one_diary(
        contract=body.get("contract"), cpli_id=body.get("cpli_id"), is_one_diary=body["is_one_diary"]
    )
    tell(contract=body.get("contract"), outcome="total hours" if body["is_one_diary"] else "visit by visit")
    return answered(schemas.OneDiaries, {"items": client.one_diaries()})
