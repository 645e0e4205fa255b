"""/api/v1/provider-kpis, /api/v1/provider-meetings and /api/v1/kpi-span (RULES 16)."""

from __future__ import annotations

import dataclasses
import uuid
from typing import Any

from flask import Blueprint, Response

from libs.common.errors import Refused
from libs.common.rights import names as rights
from services.portal.api.asked import NoQuery, Owner
from services.portal.api.operation import Answer, Operation, answered, operation
from services.portal.audit.telling import tell
from services.portal.clients.gateway import Gateway
from services.portal.monitoring.kpi import api_schemas, words
from services.portal.monitoring.kpi.figures import Kpis
from services.portal.monitoring.kpi.meetings import organisation_id_of, tell_of_meeting
from services.portal.monitoring.kpi.rules import Span
from services.portal.monitoring.kpi.views import NO_SPAN, find_page, find_span
from services.portal.web.calls import disputes

Row = dict[str, Any]
MEETING = Answer("The meeting as it is kept", api_schemas.Meeting)
SPAN = Answer("What holds", api_schemas.SpanOfKpis)
CHANGES = (404, 409, 413, 415, 422)


def register(api: Blueprint, gateway: Gateway) -> None:
    """Add the routes."""
    api.get("/provider-kpis/<span>")(provider_kpis)
    api.get("/provider-meetings")(provider_meetings)
    api.post("/provider-meetings")(keep_meeting)
    api.post("/provider-meetings/<uuid:meeting_id>/share")(share_meeting)
    api.get("/kpi-span")(kpi_span)
    api.put("/kpi-span")(set_kpi_span)


@operation(
    Operation(
        "A provider’s KPIs of a span, named 2022-Q4 or by a month such as 2022-10",
        {200: Answer("Beside those of the span before and of all providers", api_schemas.Kpis)},
        query=Owner,
        problems=(404, 422),
        needs=(rights.READ_MEASURES,),
    )
)
def provider_kpis(span: str, query: Row) -> Response:
    holds = disputes().kpi_spans()["holds"]
    try:
        found = find_span(span, holds)
    except Refused as refused:
        raise Refused("not_found", NO_SPAN) from refused
    return answered(api_schemas.Kpis, kpis_document(find_page(query.get("organisation"), found)))


@operation(
    Operation(
        "Meetings with a provider, the newest first; a provider sees those that are shared with it",
        {200: Answer("All of them", api_schemas.Meetings)},
        query=Owner,
        problems=(404, 422),
        needs=(rights.READ_MEASURES,),
    )
)
def provider_meetings(query: Row) -> Response:
    about = organisation_id_of(query.get("organisation"))
    return answered(api_schemas.Meetings, {"items": disputes().meetings(organisation_id=about)})


@operation(
    Operation(
        "Keep the notes of a meeting with a provider; for the council’s tokens",
        {201: MEETING},
        query=NoQuery,
        json_body=api_schemas.NewMeeting,
        problems=CHANGES,
        is_idempotent=True,
        needs=(rights.SET_MEASURES,),
    )
)
def keep_meeting(query: Row, body: Row, seed: uuid.UUID | None) -> Response:
    found = disputes().keep_meeting(
        meeting_id=seed or uuid.uuid4(),
        organisation_id=organisation_id_of(body["organisation"]),
        held_on=body["held_on"],
        people=body["people"],
        notes=body["notes"].strip(),
        agreed=body["agreed"].strip(),
        is_shared=body["is_shared"],
    )
    tell_of_meeting(found)
    tell(organisation=body["organisation"])
    return answered(api_schemas.Meeting, found, 201)


@operation(
    Operation(
        "Let the provider see the notes of a meeting; for the council’s tokens",
        {200: MEETING},
        query=NoQuery,
        problems=(404,),
        needs=(rights.SET_MEASURES,),
    )
)
def share_meeting(meeting_id: uuid.UUID, query: Row) -> Response:
    found = disputes().share_meeting(meeting_id=meeting_id)
    tell_of_meeting(found)
    return answered(api_schemas.Meeting, found)


@operation(
    Operation("How long the spans of KPIs are", {200: SPAN}, query=NoQuery, needs=(rights.READ_MEASURES,))
)
def kpi_span(query: Row) -> Response:
    return answered(api_schemas.SpanOfKpis, disputes().kpi_spans()["holds"])


@operation(
    Operation(
        "Set how long the spans of KPIs are; for the council’s tokens",
        {200: SPAN},
        query=NoQuery,
        json_body=api_schemas.NewSpan,
        problems=CHANGES,
        needs=(rights.SET_MEASURES,),
    )
)
def set_kpi_span(query: Row, body: Row) -> Response:
    disputes().set_kpi_span(**body)
    tell(outcome=f"{words.SPANS[body['months']]}, one from {words.MONTHS[body['first_month']]}")
    return answered(api_schemas.SpanOfKpis, disputes().kpi_spans()["holds"])


def kpis_document(found: Kpis) -> Row:
    """A provider's page as the API says it."""
    return {
        "organisation": found.name,
        "span": _days(found.span),
        "before": _days(found.before),
        "sections": [
            {
                "key": section.key,
                "heading": section.heading,
                "figures": [dataclasses.asdict(one) for one in section.figures],
            }
            for section in found.sections
        ],
        "meetings": found.meetings,
    }


def _days(span: Span) -> Row:
    return {"first": span.first.isoformat(), "last": span.last.isoformat()}
