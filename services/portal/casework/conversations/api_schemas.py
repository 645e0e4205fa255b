"""What the API answers about actions, payment enquiries and reviews."""

from __future__ import annotations

from marshmallow import Schema, fields

from services.portal.api.schemas import day, moment
from services.portal.casework.cases.api_schemas import CaseAttachment, CaseMessage


class Case(Schema):
    """A case; turn: whose it is, council or provider, and nothing when the case is over."""

    case_id = fields.UUID(required=True)
    number = fields.Integer(required=True)
    organisation_id = fields.UUID(required=True)
    subject = fields.String(required=True)
    state = fields.String(required=True)
    turn = fields.String(required=True)
    due_at = moment(required=True, allow_none=True)
    is_open = fields.Boolean(required=True)
    is_overdue = fields.Boolean(required=True)
    client = fields.String(required=True, attribute="client_reference")
    cpli_id = fields.Integer(required=True, allow_none=True)
    first_on = day(required=True, allow_none=True)
    last_on = day(required=True, allow_none=True)
    facts = fields.Dict(required=True)
    allowed = fields.List(fields.String(), required=True)
    opened_at = moment(required=True)
    changed_at = moment(required=True)


class CaseWithMessages(Case):
    """A case with its conversation, the latest message last."""

    messages = fields.List(fields.Nested(CaseMessage), required=True)
    attachments = fields.List(fields.Nested(CaseAttachment), required=True)


class Cases(Schema):
    """A page of cases."""

    items = fields.List(fields.Nested(Case), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class Said(Schema):
    """What became of a message: not moved when somebody else had moved the case; the message is kept."""

    state = fields.String(required=True)
    is_moved = fields.Boolean(required=True)
