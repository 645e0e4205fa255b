"""How a visits file will match, as the API shows it and is asked (RULES 4)."""

from __future__ import annotations

from marshmallow import Schema, fields

from services.portal.api.asked import ErrorsPage, text_of
from services.portal.api.schemas import day, pounds


class UnmatchedQuery(ErrorsPage):
    """The rows without a match that are asked for."""

    reason = text_of(50, metadata={"description": "one reason alone, such as no_package"})


class UnmatchedRow(Schema):
    """A row that will have no match."""

    row = fields.Integer(required=True)
    ref = fields.String(required=True)
    is_new = fields.Boolean(
        required=True, metadata={"description": "no visit of this VisitRef is stored yet"}
    )
    client = fields.String(required=True)
    planned_on = day(required=True)
    service = fields.String(required=True)
    service_level = fields.String(required=True)
    reason = fields.String(required=True)
    amount = pounds(required=True)


class UnmatchedRows(Schema):
    """A page of rows that will have no match, in row order; amounts are estimates of what they would pay."""

    items = fields.List(fields.Nested(UnmatchedRow), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class DuplicateRow(Schema):
    """A row with the client, carer, date and planned times of another VisitRef."""

    row = fields.Integer(required=True)
    ref = fields.String(required=True)
    other_row = fields.Integer(
        required=True, allow_none=True, metadata={"description": "null for a visit that is stored already"}
    )
    other_ref = fields.String(required=True)
    client = fields.String(required=True)
    carer_ref = fields.String(required=True)
    planned_on = day(required=True)
    planned_entry = fields.String(required=True)
    planned_exit = fields.String(required=True)


class DuplicateRows(Schema):
    """A page of rows that may be duplicates, in row order."""

    items = fields.List(fields.Nested(DuplicateRow), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
