"""What the API takes and answers about exports of a person's data (RULES 20)."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.portal.api.asked import Asked, text_of
from services.portal.protection.subject_access import rules


class ExportAsked(Asked):
    """Of whom."""

    client = text_of(100, required=True, metadata={"description": "an id, SSRef, ClientRef or NHSNumber"})


class Export(Schema):
    """An export. Its folder can be taken for two days from when it was made."""

    id = fields.UUID(required=True)
    client = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(tuple(rules.STATES)))
    is_kept = fields.Boolean(required=True, metadata={"description": "whether the folder can be taken now"})
    asked_at = fields.AwareDateTime(required=True, format="iso")
    made_at = fields.AwareDateTime(required=True, allow_none=True, format="iso")
    size_bytes = fields.Integer(required=True, allow_none=True)
    files = fields.Integer(required=True, allow_none=True)
    rows = fields.Integer(required=True, allow_none=True)
    failure = fields.String(required=True, allow_none=True)
