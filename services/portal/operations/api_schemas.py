"""What the API takes and answers about what is set apart, for the council alone."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.portal.api.asked import Asked
from services.portal.api.schemas import moment


class Apart(Schema):
    """One week, visit, client, package or row: which, why, and since when."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True)
    key = fields.String(required=True, metadata={"description": "which: as 90000001/2022-10-03 for a week"})
    reason = fields.String(required=True)
    since = moment(required=True)
    tried_at = moment(required=True)
    retries = fields.Boolean(
        required=True, metadata={"description": "false for a row of a file: it is sent again"}
    )


class SetApart(Schema):
    """All that is set apart."""

    items = fields.List(fields.Nested(Apart), required=True)


class Retry(Asked):
    """Which thing; all when it is left out."""

    id = fields.UUID(load_default=None, allow_none=True)


class Retried(Schema):
    """How many things are tried again."""

    retried = fields.Integer(required=True)


class Letter(Schema):
    """A message that could not be handled; the last three are null while it lies in the dead letters."""

    service = fields.String(required=True)
    id = fields.String(required=True)
    event = fields.String(required=True)
    cause_id = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True)
    died_at = fields.String(required=True)
    bytes = fields.Integer(required=True)
    discarded_by = fields.String(required=True, allow_none=True)
    discarded_for = fields.String(required=True, allow_none=True)
    discarded_at = moment(required=True, allow_none=True)


class Letters(Schema):
    """All of them."""

    items = fields.List(fields.Nested(Letter), required=True)


class Discard(Asked):
    """Which dead letter, and why it need never be handled."""

    service = fields.String(required=True, validate=validate.Length(1, 100))
    id = fields.String(required=True, validate=validate.Length(1, 500))
    why = fields.String(required=True, validate=validate.Length(1, 500))


class DiscardedLetter(Schema):
    """Which dead letter was discarded."""

    service = fields.String(required=True)
    id = fields.String(required=True)
