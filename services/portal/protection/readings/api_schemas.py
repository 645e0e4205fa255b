"""What the API takes and answers about who looked at a client (RULES 20)."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from libs.common.care.days import Day
from services.portal.api.asked import Asked, text_of
from services.portal.protection.readings.store import NAMED, UNNAMED


class ReadingsQuery(Asked):
    """Readings of one client, by the days on which somebody looked, both included."""

    client = text_of(100, required=True, metadata={"description": "an id, SSRef, ClientRef or NHSNumber"})
    which = fields.String(
        load_default=NAMED,
        validate=validate.OneOf((NAMED, UNNAMED)),
        metadata={"description": "those that named the client; or files and the like that name nobody"},
    )
    first = Day(data_key="from", metadata={"description": "the first day"})
    last = Day(data_key="to", metadata={"description": "the last day"})
    cursor = text_of(500, metadata={"description": "next_cursor of the page before"})
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 200))

    @validates_schema
    def is_a_span(self, data: Any, **_: Any) -> None:
        """The last day is not before the first."""
        if data.get("first") and data.get("last") and data["last"] < data["first"]:
            raise ValidationError("The last day must not be before the first.", "to")


class About(Schema):
    """What the address of a reading named."""

    kind = fields.String(required=True)
    value = fields.String(required=True)


class Reading(Schema):
    """One reading. ``who``: an account's id, or a token; ``by``: Page or API."""

    id = fields.UUID(required=True)
    at = fields.AwareDateTime(required=True, format="iso")
    who = fields.String(required=True)
    role = fields.String(required=True)
    organisation = fields.String(
        required=True, allow_none=True, metadata={"description": "null for the council"}
    )
    address = fields.String(required=True, allow_none=True)
    by = fields.String(required=True)
    what = fields.String(required=True)
    about = fields.List(fields.Nested(About), required=True)
    names_shown = fields.Integer(
        required=True, metadata={"description": "how many names of clients were shown with it"}
    )


class Readings(Schema):
    """A page of them, the newest first."""

    client = fields.String(required=True)
    items = fields.List(fields.Nested(Reading), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
