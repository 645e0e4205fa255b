"""What the API is asked about contract documents, and what it answers."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from libs.common.care.days import Day
from services.portal.api.asked import Paged, text_of
from services.portal.api.schemas import day, moment, pounds
from services.portal.documents.words import KINDS, STATES


class ContractDocumentsQuery(Paged):
    """Which contract documents."""

    client = text_of(50, metadata={"description": "SSRef, ClientRef or NHSNumber"})
    status = fields.String(validate=validate.OneOf(tuple(STATES)))
    updated_since = Day(metadata={"description": "published or answered on this day or later"})


class Amount(Schema):
    """What is bought between two days, both included."""

    from_on = day(required=True)
    to_on = day(required=True, allow_none=True)
    quantity = fields.String(required=True)
    unit_cost = pounds(required=True)
    cost = pounds(required=True)


class Note(Schema):
    """Who did what with a document, and when."""

    move = fields.String(required=True)
    who = fields.String(required=True)
    at = moment(required=True)
    reason = fields.String(required=True)


class ContractDocument(Schema):
    """What a document says is what care was when it was published. `due_on` is the last day on which it may be answered."""

    document_id = fields.UUID(required=True)
    title = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(tuple(KINDS)))
    status = fields.String(required=True, validate=validate.OneOf(tuple(STATES)))
    cpli_id = fields.Integer(required=True)
    client = fields.Dict(fields.String(), fields.String(allow_none=True), required=True)
    organisation = fields.String(required=True)
    address = fields.String(required=True)
    service = fields.String(required=True)
    service_level = fields.String(required=True)
    start_on = day(required=True)
    end_on = day(required=True, allow_none=True)
    unit = fields.String(required=True)
    frequency = fields.String(required=True)
    amounts = fields.List(fields.Nested(Amount), required=True)
    published_at = moment(required=True)
    due_on = day(required=True)
    updated_at = moment(required=True)
    notes = fields.List(fields.Nested(Note), required=True)


class ContractDocuments(Schema):
    """A page of contract documents."""

    items = fields.List(fields.Nested(ContractDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
