"""How a visits file will match, as the API shows it and is asked (RULES 4)."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.portal.api.asked import Asked, ErrorsPage, Text, is_plain, text_of
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


class RowsOfKind(Schema):
    """Rows with the same fault and the same mend."""

    fault = fields.String(required=True, metadata={"example": "wrong_service"})
    cell = fields.String(required=True, metadata={"description": "what another value mends"})
    value = fields.String(required=True, metadata={"description": "what the rows say now"})
    rows = fields.Integer(required=True)
    amount = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "about what they would pay with a match; null for rejected rows"},
    )


class KindsOfRows(Schema):
    """All of them."""

    items = fields.List(fields.Nested(RowsOfKind), required=True)


class RowsMended(Asked):
    """Which rows, and what they are given."""

    fault = text_of(50, required=True)
    value = Text(required=True, validate=[validate.Length(max=200), is_plain])
    chosen = text_of(200, required=True)


class MendedFile(Schema):
    """The file that was written anew, which is checked."""

    id = fields.UUID(required=True)
    rows = fields.Integer(required=True, metadata={"description": "how many rows were given the value"})
