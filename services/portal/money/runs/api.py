"""/api/v1/payment-runs, for the council's tokens, and /api/v1/debts (RULES 8)."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response

from libs.common.rights import names as rights
from services.portal.api import asked
from services.portal.api.operation import Answer, Operation, answered, caller, operation
from services.portal.clients.gateway import Gateway
from services.portal.money.runs import api_schemas
from services.portal.money.runs.views import Runs
from services.portal.web.addresses import period_start
from services.portal.web.calls import payments
from services.portal.web.cursors import cursor_of, place_of


def register(api: Blueprint, gateway: Gateway) -> None:
    """Add the routes."""

    @api.get("/payment-runs")
    @operation(
        Operation(
            "Payment runs, newest first; for the council’s tokens",
            {200: Answer("A page of runs", api_schemas.Runs)},
            query=api_schemas.RunsQuery,
            problems=(404,),
            needs=(rights.READ_RUNS,),
        )
    )
    def payment_runs(query: dict[str, Any]) -> Response:
        place = place_of(query.get("cursor"), str)
        found = payments().runs(
            start=period_start(query["start"]).isoformat() if "start" in query else None,
            after=place[0] if place else None,
            limit=min(query["limit"], 100),
        )
        cursor = cursor_of(found[-1]["run_id"]) if len(found) == min(query["limit"], 100) else None
        return answered(api_schemas.Runs, {"items": found, "next_cursor": cursor})

    @api.get("/payment-runs/<uuid:run_id>")
    @operation(
        Operation(
            "Look at a payment run as its approver sees it; for the council’s tokens",
            {200: Answer("The run, with what stands out", api_schemas.Run)},
            query=asked.NoQuery,
            problems=(404,),
            needs=(rights.READ_RUNS,),
        )
    )
    def payment_run(run_id: uuid.UUID, query: dict[str, Any]) -> Response:
        return answered(api_schemas.Run, Runs(gateway, caller()).describe(str(run_id)))

    @api.get("/debts")
    @operation(
        Operation(
            "Debts: what was below nothing and comes off later payments",
            {200: Answer("Newest first", api_schemas.Debts)},
            query=asked.Owner,
            problems=(404,),
            needs=(rights.READ_PAYMENTS,),
        )
    )
    def debts(query: dict[str, Any]) -> Response:
        found = payments().debts(organisation=query.get("organisation"))
        return answered(api_schemas.Debts, {"items": found, "next_cursor": None})
