"""What the API takes and answers about what is said in a case of any kind."""

from __future__ import annotations

from marshmallow import Schema, fields

from services.portal.api.schemas import moment


class CaseAttachment(Schema):
    """A file of a message."""

    attachment_id = fields.UUID(required=True)
    name = fields.String(required=True)
    content_type = fields.String(required=True)
    size_bytes = fields.Integer(required=True)
    message_id = fields.UUID(required=True)


class CaseMessage(Schema):
    """What a side said, and the move that was made by it."""

    message_id = fields.UUID(required=True)
    side = fields.String(required=True)
    said_at = moment(required=True)
    move = fields.String(required=True)
    state = fields.String(required=True)
    words = fields.String(required=True)
