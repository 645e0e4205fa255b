"""/api/v1/actuals: weeks that providers enter, made as planned, saved and deleted (RULES 13)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Blueprint, Response

from libs.common.errors import Refused
from libs.common.rights import names as rights
from libs.common.seams.ingest.actuals import ActualWithVersions
from services.portal.actuals import api_schemas, export, jobs
from services.portal.actuals.addresses import a_cpli, a_monday
from services.portal.actuals.marks import find_marks
from services.portal.api.asked import NoQuery, Owner
from services.portal.api.operation import Answer, Operation, answered, caller, operation
from services.portal.audit.telling import tell
from services.portal.clients.gateway import Gateway
from services.portal.visits.history.versions import version_seen
from services.portal.web.calls import disputes, ingest, payments
from services.portal.web.downloads.files import CSV, download

Row = dict[str, Any]
PATH_OF_WEEK = "/actuals/<int:cpli_id>/<week>"
ONE = {200: Answer("The week as it stands; its version is the ETag", api_schemas.ActualWithVersions)}
IF_MATCH = {"If-Match": "the ETag of the version that was seen; none for a week that nothing is there of yet"}
CHANGES = (404, 412, 413, 415, 422, 428)


def register(api: Blueprint, gateway: Gateway) -> None:
    """Add the routes."""

    @api.get("/actuals")
    @operation(
        Operation(
            "A week of all care that is paid by actuals",
            {200: Answer("What is planned, generated and saved", api_schemas.ActualsWeek)},
            query=api_schemas.WeekAsked,
            problems=(404,),
            needs=(rights.READ_ACTUALS,),
        )
    )
    def actuals(query: Row) -> Response:
        found = ingest().actuals_week(
            monday=query["week"].isoformat(), organisation=query.get("organisation")
        )
        return answered(api_schemas.ActualsWeek, found)

    @api.post("/actuals")
    @operation(
        Operation(
            "Make a week's actuals as planned; those that are there are kept",
            {200: Answer("The week", api_schemas.GeneratedWeek)},
            query=Owner,
            json_body=api_schemas.WeekToGenerate,
            problems=(404, 413, 415, 422),
            needs=(rights.ENTER_ACTUALS,),
        )
    )
    def generate_actuals(query: Row, body: Row) -> Response:
        jobs.await_care(gateway)
        found = ingest().generate_actuals(
            monday=body["week"].isoformat(), organisation=query.get("organisation")
        )
        tell(outcome=f"generated {found['generated']}, kept {found['kept']}")
        return answered(api_schemas.GeneratedWeek, found)

    @api.get("/actuals/calendar")
    @operation(
        Operation(
            "The weeks in which anything is generated, saved, in dispute or invoiced, with their states",
            {200: Answer("The weeks", api_schemas.Calendar)},
            query=api_schemas.WeeksAsked,
            problems=(404,),
            needs=(rights.READ_ACTUALS,),
        )
    )
    def actuals_calendar(query: Row) -> Response:
        first, last = query["first"].isoformat(), query["last"].isoformat()
        marks = find_marks(gateway, disputes(), payments(), first, last)
        found = ingest().actuals_calendar(
            organisation=query.get("organisation"), first=first, last=last, marks=marks.said()
        )
        return answered(api_schemas.Calendar, {"items": found})

    @api.get("/actuals/unconfirmed")
    @operation(
        Operation(
            "The weeks that their contracts want saved by now, or within some hours",
            {200: Answer("The weeks, the oldest first", api_schemas.Unconfirmed)},
            query=api_schemas.UnconfirmedAsked,
            problems=(404,),
            needs=(rights.READ_ACTUALS,),
        )
    )
    def unconfirmed_actuals(query: Row) -> Response:
        found = ingest().unconfirmed_actuals(
            organisation=query.get("organisation"), within_hours=query["within_hours"]
        )
        return answered(api_schemas.Unconfirmed, {"items": found})

    @api.get("/actuals/<week>.csv")
    @operation(
        Operation(
            "A week's actuals in the columns in which they are imported",
            {200: Answer("A row a line", media_type="text/csv")},
            query=Owner,
            problems=(404,),
            needs=(rights.READ_ACTUALS,),
        )
    )
    def export_actuals(week: str, query: Row) -> Response:
        monday, provider = dt.date.fromisoformat(a_monday(week)), query.get("organisation")
        content = export.export_week(gateway, caller(), monday=week, organisation=provider)
        return download(content, export.name_of_week(monday, provider), CSV)

    register_weeks(api)
    register_rules(api)


def register_weeks(api: Blueprint) -> None:
    """Add the routes of one care package line item's week."""

    @api.get(PATH_OF_WEEK)
    @operation(
        Operation(
            "A care package line item's week",
            ONE,
            query=NoQuery,
            problems=(404,),
            needs=(rights.READ_ACTUALS,),
        )
    )
    def actual(cpli_id: int, week: str, query: Row) -> Response:
        return answer_week(ingest().actual(cpli_id=a_cpli(cpli_id), monday=a_monday(week)))

    @api.put(PATH_OF_WEEK)
    @operation(
        Operation(
            "Save what was delivered in a week: it is submitted",
            ONE,
            query=NoQuery,
            json_body=api_schemas.ActualToSave,
            headers=IF_MATCH,
            problems=CHANGES,
            needs=(rights.ENTER_ACTUALS,),
        )
    )
    def put_actual(cpli_id: int, week: str, query: Row, body: Row) -> Response:
        lines = [
            line | {name: line[name].isoformat() for name in ("first_on", "last_on")}
            for line in body["lines"]
        ]
        return answer_week(ingest().save_actual(**seen(cpli_id, week), lines=lines))

    @api.delete(PATH_OF_WEEK)
    @operation(
        Operation(
            "Delete a week: that nothing was delivered is submitted, with the reason",
            ONE,
            query=api_schemas.ActualDeletion,
            headers=IF_MATCH,
            problems=CHANGES,
            needs=(rights.ENTER_ACTUALS,),
        )
    )
    def delete_actual(cpli_id: int, week: str, query: Row) -> Response:
        which = seen(cpli_id, week)
        if "reason" not in query:
            ingest().actual(cpli_id=which["cpli_id"], monday=which["monday"])  # there is one to delete
            raise Refused("reason_wanted", "Say why nothing was delivered: ?reason=…")
        return answer_week(ingest().delete_actual(**which, reason=query["reason"]))

    @api.post(f"{PATH_OF_WEEK}/remove-hours")
    @operation(
        Operation(
            "Remove the hours of a line, or of all: it is submitted",
            ONE,
            query=NoQuery,
            json_body=api_schemas.LinesToChange,
            is_body_optional=True,
            headers=IF_MATCH,
            problems=CHANGES,
            needs=(rights.ENTER_ACTUALS,),
        )
    )
    def remove_actual_hours(cpli_id: int, week: str, query: Row, body: Row) -> Response:
        return answer_week(ingest().remove_actual_hours(**seen(cpli_id, week), **change_of(body)))

    @api.post(f"{PATH_OF_WEEK}/mark-frustrated")
    @operation(
        Operation(
            "Mark the hours of a line, or of all, as frustrated: it is submitted",
            ONE,
            query=NoQuery,
            json_body=api_schemas.LinesToChange,
            is_body_optional=True,
            headers=IF_MATCH,
            problems=CHANGES,
            needs=(rights.ENTER_ACTUALS,),
        )
    )
    def mark_actual_frustrated(cpli_id: int, week: str, query: Row, body: Row) -> Response:
        return answer_week(ingest().mark_actual_frustrated(**seen(cpli_id, week), **change_of(body)))


def register_rules(api: Blueprint) -> None:
    """Add the routes of what contracts ask beside the rules."""

    @api.get("/actual-rules")
    @operation(
        Operation(
            "What contracts ask of actuals beside the rules, from which day on",
            {200: Answer("All that was ever set", api_schemas.AllExtraRules)},
            query=NoQuery,
            needs=(rights.READ_ACTUALS,),
        )
    )
    def actual_rules(query: Row) -> Response:
        return answered(api_schemas.AllExtraRules, {"items": ingest().actual_rules()})

    @api.put("/actual-rules/<contract>")
    @operation(
        Operation(
            "Have a contract ask this of weeks that begin on a day or later; for the council’s tokens",
            {200: Answer("All that was ever set", api_schemas.AllExtraRules)},
            query=NoQuery,
            json_body=api_schemas.ExtraRulesToSet,
            problems=(413, 415, 422),
            needs=(rights.SET_ACTUAL_RULES,),
        )
    )
    def set_actual_rules(contract: str, query: Row, body: Row) -> Response:
        asked = body | {"effective_from": body["effective_from"].isoformat()}
        found = ingest().set_actual_rules(contract=contract, **asked)
        return answered(api_schemas.AllExtraRules, {"items": found})


def answer_week(found: ActualWithVersions) -> Response:
    """A week with its version as ETag."""
    return answered(api_schemas.ActualWithVersions, found, headers={"ETag": f'"{found["version"]}"'})


def seen(cpli_id: int, week: str) -> Row:
    """Which week is changed, and in which version it was seen; 0 where nothing is said."""
    return {"cpli_id": a_cpli(cpli_id), "monday": a_monday(week), "version": max(version_seen() or 0, 0)}


def change_of(body: Row) -> Row:
    """Which line is changed, and its comment."""
    first_on = body["first_on"]
    return {"first_on": first_on and first_on.isoformat(), "comment": body["comment"]}
