"""/api/v1/cleansing: what of a provider's rows fits nothing (RULES 16)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response
from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from libs.common.care.days import Day
from libs.common.rights import names as rights
from services.portal.api.asked import Owner
from services.portal.api.operation import Answer, Operation, answered, operation
from services.portal.clients.gateway import Gateway
from services.portal.monitoring.cleansing.views import KINDS, list_misfits
from services.portal.reports.ranges import MOST_DAYS
from services.portal.web.calls import ingest, matching


class CleansingQuery(Owner):
    """The rows of a file, or those that are planned between two days."""

    file = fields.UUID(metadata={"description": "a visits file, with all of its rows"})
    first = Day(data_key="from", metadata={"description": "the first planned day; without a file"})
    last = Day(data_key="to", metadata={"description": f"the last planned day, of {MOST_DAYS} at most"})

    @validates_schema
    def is_a_file_or_a_span(self, data: Any, **_: Any) -> None:
        """A file has all of its days; without one both days are named."""
        first, last = data.get("first"), data.get("last")
        if "file" in data:
            return
        if first is None or last is None or not 0 <= (last - first).days < MOST_DAYS:
            raise ValidationError(f"Name a file, or at most {MOST_DAYS} days, from the first day on.", "to")


class Near(Schema):
    """What exists and is near: a client's reference and name, or a name or CarerRef alone."""

    reference = fields.String(required=True)
    name = fields.String(required=True)


class Misfit(Schema):
    """What rows name and nobody knows."""

    kind = fields.String(required=True, validate=validate.OneOf(tuple(KINDS)))
    written = fields.String(required=True)
    visits = fields.Integer(required=True, metadata={"description": "how many visits name it"})
    nearest = fields.List(fields.Nested(Near), required=True)
    is_elsewhere = fields.Boolean(
        required=True, metadata={"description": "a client who has care with others; told to the council"}
    )


class Misfits(Schema):
    """All of them; is_complete is false where there were too many rejected rows to look at."""

    items = fields.List(fields.Nested(Misfit), required=True)
    is_complete = fields.Boolean(required=True)


def register(api: Blueprint, gateway: Gateway) -> None:
    """Add the route."""

    @api.get("/cleansing")
    @operation(
        Operation(
            "What a provider’s rows name that fits nothing, with the nearest that exists",
            {200: Answer("By kind, most visits first", Misfits)},
            query=CleansingQuery,
            problems=(404, 422),
            needs=(rights.READ_MEASURES,),
        )
    )
    def cleansing(query: dict[str, Any]) -> Response:
        first, last, file = query.get("first"), query.get("last"), query.get("file")
        found = list_misfits(
            ingest(),
            matching(),
            {
                "organisation": query.get("organisation"),
                "file_id": file and str(file),
                "first": first and first.isoformat(),
                "last": last and last.isoformat(),
            },
        )
        return answered(Misfits, {"items": found.misfits, "is_complete": found.is_complete})
